// Simulated stars sorted by what is missing of them: for each pattern as many as wanted, exactly as the simulator makes them.
import {
  modelParameters,
  modelSpectra,
  patternPixels,
  type Simulator,
  type StarInput,
  simulatedGiven,
  simulatedSpectra,
  simulatedTruth,
} from '../../models/index.ts'

export interface PatternStars {
  /** Observables that each of them has, in the order of the simulator; all others are missing. */
  readonly given: readonly string[]
  readonly inputs: readonly StarInput[]
  /** [N x 7] true parameters, star after star. */
  readonly truths: Float64Array
  /** [N] index of the true class. */
  readonly classes: Int32Array
}

export interface PatternDrawOptions {
  readonly seed: number
  /** Stars wanted of each pattern. */
  readonly starCount: number
  /** Simulated stars looked at in all; rare patterns come out with fewer stars than wanted. */
  readonly maxDraws: number
  readonly signal: AbortSignal
  /** Hears how many of the wanted stars are found. */
  readonly onProgress: (found: number, wanted: number) => void
}

const BATCH_STARS = 4000

/**
 * Draws stars and keeps those whose missing pattern is exactly one of the wanted ones. Nothing is masked by hand:
 * that a star is missing in a survey says something of it, and the posterior is conditional on that too. But of stars that are given by
 * spectra with pixels alone all else is withheld.
 */
export async function drawPatterns(
  simulator: Simulator,
  patterns: readonly (readonly string[])[],
  options: PatternDrawOptions,
): Promise<readonly PatternStars[]> {
  const names = [...simulator.observables, ...modelSpectra]
  const found = patterns.map(given => ({
    key: keyOf(name => given.includes(name), names),
    pixels: patternPixels(given, options.seed),
    inputs: [] as StarInput[],
    truths: [] as number[],
    classes: [] as number[],
  }))
  let wanting = found.length
  for (let first = 0; wanting > 0 && first < options.maxDraws; first += BATCH_STARS) {
    options.signal.throwIfAborted()
    const drawn = simulator.draw({ seed: options.seed, first, count: BATCH_STARS })
    for (let i = 0; i < drawn.count; i++) {
      const spectra = simulatedSpectra(drawn, i)
      const has = (name: string) => drawn.presence.get(name)?.[i] === 1 || spectra.some(one => one.name === name)
      const key = keyOf(has, names)
      for (const pattern of found) {
        const { pixels } = pattern
        if (pattern.inputs.length === options.starCount || !(pixels.isAlone || pattern.key === key)) continue
        const measured = { key: `calibration-${first + i}`, given: simulatedGiven(drawn, i), spectra }
        const star = pixels.give(measured, drawn, i, first + i)
        if (star === null) continue
        pattern.inputs.push(star)
        for (const name of modelParameters) pattern.truths.push(simulatedTruth(drawn, name, i))
        pattern.classes.push(drawn.classIndex[i])
        if (pattern.inputs.length === options.starCount) wanting--
      }
    }
    const foundCount = found.reduce((sum, { inputs }) => sum + inputs.length, 0)
    options.onProgress(foundCount, found.length * options.starCount)
    // A pause for timers and signals: a draw holds the thread.
    await new Promise(resolve => setImmediate(resolve))
  }
  return found.map(({ inputs, truths, classes }, i) => ({
    given: patterns[i],
    inputs,
    truths: Float64Array.from(truths),
    classes: Int32Array.from(classes),
  }))
}

function keyOf(has: (name: string) => boolean, names: readonly string[]): string {
  return names.map(name => (has(name) ? '1' : '0')).join('')
}
