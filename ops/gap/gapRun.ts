// The domain gap: real groups against the simulated stars of their recipes, for each subset of surveys.
import {
  checkForwardRecipe,
  column,
  type DomainGap,
  domainGap,
  type GapOptions,
  gapDefaults,
  MIN_GAP_STARS,
  openSimulator,
  type Simulation,
} from '../../models/index.ts'
import type { RealStar, StarGroup } from '../evaluation/realStar.ts'
import { type GapPopulation, subsetsOf } from './gapPopulations.ts'
import type { SurveySubset } from './surveySubsets.ts'

export interface SubsetGap {
  readonly subset: SurveySubset
  readonly colours: DomainGap
  /** With the magnitude beside the colours. */
  readonly withMagnitude: DomainGap
}

export interface PopulationGap {
  readonly population: GapPopulation
  readonly reference: string
  readonly gaps: readonly SubsetGap[]
  /** Subsets without enough real stars. */
  readonly leftOut: readonly SurveySubset[]
}

export interface GapRequest {
  readonly groups: readonly StarGroup[]
  readonly populations: readonly GapPopulation[]
  readonly seed: number
  readonly signal: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
  readonly size?: GapSize
}

export interface GapSize extends GapOptions {
  /** Simulated stars drawn for a population; those outside the real stars' magnitudes are not compared. */
  readonly drawnStars: number
}

/** What a report is made of. */
export const gapSize: GapSize = { ...gapDefaults, drawnStars: 20_000 }

const BATCH_STARS = 1000

/** Populations whose real stars are not at hand are left out. */
export async function runGap(request: GapRequest): Promise<readonly PopulationGap[]> {
  const pairs = request.populations.flatMap(population => {
    const group = request.groups.find(({ name }) => name === population.group)
    return group === undefined ? [] : [{ population, group }]
  })
  const total = pairs.reduce((sum, { population }) => sum + subsetsOf(population).length, 0)
  const found: PopulationGap[] = []
  let done = 0
  for (const { population, group } of pairs) {
    const drawn = await drawCounterpart(population, request)
    const gaps: SubsetGap[] = []
    const leftOut: SurveySubset[] = []
    for (const subset of subsetsOf(population)) {
      request.signal.throwIfAborted()
      const real = realRows(group.stars, subset)
      const simulated = simulatedRows(drawn, subset, magnitudeRange(real, subset))
      const width = subset.colours.length + 1
      if (Math.min(real.length, simulated.length) < MIN_GAP_STARS * width) leftOut.push(subset)
      else gaps.push(gapOf(subset, real, simulated, request.size ?? gapSize))
      request.onProgress?.(++done, total)
      // A pause for timers and signals: a score holds the thread.
      await new Promise(resolve => setImmediate(resolve))
    }
    found.push({ population, reference: group.reference, gaps, leftOut })
  }
  return found
}

async function drawCounterpart(
  population: GapPopulation,
  { seed, signal, size = gapSize }: GapRequest,
): Promise<readonly Simulation[]> {
  const { name, components, surveys } = population
  const recipe = surveys === undefined ? { name, components } : { name, components, surveys }
  const simulator = openSimulator(checkForwardRecipe(recipe, () => name))
  const drawn: Simulation[] = []
  for (let first = 0; first < size.drawnStars; first += BATCH_STARS) {
    signal.throwIfAborted()
    drawn.push(simulator.draw({ seed, first, count: Math.min(BATCH_STARS, size.drawnStars - first) }))
    await new Promise(resolve => setImmediate(resolve))
  }
  return drawn
}

function gapOf(subset: SurveySubset, real: readonly number[], simulated: readonly number[], size: GapSize): SubsetGap {
  const names = subset.colours.map(([a, b]) => `${a} - ${b}`)
  const width = names.length + 1
  const without = (values: readonly number[]) => Float64Array.from(values.filter((_, i) => i % width !== 0))
  return {
    subset,
    colours: domainGap({ real: without(real), simulated: without(simulated), features: names }, size),
    withMagnitude: domainGap(
      {
        real: Float64Array.from(real),
        simulated: Float64Array.from(simulated),
        features: [subset.magnitude, ...names],
      },
      size,
    ),
  }
}

/** Row by row: the magnitude, then the colours, of stars that have them all. */
export function realRows(stars: readonly RealStar[], subset: SurveySubset): readonly number[] {
  return stars.flatMap(({ input, bands = [] }) => {
    const given = input.given.filter(one => one.isLimit !== true).map(one => [one.quantity, one.value] as const)
    const values = new Map([...given, ...bands])
    return rowOf(subset, name => values.get(name))
  })
}

export function simulatedRows(
  drawn: readonly Simulation[],
  subset: SurveySubset,
  [brightest, faintest]: readonly [number, number],
): readonly number[] {
  return drawn.flatMap(part =>
    Array.from({ length: part.count }, (_, i) => {
      const row = rowOf(subset, name => {
        const isSeen = column(part.presence, name)[i] === 1
        return isSeen ? column(part.observables, name)[i] : undefined
      })
      return row.length > 0 && row[0] >= brightest && row[0] <= faintest ? row : []
    }).flat(),
  )
}

function rowOf(subset: SurveySubset, valueIn: (name: string) => number | undefined): readonly number[] {
  const row = [valueIn(subset.magnitude)]
  for (const [a, b] of subset.colours) {
    const [left, right] = [valueIn(a), valueIn(b)]
    row.push(left === undefined || right === undefined ? undefined : left - right)
  }
  return row.every((value): value is number => value !== undefined) ? row : []
}

/** Where the real list begins and ends is its authors' choice, and no gap. */
function magnitudeRange(rows: readonly number[], subset: SurveySubset): readonly [number, number] {
  const width = subset.colours.length + 1
  const magnitudes = rows.filter((_, i) => i % width === 0)
  return [
    magnitudes.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    magnitudes.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  ]
}
