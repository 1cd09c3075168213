import { expect, test } from 'vitest'
import { Session } from '../../../models/engine/session.ts'
import {
  createRng,
  encoderConfig,
  encoderGraph,
  encoderTrial,
  encoderWeights,
  modalityOf,
  pixelModalities,
  spectrumTokens,
} from '../../../models/index.ts'
import { drawWeights } from '../../../models/transformer/weights.ts'
import type { SpectrumSegment } from '../../../schemas/index.ts'

function segmentOf(survey: string, count: number): SpectrumSegment {
  const modality = modalityOf(survey)
  if (modality === null) throw new Error(survey)
  const rng = createRng(8)
  const { firstAngstrom, log10Step } = modality.grid
  return {
    ...{ name: 'coadd', medium: 'vacuum', wavelengthUnit: 'Angstrom', wavelengthScale: 'log10', wavelengths: [] },
    ...{ wavelengthLaw: { start: Math.log10(firstAngstrom), step: log10Step }, fluxUnit: '', fluxScale: 'relative' },
    ...{ fluxes: Array.from({ length: count }, () => 3 + rng.normal()), ivars: Array.from({ length: count }, () => 9) },
    ...{ masks: [], signalToNoise: null, badPixelCount: 0, missingPixelCount: 0 },
  }
}

test.each(pixelModalities.map(({ name, surveys }) => [name, surveys[0]]))(
  'the encoder of %s puts out tokens and a vector, and does not see what is missing',
  async (_, survey) => {
    const modality = modalityOf(survey)
    if (modality === null) throw new Error(survey)
    const weights = drawWeights(encoderWeights(modality, encoderConfig), createRng(2))
    const session = await Session.open(encoderGraph(modality, encoderConfig, weights, 1))
    try {
      // Half of the grid: the last patches have no pixel.
      const tokens = spectrumTokens(modality, [
        segmentOf(survey, (modality.grid.patches * modality.grid.binsPerPatch) / 2),
      ])
      const first = await session.run({ ...tokens })
      expect(first.tokens).toHaveLength(encoderConfig.outTokens * encoderConfig.outWidth)
      expect(first.z).toHaveLength(encoderConfig.sharedWidth)
      expect(first.z.every(Number.isFinite)).toBe(true)
      const missing = tokens.mask.lastIndexOf(0)
      expect(missing).toBe(modality.slots - 1)
      const spoilt = tokens.features.slice()
      spoilt.fill(7, missing * modality.features, (missing + 1) * modality.features)
      const second = await session.run({ features: spoilt, mask: tokens.mask })
      // What is masked has no share at all.
      expect(second.z).toEqual(first.z)
      const seen = tokens.features.slice()
      seen.fill(7, modality.features, 2 * modality.features)
      expect((await session.run({ features: seen, mask: tokens.mask })).z).not.toEqual(first.z)
    } finally {
      await session.close()
    }
  },
  60_000,
)

test('a trial costs what an encoder costs, and is of the size it was opened for', async () => {
  const [modality] = pixelModalities
  const tokens = spectrumTokens(modality, [segmentOf(modality.surveys[0], 4000)])
  const trial = await encoderTrial(modality, encoderConfig, 2)
  await expect(trial.encode([tokens, tokens])).resolves.toBeUndefined()
  await expect(trial.encode([tokens])).rejects.toThrow()
  await trial.close()
})

test('a survey without pixels has no such encoder', () => {
  expect(modalityOf('gaiaXp')).toBeNull()
  expect(modalityOf('sdss')?.name).toBe('boss')
  expect(modalityOf('lamostLrs')?.spectrumName).toBe('lamostLrsSpectrum')
})
