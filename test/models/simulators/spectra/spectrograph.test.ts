import { expect, test } from 'vitest'
import { airToVacuum } from '../../../../models/simulators/spectra/airWavelengths.ts'
import { type FineGrid, LIGHT_KM_PER_S } from '../../../../models/simulators/spectra/fineGrid.ts'
import { skyLines } from '../../../../models/simulators/spectra/skyLines.ts'
import { createSpectrograph, MAX_VELOCITY_KM_PER_S } from '../../../../models/simulators/spectra/spectrograph.ts'
import { factAt, spectrographNames, spectrographs } from '../../../../models/simulators/spectra/spectrographFacts.ts'

const PARTS = [-0.4, -0.2, 0, 0.2, 0.4]

/** A Gaussian line of unit light, summed over each bin. */
function lineOf(grid: FineGrid, vacuumAngstrom: number, sigmaBins: number): Float32Array {
  const place = grid.placeOf(vacuumAngstrom) - 0.5
  const energies = Float32Array.from({ length: grid.count }, (_, i) => {
    return PARTS.reduce((sum, part) => sum + Math.exp(-0.5 * ((i + part - place) / sigmaBins) ** 2), 0)
  })
  const sum = energies.reduce((total, value) => total + value, 0)
  return energies.map(value => value / sum)
}

/** Light, middle and width of what came out, in ln of the wavelength. */
function momentsOf(energies: Float64Array, angstrom: Float64Array) {
  let [sum, first, second] = [0, 0, 0]
  const ln0 = Math.log(angstrom[energies.indexOf(Math.max(...energies))])
  energies.forEach((energy, p) => {
    const x = Math.log(angstrom[p]) - ln0
    sum += energy
    first += energy * x
    second += energy * x * x
  })
  const mean = first / sum
  return { sum, ln: ln0 + mean, sigma: Math.sqrt(second / sum - mean ** 2) }
}

for (const name of spectrographNames) {
  const { grid, resolution } = spectrographs[name]
  const spectrograph = createSpectrograph(name)
  const out = new Float64Array(spectrograph.angstrom.length)
  const isHBand = name === 'apogee'
  const wavelengths = isHBand ? [15_300, 15_700, 16_200, 16_700] : [4100, 5200, 6300, 7700, 8600]

  test(`${name}: a sharp line has the documented width, at its place, and all of its light`, () => {
    for (const vacuum of wavelengths) {
      const own = 1.5
      for (const part of [0, 0.3, 0.7]) {
        const angstrom = vacuum * Math.exp(part * grid.lnStep)
        spectrograph.energiesInto(lineOf(grid, angstrom, own), 0, out)
        const { sum, ln, sigma } = momentsOf(out, spectrograph.angstrom)
        expect(sum).toBeCloseTo(1, 5)
        expect(Math.abs(ln - Math.log(angstrom)) * LIGHT_KM_PER_S).toBeLessThan(1)
        const instrument = Math.sqrt(sigma ** 2 - (own * grid.lnStep) ** 2)
        const power = 1 / (2 * Math.sqrt(2 * Math.LN2) * instrument)
        expect(power / factAt(resolution.angstrom, resolution.power, angstrom)).toBeCloseTo(1, 1.7)
      }
    }
  })

  test(`${name}: lines move by the velocity, and are neither widened nor dimmed by it`, () => {
    const rest = isHBand ? 16_113.7 : 6564.61
    spectrograph.energiesInto(lineOf(grid, rest, 1.5), 0, out)
    const before = momentsOf(out, spectrograph.angstrom)
    for (const velocity of [-MAX_VELOCITY_KM_PER_S, -137.3, -5, 3.7, 20, 517.25, MAX_VELOCITY_KM_PER_S]) {
      spectrograph.energiesInto(lineOf(grid, rest, 1.5), velocity, out)
      const after = momentsOf(out, spectrograph.angstrom)
      const moved = (Math.exp(after.ln - before.ln) - 1) * LIGHT_KM_PER_S
      expect(Math.abs(moved - velocity)).toBeLessThan(1)
      expect(after.sum).toBeCloseTo(1, 5)
      expect(Math.abs(after.sigma / before.sigma - 1)).toBeLessThan(0.02)
    }
    expect(() => spectrograph.energiesInto(lineOf(grid, rest, 1.5), 1501, out)).toThrow(RangeError)
    expect(() => spectrograph.energiesInto(lineOf(grid, rest, 1.5), Number.NaN, out)).toThrow(RangeError)
  })

  test(`${name}: light even in the logarithm stays even, to the last pixel`, () => {
    for (const velocity of [0, 33.3]) {
      spectrograph.energiesInto(new Float32Array(grid.count).fill(1), velocity, out)
      for (const energy of out) expect(Math.abs(energy - 2)).toBeLessThan(0.01)
    }
  })

  test(`${name}: pixels are those of the surveys' files`, () => {
    const { angstrom, widthAngstrom } = spectrograph
    const ends = { boss: [3600, 10_400], lamostLrs: [3700, 9099.1], apogee: [15_100.8, 16_999.8] }[name]
    expect(Math.abs(angstrom[0] - ends[0])).toBeLessThan(1)
    expect(Math.abs(angstrom[angstrom.length - 1] - ends[1])).toBeLessThan(3)
    angstrom.forEach((one, p) => {
      expect(widthAngstrom[p] / one / ((isHBand ? 6e-6 : 1e-4) * Math.LN10)).toBeCloseTo(1, 6)
    })
  })
}

test('the lines of the sky are in vacuum, and the brightest of the green is that of oxygen', () => {
  const green = skyLines.filter(({ vacuumAngstrom }) => vacuumAngstrom > 5300 && vacuumAngstrom < 5800)
  expect(green.map(line => line.vacuumAngstrom)).toEqual([airToVacuum(5577.34)])
  expect(skyLines.every(({ ewAngstrom }) => ewAngstrom > 0)).toBe(true)
})
