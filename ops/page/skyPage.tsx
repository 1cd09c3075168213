// All stars known: on the sky, in the plane of the Galaxy, and in two diagrams; what is selected in one is selected in all.
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { Address } from './address.ts'
import { classWord, cssOf, rampWord } from './colourRamp.ts'
import { setParams } from './pageHooks.ts'
import { ColumnHeads, Failure, Loading, Scroll, Section, StarLink } from './pageParts.tsx'
import { type PanelAxes, PointPanel } from './pointPanel.tsx'
import { type Bounds, boundsOf, boundsText, type PointLayer } from './pointRaster.ts'
import { type Problem, toProblem } from './service.ts'
import { className, countText, numberText, percentText } from './shownQuantity.ts'
import { hammer } from './skyProjection.ts'
import { readSky, type SkyColumn, type SkyTable } from './skyTable.ts'

const LISTED = 15

interface Panel {
  readonly key: string
  readonly title: string
  readonly x: SkyColumn
  readonly y: SkyColumn
  readonly axes: PanelAxes | null
  readonly aspect: number
  readonly isSquare: boolean
}

const panels: readonly Panel[] = [
  { key: 'sky', title: 'Sky', x: 'skyX', y: 'skyY', axes: null, aspect: 2, isSquare: true },
  {
    ...{ key: 'plane', title: 'Galactic plane', x: 'planeX', y: 'planeY', aspect: 1.5, isSquare: true },
    axes: { xTitle: 'X towards the centre (pc)', yTitle: 'Y (pc)', xSign: 1, ySign: 1 },
  },
  {
    ...{ key: 'colour', title: 'Colour and magnitude', x: 'bpRpMag', y: 'absoluteG', aspect: 1.2, isSquare: false },
    axes: { xTitle: 'BP − RP (mag)', yTitle: 'M_G, not dereddened (mag)', xSign: 1, ySign: -1 },
  },
  {
    ...{
      key: 'hr',
      title: 'Temperature and luminosity',
      x: 'logTeffK',
      y: 'logLuminosityLsun',
      aspect: 1.2,
      isSquare: false,
    },
    axes: { xTitle: 'log T_eff (K)', yTitle: 'log L (Lsun)', xSign: -1, ySign: 1 },
  },
]

interface Paint {
  readonly label: string
  readonly low: string
  readonly high: string
  /** From 0 to 1 along the ramp; null is by class. */
  readonly shareOf: ((columns: SkyTable['columns'], row: number) => number) | null
}

const paints: Readonly<Record<string, Paint>> = {
  young: { label: 'P(young)', low: '0', high: '1', shareOf: ({ youngProbability }, row) => youngProbability[row] },
  age: { label: 'Age', low: '10 Gyr', high: '1 Myr', shareOf: ({ logAgeYr }, row) => (10 - logAgeYr[row]) / 4 },
  av: { label: 'A_V', low: '0 mag', high: '5 mag', shareOf: ({ avMag }, row) => avMag[row] / 5 },
  class: { label: 'Class', low: '', high: '', shareOf: null },
}

export function SkyPage({ params }: Address) {
  const where = params.get('where') ?? ''
  const [sky, again] = useSky(where)
  useEffect(() => {
    document.title = 'Sky · birthline'
  }, [])
  return (
    <>
      <h1 class="pageTitle">Sky</h1>
      <Controls
        key={where}
        where={where}
        paint={params.get('colour') ?? 'young'}
        isSelecting={params.get('drag') === 'select'}
      />
      {sky.problem !== null && <Failure problem={sky.problem} again={again} />}
      {sky.table === null && sky.problem === null && <Loading what="the stars" />}
      {sky.table !== null && sky.table.count === 0 && (
        <p class="empty">{where === '' ? 'No star is known yet: ingest a survey.' : 'No star passes this filter.'}</p>
      )}
      {sky.table !== null && sky.table.count > 0 && sky.problem === null && <Maps table={sky.table} params={params} />}
    </>
  )
}

function useSky(where: string) {
  const [sky, setSky] = useState<{ readonly table: SkyTable | null; readonly problem: Problem | null }>({
    table: null,
    problem: null,
  })
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    const gone = new AbortController()
    setSky({ table: null, problem: null })
    readSky(where, gone.signal).then(
      table => setSky({ table, problem: null }),
      error => gone.signal.aborted || setSky({ table: null, problem: toProblem(error) }),
    )
    return () => gone.abort()
  }, [where, turn])
  return [sky, () => setTurn(before => before + 1)] as const
}

interface ControlProps {
  readonly where: string
  readonly paint: string
  readonly isSelecting: boolean
}

function Controls({ where, paint, isSelecting }: ControlProps) {
  const [text, setText] = useState(where)
  const { label, low, high, shareOf } = paints[paint] ?? paints.young
  return (
    <form
      class="filters skyFilters"
      onSubmit={event => {
        event.preventDefault()
        setParams({ where: text.trim() }, 'step')
      }}
    >
      <label class="where">
        Filter{' '}
        <input
          type="text"
          spellcheck={false}
          placeholder="young > 0.9 and median(av) < 1 mag"
          value={text}
          onInput={event => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit">Show</button>
      <label>
        Colour{' '}
        <select value={paint} onChange={event => setParams({ colour: event.currentTarget.value }, 'step')}>
          {Object.entries(paints).map(([key, one]) => (
            <option key={key} value={key}>
              {one.label}
            </option>
          ))}
        </select>
      </label>
      <label>
        <input
          type="checkbox"
          checked={isSelecting}
          onChange={event => setParams({ drag: event.currentTarget.checked ? 'select' : null })}
        />{' '}
        drag to select
      </label>
      <span class="legend">
        {shareOf === null ? (
          ['youngDisk', 'youngDiskless', 'mainSequence', 'giant'].map(name => (
            <span key={name}>
              <i class="swatch" style={{ background: cssOf(classWord(name)) }} /> {className(name)}
            </span>
          ))
        ) : (
          <>
            {low}
            <i
              class="ramp"
              role="img"
              aria-label={`Colours of ${label} from ${low} to ${high}`}
              style={{
                background: `linear-gradient(90deg, ${[0, 0.25, 0.5, 0.75, 1].map(share => cssOf(rampWord(share))).join(', ')})`,
              }}
            />
            {high}
          </>
        )}
      </span>
    </form>
  )
}

/** Meridians and parallels every 30 degrees, of Galactic coordinates. */
const graticule = [
  ...[-180, -150, -120, -90, -60, -30, 0, 30, 60, 90, 120, 150, 180].map(l =>
    Array.from({ length: 37 }, (_, k) => hammer(l === 180 ? 179.999 : l === -180 ? -179.999 : l, -90 + 5 * k)),
  ),
  ...[-60, -30, 0, 30, 60].map(b =>
    Array.from({ length: 73 }, (_, k) => hammer(Math.min(179.999, Math.max(-179.999, -180 + 5 * k)), b)),
  ),
]

const wholeSky: Bounds = { x0: -3, x1: 3, y0: -1.5, y1: 1.5 }

function Maps({ table, params }: { readonly table: SkyTable; readonly params: ReadonlyMap<string, string> }) {
  const [picked, setPicked] = useState(-1)
  const paint = paints[params.get('colour') ?? 'young'] ?? paints.young
  const colours = useMemo(
    () =>
      Uint32Array.from({ length: table.count }, (_, row) =>
        paint.shareOf === null ? classWord(table.classAt(row)) : rampWord(paint.shareOf(table.columns, row)),
      ),
    [table, paint],
  )
  const places = useMemo(
    () =>
      panels.map(panel => {
        const signed = (name: SkyColumn, sign: number) =>
          sign === 1 ? table.columns[name] : table.columns[name].map(value => -value)
        const xs = signed(panel.x, panel.axes?.xSign ?? 1)
        const ys = signed(panel.y, panel.axes?.ySign ?? 1)
        return { xs, ys, home: panel.axes === null ? wholeSky : boundsOf(xs, ys, panel.aspect, panel.isSquare) }
      }),
    [table],
  )
  const boxTexts = panels.map(({ key }) => params.get(`in-${key}`) ?? '')
  const boxes = useMemo(() => boxTexts.map(readBox), [boxTexts.join(' ')])
  const viewTexts = panels.map(({ key }) => params.get(`at-${key}`) ?? '')
  const views = useMemo(() => viewTexts.map(readBox), [viewTexts.join(' ')])
  const isChosen = useMemo(() => {
    const chosen = new Uint8Array(table.count).fill(1)
    boxes.forEach((box, k) => {
      if (box === null) return
      const { xs, ys } = places[k]
      for (let i = 0; i < chosen.length; i++) {
        if (!(xs[i] >= box.x0 && xs[i] <= box.x1 && ys[i] >= box.y0 && ys[i] <= box.y1)) chosen[i] = 0
      }
    })
    return chosen
  }, [table, boxes, places])
  const layers = useMemo<readonly PointLayer[]>(
    () => places.map(({ xs, ys }) => ({ xs, ys, colours, isChosen })),
    [places, colours, isChosen],
  )
  const chosenCount = isChosen.reduce((sum, one) => sum + one, 0)
  return (
    <>
      <p class="note" role="status">
        {`${countText(chosenCount)} of ${countText(table.count)} stars${boxes.some(box => box !== null) ? ' in the selection' : ''}`}
        {table.total > table.count && `, a fair sample of ${countText(table.total)}`}
      </p>
      <div class="maps">
        {panels.map(({ key, title, axes, aspect }, k) => (
          <PointPanel
            key={key}
            title={title}
            layer={layers[k]}
            home={places[k].home}
            seen={views[k]}
            onSeen={view => setParams({ [`at-${key}`]: view === null ? null : boundsText(view) }, 'step')}
            axes={axes}
            lines={axes === null ? graticule : []}
            aspect={aspect}
            box={boxes[k]}
            isSelecting={params.get('drag') === 'select'}
            onSelect={box => setParams({ [`in-${key}`]: box === null ? null : boundsText(box) }, 'step')}
            onPick={setPicked}
            picked={picked}
          />
        ))}
      </div>
      {picked >= 0 && <Picked table={table} row={picked} close={() => setPicked(-1)} />}
      <Youngest table={table} isChosen={isChosen} />
    </>
  )
}

function readBox(text: string): Bounds | null {
  const values = text.split(',').map(Number)
  if (text === '' || values.length !== 4 || !values.every(Number.isFinite)) return null
  const [x0, x1, y0, y1] = values
  return x1 > x0 && y1 > y0 ? { x0, x1, y0, y1 } : null
}

function Picked({ table, row, close }: { readonly table: SkyTable; readonly row: number; readonly close: () => void }) {
  const { youngProbability, logAgeYr, avMag, logDistancePc } = table.columns
  return (
    <aside class="card pickedCard" aria-label="Star that was chosen" aria-live="polite">
      <StarLink id={table.starIdAt(row)} />
      <span>
        {`${percentText(Math.min(0.9999, youngProbability[row]))} young, ${numberText(10 ** (logAgeYr[row] - 6), 2)} Myr, A_V ${numberText(avMag[row], 2)} mag, ${numberText(10 ** logDistancePc[row], 3)} pc`}
      </span>
      <button type="button" class="quiet" onClick={close}>
        close
      </button>
    </aside>
  )
}

/** The same stars as a list, for those who do not see the maps, or want the ids. */
function Youngest({ table, isChosen }: { readonly table: SkyTable; readonly isChosen: Uint8Array }) {
  const { youngProbability, logAgeYr, avMag, logDistancePc } = table.columns
  const rows = useMemo(() => {
    const best: number[] = []
    for (let row = 0; row < table.count; row++) {
      if (isChosen[row] === 0) continue
      if (best.length === LISTED && !(youngProbability[row] > youngProbability[best[LISTED - 1]])) continue
      best.push(row)
      best.sort((a, b) => youngProbability[b] - youngProbability[a])
      if (best.length > LISTED) best.pop()
    }
    return best
  }, [table, isChosen])
  return (
    <Section title="Most probably young" class="belowMaps" note={`The first ${rows.length} of the selection.`}>
      <Scroll label="Stars most probably young">
        <table>
          <ColumnHeads titles={['Star', 'Young', 'Class', 'Age (Myr)', 'A_V (mag)', 'Distance (pc)']} />
          <tbody>
            {rows.map(row => (
              <tr key={row}>
                <td>
                  <StarLink id={table.starIdAt(row)} />
                </td>
                <td>{percentText(Math.min(0.9999, youngProbability[row]))}</td>
                <td>{className(table.classAt(row))}</td>
                <td>{numberText(10 ** (logAgeYr[row] - 6), 2)}</td>
                <td>{numberText(avMag[row], 2)}</td>
                <td>{numberText(10 ** logDistancePc[row], 3)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Section>
  )
}
