import { expect, test } from 'vitest'
import { checkForwardRecipe, createPilotSimulator, equatorialOf, openSimulator } from '../../../models/index.ts'
import { openSurveyView } from '../../../ops/simulation/surveyCells.ts'
import { type Observation, readSurvey, toObservation } from '../../../schemas/index.ts'

const simulator = createPilotSimulator({ missing: 'natural' })
const all = ['gaiaDr3', 'twoMass', 'allWise']
const IDENTITY = '0123456789abcdef'
const view = openSurveyView(simulator, all, 5, IDENTITY)
const COUNT = 400
const drawn = simulator.draw({ seed: 5, first: 100, count: COUNT })
const rows = view.rowsOf(drawn, 100)

function observed(survey: string, item: number, cells: Readonly<Record<string, string>>): Observation {
  const row = { survey, file: 'made', row: BigInt(item + 1), revision: 1n, cells: { ...cells } }
  const outcome = toObservation(readSurvey(survey), row, () => 0n)
  if ('refusal' in outcome) throw new Error(outcome.refusal.reason)
  return outcome.observation
}

test('ingest reads every cell back into what was simulated, and finds no more than that', () => {
  expect([...view.surveys].sort()).toEqual([...all].sort())
  let checked = 0
  view.surveys.forEach((survey, part) => {
    const own = readSurvey(survey).measurements.map(({ quantity }) => quantity)
    for (const { item, cells } of rows[part]) {
      const i = item - 100
      const found = new Map(observed(survey, item, cells).measurements.map(one => [one.quantity, one]))
      for (const rule of readSurvey(survey).measurements) {
        const isPresent = drawn.presence.get(rule.quantity)?.[i] === 1
        const one = found.get(rule.quantity)
        const value = drawn.observables.get(rule.quantity)?.[i] ?? 0
        const isUsable = rule.usable === null || value <= rule.usable.max
        expect(one !== undefined, `${survey} ${item} ${rule.quantity}`).toBe(isPresent && isUsable)
        if (one === undefined) continue
        // Nine digits of a single-precision number, and a zero point there and back.
        expect(Math.abs(one.value - value)).toBeLessThan(1e-6 * Math.max(1, Math.abs(value)))
        const err = drawn.errors.get(rule.quantity)?.[i] ?? 0
        expect(one.err).toBeCloseTo(Math.hypot(err, rule.errFloor), 6)
        expect(one.isLimit).toBe(false)
        checked++
      }
      expect([...found.keys()].every(name => own.includes(name))).toBe(true)
    }
  })
  expect(checked).toBeGreaterThan(COUNT * 4)
})

test('a star has a row in exactly the surveys that measured something of it', () => {
  view.surveys.forEach((survey, part) => {
    const names = readSurvey(survey).measurements.map(({ quantity }) => quantity)
    const expected = Array.from({ length: COUNT }, (_, i) => i).filter(i =>
      names.some(name => drawn.presence.get(name)?.[i] === 1),
    )
    expect(rows[part].map(({ item }) => item - 100)).toEqual(expected)
  })
})

test('a star stands at one place for all surveys, within their errors, anywhere on the sky', () => {
  const places = new Map<number, Observation[]>()
  view.surveys.forEach((survey, part) => {
    for (const { item, cells } of rows[part]) {
      places.set(item, [...(places.get(item) ?? []), observed(survey, item, cells)])
    }
  })
  for (const [first, ...others] of places.values()) {
    for (const other of others) {
      const east = (other.raDeg - first.raDeg) * Math.cos((first.decDeg * Math.PI) / 180) * 3600
      const north = (other.decDeg - first.decDeg) * 3600
      // Six sigma of each of two errors: 1200 chances, a false alarm in a million.
      const allowed = 6 * (first.positionErrArcsec + other.positionErrArcsec)
      expect(Math.hypot(east, north)).toBeLessThan(allowed)
    }
  }
  const northern = [...places.values()].filter(([{ decDeg }]) => decDeg > 0).length
  expect(Math.abs(northern - COUNT / 2)).toBeLessThan(5 * Math.sqrt(COUNT / 4))
})

test('a star has the same cells in every batch, and other ids under another identity', () => {
  const part = view.rowsOf(simulator.draw({ seed: 5, first: 200, count: 50 }), 200)
  view.surveys.forEach((_, k) => {
    expect(part[k]).toEqual(rows[k].filter(({ item }) => item >= 200 && item < 250))
  })
  const other = openSurveyView(simulator, all, 5, 'fedcba9876543210').rowsOf(drawn, 100)
  view.surveys.forEach((survey, k) => {
    const { column } = readSurvey(survey).id
    const ids = new Set([...rows[k], ...other[k]].map(({ cells }) => cells[column]))
    expect(ids.size).toBe(rows[k].length + other[k].length)
  })
})

test('64-bit ids stay above those of Gaia and below 2^63, whatever the identity', () => {
  for (const identity of ['0000000000', 'ffffffffff']) {
    const one = openSurveyView(simulator, ['gaiaDr3'], 5, identity).rowsOf(drawn, 999_999_000)[0][0]
    const id = BigInt(one.cells.source_id)
    expect(id > 6_917_529_027_641_081_856n && id < 2n ** 63n).toBe(true)
  }
})

test('where the simulator gives a place and a motion, that is where the star is, at the epoch of each survey', () => {
  const one = simulator.draw({ seed: 5, first: 0, count: 1 })
  const at = (value: number) => Float32Array.of(value)
  const placed = {
    ...one,
    nuisances: new Map([
      ['lDeg', at(0)],
      ['bDeg', at(0)],
    ]),
    truths: new Map([
      ['pmRaCosDecMasPerYr', at(10_000)],
      ['pmDecMasPerYr', at(-20_000)],
    ]),
    presence: new Map(simulator.observables.map(name => [name, Uint8Array.of(1)])),
  }
  // Where l = 0, b = 0 is in ICRS: Reid & Brunthaler 2004, ApJ 616, 872, appendix.
  const { raDeg: ra, decDeg: dec } = equatorialOf(0, 0)
  expect([ra.toFixed(3), dec.toFixed(3)]).toEqual(['266.405', '-28.936'])
  const cosDec = Math.cos((dec * Math.PI) / 180)
  const made = view.rowsOf(placed, 0)
  view.surveys.forEach((survey, part) => {
    const { raDeg, decDeg, positionErrArcsec, epochJyr } = observed(survey, 0, made[part][0].cells)
    const years = epochJyr - 2016
    expect(Math.abs((decDeg - dec) * 3600 + 20 * years)).toBeLessThan(6 * positionErrArcsec)
    expect(Math.abs((raDeg - ra) * 3600 * cosDec - 10 * years)).toBeLessThan(6 * positionErrArcsec)
  })
})

test('ingest reads upper limits as limits, in a row that tells them from measurements', () => {
  const components = [{ kind: 'cluster', ageMyr: 100, distancePc: { log: [300, 1500] }, avMag: [0, 15] }]
  const forward = openSimulator(checkForwardRecipe({ name: 'far', components, surveys: all }, () => 'far.yaml'))
  const stars = forward.draw({ seed: 8, first: 0, count: 1500 })
  const made = openSurveyView(forward, all, 8, IDENTITY)
  const counts = new Map<string, number>()
  made.rowsOf(stars, 0).forEach((own, part) => {
    const survey = made.surveys[part]
    for (const { item: i, cells } of own) {
      const found = observed(survey, i, cells).measurements
      for (const { quantity: name, value, err, isLimit } of found) {
        const limit = stars.limits?.get(name)
        expect(isLimit, `${name} of ${i}`).toBe(limit?.presence[i] === 1)
        if (!isLimit) continue
        counts.set(name, (counts.get(name) ?? 0) + 1)
        expect(value).toBeCloseTo(limit?.values[i] ?? 0, 5)
        // Two sigma of flux, and the floor of the survey.
        const floor = readSurvey(survey).measurements.find(({ quantity }) => quantity === name)?.errFloor ?? 0
        expect(err).toBeCloseTo(Math.hypot(2.5 / Math.LN10 / 2, floor), 6)
      }
      for (const { quantity: name } of readSurvey(survey).measurements)
        if (stars.limits?.get(name)?.presence[i] === 1) expect(found.some(one => one.quantity === name)).toBe(true)
    }
  })
  expect(Math.min(counts.get('w4Mag') ?? 0, counts.get('w3Mag') ?? 0)).toBeGreaterThan(400)
  expect(counts.get('jMag')).toBeGreaterThan(3)
})
