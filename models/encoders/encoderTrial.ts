// An encoder of random weights, to be timed: what it costs does not depend on what it has learned.
import { joinRows } from '../deviceSampler.ts'
import { Session } from '../engine/session.ts'
import { createRng } from '../math/rng.ts'
import { drawWeights } from '../transformer/weights.ts'
import { encoderGraph } from './encoderGraph.ts'
import type { Modality, ModalityTokens } from './modality.ts'
import { type EncoderConfig, encoderWeights } from './spectrumEncoder.ts'

export interface EncoderTrial {
  /** @param spectra as many as it was opened for */
  encode(spectra: readonly ModalityTokens[]): Promise<void>
  close(): Promise<void>
}

/** @throws FusionError as `Session.open` does */
export async function encoderTrial(modality: Modality, c: EncoderConfig, batch: number): Promise<EncoderTrial> {
  const weights = drawWeights(encoderWeights(modality, c), createRng(1))
  const session = await Session.open(encoderGraph(modality, c, weights, batch))
  return {
    async encode(spectra) {
      await session.run({
        features: joinRows(spectra.map(({ features }) => features)),
        mask: joinRows(spectra.map(({ mask }) => mask)),
      })
    },
    close: () => session.close(),
  }
}
