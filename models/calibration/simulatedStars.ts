// Fresh simulated stars of one missing pattern, with their truths: what a posterior is judged on.
import { quantity } from '../../schemas/index.ts'
import type { GivenSpectrum, StarInput } from '../posterior.ts'
import { column, type Simulation, type Simulator } from '../simulators/simulator.ts'
import { modelObservables, modelSpectra } from '../tokens/layout.ts'
import { spectrumOf } from '../training/starBatch.ts'
import { patternPixels } from './patternPixels.ts'

export interface SimulatedStars {
  readonly stars: readonly StarInput[]
  /** [N x P] true values, star after star, in the order of the names asked for. */
  readonly truths: Float64Array
  /** [N] index of the true class. */
  readonly classIndex: Int32Array
}

const CHUNK = 20_000

/**
 * Draws from the simulator until enough stars were seen in just the given observables: which observables a star has
 * is informative, so stars are chosen by pattern and never have measurements taken away; but where spectra with pixels are all that is
 * given, see `PatternPixels`.
 *
 * @param given names of the observables and spectra of the pattern; null takes every star
 * @param names parameters and derived quantities whose truth is wanted
 * @param maxDraws stars drawn before giving up
 * @returns N <= count stars, fewer where the pattern is too rare
 */
export function drawSimulatedStars(
  simulator: Simulator,
  given: readonly string[] | null,
  names: readonly string[],
  request: { readonly seed: number; readonly count: number; readonly maxDraws: number },
): SimulatedStars {
  const pixels = patternPixels(given ?? [], request.seed)
  const isAny = given === null || pixels.isAlone
  const wanted = isAny ? null : modelObservables.map(name => (given.includes(name) ? 1 : 0))
  const wantedSpectra = isAny ? null : modelSpectra.map(name => given.includes(name))
  const stars: StarInput[] = []
  const truths: number[] = []
  const classIndex: number[] = []
  for (let first = 0; first < request.maxDraws && stars.length < request.count; first += CHUNK) {
    const simulation = simulator.draw({ seed: request.seed, first, count: Math.min(CHUNK, request.maxDraws - first) })
    for (let i = 0; i < simulation.count && stars.length < request.count; i++) {
      if (wanted?.some((bit, o) => bit !== column(simulation.presence, modelObservables[o])[i])) continue
      if (wantedSpectra?.some((is, s) => is !== (spectrumOf(simulation, i, s) !== null))) continue
      const key = `simulated:${request.seed}:${first + i}`
      const measured = { key, given: simulatedGiven(simulation, i), spectra: simulatedSpectra(simulation, i) }
      const star = pixels.give(measured, simulation, i, first + i)
      if (star === null) continue
      stars.push(star)
      for (const name of names) truths.push(simulatedTruth(simulation, name, i))
      classIndex.push(simulation.classIndex[i])
    }
  }
  return { stars, truths: Float64Array.from(truths), classIndex: Int32Array.from(classIndex) }
}

/** Star i as surveys would deliver it: with the errors that they report. */
export function simulatedGiven(simulation: Simulation, i: number): StarInput['given'] {
  return modelObservables.flatMap(name =>
    column(simulation.presence, name)[i] === 1
      ? [
          {
            quantity: name,
            value: column(simulation.observables, name)[i],
            err: column(simulation.errors, name)[i],
            isLimit: false,
          },
        ]
      : [],
  )
}

/** Spectra of star i as Gaia would publish them. */
export function simulatedSpectra(simulation: Simulation, i: number): readonly GivenSpectrum[] {
  return modelSpectra.flatMap((name, s) => {
    const found = spectrumOf(simulation, i, s)
    return found === null ? [] : [{ name, ...found }]
  })
}

/** The true value of a parameter or derived quantity of star i, in its units. */
export function simulatedTruth(simulation: Simulation, name: string, i: number): number {
  return column(quantity(name).role === 'derived' ? simulation.derived : simulation.parameters, name)[i]
}
