// A network of random weights is wrong everywhere: what is learned on some stars must help on others.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { patternKey } from '../../../models/calibration/latentCorrection.ts'
import { posteriorDraws } from '../../../models/calibration/posteriorDraws.ts'
import { fractionalRanks, kolmogorovSmirnov } from '../../../models/calibration/rankStatistics.ts'
import { drawSimulatedStars } from '../../../models/calibration/simulatedStars.ts'
import { createRng } from '../../../models/math/rng.ts'
import { openPosteriorModel } from '../../../models/openPosteriorModel.ts'
import { createPilotSimulator } from '../../../models/simulators/pilot.ts'
import { modelParameters } from '../../../models/tokens/layout.ts'
import { correctionMaps, readCheckpoint } from '../../../models/training/checkpoint.ts'
import { adoptCorrections, correctionMeasure, learnCorrections } from '../../../models/training/corrections.ts'
import { writeTinyCheckpoint } from './tinyCheckpoint.ts'

const folder = mkdtempSync(join(tmpdir(), 'corrections-'))
const simulator = createPilotSimulator()
const simulatorOf = () => simulator
const common = ['parallaxMas', 'gMag', 'bpMag', 'rpMag', 'jMag', 'hMag', 'ksMag']
const never = ['w4Mag']

beforeAll(() => writeTinyCheckpoint(folder))
afterAll(() => rmSync(folder, { recursive: true }))

/** Kolmogorov-Smirnov distances of the ranks of fresh stars, a parameter each. */
async function distances(): Promise<readonly number[]> {
  const { stars, truths } = drawSimulatedStars(simulator, common, modelParameters, {
    seed: 91,
    count: 300,
    maxDraws: 40_000,
  })
  const model = await openPosteriorModel(folder)
  const posteriors = await model.infer(stars, { sampleCount: 64, seed: 2n })
  await model.close()
  const samples = Float32Array.from(
    posteriors.flatMap(one => [...one.samples.subarray(0, modelParameters.length * 64)]),
  )
  const draws = posteriorDraws(modelParameters, truths, samples)
  const rng = createRng(4)
  return modelParameters.map((_, p) => kolmogorovSmirnov(fractionalRanks(draws, p, rng)).statistic)
}

test('ranks of fresh stars are nearer to uniform once corrected, and a pattern never seen is left out', async () => {
  const before = await distances()
  const request = { ...correctionMeasure, starCount: 600, sampleCount: 32, maxDraws: 20_000, patterns: [common, never] }
  const learned = await learnCorrections(folder, simulatorOf, request)
  expect(learned.map(({ given }) => given)).toEqual([common])
  adoptCorrections(folder, learned)
  const after = await distances()
  // Where truths lie beyond all draws of so bad a network no map can help; what lies within is put right.
  for (const [p, name] of modelParameters.entries()) expect([name, after[p] < before[p]]).toEqual([name, true])
  const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0)
  expect(sum(after)).toBeLessThan(0.55 * sum(before))
}, 300_000)

test('learning again begins without what was learned before, and gives the same', async () => {
  const request = { ...correctionMeasure, starCount: 100, sampleCount: 16, maxDraws: 20_000, patterns: [common] }
  const first = await learnCorrections(folder, simulatorOf, request)
  adoptCorrections(folder, first)
  expect(readCheckpoint(folder).card.corrections).toHaveLength(1)
  expect(await learnCorrections(folder, simulatorOf, request)).toEqual(first)
}, 300_000)

test('a card keeps the levels of its corrections; one that names none has them equally spaced', async () => {
  const levels = Float64Array.of(0, 0.05, 0.5, 0.95, 1)
  const maps = modelParameters.map(() => ({ levels, modelLevels: Float64Array.of(0, 0.1, 0.4, 0.9, 1) }))
  adoptCorrections(folder, [{ given: common, maps }])
  const { card } = readCheckpoint(folder)
  expect(correctionMaps(card).get(patternKey(common))?.maps).toEqual(maps)
  const [{ levels: _, ...old }] = card.corrections
  const [map] = correctionMaps({ corrections: [old] }).get(patternKey(common))?.maps ?? []
  expect(map.levels).toEqual(Float64Array.of(0, 0.25, 0.5, 0.75, 1))
})

test('stopped, a checkpoint keeps the corrections that it had', async () => {
  const request = { ...correctionMeasure, starCount: 50, sampleCount: 16, maxDraws: 20_000, patterns: [common] }
  adoptCorrections(folder, await learnCorrections(folder, simulatorOf, request))
  const before = readCheckpoint(folder).card.corrections
  expect(before).toHaveLength(1)
  await expect(learnCorrections(folder, simulatorOf, { ...request, signal: AbortSignal.abort() })).rejects.toThrow(
    'abort',
  )
  expect(readCheckpoint(folder).card.corrections).toEqual(before)
}, 300_000)

test('corrections of other patterns stay, where no new one is of their pattern', async () => {
  const { card } = readCheckpoint(folder)
  const [own] = card.corrections
  const others = [own, { ...own, given: ['gMag', 'bossSpectrum'] }]
  const request = { ...correctionMeasure, starCount: 100, sampleCount: 16, maxDraws: 20_000, patterns: [common] }
  const learned = await learnCorrections(folder, simulatorOf, request)
  adoptCorrections(folder, learned, others)
  expect(readCheckpoint(folder).card.corrections.map(({ given }) => given)).toEqual([['gMag', 'bossSpectrum'], common])
})
