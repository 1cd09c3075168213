import { expect, test } from 'vitest'
import { hydrogenLines, starkWidthAngstrom } from '../../../../models/simulators/spectra/hydrogenLines.ts'

const lineOf = (lower: number, upper: number) => {
  const found = hydrogenLines.find(line => line.lower === lower && line.upper === upper)
  if (found === undefined) throw new Error(`no line ${lower} ${upper}`)
  return found
}

test('lines have the wavelengths and the strengths of exact theory', () => {
  // Vacuum wavelengths by SDSS and NIST; strengths by Wiese, Smith & Glennon 1966.
  const known = [
    [2, 3, 6564.61, 0.6407],
    [2, 4, 4862.68, 0.1193],
    [2, 5, 4341.68, 0.04467],
    [2, 6, 4102.89, 0.02209],
    [3, 9, 9231.55, 0.01023],
  ]
  for (const [lower, upper, angstrom, strength] of known) {
    const line = lineOf(lower, upper)
    expect(Math.abs(line.vacuumAngstrom - angstrom)).toBeLessThan(0.1)
    expect(Math.abs(line.strength / strength - 1)).toBeLessThan(0.05)
  }
})

test('Brackett lines lie where the Rydberg formula and lists of the H band have them', () => {
  // R_H of CODATA 2018: R_infinity / (1 + m_e / m_p).
  const rydberg = 109_737.31568 / (1 + 1 / 1836.15267)
  for (let upper = 10; upper <= 20; upper++) {
    const exact = 1e8 / (rydberg * (1 / 16 - 1 / upper ** 2))
    expect(Math.abs(lineOf(4, upper).vacuumAngstrom / exact - 1)).toBeLessThan(1e-6)
  }
  // Vacuum, as APOGEE's tools list them.
  for (const [upper, angstrom] of [
    [11, 16_811.117],
    [12, 16_411.681],
    [13, 16_113.721],
    [14, 15_884.888],
    [20, 15_196.005],
  ]) {
    expect(Math.abs(lineOf(4, upper).vacuumAngstrom - angstrom)).toBeLessThan(0.1)
  }
})

test('fields widen lines as the density to two thirds, and H alpha least', () => {
  const ratio = starkWidthAngstrom(lineOf(2, 5), 8e14) / starkWidthAngstrom(lineOf(2, 5), 1e14)
  expect(ratio).toBeCloseTo(4, 10)
  const widths = [3, 4, 5, 6].map(upper => starkWidthAngstrom(lineOf(2, upper), 1e14))
  expect(widths[0]).toBe(Math.min(...widths))
})
