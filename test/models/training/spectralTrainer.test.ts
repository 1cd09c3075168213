import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { alignmentDefaults } from '../../../models/alignment/alignmentRecipe.ts'
import { encoderWeights } from '../../../models/encoders/spectrumEncoder.ts'
import {
  createPilotSimulator,
  createPixelNights,
  createRng,
  createSpectralStars,
  type InputCounts,
  latentScale,
  measureSpectralRetrieval,
  pilotFolder,
  readCheckpoint,
  spectralBatch,
  spectralRecipe,
  trainSpectra,
} from '../../../models/index.ts'
import { withoutSpectra } from '../../../models/training/checkpoint.ts'
import { simulatedPixels } from '../../../models/training/instrumentStars.ts'
import { openRealSource, sortReal } from '../../../models/training/realSpectra.ts'
import { drawWeights } from '../../../models/transformer/weights.ts'

const folder = mkdtempSync(join(tmpdir(), 'birthline-test-'))
afterAll(() => rmSync(folder, { recursive: true }))
/** Four rows each, of two views of a star; progress is told every twenty. */
const STEPS = 24
const pilot = readCheckpoint(pilotFolder)
const encoder = { width: 16, heads: 2, layers: 1, hidden: 16, outTokens: 2, outWidth: 64, sharedWidth: 8 }
const recipe = {
  ...spectralRecipe,
  steps: 4,
  rows: 4,
  levelsPerRow: 2,
  warmupSteps: 2,
  realRows: 3,
  config: { ...spectralRecipe.config, encoder, join: { width: 16, heads: 2, layers: 1, hidden: 16 } },
}
const exact = {
  ...recipe,
  alignment: {
    ...recipe.alignment,
    schedules: { ...recipe.alignment.schedules, exact: { kind: 'constant', weight: 0.1 } },
  },
} as const
const simulation = createPilotSimulator({ hasSpectra: true }).draw({ seed: 9, first: 0, count: 12 })
const nights = createPixelNights(['boss', 'lamostLrs'])
/** Simulated ones in the place of real ones. */
const sky = [...Array(12).keys()].flatMap(i =>
  nights(simulation, i, createRng(1, i)).flatMap(one => (one === null ? [] : [one])),
)

test('a star learned from has a spectrum at least, now and then nothing else, and is the same in any order', () => {
  const shape = { rows: 12, levelsPerRow: 2, viewsPerStar: 2, classCount: pilot.card.config.classCount, mostLost: 0 }
  const stars = () =>
    createSpectralStars(createPilotSimulator({ hasSpectra: true }), shape, latentScale(pilot.card), pilot.card.noise, 3)
  const [first, second] = [stars().make(0), stars()]
  second.make(3)
  expect(second.make(0)).toEqual(first)
  const [view, next] = [second.make(1), second.make(2)]
  expect(view['boss.features']).toEqual(first['boss.features'])
  expect(view.classes).toEqual(first.classes)
  expect(view.target).not.toEqual(first.target)
  expect(next['boss.features']).not.toEqual(first['boss.features'])
  for (const { name, shape: of } of spectralBatch(shape)) {
    expect(first[name]).toHaveLength(of.reduce((a, b) => a * b, 1))
    expect(first[name].every(Number.isFinite)).toBe(true)
  }
  const count = simulatedPixels.length
  for (let row = 0; row < shape.rows; row++) {
    const given = first.given.subarray(row * count, (row + 1) * count)
    expect(given.includes(1)).toBe(true)
    const seen = first.present.subarray(row * (count + 2) + 2, (row + 1) * (count + 2))
    given.forEach((is, m) => {
      expect(is).toBeLessThanOrEqual(seen[m])
    })
  }
})

test('stopped or not, with real spectra or without, a training ends with the same bytes, and leaves its star model alone', async () => {
  const train = async (name: string, stops: readonly number[], real: typeof sky) => {
    const outFolder = join(folder, name)
    const options = { workFolder: join(folder, `${name}-work`), outFolder }
    const counts: InputCounts[] = []
    for (const stop of stops) {
      const control = new AbortController()
      const { isFinished } = await trainSpectra(pilot, { ...exact, steps: STEPS }, real, {
        ...options,
        signal: control.signal,
        onInputs: one => counts.push(one),
        onProgress: ({ step }) => step >= stop && control.abort(),
      })
      expect(isFinished).toBe(stop === STEPS)
    }
    return { counts, bytes: readFileSync(join(outFolder, 'spectra.bin')), read: readCheckpoint(outFolder) }
  }
  const whole = await train('whole', [STEPS], sky)
  const halves = await train('halves', [20, STEPS], sky)
  expect(halves.bytes).toEqual(whole.bytes)
  const bossCount = sky.filter(({ survey }) => survey === 'boss').length
  expect(whole.counts[0]).toMatchObject({ simulatedStars: 2 * STEPS, realSpectra: bossCount, realModality: 'boss' })
  expect(whole.counts[0].pairsPerBatch).toBeGreaterThan(1)
  const found = await measureSpectralRetrieval(whole.read, exact.config, { seed: 8, stars: 20, maxDraws: 50 })
  expect(found.map(({ from, to }) => `${from} ${to}`)).toContain('boss lamostLrs')
  expect(found).toHaveLength(simulatedPixels.length * (simulatedPixels.length - 1))
  const without = await train('without', [STEPS], [])
  expect(without.counts[0]).toMatchObject({ realSpectra: 0, realModality: null })
  expect(without.bytes).not.toEqual(whole.bytes)
  const { weights, fingerprint } = withoutSpectra(pilot)
  for (const [name, values] of Object.entries(weights)) expect(whole.read.weights[name]).toEqual(values)
  expect(withoutSpectra(whole.read).fingerprint).toBe(fingerprint)
  await expect(
    trainSpectra(pilot, { ...exact, seed: 2 }, sky, { workFolder: join(folder, 'whole-work'), outFolder: folder }),
  ).rejects.toThrow('belongs to a run of another recipe')
}, 400_000)

test('real spectra are those of the instrument that most are of, and plans take every one of them', async () => {
  const real = sortReal(sky, simulatedPixels)
  expect(real?.modality.name).toBe('boss')
  expect(sortReal(sky.slice(0, 1), simulatedPixels)).toBeNull()
  if (real === null) return
  const weights = drawWeights(encoderWeights(real.modality, encoder, ['z']), createRng(3))
  const sizes = { rows: 5, realRows: 4 }
  const source = await openRealSource(real, encoder, exact.alignment, sizes, '')
  try {
    expect(source.terms).toEqual(['exact'])
    const { slots, features } = real.modality
    const batch = {
      'boss.features': new Float32Array(5 * slots * features).map((_, k) => Math.sin(k)),
      'boss.mask': new Float32Array(5 * slots).fill(1),
    }
    const { feeds, converged } = await source.take(createRng(1), weights, batch, [true, false, true, true, false])
    expect(converged).toBe(true)
    const plan = feeds['plan.exact']
    const row = (i: number) => plan.subarray(i * 4, (i + 1) * 4).reduce((a, b) => a + b, 0)
    expect([0, 1, 2, 3, 4].map(row).map(sum => Number(sum.toFixed(5)))).toEqual([0.33333, 0, 0.33333, 0.33333, 0])
    for (let j = 0; j < 4; j++)
      expect([0, 1, 2, 3, 4].reduce((sum, i) => sum + plan[i * 4 + j], 0)).toBeCloseTo(0.25, 5)
  } finally {
    await source.close()
  }
  const none = await openRealSource(real, encoder, alignmentDefaults, sizes, '')
  expect(none.terms).toEqual([])
  await none.close()
})
