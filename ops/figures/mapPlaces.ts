// Figures: maps with the same scale on both axes, and where the Sun and the centre of the Galaxy are on them.
import * as Plot from '@observablehq/plot'
import type { Frame } from './classRegion.ts'
import type { Range } from './density.ts'
import { lineAt, theme } from './svg.ts'

export interface MapPlace {
  readonly kind: 'sun' | 'galacticCentre'
  readonly x: number
  readonly y: number
}

const ARROW_PX = 30
/** Room for the arrow inside the frame. */
const ROOM_PX = 40

/**
 * Widens a frame until a unit is as long along both axes, and until the Sun is in it with its arrow.
 *
 * @param widthPx and `heightPx` of the frame as drawn
 */
export function equalScales(frame: Frame, places: readonly MapPlace[], widthPx: number, heightPx: number): Frame {
  const suns = places.filter(({ kind }) => kind === 'sun')
  const around = ({ low, high }: Range, values: readonly number[]): Range => ({
    low: Math.min(low, ...values),
    high: Math.max(high, ...values),
  })
  const [x, y] = [
    around(
      frame.x,
      suns.map(sun => sun.x),
    ),
    around(
      frame.y,
      suns.map(sun => sun.y),
    ),
  ]
  const span = ({ low, high }: Range) => high - low
  // The frame less the room on all sides holds what there is.
  const unitsPerPx = Math.max(span(x) / (widthPx - 2 * ROOM_PX), span(y) / (heightPx - 2 * ROOM_PX))
  const widened = ({ low, high }: Range, lengthPx: number): Range => {
    const half = (unitsPerPx * lengthPx) / 2
    return { low: (low + high) / 2 - half, high: (low + high) / 2 + half }
  }
  return { x: widened(x, widthPx), y: widened(y, heightPx) }
}

/** Those within a frame. */
export function placesIn(places: readonly MapPlace[], { x, y }: Frame): MapPlace[] {
  const isIn = (value: number, { low, high }: Range) => value >= low && value <= high
  return places.filter(place => isIn(place.x, x) && isIn(place.y, y))
}

/**
 * The Sun as a circle with a point, the Galactic centre as a cross, and an arrow from one towards the other.
 *
 * @param frame of equal scales where there is a Sun
 */
export function placeMarks(places: readonly MapPlace[], frame: Frame, widthPx: number): Plot.Markish[] {
  const unitsPerPx = (frame.x.high - frame.x.low) / widthPx
  const centre = places.find(({ kind }) => kind === 'galacticCentre')
  return placesIn(places, frame).flatMap((place): Plot.Markish[] => {
    const at = [[place.x, place.y]] as [number, number][]
    if (place.kind === 'galacticCentre')
      return [Plot.dot(at, { symbol: 'times', r: 5.5, stroke: theme.ink, strokeWidth: 2.2 })]
    const length = centre === undefined ? 0 : Math.hypot(centre.x - place.x, centre.y - place.y)
    const tip = (along: number) => (length === 0 ? 0 : (along / length) * ARROW_PX * unitsPerPx)
    return [
      ...(centre === undefined
        ? []
        : [
            Plot.arrow(at, {
              x1: place.x,
              y1: place.y,
              x2: place.x + tip(centre.x - place.x),
              y2: place.y + tip(centre.y - place.y),
              ...{ stroke: theme.ink, strokeWidth: 2, headLength: 5 },
            }),
          ]),
      Plot.dot(at, { r: 5, fill: theme.paper, stroke: theme.ink, strokeWidth: 1.6 }),
      Plot.dot(at, { r: 1.6, fill: theme.ink }),
    ]
  })
}

interface LegendEntry {
  readonly name: string
  /** In the figure's own coordinates. */
  sign(x: number, y: number): string
}

/** An entry for each kind of place. */
export function placeLegend(places: readonly MapPlace[]): readonly LegendEntry[] {
  const has = (kind: MapPlace['kind']) => places.some(place => place.kind === kind)
  const { ink, paper } = theme
  const sun: LegendEntry = {
    name: 'Sun, to the centre',
    sign: (x, y) =>
      [
        lineAt(x, y, x + 14, y, ink, 1.6),
        `<path d="M${x + 10},${y - 3}L${x + 14},${y}L${x + 10},${y + 3}" fill="none" stroke="${ink}" stroke-width="1.6"/>`,
        `<circle cx="${x}" cy="${y}" r="4" fill="${paper}" stroke="${ink}" stroke-width="1.4"/>`,
        `<circle cx="${x}" cy="${y}" r="1.4" fill="${ink}"/>`,
      ].join(''),
  }
  const centre: LegendEntry = {
    name: 'Galactic centre',
    sign: (x, y) => lineAt(x + 2, y - 4, x + 10, y + 4, ink, 2) + lineAt(x + 2, y + 4, x + 10, y - 4, ink, 2),
  }
  return [...(has('sun') ? [sun] : []), ...(has('galacticCentre') ? [centre] : [])]
}
