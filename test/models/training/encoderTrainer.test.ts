import { mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Session } from '../../../models/engine/session.ts'
import { traceGraph } from '../../../models/engine/tracer.ts'
import {
  createInstrumentStars,
  createPilotSimulator,
  createRng,
  encoderBatch,
  encoderLoss,
  encoderRecipe,
  encoderRetrieval,
  encoderSetWeights,
  instrumentModalities,
  latentScale,
  measureRetrieval,
  photometryModality,
  pilotFolder,
  readCheckpoint,
  readEncoders,
  trainEncoders,
  writeEncoders,
  xpModality,
} from '../../../models/index.ts'
import { drawWeights } from '../../../models/transformer/weights.ts'

const folder = mkdtempSync(join(tmpdir(), 'birthline-test-'))
afterAll(() => rmSync(folder, { recursive: true }))
const { card, fingerprint } = readCheckpoint(pilotFolder)
const scale = latentScale(card)
const stars = createInstrumentStars(createPilotSimulator({ hasSpectra: true }), scale)
const recipe = {
  ...encoderRecipe,
  steps: 6,
  rows: 8,
  warmupSteps: 2,
  network: { width: 16, heads: 2, layers: 1, hidden: 16, outTokens: 2, outWidth: 16, sharedWidth: 16 },
}

test('a star is the same in any batch, and is told only of the instruments that saw it', () => {
  const all = stars.draw(4, 0, 12)
  const part = stars.draw(4, 5, 3)
  const count = instrumentModalities.length
  expect(stars.modalities).toBe(instrumentModalities)
  expect([...all.present.subarray(5 * count, 8 * count)]).toEqual([...part.present])
  for (const [m, { name, slots, features }] of instrumentModalities.entries()) {
    const size = slots * features
    expect(all[`${name}.features`].every(Number.isFinite)).toBe(true)
    expect([...all[`${name}.features`].subarray(5 * size, 8 * size)]).toEqual([...part[`${name}.features`]])
    for (let i = 0; i < 12; i++) {
      const told = all[`${name}.mask`].subarray(i * slots + 1, (i + 1) * slots).includes(1)
      expect(told).toBe(all.present[i * count + m] === 1)
    }
  }
  expect(instrumentModalities.slice(0, 2)).toEqual([photometryModality, xpModality])
})

test('the loss of encoders that know nothing is that of chance', async () => {
  const specs = encoderSetWeights(recipe.network, 1)
  const rows = 24
  const graph = traceGraph([...specs.map(({ name, shape }) => ({ name, shape })), ...encoderBatch(rows)], input => ({
    loss: encoderLoss(input, recipe.network, input).reshape([1]),
  }))
  const session = await Session.open(graph)
  try {
    const weights = drawWeights(specs, createRng(1))
    // Vectors that are all the same: each of 24 stars is as good a partner.
    for (const { name } of instrumentModalities) weights[`${name}.z`].fill(0)
    for (const { name } of instrumentModalities) weights[`${name}.zBias`].fill(1)
    const batch = stars.draw(4, 0, rows)
    batch.present.fill(1)
    expect((await session.run({ ...weights, ...batch })).loss[0]).toBeCloseTo(Math.log(rows), 4)
  } finally {
    await session.close()
  }
})

test('stopped or not, a training ends with the same weights, which come back from their files', async () => {
  const whole = await trainEncoders(scale, recipe, { workFolder: join(folder, 'whole') })
  const stop = new AbortController()
  const parts = () =>
    trainEncoders(scale, recipe, { workFolder: join(folder, 'parts'), signal: stop.signal, batchThreads: 2 })
  stop.abort()
  expect((await parts()).isFinished).toBe(false)
  const again = await trainEncoders(scale, recipe, { workFolder: join(folder, 'parts'), batchThreads: 2 })
  expect(again.isFinished).toBe(true)
  expect(again.weights).toEqual(whole.weights)
  expect(whole.losses.at(-1)?.loss).toBeGreaterThan(0)

  const retrieval = await measureRetrieval(whole.weights, recipe.network, scale, {
    ...encoderRetrieval,
    stars: 20,
    maxDraws: 50,
  })
  expect(retrieval.length).toBeGreaterThan(6)
  for (const { stars: found, topOne } of retrieval) {
    expect(found).toBeLessThanOrEqual(20)
    expect(topOne).toBeLessThanOrEqual(1)
  }
  const out = join(folder, 'out')
  expect(() => readEncoders(out)).toThrow(/no encoders/)
  writeEncoders(out, { format: 1, recipe, model: fingerprint, retrieval }, whole.weights)
  expect(readEncoders(out).weights).toEqual(whole.weights)
  expect(readEncoders(out).card.retrieval).toEqual(retrieval)
  const path = join(out, 'encoders.bin')
  truncateSync(path, readFileSync(path).length - 4)
  expect(() => readEncoders(out)).toThrow(/damaged/)
})
