// One panel of points: a canvas under its axes, moved and zoomed by mouse, finger or keys; a dragged box selects.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { plainText, roundTicks } from './axisTicks.ts'
import { useWidth } from './pageHooks.ts'
import { type Bounds, boundsText, drawPoints, nearestPoint, type PointLayer } from './pointRaster.ts'

export interface PanelAxes {
  readonly xTitle: string
  readonly yTitle: string
  /** -1 where the axis falls: magnitudes, and temperatures of an HR diagram. */
  readonly xSign: 1 | -1
  readonly ySign: 1 | -1
}

interface PanelProps {
  readonly title: string
  readonly layer: PointLayer
  readonly home: Bounds
  /** What the address says is in sight; null where it says nothing: then it is home. */
  readonly seen: Bounds | null
  /** Told once the panel has come to rest; null where it shows home. */
  readonly onSeen: (view: Bounds | null) => void
  /** Null where the panel has lines of its own, such as those of the sky. */
  readonly axes: PanelAxes | null
  /** Lines in the panel's coordinates, each a run of points. */
  readonly lines?: readonly (readonly (readonly [number, number])[])[]
  readonly aspect: number
  readonly box: Bounds | null
  readonly isSelecting: boolean
  readonly onSelect: (box: Bounds | null) => void
  readonly onPick: (row: number) => void
  readonly picked: number
}

/** Behind what is chosen, on light and dark paper. */
const BEHIND = 0x50968c82
const ZOOM = 1.25
const CLICK_PX = 5
/** A panel that has not moved for so long has come to rest. */
const REST_MS = 300

export function PointPanel(props: PanelProps) {
  const {
    title,
    layer,
    home,
    seen,
    onSeen,
    axes,
    lines = [],
    aspect,
    box,
    isSelecting,
    onSelect,
    onPick,
    picked,
  } = props
  const [ref, widthPx] = useWidth()
  const canvas = useRef<HTMLCanvasElement>(null)
  const [view, setView] = useView(seen ?? home, home, onSeen)
  const size = { width: Math.max(1, Math.round(widthPx)), height: Math.max(1, Math.round(widthPx / aspect)) }
  const pixels = useMemo(() => new Uint32Array(size.width * size.height), [size.width, size.height])
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (context === null || context === undefined || widthPx === 0) return
    // Drawn when the browser draws: however fast a finger moves, each picture is made once.
    const frame = requestAnimationFrame(() => {
      const count = layer.xs.length
      drawPoints(layer, view, size, count > 200_000 ? 1 : count > 20_000 ? 2 : 3, BEHIND, pixels)
      context.putImageData(
        new ImageData(new Uint8ClampedArray(pixels.buffer as ArrayBuffer), size.width, size.height),
        0,
        0,
      )
    })
    return () => cancelAnimationFrame(frame)
  }, [layer, view, pixels, widthPx])

  const x = (value: number) => ((value - view.x0) / (view.x1 - view.x0)) * size.width
  const y = (value: number) => size.height - ((value - view.y0) / (view.y1 - view.y0)) * size.height
  const zoom = (factor: number, atX = 0.5, atY = 0.5) =>
    setView(({ x0, x1, y0, y1 }) => {
      const [cx, cy] = [x0 + atX * (x1 - x0), y0 + atY * (y1 - y0)]
      const next = (value: number, centre: number) => centre + (value - centre) / factor
      return { x0: next(x0, cx), x1: next(x1, cx), y0: next(y0, cy), y1: next(y1, cy) }
    })
  const move = (right: number, up: number) =>
    setView(({ x0, x1, y0, y1 }) => {
      const [dx, dy] = [right * (x1 - x0), up * (y1 - y0)]
      return { x0: x0 + dx, x1: x1 + dx, y0: y0 + dy, y1: y1 + dy }
    })
  const drag = useDrag({
    onMove: (dx, dy) => move(-dx / size.width, dy / size.height),
    onBox: (from, to) => {
      const toX = (px: number) => view.x0 + (px / size.width) * (view.x1 - view.x0)
      const toY = (px: number) => view.y1 - (px / size.height) * (view.y1 - view.y0)
      onSelect({
        x0: Math.min(toX(from.x), toX(to.x)),
        x1: Math.max(toX(from.x), toX(to.x)),
        y0: Math.min(toY(from.y), toY(to.y)),
        y1: Math.max(toY(from.y), toY(to.y)),
      })
    },
    onClick: place => onPick(nearestPoint(layer, view, size, place, 12)),
    isSelecting,
  })
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => move(-0.1, 0),
    ArrowRight: () => move(0.1, 0),
    ArrowUp: () => move(0, 0.1),
    ArrowDown: () => move(0, -0.1),
    '+': () => zoom(ZOOM),
    '=': () => zoom(ZOOM),
    '-': () => zoom(1 / ZOOM),
    '0': () => setView(home),
    // What is in sight is what the keyboard can select.
    Enter: () => onSelect(view),
    Escape: () => onSelect(null),
  }
  return (
    <figure class="panel">
      <figcaption>
        <h2>{title}</h2>
        <span class="actions">
          {box !== null && (
            <button
              type="button"
              class="quiet"
              aria-label={`Clear the selection in ${title}`}
              onClick={() => onSelect(null)}
            >
              clear
            </button>
          )}
          <button type="button" class="quiet" aria-label={`Zoom into ${title}`} onClick={() => zoom(ZOOM ** 2)}>
            +
          </button>
          <button type="button" class="quiet" aria-label={`Zoom out of ${title}`} onClick={() => zoom(ZOOM ** -2)}>
            −
          </button>
          <button type="button" class="quiet" aria-label={`All of ${title}`} onClick={() => setView(home)}>
            all
          </button>
        </span>
      </figcaption>
      <div
        class={isSelecting ? 'plot selecting' : 'plot'}
        ref={ref}
        role="application"
        aria-label={`${title}. Arrows move, plus and minus zoom, 0 shows all, Enter selects what is in sight, Escape clears.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is moved and zoomed by keys
        tabIndex={0}
        onKeyDown={event => {
          const act = keys[event.key]
          if (act === undefined) return
          event.preventDefault()
          act()
        }}
        onWheel={event => {
          event.preventDefault()
          const { left, top } = event.currentTarget.getBoundingClientRect()
          zoom(
            ZOOM ** (-event.deltaY / 100),
            (event.clientX - left) / size.width,
            1 - (event.clientY - top) / size.height,
          )
        }}
        {...drag.handlers}
      >
        <canvas ref={canvas} width={size.width} height={size.height} />
        <svg viewBox={`0 0 ${size.width} ${size.height}`} aria-hidden="true">
          {lines.map((line, k) => (
            <path
              key={k}
              class="graticule"
              d={`M${line.map(([px, py]) => `${x(px).toFixed(1)} ${y(py).toFixed(1)}`).join('L')}`}
            />
          ))}
          {axes !== null && <Axes axes={axes} view={view} x={x} y={y} size={size} />}
          {box !== null && (
            <rect
              class="selection"
              x={x(box.x0)}
              y={y(box.y1)}
              width={x(box.x1) - x(box.x0)}
              height={y(box.y0) - y(box.y1)}
            />
          )}
          {drag.box !== null && <rect class="selection" {...drag.box} />}
          {picked >= 0 && Number.isFinite(layer.xs[picked]) && Number.isFinite(layer.ys[picked]) && (
            <circle class="picked" cx={x(layer.xs[picked])} cy={y(layer.ys[picked])} r={8} />
          )}
        </svg>
      </div>
    </figure>
  )
}

/** What is in sight: at once where the hand moves it, in the address when it rests, and from there when that changes. */
function useView(told: Bounds, home: Bounds, onSeen: (view: Bounds | null) => void) {
  const [view, setView] = useState(told)
  const text = boundsText(told)
  useEffect(() => setView(told), [text])
  useEffect(() => {
    if (boundsText(view) === text) return
    const timer = setTimeout(() => onSeen(boundsText(view) === boundsText(home) ? null : view), REST_MS)
    return () => clearTimeout(timer)
  }, [view, text])
  return [view, setView] as const
}

interface AxesProps {
  readonly axes: PanelAxes
  readonly view: Bounds
  readonly x: (value: number) => number
  readonly y: (value: number) => number
  readonly size: { readonly width: number; readonly height: number }
}

function Axes({ axes: { xTitle, yTitle, xSign, ySign }, view, x, y, size }: AxesProps) {
  return (
    <>
      {roundTicks(view.x0, view.x1, size.width / 90).map(at => (
        <g key={`x ${at}`}>
          <line class="grid" x1={x(at)} x2={x(at)} y1={size.height} y2={size.height - 5} />
          <text class="tick" x={x(at)} y={size.height - 8} text-anchor="middle">
            {plainText(xSign * at)}
          </text>
        </g>
      ))}
      {roundTicks(view.y0, view.y1, size.height / 60).map(at => (
        <g key={`y ${at}`}>
          <line class="grid" x1={0} x2={5} y1={y(at)} y2={y(at)} />
          <text class="tick" x={8} y={y(at) + 4}>
            {plainText(ySign * at)}
          </text>
        </g>
      ))}
      <text class="axisTitle" x={size.width - 8} y={size.height - 22} text-anchor="end">
        {xTitle}
      </text>
      <text class="axisTitle" x={8} y={16}>
        {yTitle}
      </text>
    </>
  )
}

interface Place {
  readonly x: number
  readonly y: number
}

interface DragOptions {
  readonly onMove: (dx: number, dy: number) => void
  readonly onBox: (from: Place, to: Place) => void
  readonly onClick: (place: Place) => void
  /** Whether a drag draws a box rather than moves; the shift key does the other of the two. */
  readonly isSelecting: boolean
}

function useDrag({ onMove, onBox, onClick, isSelecting }: DragOptions) {
  const start = useRef<(Place & { readonly isBox: boolean }) | null>(null)
  const last = useRef<Place>({ x: 0, y: 0 })
  const [box, setBox] = useState<{ x: number; y: number; width: number; height: number } | null>(null)
  const placeOf = (event: PointerEvent): Place => {
    const { left, top } = (event.currentTarget as HTMLElement).getBoundingClientRect()
    return { x: event.clientX - left, y: event.clientY - top }
  }
  const handlers = {
    onPointerDown: (event: PointerEvent) => {
      const place = placeOf(event)
      start.current = { ...place, isBox: isSelecting !== event.shiftKey }
      last.current = place
      ;(event.currentTarget as HTMLElement).setPointerCapture(event.pointerId)
    },
    onPointerMove: (event: PointerEvent) => {
      const from = start.current
      if (from === null) return
      const place = placeOf(event)
      if (from.isBox) {
        setBox({
          x: Math.min(from.x, place.x),
          y: Math.min(from.y, place.y),
          width: Math.abs(place.x - from.x),
          height: Math.abs(place.y - from.y),
        })
      } else onMove(place.x - last.current.x, place.y - last.current.y)
      last.current = place
    },
    onPointerUp: (event: PointerEvent) => {
      const from = start.current
      start.current = null
      setBox(null)
      if (from === null) return
      const place = placeOf(event)
      if (Math.hypot(place.x - from.x, place.y - from.y) < CLICK_PX) onClick(place)
      else if (from.isBox) onBox(from, place)
    },
  }
  return { box, handlers }
}
