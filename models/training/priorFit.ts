// What training needs to know of the prior before it starts: parameter quantiles and the range of features.
import { column, type Simulation, type Simulator } from '../simulators/simulator.ts'
import { sizeBands, sizeScatter } from '../tokens/brightnessBase.ts'
import {
  FEATURE_COUNT,
  modelObservables,
  modelParameters,
  modelSpectra,
  OBSERVABLE_COUNT,
  OBSERVED_SLOTS,
} from '../tokens/layout.ts'
import { basesOf } from '../tokens/posteriorLatents.ts'
import { fitQuantileMap } from '../tokens/quantileMap.ts'
import { fitSpectrumBasis, lengthOf, type SpectrumBasis } from '../tokens/spectrumFeatures.ts'
import { emptyStar, writeTokens } from '../tokens/tokenizer.ts'
import type { ModelCard } from './modelCard.ts'
import { type LatentScale, observedStar } from './starBatch.ts'

export interface PriorFit {
  readonly scale: LatentScale
  readonly featureRange: ModelCard['featureRange']
}

const CHUNK = 20_000
/** Features are ranged over this many stars at most: the outermost of so many is range enough. */
const RANGED_STARS = 100_000
/** Stars of which spectra are looked at: directions of so many are known far better than the floor. */
const SPECTRA_STARS = 12_000
const SPECTRA_CHUNK = 2000
/** A feature may lie this far beyond the simulated range before a star is called unusual. */
const MARGIN = 0.1

/**
 * Draws from the prior and measures it.
 *
 * @param plain the same stars without spectra, for all that is not of spectra: they cost far more than the rest
 */
export function fitPrior(simulator: Simulator, seed: number, draws: number, plain = simulator): PriorFit {
  const parameters = modelParameters.map(() => new Float64Array(draws))
  const scatter = Array.from({ length: sizeBands.length + 1 }, () => new Float64Array(draws))
  const observables = modelObservables.map(() => new Moments())
  const colours = modelObservables.map(() => modelObservables.map(() => new Moments()))
  for (let first = 0; first < draws; first += CHUNK) {
    const simulation = plain.draw({ seed, first, count: Math.min(CHUNK, draws - first) })
    modelParameters.forEach((name, p) => {
      parameters[p].set(column(simulation.parameters, name), first)
    })
    gatherScatter(simulation, scatter, first)
    gatherObservables(simulation, observables, colours)
  }
  const scale: LatentScale = {
    parameters: parameters.map(values => fitQuantileMap(values)),
    brightness: scatter.map(values => fitQuantileMap(values)),
    observableMean: observables.map(moments => moments.mean),
    observableSd: observables.map(moments => moments.sd),
    colourMean: colours.map(row => row.map(moments => moments.mean)),
    colourSd: colours.map(row => row.map(moments => moments.sd)),
    spectra: fitSpectra(simulator, seed, Math.min(draws, SPECTRA_STARS)),
  }
  const range = createRange()
  rangeFeatures(plain, scale, seed, Math.min(draws, RANGED_STARS), range)
  if (plain !== simulator) rangeFeatures(simulator, scale, seed, Math.min(draws, SPECTRA_STARS), range)
  return { scale, featureRange: range }
}

/** Mean and standard deviation of numbers that come one by one, all of a size; both are 0 of fewer than two. */
class Moments {
  private sum = 0
  private squares = 0
  private count = 0

  add(value: number): void {
    this.sum += value
    this.squares += value * value
    this.count++
  }

  get mean(): number {
    return this.count < 2 ? 0 : this.sum / this.count
  }

  get sd(): number {
    return this.count < 2 ? 0 : Math.sqrt(Math.max(0, this.squares / this.count - this.mean ** 2))
  }
}

function gatherObservables(
  simulation: Simulation,
  observables: readonly Moments[],
  colours: readonly (readonly Moments[])[],
): void {
  const columns = modelObservables.map(name => ({
    isMagnitude: name !== 'parallaxMas',
    values: column(simulation.observables, name),
    presence: column(simulation.presence, name),
  }))
  for (let i = 0; i < simulation.count; i++) {
    for (let o = 0; o < OBSERVABLE_COUNT; o++) {
      if (columns[o].presence[i] === 0) continue
      const value = columns[o].values[i]
      observables[o].add(columns[o].isMagnitude ? value : Math.asinh(value))
      if (!columns[o].isMagnitude) continue
      for (let r = 0; r < OBSERVABLE_COUNT; r++) {
        if (r === o || columns[r].presence[i] === 0 || !columns[r].isMagnitude) continue
        colours[o][r].add(value - columns[r].values[i])
      }
    }
  }
}

/** Shapes of the spectra of as many stars as have them; none where the simulator has no spectra. */
function fitSpectra(simulator: Simulator, seed: number, draws: number): readonly SpectrumBasis[] {
  const shapes = modelSpectra.map(() => [] as number[])
  let coefficientCount = 0
  const hasSpectra = simulator.lists?.some(({ name }) => name === 'bpCoefficients') ?? false
  for (let first = 0; first < draws && hasSpectra; first += SPECTRA_CHUNK) {
    const simulation = simulator.draw({ seed, first, count: Math.min(SPECTRA_CHUNK, draws - first) })
    modelSpectra.forEach((name, s) => {
      const { values, presence } = column(simulation.lists ?? new Map(), `truth_${name.slice(0, 2)}Coefficients`)
      coefficientCount = values.length / simulation.count
      for (let i = 0; i < simulation.count; i++) {
        if (presence[i] === 0) continue
        const one = values.subarray(i * coefficientCount, (i + 1) * coefficientCount)
        const length = lengthOf(one)
        for (const value of one) shapes[s].push(value / length)
      }
    })
  }
  return !hasSpectra ? [] : shapes.map(all => fitSpectrumBasis(Float64Array.from(all), coefficientCount))
}

/** Scatter of the angular size of every star about each of its true magnitudes, and about none. */
function gatherScatter(simulation: Simulation, scatter: readonly Float64Array[], first: number): void {
  const radius = column(simulation.derived, 'logRadiusRsun')
  const distance = column(simulation.parameters, 'logDistancePc')
  scatter.forEach((values, b) => {
    const magnitude = b < sizeBands.length ? column(simulation.truths, sizeBands[b]) : null
    for (let i = 0; i < simulation.count; i++) {
      values[first + i] = sizeScatter(radius[i], distance[i], magnitude === null ? 0 : magnitude[i])
    }
  })
}

/** [16][8] */
function createRange() {
  const low = Array.from({ length: OBSERVED_SLOTS }, () => new Array<number>(FEATURE_COUNT).fill(0))
  return { low, high: low.map(row => [...row]) }
}

function rangeFeatures(
  simulator: Simulator,
  scale: LatentScale,
  seed: number,
  draws: number,
  { low, high }: ReturnType<typeof createRange>,
): void {
  const features = new Float32Array(OBSERVED_SLOTS * FEATURE_COUNT)
  const mask = new Float32Array(OBSERVED_SLOTS)
  const star = emptyStar()
  for (let first = 0; first < draws; first += CHUNK) {
    const simulation = simulator.draw({ seed, first, count: Math.min(CHUNK, draws - first) })
    for (let i = 0; i < simulation.count; i++) {
      observedStar(simulation, i, scale.spectra, star)
      mask.fill(0)
      writeTokens(star, basesOf(star, scale).distance, features, 0, mask, 0)
      for (let slot = 0; slot < OBSERVED_SLOTS; slot++) {
        if (mask[slot] === 0) continue
        for (let f = 0; f < FEATURE_COUNT; f++) {
          const value = features[slot * FEATURE_COUNT + f]
          if (value - MARGIN < low[slot][f]) low[slot][f] = value - MARGIN
          if (value + MARGIN > high[slot][f]) high[slot][f] = value + MARGIN
        }
      }
    }
  }
}
