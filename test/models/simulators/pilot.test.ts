import { expect, test } from 'vitest'
import { createPilotSimulator } from '../../../models/simulators/pilot.ts'
import { pilotPrior } from '../../../models/simulators/prior.ts'
import { column, type Simulation } from '../../../models/simulators/simulator.ts'
import { modelObservables } from '../../../models/tokens/layout.ts'
import { loggDex, logRadiusRsun, observableNames, parameterNames, quantity } from '../../../schemas/index.ts'

const simulator = createPilotSimulator()
const groups = ['parameters', 'derived', 'nuisances', 'truths', 'observables', 'errors'] as const

/** Every number of a simulation, star by star. */
function rows(simulation: Simulation): string[] {
  const columns = [
    ...groups.flatMap(g => [...simulation[g].values()]),
    ...simulation.presence.values(),
    simulation.classIndex,
  ]
  return Array.from({ length: simulation.count }, (_, i) => columns.map(c => c[i]).join(' '))
}

test('it draws the parameters and observables of the vocabulary', () => {
  expect(simulator.parameters).toEqual(parameterNames)
  for (const name of simulator.observables) expect(observableNames).toContain(name)
  expect(simulator.classPrior.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
})

test('in 100000 stars there is no NaN, no infinity, and nothing outside the vocabulary', () => {
  const simulation = simulator.draw({ seed: 51, first: 0, count: 100_000 })
  for (const group of groups)
    for (const [name, values] of simulation[group]) expect(values.every(Number.isFinite), `${group} ${name}`).toBe(true)
  for (const group of ['parameters', 'derived'] as const)
    for (const [name, values] of simulation[group]) {
      const { min, max } = quantity(name)
      expect(
        values.every(v => v >= min && v <= max),
        name,
      ).toBe(true)
    }
  for (const [name, values] of simulation.observables) {
    const { min, max } = quantity(name)
    const present = column(simulation.presence, name)
    expect(
      values.every((v, i) => present[i] === 0 || (v >= min && v <= max)),
      name,
    ).toBe(true)
  }
  // Binomial bound of 4.5 sigma per class: false-alarm rate below 3e-5.
  simulator.classPrior.forEach((p, c) => {
    const fraction = simulation.classIndex.filter(k => k === c).length / simulation.count
    expect(Math.abs(fraction - p)).toBeLessThan(4.5 * Math.sqrt((p * (1 - p)) / simulation.count))
  })
}, 300_000)

test('the same seed gives the same stars, in any split into batches', () => {
  const whole = rows(simulator.draw({ seed: 52, first: 0, count: 300 }))
  const parts = [0, 1, 100, 299].map((first, i, starts) =>
    rows(simulator.draw({ seed: 52, first, count: (starts[i + 1] ?? 300) - first })),
  )
  expect(parts.flat()).toEqual(whole)
  expect(rows(createPilotSimulator().draw({ seed: 52, first: 0, count: 300 }))).toEqual(whole)
  expect(rows(simulator.draw({ seed: 53, first: 0, count: 300 }))).not.toEqual(whole)
})

test('radius and gravity follow from the parameters by Stefan-Boltzmann and Newton', () => {
  const { parameters, derived, count } = simulator.draw({ seed: 54, first: 0, count: 500 })
  for (let i = 0; i < count; i++) {
    const radius = logRadiusRsun(column(parameters, 'logLuminosityLsun')[i], column(parameters, 'logTeffK')[i])
    expect(column(derived, 'logRadiusRsun')[i]).toBeCloseTo(radius, 5)
    const gravity = loggDex(column(parameters, 'logMassMsun')[i], radius)
    expect(column(derived, 'loggDex')[i]).toBeCloseTo(gravity, 5)
  }
})

test('the noiseless parallax is one over the distance', () => {
  const { parameters, truths, count } = simulator.draw({ seed: 55, first: 0, count: 500 })
  for (let i = 0; i < count; i++) {
    const expected = 1000 / 10 ** column(parameters, 'logDistancePc')[i]
    expect(column(truths, 'parallaxMas')[i] / expected).toBeCloseTo(1, 5)
  }
})

test('stars with disks are redder from Ks to W3 than those without, and every star is seen by some survey', () => {
  const simulation = simulator.draw({ seed: 56, first: 0, count: 3000 })
  const [ks, w3] = [column(simulation.truths, 'ksMag'), column(simulation.truths, 'w3Mag')]
  const medianOf = (name: string) => {
    const at = simulator.classes.indexOf(name)
    const colours = [...ks.keys()].filter(i => simulation.classIndex[i] === at).map(i => ks[i] - w3[i])
    return colours.sort((a, b) => a - b)[colours.length >> 1]
  }
  // Photospheres have Ks - W3 below 0.6 mag without dust; taxonomy of disks puts class II at 1.5 to 5.
  expect(medianOf('youngDiskless')).toBeLessThan(0.8)
  expect(medianOf('youngDisk')).toBeGreaterThan(1.5)
  for (let i = 0; i < simulation.count; i++) expect([...simulation.presence.values()].some(p => p[i] === 1)).toBe(true)
})

test('what neither surveys nor spectra state is in the noise: observed less true scatters by the errors and the floors', () => {
  const { truths, observables, errors, presence, nuisances, classIndex, count } = simulator.draw({
    seed: 58,
    first: 0,
    count: 40_000,
  })
  const dwarf = simulator.classes.indexOf('mainSequence')
  const spurious = column(nuisances, 'spuriousW3')
  for (const [o, name] of modelObservables.entries()) {
    // Young stars vary, what is near a limit is cut by it, and BP of the faint is biased: well measured dwarfs.
    const scores: number[] = []
    for (let i = 0; i < count; i++) {
      const [value, error] = [column(observables, name)[i], column(errors, name)[i]]
      if (classIndex[i] !== dwarf || column(presence, name)[i] === 0 || spurious[i] === 1 || error > 0.05) continue
      if (value > 17) continue
      scores.push((value - column(truths, name)[i]) / Math.hypot(error, pilotPrior.errFloors[o]))
    }
    scores.sort((a, b) => a - b)
    const width = (scores[Math.floor(0.84 * scores.length)] - scores[Math.floor(0.16 * scores.length)]) / 2
    // The standard error of this width is 0.05 for 400 normal scores; 3.6 of them and more.
    // W4 measures few dwarfs well.
    if (name === 'w4Mag') continue
    expect(scores.length, name).toBeGreaterThan(400)
    expect(width, name).toBeGreaterThan(0.82)
    expect(width, name).toBeLessThan(1.2)
  }
}, 300_000)

test('without missing data every observable of every star is present', () => {
  const simulation = createPilotSimulator({ missing: 'none' }).draw({ seed: 57, first: 0, count: 500 })
  for (const present of simulation.presence.values()) expect(present.every(p => p === 1)).toBe(true)
})

test('a count, a seed or a first index that is not a whole number is refused', () => {
  expect(() => simulator.draw({ seed: 1, first: 0, count: -1 })).toThrow(RangeError)
  expect(() => simulator.draw({ seed: 1.5, first: 0, count: 1 })).toThrow(RangeError)
  expect(() => simulator.draw({ seed: 1, first: Number.NaN, count: 1 })).toThrow(RangeError)
})

test('spectra come on top: the same stars, brighter than Gaia publishes, in any split, and both bands of a complete star', () => {
  const withSpectra = createPilotSimulator({ hasSpectra: true })
  const drawn = withSpectra.draw({ seed: 59, first: 0, count: 400 })
  const plain = simulator.draw({ seed: 59, first: 0, count: 400 })
  expect(drawn.parameters).toEqual(plain.parameters)
  expect(drawn.observables).toEqual(plain.observables)
  expect(drawn.presence).toEqual(plain.presence)
  const lists: NonNullable<typeof drawn.lists> = drawn.lists ?? new Map()
  const bp = column(lists, 'bpCoefficients')
  const gMag = column(drawn.observables, 'gMag')
  const published = [...bp.presence.keys()].filter(i => bp.presence[i] === 1)
  expect(published.length).toBeGreaterThan(60)
  for (const i of published) expect(gMag[i]).toBeLessThan(17.65)
  const part = withSpectra.draw({ seed: 59, first: 150, count: 40 })
  const length = bp.values.length / drawn.count
  expect(part.lists?.get('bpCoefficients')?.values).toEqual(bp.values.slice(150 * length, 190 * length))
  const complete = createPilotSimulator({ hasSpectra: true, missing: 'none' }).draw({ seed: 60, first: 0, count: 40 })
  const spectra: NonNullable<typeof complete.lists> = complete.lists ?? new Map()
  for (const name of ['bpCoefficients', 'rpCoefficients'])
    expect(column(spectra, name).presence.every(bit => bit === 1)).toBe(true)
})
