// What training needs to know of the prior before it starts: parameter quantiles and the range of features.
import { column, type Simulation, type Simulator } from '../simulators/simulator.ts'
import { sizeBands, sizeScatter } from '../tokens/brightnessBase.ts'
import { FEATURE_COUNT, modelObservables, modelParameters, OBSERVED_SLOTS } from '../tokens/layout.ts'
import { basesOf } from '../tokens/posteriorLatents.ts'
import { fitQuantileMap } from '../tokens/quantileMap.ts'
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
/** A feature may lie this far beyond the simulated range before a star is called unusual. */
const MARGIN = 0.1

/** Draws from the prior and measures it. */
export function fitPrior(simulator: Simulator, seed: number, draws: number): PriorFit {
  const parameters = modelParameters.map(() => new Float64Array(draws))
  const scatter = Array.from({ length: sizeBands.length + 1 }, () => new Float64Array(draws))
  const observables = modelObservables.map(() => ({ sum: 0, squares: 0, count: 0 }))
  for (let first = 0; first < draws; first += CHUNK) {
    const simulation = simulator.draw({ seed, first, count: Math.min(CHUNK, draws - first) })
    modelParameters.forEach((name, p) => {
      parameters[p].set(column(simulation.parameters, name), first)
    })
    gatherScatter(simulation, scatter, first)
    modelObservables.forEach((name, o) => {
      const values = column(simulation.observables, name)
      const presence = column(simulation.presence, name)
      for (let i = 0; i < simulation.count; i++) {
        if (presence[i] === 0) continue
        const plain = name === 'parallaxMas' ? Math.asinh(values[i]) : values[i]
        observables[o].sum += plain
        observables[o].squares += plain * plain
        observables[o].count++
      }
    })
  }
  const mean = observables.map(({ sum, count }) => sum / count)
  const scale: LatentScale = {
    parameters: parameters.map(values => fitQuantileMap(values)),
    brightness: scatter.map(values => fitQuantileMap(values)),
    observableMean: mean,
    observableSd: observables.map(({ squares, count }, o) => Math.sqrt(squares / count - mean[o] ** 2)),
  }
  return { scale, featureRange: rangeFeatures(simulator, scale, seed, Math.min(draws, RANGED_STARS)) }
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

function rangeFeatures(
  simulator: Simulator,
  scale: LatentScale,
  seed: number,
  draws: number,
): PriorFit['featureRange'] {
  const low = Array.from({ length: OBSERVED_SLOTS }, () => new Array<number>(FEATURE_COUNT).fill(0))
  const high = low.map(row => [...row])
  const features = new Float32Array(OBSERVED_SLOTS * FEATURE_COUNT)
  const mask = new Float32Array(OBSERVED_SLOTS)
  const star = emptyStar()
  for (let first = 0; first < draws; first += CHUNK) {
    const simulation = simulator.draw({ seed, first, count: Math.min(CHUNK, draws - first) })
    for (let i = 0; i < simulation.count; i++) {
      observedStar(simulation, i, star)
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
  return { low, high }
}
