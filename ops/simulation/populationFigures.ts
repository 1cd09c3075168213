// The pictures of a simulation: which numbers of a star are drawn against which, of simulated and of real ones alike.
import { sunInGalaxy } from '../../models/index.ts'
import { quantity, RAD_PER_DEG } from '../../schemas/index.ts'
import type { StarGroup } from '../evaluation/realStar.ts'
import type { MapPlace } from '../figures/mapPlaces.ts'
import {
  type PopulationAxis,
  type PopulationFigure,
  type PopulationPanel,
  WIDE_ASPECT,
} from '../figures/populationPlot.ts'
import { skyFrame } from './skyMap.ts'

/** What a star is drawn by; `null` where it has no such number. */
export type StarValues = (name: string) => number | null

type Reading = (value: StarValues) => number | null

interface PanelSpec {
  readonly heading: string
  readonly x: PopulationAxis
  readonly y: PopulationAxis
  readonly xOf: Reading
  readonly yOf: Reading
  /** Real stars have no truths. */
  readonly hasReal: boolean
  /** Of the sky, or of the Galaxy in kpc. */
  readonly map?: 'sky' | 'galaxy'
  readonly places?: readonly MapPlace[]
}

interface FigureSpec {
  readonly name: string
  readonly title: string
  /** Columns without which there is nothing to draw. */
  readonly needs: readonly string[]
  readonly panels: readonly PanelSpec[]
}

/** A parallax less sure than this makes no absolute magnitude worth a point. */
const MIN_PARALLAX_SIGMA = 10

const symbol = (name: string) => quantity(name).symbol
const colour =
  (blue: string, red: string): Reading =>
  value => {
    const [a, b] = [value(blue), value(red)]
    return a === null || b === null ? null : a - b
  }
const colourAxis = (blue: string, red: string): PopulationAxis => ({
  label: `${symbol(blue)} \u2212 ${symbol(red)} (mag)`,
})
const absoluteG: Reading = value => {
  const [gMag, parallaxMas, parallaxErrMas] = [value('gMag'), value('parallaxMas'), value('parallaxMas_err')]
  if (gMag === null || parallaxMas === null || parallaxErrMas === null) return null
  return parallaxMas < MIN_PARALLAX_SIGMA * parallaxErrMas ? null : gMag + 5 * Math.log10(parallaxMas) - 10
}

function colours(x: readonly [string, string], y: readonly [string, string]): PanelSpec {
  const [xAxis, yAxis] = [colourAxis(...x), colourAxis(...y)]
  const bare = ({ label }: PopulationAxis) => label.replace(' (mag)', '')
  return {
    heading: `${bare(yAxis)} against ${bare(xAxis)}`,
    ...{ x: xAxis, y: yAxis, xOf: colour(...x), yOf: colour(...y), hasReal: true },
  }
}

const sinOf: Reading = value => {
  const bDeg = value('nuisance_bDeg')
  return bDeg === null ? null : Math.sin(bDeg * RAD_PER_DEG)
}
/** From the Sun along one of the Galaxy's axes, kpc: to the centre, along the rotation, to the north pole. */
const galacticOf =
  (along: (lRad: number, bRad: number) => number): Reading =>
  value => {
    const [l, b, logDistancePc] = [value('nuisance_lDeg'), value('nuisance_bDeg'), value('truth_logDistancePc')]
    if (l === null || b === null || logDistancePc === null) return null
    return 10 ** (logDistancePc - 3) * along(l * RAD_PER_DEG, b * RAD_PER_DEG)
  }
const toCentre = galacticOf((l, b) => Math.cos(b) * Math.cos(l))
const alongRotation = galacticOf((l, b) => Math.cos(b) * Math.sin(l))
const toNorth = galacticOf((_, b) => Math.sin(b))
const galacticPlaces: readonly MapPlace[] = [
  { kind: 'sun', x: 0, y: 0 },
  { kind: 'galacticCentre', x: sunInGalaxy.radiusKpc, y: 0 },
]

const figureSpecs: readonly FigureSpec[] = [
  {
    name: 'populations-hr',
    title: 'Simulated stars: Hertzsprung-Russell diagrams',
    needs: ['truth_logTeffK', 'truth_logLuminosityLsun'],
    panels: [
      {
        heading: 'What they are',
        x: { label: `${symbol('logTeffK')} (K)`, isReversed: true },
        y: { label: `${symbol('logLuminosityLsun')} (L_\u2299)` },
        xOf: value => value('truth_logTeffK'),
        yOf: value => value('truth_logLuminosityLsun'),
        hasReal: false,
      },
      {
        heading: 'Seen by Gaia through dust, parallax better than 10%',
        x: colourAxis('bpMag', 'rpMag'),
        y: { label: 'M_G (mag)', isReversed: true },
        xOf: colour('bpMag', 'rpMag'),
        yOf: absoluteG,
        hasReal: true,
      },
    ],
  },
  {
    name: 'populations-colours',
    title: 'Simulated stars: colours and magnitudes as measured',
    needs: ['jMag', 'ksMag'],
    panels: [
      colours(['hMag', 'ksMag'], ['jMag', 'hMag']),
      colours(['bpMag', 'rpMag'], ['gMag', 'ksMag']),
      colours(['w2Mag', 'w3Mag'], ['w1Mag', 'w2Mag']),
      {
        heading: 'K_s against J \u2212 K_s',
        x: colourAxis('jMag', 'ksMag'),
        y: { label: 'K_s (mag)', isReversed: true },
        xOf: colour('jMag', 'ksMag'),
        yOf: value => value('ksMag'),
        hasReal: true,
      },
    ],
  },
  {
    name: 'populations-sky',
    title: 'Simulated stars: on the sky and in the Galaxy',
    needs: ['nuisance_lDeg', 'nuisance_bDeg'],
    panels: [
      {
        heading: 'Galactic coordinates, equal areas',
        x: { label: 'l (deg)' },
        y: { label: 'b (deg)' },
        xOf: value => value('nuisance_lDeg'),
        yOf: sinOf,
        hasReal: false,
        map: 'sky',
        places: [{ kind: 'galacticCentre', x: 0, y: 0 }],
      },
      {
        heading: 'Seen from the north pole of the Galaxy',
        x: { label: 'X towards the centre (kpc)' },
        y: { label: 'Y along the rotation (kpc)' },
        ...{ xOf: toCentre, yOf: alongRotation, hasReal: false, map: 'galaxy', places: galacticPlaces },
      },
      {
        heading: 'Seen along the plane of the Galaxy',
        x: { label: 'X towards the centre (kpc)' },
        y: { label: 'Z towards the north pole (kpc)' },
        ...{ xOf: toCentre, yOf: toNorth, hasReal: false, map: 'galaxy', places: galacticPlaces },
      },
    ],
  },
]

export interface Populations {
  /** Takes a simulated star in. @throws RangeError for a class that is none */
  addSimulated(className: string, value: StarValues): void
  addReal(value: StarValues): void
  /** By name; figures of columns that there are not, and panels without a star, are left out. */
  figures(subtitle: string, realNote: string): ReadonlyMap<string, PopulationFigure>
}

interface Filled {
  readonly xs: number[]
  readonly ys: number[]
}

/** @param columns names of the columns that the simulation has */
export function openPopulations(classes: readonly string[], columns: readonly string[]): Populations {
  const known = new Set(columns)
  const drawn = figureSpecs
    .filter(({ needs }) => needs.every(name => known.has(name)))
    .map(spec => ({
      spec,
      panels: spec.panels.map(panel => ({
        panel,
        simulated: classes.map((): Filled => ({ xs: [], ys: [] })),
        real: { xs: [], ys: [] } as Filled,
      })),
    }))
  const add = ({ xs, ys }: Filled, { xOf, yOf }: PanelSpec, value: StarValues) => {
    const [x, y] = [xOf(value), yOf(value)]
    if (x === null || y === null) return
    xs.push(x)
    ys.push(y)
  }
  const allPanels = drawn.flatMap(({ panels }) => panels)
  return {
    addSimulated(className, value) {
      const index = classes.indexOf(className)
      if (index === -1) throw new RangeError(`populationFigures: ${className} is no class of the simulation`)
      for (const { panel, simulated } of allPanels) add(simulated[index], panel, value)
    },
    addReal(value) {
      for (const { panel, real } of allPanels) if (panel.hasReal) add(real, panel, value)
    },
    figures(subtitle, realNote) {
      return new Map(
        drawn.flatMap(({ spec, panels }) => {
          const shown = panels
            .filter(({ simulated, real }) => [...simulated, real].some(({ xs }) => xs.length > 0))
            .map(({ panel, simulated, real }): PopulationPanel => {
              const { heading, x, y, map, places = [] } = panel
              if (map === 'sky') return skyPanel(heading, simulated, real, places)
              return {
                heading,
                x,
                y,
                simulated,
                real,
                isMap: map !== undefined,
                hasEqualScales: map !== undefined,
                places,
              }
            })
          if (shown.length === 0) return []
          return [[spec.name, { title: spec.title, subtitle, realNote, classes, panels: shown }] as const]
        }),
      )
    },
  }
}

function skyPanel(
  heading: string,
  simulated: readonly Filled[],
  real: Filled,
  places: readonly MapPlace[],
): PopulationPanel {
  const { x, y, place } = skyFrame(simulated, WIDE_ASPECT)
  const placed = simulated.map(({ xs, ys }) => ({ xs: xs.map(place), ys }))
  return {
    ...{ heading, x, y, real, isMap: true, isWide: true },
    simulated: placed,
    places: places.map(one => ({ ...one, x: place(one.x) })),
  }
}

/** What real stars measured, under the names of the columns of a simulation. */
export function realValues(groups: readonly StarGroup[]): readonly StarValues[] {
  return groups.flatMap(({ stars }) =>
    stars.map(({ input }): StarValues => {
      const values = new Map<string, number>()
      for (const { quantity: name, value, err, isLimit } of input.given) {
        if (isLimit) continue
        values.set(name, value)
        values.set(`${name}_err`, err)
      }
      return name => values.get(name) ?? null
    }),
  )
}
