// Encoders of random weights: what they make of a spectrum has a law as well.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { kolmogorovSmirnov } from '../../../models/calibration/rankStatistics.ts'
import { drawSimulatedStars } from '../../../models/calibration/simulatedStars.ts'
import { createRng } from '../../../models/math/rng.ts'
import { openPosteriorModel } from '../../../models/openPosteriorModel.ts'
import { createPilotSimulator } from '../../../models/simulators/pilot.ts'
import { spectralWeights, startingHead } from '../../../models/spectral/spectralNetwork.ts'
import { readCheckpoint, withoutSpectra, writeCheckpoint } from '../../../models/training/checkpoint.ts'
import { adoptFamiliarity, learnFamiliarity } from '../../../models/training/familiarityMeasure.ts'
import { drawWeights } from '../../../models/transformer/weights.ts'
import { writeTinyCheckpoint } from './tinyCheckpoint.ts'

const folder = mkdtempSync(join(tmpdir(), 'spectra-familiarity-'))
afterAll(() => rmSync(folder, { recursive: true }))

const small = { width: 16, heads: 2, layers: 1, hidden: 16 }
const spectral = {
  modalities: ['boss'],
  encoder: { ...small, outTokens: 2, outWidth: 16, sharedWidth: 8 },
  join: small,
}
const options = { sampleCount: 16, seed: 1n }

test('tails of fresh spectra are uniform, and what is measured of spectra changes nothing of stars without them', async () => {
  writeTinyCheckpoint(folder)
  const { card, weights, fingerprint } = readCheckpoint(folder)
  const extra = drawWeights(spectralWeights(spectral, card.config), createRng(2))
  writeCheckpoint(folder, { ...card, spectral }, { ...weights, ...extra, ...startingHead(card.config, weights) })

  const simulator = createPilotSimulator()
  const { stars } = drawSimulatedStars(simulator, ['bossSpectrum'], [], { seed: 92, count: 150, maxDraws: 300 })
  const bare = await openPosteriorModel(folder)
  const [before] = await bare.infer(stars.slice(0, 1), options)
  await bare.close()
  expect(before.familiarity).toBeNull()

  const heard: number[] = []
  const request = { starCount: 0, spectrumCount: 2000, seed: 7 }
  const laws = await learnFamiliarity(folder, simulator, request, done => heard.push(done))
  expect(heard.at(-1)).toBe(2000)
  expect(laws.map(({ family }) => family)).toEqual(['bossSpectrum'])
  adoptFamiliarity(folder, laws)
  expect(withoutSpectra(readCheckpoint(folder)).fingerprint).toBe(fingerprint)

  const model = await openPosteriorModel(folder)
  try {
    const answers = await model.infer(stars, options)
    expect(answers[0].samples).toEqual(before.samples)
    // One seed; a thousandth of those would fail, were the law exact.
    const tails = Float64Array.from(answers, ({ familiarity }) => familiarity ?? Number.NaN)
    expect(kolmogorovSmirnov(tails).pValue).toBeGreaterThan(1e-3)
    const plain = { key: 'plain', given: [{ quantity: 'gMag', value: 12, err: 0.01, isLimit: false }] }
    expect((await model.infer([plain], options))[0].familiarity).toBeNull()
  } finally {
    await model.close()
  }
}, 300_000)

test('a law of spectra is as wide as their vectors, and none for a model that reads no such spectra', () => {
  const { card, weights } = readCheckpoint(folder)
  const [law] = card.familiarity ?? []
  const narrow = { ...law, mean: law.mean.slice(1) }
  writeCheckpoint(folder, { ...card, familiarity: [narrow] }, weights)
  expect(() => readCheckpoint(folder)).toThrow(/its "familiarity" does not fit/)
  const { spectral: _, ...blind } = card
  writeCheckpoint(folder, blind, weights)
  expect(() => readCheckpoint(folder)).toThrow(/its "familiarity" does not fit/)
})
