// How like the spectra of the training a spectrum is: the law of what each encoder of a model makes of fresh simulated spectra.
import { type FamiliarityLaw, fitFamiliarity } from '../calibration/familiarity.ts'
import { drawSimulatedStars } from '../calibration/simulatedStars.ts'
import type { PixelModality } from '../encoders/modality.ts'
import { Session } from '../engine/session.ts'
import { spectrumGraph } from '../modelGraphs.ts'
import type { Simulator } from '../simulators/simulator.ts'
import { readPixels } from '../spectral/givenPixels.ts'
import { spectralModalities } from '../spectral/spectralNetwork.ts'
import type { Checkpoint } from './checkpoint.ts'

export interface SpectraRequest {
  /** Of each instrument: half for mean and covariance, half for the tails. */
  readonly spectrumCount: number
  readonly seed: number
  readonly signal?: AbortSignal
}

/** Spectra are long: so many are in memory at once. */
const BATCH_SPECTRA = 500

/**
 * A law for each instrument whose spectra the model reads, under the name of the spectrum; none for a model that reads none.
 *
 * @param simulator of stars with spectra with pixels
 * @param onSpectra after each batch, with how many are done, of all instruments together
 */
export async function learnSpectraFamiliarity(
  checkpoint: Checkpoint,
  simulator: Simulator,
  { spectrumCount, seed, signal }: SpectraRequest,
  onSpectra: (done: number) => void,
): Promise<readonly FamiliarityLaw[]> {
  const { spectral } = checkpoint.card
  if (spectral === undefined) return []
  const laws: FamiliarityLaw[] = []
  let done = 0
  for (const modality of spectralModalities(spectral)) {
    const session = await Session.open(spectrumGraph(checkpoint, spectral, modality))
    const vectors: Float32Array[] = []
    try {
      for (let first = 0; first < spectrumCount; first += BATCH_SPECTRA) {
        signal?.throwIfAborted()
        const count = Math.min(BATCH_SPECTRA, spectrumCount - first)
        vectors.push(...(await embedSpectra(session, modality, simulator, seed + first, count)))
        done += count
        onSpectra(done)
        // A pause for timers and signals: embedding holds the thread.
        await new Promise(resolve => setImmediate(resolve))
      }
    } finally {
      await session.close()
    }
    const middle = vectors.length >> 1
    const law = fitFamiliarity(modality.spectrumName, vectors.slice(0, middle), vectors.slice(middle))
    if (law !== null) laws.push(law)
  }
  return laws
}

/** The vectors z of fresh spectra of one instrument. */
async function embedSpectra(
  session: Session,
  modality: PixelModality,
  simulator: Simulator,
  seed: number,
  count: number,
): Promise<readonly Float32Array[]> {
  const { stars } = drawSimulatedStars(simulator, [modality.spectrumName], [], { seed, count, maxDraws: 2 * count })
  const vectors: Float32Array[] = []
  for (const star of stars) {
    for (const { tokens } of readPixels(star, { modalities: [modality.name] })) {
      const { z } = await session.run({ features: tokens.features, mask: tokens.mask })
      vectors.push(z.slice())
    }
  }
  return vectors
}
