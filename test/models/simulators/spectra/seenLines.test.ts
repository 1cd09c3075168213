import { expect, test } from 'vitest'
import { fineGrids } from '../../../../models/simulators/spectra/fineGrid.ts'
import { meanSpectra, meanSpectrumAngstrom } from '../../../../models/simulators/spectra/meanSpectra.ts'
import { createOpticalTemplates } from '../../../../models/simulators/spectra/opticalTemplates.ts'
import { createSeenLines, dwarfLoggDex, linesAsSeen } from '../../../../models/simulators/spectra/seenLines.ts'
import { linesOver } from './linesOver.ts'

const { angstrom, count, placeOf } = fineGrids.optical

/** Types that no line was changed by, from cool to hot. */
const judges = meanSpectra()
  .filter(({ isJudge }) => isJudge)
  .reverse()

/** Over the mean of some 2% of the wavelength around. */
const linesOf = (fluxes: Float64Array) => linesOver(fluxes, 30)

function difference(a: Float64Array, b: Float64Array): number {
  return Math.sqrt(a.reduce((sum, x, j) => sum + (x - b[j]) ** 2, 0) / a.length)
}

test('spectra of types that were left out are nearer to the sky than by our lines alone: by a third and more from M1 to F0, and no farther in others', () => {
  const ways = [false, true].map(hasSeenLines => createOpticalTemplates(hasSeenLines))
  const flux = new Float32Array(count)
  const ratios = judges.map(({ type, teffK, fluxes }) => {
    const [own, seen] = ways.map(fluxInto => {
      const photosphere = { family: 'kurucz', teffK, loggDex: dwarfLoggDex(teffK), fehDex: 0 } as const
      expect(fluxInto(photosphere, flux)).toBe(true)
      // Six fine bins are one of theirs.
      const asTheirs = Float64Array.from(fluxes, (_, j) => {
        const from = Math.round(placeOf(meanSpectrumAngstrom(j))) - 3
        return flux.subarray(from, from + 6).reduce((a, b) => a + b, 0)
      })
      return difference(linesOf(Float64Array.from(fluxes)), linesOf(asTheirs))
    })
    return { type, ratio: seen / own }
  })
  const between = ratios.slice(
    ratios.findIndex(({ type }) => type === 'M1'),
    1 + ratios.findIndex(({ type }) => type === 'F0'),
  )
  expect(between.map(({ type }) => type)).toEqual(expect.arrayContaining(['F2', 'G2', 'K2']))
  for (const { type, ratio } of between) expect(ratio, type).toBeLessThan(0.65)
  for (const { type, ratio } of ratios) expect(ratio, type).toBeLessThan(1)
})

const flat = new Float32Array(count).fill(1)
const none = linesAsSeen(flat)
const bin = (vacuum: number) => Math.floor(placeOf(vacuum))

test('where ours have no lines, what the sky has is absorbed, by its abundance', () => {
  const lines = createSeenLines(() => linesAsSeen(flat))
  const sun = lines.factors(5720, 0, none, none)
  // Mg b, Na D, H alpha.
  for (const vacuum of [5185.05, 5891.58, 6564.61]) expect(sun[bin(vacuum)]).toBeLessThan(0.9)
  const poor = lines.factors(5720, -1, none, none)
  const checked = [...sun.keys()].filter(i => sun[i] < 0.95)
  expect(checked.length).toBeGreaterThan(500)
  const sum = (factors: Float32Array) => checked.reduce((total, i) => total + Math.log(factors[i]), 0)
  expect(sum(poor) / sum(sun)).toBeCloseTo(10 ** -0.5, 1)
})

test('a line that is too strong in dwarfs is made weaker only where there is one', () => {
  const line = (depth: number) =>
    Float32Array.from(angstrom, one => 1 - depth * Math.exp(-0.5 * ((one - 6050) / 4) ** 2))
  const lines = createSeenLines(() => linesAsSeen(line(0.8)))
  const at = (depth: number) => lines.factors(5720, 0, linesAsSeen(line(depth)), linesAsSeen(line(0.8)))[bin(6050)]
  expect(at(0.8)).toBeGreaterThan(2)
  expect(at(0.3)).toBeGreaterThan(1.05)
  expect(at(0.3)).toBeLessThan(at(0.8))
  expect(at(0)).toBeCloseTo(1, 1)
})

test('light of chromospheres is not put into cool dwarfs, nothing is changed beyond the ends, and all is finite', () => {
  const lines = createSeenLines(() => linesAsSeen(flat))
  const cool = lines.factors(2800, 0, none, none)
  expect(cool[bin(6564.6)]).toBe(1)
  for (const teffK of [2500, 2800, 5000, 9000, 12_000]) {
    const factors = lines.factors(teffK, -1.5, none, none)
    expect(factors.every(factor => factor > 0.3 && factor < 3)).toBe(true)
    expect([factors[0], factors[count - 1]]).toEqual([1, 1])
  }
  expect(
    createSeenLines(() => null)
      .factors(5000, 0, none, none)
      .every(factor => factor === 1),
  ).toBe(true)
})
