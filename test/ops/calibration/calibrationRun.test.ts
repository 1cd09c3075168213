// The run judges a model whose answers are known: one that knows the prior exactly, and one that is too sure of itself.
import { beforeAll, expect, test } from 'vitest'
import {
  createPilotSimulator,
  modelParameters,
  type PatternCalibration,
  type StarInput,
} from '../../../models/index.ts'
import { type CalibrationOutcome, runCalibration } from '../../../ops/calibration/calibrationRun.ts'
import { patternOf } from '../../../ops/calibration/missingPatterns.ts'
import { drawPatterns } from '../../../ops/calibration/patternDraw.ts'
import type { SectionStore } from '../../../ops/calibration/sectionStore.ts'

const simulator = createPilotSimulator()
const common = patternOf(['parallaxMas', 'gMag', 'bpMag', 'rpMag', 'jMag', 'hMag', 'ksMag'], 0.9)
const never = patternOf(['w4Mag'], 0)
const signal = new AbortController().signal
const SAMPLES = 64
const STARS = 400

/** Truths of the stars of the pattern under another seed: exact samples of p(parameters | pattern), without the data. */
let pool: readonly Float64Array[] = []
let classShares: readonly number[] = []
let honest: CalibrationOutcome

beforeAll(async () => {
  const options = { seed: 99, starCount: 4000, maxDraws: 400_000, signal, onProgress: () => {} }
  const [{ truths, classes }] = await drawPatterns(simulator, [common.given], options)
  const width = modelParameters.length
  pool = Array.from({ length: classes.length }, (_, i) => truths.subarray(i * width, (i + 1) * width))
  classShares = simulator.classes.map((_, k) => classes.filter(one => one === k).length / classes.length)
  honest = await calibrateWith(1)
  // A busy machine draws the stars slowly.
}, 300_000)

/** Answers with draws of the pool, drawn towards its median by the factor. */
function answer(stars: readonly StarInput[], shrink: number) {
  const medians = modelParameters.map((_, p) => {
    const sorted = pool.map(one => one[p]).sort((a, b) => a - b)
    return sorted[Math.floor(sorted.length / 2)]
  })
  return Promise.resolve(
    stars.map(({ key }, i) => {
      const start = (Number(key.split('-').at(-1)) * 7919 + i) % pool.length
      const samples = new Float32Array(modelParameters.length * SAMPLES)
      for (let s = 0; s < SAMPLES; s++) {
        const one = pool[(start + s * 61) % pool.length]
        for (const [p, median] of medians.entries()) samples[p * SAMPLES + s] = median + shrink * (one[p] - median)
      }
      return {
        key,
        sampleNames: modelParameters,
        samples,
        classProbabilities: classShares,
        classPrior: classShares,
        observables: [],
        flags: [],
        familiarity: null,
        uncorrected: [],
      }
    }),
  )
}

/** Keeps sections in memory. */
function memoryStore(): SectionStore {
  const kept = new Map<string, readonly PatternCalibration[]>()
  return {
    find: step => kept.get(step) ?? null,
    keep: async (step, sections) => {
      kept.set(step, sections)
    },
    clear: async () => kept.clear(),
  }
}

function calibrateWith(shrink: number, store = memoryStore(), patterns = [common, never]): Promise<CalibrationOutcome> {
  return runCalibration({
    simulatorOf: () => simulator,
    patterns,
    randomChances: [],
    isLocal: false,
    store,
    starCount: STARS,
    maxDraws: 100_000,
    options: { sampleCount: SAMPLES, seed: 3n },
    modelFingerprint: 'toy',
    command: 'toy',
    infer: stars => answer(stars, shrink),
    signal: AbortSignal.timeout(300_000),
    onDraw: () => {},
    onProgress: () => {},
  })
}

test('stars are drawn with exactly the observables of their pattern, with their truths and classes', async () => {
  const options = { seed: 5, starCount: 50, maxDraws: 40_000, signal, onProgress: () => {} }
  const [stars] = await drawPatterns(simulator, [common.given], options)
  expect(stars.inputs).toHaveLength(50)
  for (const { given } of stars.inputs) {
    expect(given.map(({ quantity }) => quantity).sort()).toEqual([...common.given].sort())
    expect(given.every(({ err }) => err > 0)).toBe(true)
  }
  expect(stars.truths).toHaveLength(50 * modelParameters.length)
  expect(new Set(stars.inputs.map(({ key }) => key)).size).toBe(50)
})

test('a model that answers with the prior of the pattern is found calibrated', async () => {
  // False alarms: a p-value below 0.001 in 7 parameters, 1 in 1000 after the report's Bonferroni; coverage off by more
  // than 4 sigma of 400 stars, 1 in 1000 over 14 looks. The seed is fixed.
  const { report, leftOut } = honest
  expect(leftOut).toEqual([never])
  const [section] = report.patterns
  expect(section.starCount).toBe(STARS)
  for (const { name, adjustedPValue, central } of section.parameters) {
    expect([name, adjustedPValue > 0.001]).toEqual([name, true])
    for (const { level, covered } of central) {
      expect(Math.abs(covered - level)).toBeLessThan(4 * Math.sqrt((level * (1 - level)) / STARS) + 1 / SAMPLES)
    }
  }
  // Five times as many stars; ten bins of 200 scatter by 0.03 each, their mean gap by chance is 0.025.
  expect(section.classes?.starCount).toBe(5 * STARS)
  expect(section.classes?.meanError ?? 1).toBeLessThan(0.05)
})

test('a model whose intervals are half as wide is found out in every parameter', async () => {
  const { report } = await calibrateWith(0.5)
  expect(report.isPassed).toBe(false)
  expect(report.patterns[0].parameters.every(({ adjustedPValue }) => adjustedPValue < 1e-6)).toBe(true)
}, 300_000)

test('the same seed gives the same report', async () => {
  expect(await calibrateWith(1)).toEqual(honest)
}, 300_000)

test('what was judged before the work was stopped is not judged again, and ends in the same report', async () => {
  const store = memoryStore()
  const first = await calibrateWith(1, store, [common])
  // A model that would be found out, were it asked.
  expect(await calibrateWith(0.5, store, [common])).toEqual(first)
}, 300_000)
