// What the checkpoint that comes with the project answers, on stars whose truth is known. Bounds are wide enough for any
// checkpoint that is fit for use; how good this one is stands in docs/asking.md.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { simulatedGiven } from '../../../models/calibration/simulatedStars.ts'
import { openPosteriorModel } from '../../../models/openPosteriorModel.ts'
import type { StarInput } from '../../../models/posterior.ts'
import type { AskableModel } from '../../../models/questions/askableModel.ts'
import type { NamedQuantity, Question } from '../../../models/questions/question.ts'
import { createPilotSimulator } from '../../../models/simulators/pilot.ts'
import { column } from '../../../models/simulators/simulator.ts'
import { modelParameters } from '../../../models/tokens/layout.ts'

const SAMPLES = 128
const TIMEOUT_MS = 900_000
const same = (name: string): NamedQuantity => ({ name, quantity: name, offsetDex: null })
const distance: NamedQuantity = { name: 'distancePc', quantity: 'logDistancePc', offsetDex: 0 }
const wise = ['w1Mag', 'w2Mag', 'w3Mag', 'w4Mag']
const simulation = createPilotSimulator({ missing: 'natural' }).draw({ seed: 4242, first: 0, count: 48 })

interface KnownStar {
  readonly input: StarInput
  /** Measured values and true parameters by name. */
  readonly truth: ReadonlyMap<string, number>
}

const stars: readonly KnownStar[] = Array.from({ length: simulation.count }, (_, i) => {
  const input = { key: `known ${i}`, given: simulatedGiven(simulation, i) }
  const parameters = modelParameters.map(name => [name, column(simulation.parameters, name)[i]] as const)
  return { input, truth: new Map([...input.given.map(one => [one.quantity, one.value] as const), ...parameters]) }
})
const withAll = (...names: string[]) => stars.filter(({ truth }) => names.every(name => truth.has(name)))

let model: AskableModel
beforeAll(async () => {
  model = await openPosteriorModel()
})
afterAll(() => model.close())

async function draw(star: StarInput, asked: readonly string[], more: Partial<Question> = {}) {
  const question = { asked: asked.map(same), fixed: [], measured: [], conditions: [], without: [], ...more }
  const [answer] = await model.ask([star], question, { sampleCount: SAMPLES, seed: 3n })
  return asked.map((_, a) => answer.samples.slice(a * SAMPLES, (a + 1) * SAMPLES).sort())
}

const at = (sorted: Float32Array, probability: number) => sorted[Math.round(probability * (SAMPLES - 1))]
const isWithin = (sorted: Float32Array, value: number, share: number) =>
  value >= at(sorted, 0.5 - share / 2) && value <= at(sorted, 0.5 + share / 2)
const halfWidth = (sorted: Float32Array) => 0.5 * (at(sorted, 0.84) - at(sorted, 0.16))
const meanOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
const medianOf = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]

/**
 * How often the truth lies within the middle 68% and 95%. Of 20 stars of a calibrated model fewer than 5 do in 14 cases of a
 * million, and fewer than 13 in 3.
 */
function expectCoverage(draws: readonly Float32Array[], truths: readonly number[]): void {
  const count = (share: number) => truths.filter((truth, i) => isWithin(draws[i], truth, share)).length
  expect(truths.length).toBe(20)
  expect(count(0.68)).toBeGreaterThanOrEqual(5)
  expect(count(0.95)).toBeGreaterThanOrEqual(13)
}

test(
  'magnitudes of WISE are predicted from Gaia and 2MASS, and the truth lies where it is said to',
  async () => {
    const known = withAll('gMag', 'ksMag', 'w1Mag').slice(0, 20)
    const draws = []
    for (const { input } of known) draws.push((await draw(input, ['w1Mag'], { without: wise }))[0])
    const truths = known.map(({ truth }) => truth.get('w1Mag') ?? 0)
    expectCoverage(draws, truths)
    // W1 hardly differs from Ks but in stars with disks; the prior of W1 alone is 4 mag wide.
    expect(medianOf(draws.map((sorted, i) => Math.abs(at(sorted, 0.5) - truths[i])))).toBeLessThan(0.4)
    expect(medianOf(draws.map(halfWidth))).toBeLessThan(0.6)
  },
  TIMEOUT_MS,
)

test(
  'of given parameters surveys see what the simulator makes of them',
  async () => {
    const known = withAll('gMag', 'ksMag').slice(0, 20)
    const draws = []
    for (const { truth } of known) {
      const fixed = modelParameters.map(name => ({ ...same(name), value: truth.get(name) ?? 0 }))
      draws.push(await draw({ key: 'told', given: [] }, ['gMag', 'ksMag'], { fixed }))
    }
    for (const [n, name] of ['gMag', 'ksMag'].entries()) {
      const ofBand = draws.map(one => one[n])
      const truths = known.map(({ truth }) => truth.get(name) ?? 0)
      expectCoverage(ofBand, truths)
      expect(medianOf(ofBand.map((sorted, i) => Math.abs(at(sorted, 0.5) - truths[i])))).toBeLessThan(0.7)
    }
  },
  TIMEOUT_MS,
)

test(
  'the posterior by tokens agrees with that of the head',
  async () => {
    const names = ['logAgeYr', 'logMassMsun', 'avMag']
    const rows: { readonly share: number; readonly shift: number }[][] = []
    for (const { input } of stars.slice(0, 8)) {
      const head = await draw(input, names)
      const tokens = await draw(input, names, { isByTokens: true })
      rows.push(
        names.map((_, n) => ({
          share: tokens[n].filter(value => isWithin(head[n], value, 0.68)).length / SAMPLES,
          shift: Math.abs(at(tokens[n], 0.5) - at(head[n], 0.5)) / halfWidth(head[n]),
        })),
      )
    }
    names.forEach((_, n) => {
      const share = meanOf(rows.map(row => row[n].share))
      // 0.68 and 0 where both are the same; the tokens of the present checkpoint are off by up to 1.5 in the mass.
      expect(share).toBeGreaterThan(0.25)
      expect(share).toBeLessThan(0.9)
      expect(medianOf(rows.map(row => row[n].shift))).toBeLessThan(3)
    })
  },
  TIMEOUT_MS,
)

test(
  'a distance that is given exactly says what one with a small error says',
  async () => {
    const shifts = []
    for (const { input, truth } of stars.slice(0, 3)) {
      const value = 10 ** (truth.get('logDistancePc') ?? 0)
      const without = ['parallaxMas']
      const [exact] = await draw(input, ['logMassMsun'], { without, fixed: [{ ...distance, value }] })
      const conditions = [{ ...distance, kind: 'measured', value, err: 0.06 * value } as const]
      const [near] = await draw(input, ['logMassMsun'], { without, conditions })
      shifts.push(Math.abs(at(exact, 0.5) - at(near, 0.5)) / halfWidth(near))
    }
    expect(medianOf(shifts)).toBeLessThan(2)
  },
  TIMEOUT_MS,
)
