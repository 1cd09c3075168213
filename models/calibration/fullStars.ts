// Fresh simulated stars that everybody has seen, to be shown to a model by one instrument or another.
import { createRng } from '../math/rng.ts'
import { column, type Simulator } from '../simulators/simulator.ts'
import { modelObservables, modelSpectra } from '../tokens/layout.ts'
import type { PixelNights } from '../training/instrumentStars.ts'
import { type SimulatedStars, simulatedGiven, simulatedSpectra, simulatedTruth } from './simulatedStars.ts'

const PURPOSE = 0xf011
/** Of draws at once. */
const CHUNK = 500
/** As many as a model is asked about at once. */
const BATCH_STARS = 32
/** Which WISE measures of few stars: they come with those that have them. */
const rareObservables: readonly string[] = ['w3Mag', 'w4Mag']
const neededObservables = modelObservables.filter(name => !rareObservables.includes(name))

/**
 * Draws until enough stars have all magnitudes but W3 and W4, both spectra of Gaia, and a spectrum of each instrument with pixels. They come
 * a few at a time: pixels are long.
 *
 * @param simulator with spectra, see `createPilotSimulator`
 * @param nights see `createPixelNights`
 * @param names parameters and derived quantities whose truth is wanted
 * @param request the most stars to look at, beside how many are wanted
 * @returns count stars in all, fewer where too few were found
 */
export function* drawFullStars(
  simulator: Simulator,
  nights: PixelNights,
  names: readonly string[],
  request: { readonly seed: number; readonly count: number; readonly maxDraws: number },
): Generator<SimulatedStars> {
  const { seed, count, maxDraws } = request
  const rng = createRng(seed, PURPOSE)
  let found = 0
  for (let first = 0; first < maxDraws && found < count; first += CHUNK) {
    const simulation = simulator.draw({ seed, first, count: Math.min(CHUNK, maxDraws - first) })
    let batch = emptyBatch()
    for (let i = 0; i < simulation.count && found < count; i++) {
      if (neededObservables.some(name => column(simulation.presence, name)[i] !== 1)) continue
      const spectra = simulatedSpectra(simulation, i)
      if (spectra.length < modelSpectra.length) continue
      rng.seek(first + i)
      const seen = nights(simulation, i, rng)
      const pixels = seen.filter(one => one !== null)
      if (pixels.length < seen.length) continue
      batch.stars.push({ key: `simulated:${seed}:${first + i}`, given: simulatedGiven(simulation, i), spectra, pixels })
      for (const name of names) batch.truths.push(simulatedTruth(simulation, name, i))
      batch.classIndex.push(simulation.classIndex[i])
      found++
      if (batch.stars.length < BATCH_STARS) continue
      yield toStars(batch)
      batch = emptyBatch()
    }
    if (batch.stars.length > 0) yield toStars(batch)
  }
}

const emptyBatch = () => ({
  stars: [] as SimulatedStars['stars'][number][],
  truths: [] as number[],
  classIndex: [] as number[],
})

function toStars({ stars, truths, classIndex }: ReturnType<typeof emptyBatch>): SimulatedStars {
  return { stars, truths: Float64Array.from(truths), classIndex: Int32Array.from(classIndex) }
}
