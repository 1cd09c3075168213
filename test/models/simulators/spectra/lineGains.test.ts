import { expect, test } from 'vitest'
import { createRng, drawLineGains } from '../../../../models/index.ts'
import { fineGrids } from '../../../../models/simulators/spectra/fineGrid.ts'
import { areLineGains, scaleLines } from '../../../../models/simulators/spectra/lineGains.ts'
import { meanSpectra, meanSpectrumAngstrom } from '../../../../models/simulators/spectra/meanSpectra.ts'
import { createOpticalTemplates } from '../../../../models/simulators/spectra/opticalTemplates.ts'
import { dwarfLoggDex } from '../../../../models/simulators/spectra/seenLines.ts'
import { linesOver } from './linesOver.ts'

const { optical, hBand } = fineGrids
const everywhere = (lnGain: number) => drawLineGains(5000, createRng(1)).map(() => lnGain)

/** A continuum of 2 with narrow lines of depth 1, far from each other. */
function spectrum({ count }: typeof optical): { readonly flux: Float32Array; readonly middles: readonly number[] } {
  const middles = Array.from({ length: 8 }, (_, k) => Math.round((count * (k + 1)) / 9))
  const flux = new Float32Array(count).fill(2)
  for (const middle of middles) flux[middle] = 1
  return { flux, middles }
}

test('lines are as much stronger as is told, in both ranges, and what is between stays where it was', () => {
  for (const grid of [optical, hBand]) {
    const { flux, middles } = spectrum(grid)
    scaleLines(grid, flux, everywhere(Math.log(1.5)))
    for (const middle of middles) {
      // The mean over 3% lies by the line's share below the continuum.
      expect(flux[middle - 1] - flux[middle]).toBeCloseTo(1.5, 4)
      expect(Math.abs(flux[middle - 1] - 2)).toBeLessThan(0.01)
    }
    const plain = spectrum(grid).flux
    const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0)
    expect(sum(flux) / sum(plain)).toBeCloseTo(1, 4)
  }
})

test('without gains nothing changes, and no light becomes less than none', () => {
  const { flux } = spectrum(optical)
  scaleLines(optical, flux, [])
  expect(flux).toEqual(spectrum(optical).flux)
  scaleLines(optical, flux, everywhere(5))
  expect(Math.min(...flux)).toBe(0)
  expect(areLineGains([])).toBe(true)
  expect(areLineGains(everywhere(1))).toBe(true)
  expect(areLineGains([1])).toBe(false)
  expect(areLineGains(everywhere(Number.NaN))).toBe(false)
})

/** Bins of the means in 1.5% of the wavelength, and those of the fine grid in one of theirs. */
const [REGION, FINE] = [21, 6]

/** Over the mean of 3% of the wavelength around. */
const linesOf = (fluxes: Float64Array) => linesOver(fluxes, REGION)

/** As BOSS resolves it, in bins of the means. */
function asTheirs(flux: Float32Array, bins: number): Float64Array {
  const kernel = Array.from({ length: 23 }, (_, k) => Math.exp(-0.5 * ((k - 11) / 2.7) ** 2))
  const norm = FINE * kernel.reduce((a, b) => a + b, 0)
  return Float64Array.from({ length: bins }, (_, j) => {
    const from = Math.round(optical.placeOf(meanSpectrumAngstrom(j))) - FINE / 2
    let sum = 0
    for (let i = from; i < from + FINE; i++)
      for (const [k, weight] of kernel.entries()) sum += weight * flux[i + k - 11]
    return sum / norm
  })
}

/** Standard deviation of ln of how strong lines are in regions of 1.5%, about that of the whole spectrum, where there are lines. */
function regionSpread(seen: Float64Array, ours: Float64Array): number {
  const regions: { readonly shared: number; readonly own: number }[] = []
  for (let from = 30; from + REGION < 1440; from += REGION) {
    let [shared, own] = [0, 0]
    for (let j = from; j < from + REGION; j++) {
      shared += seen[j] * ours[j]
      own += ours[j] ** 2
    }
    if (own > REGION * 0.01 ** 2 && shared > 0.05 * own) regions.push({ shared, own })
  }
  const total = (key: 'shared' | 'own') => regions.reduce((sum, region) => sum + region[key], 0)
  const whole = total('shared') / total('own')
  return Math.sqrt(
    regions.reduce((sum, { shared, own }) => sum + Math.log(shared / own / whole) ** 2, 0) / regions.length,
  )
}

test('gains spread as lines of mean spectra that nothing was fitted to do about those of the templates', () => {
  const fluxInto = createOpticalTemplates()
  const rng = createRng(3)
  const judges = meanSpectra().filter(({ isJudge }) => isJudge)
  const ratios = (from: number, to: number) => {
    const types = judges.filter(({ teffK }) => teffK > from && teffK < to)
    const squares = types.map(({ teffK, fluxes }) => {
      const flux = new Float32Array(optical.count)
      expect(fluxInto({ family: 'kurucz', teffK, loggDex: dwarfLoggDex(teffK), fehDex: 0 }, flux)).toBe(true)
      const ours = linesOf(asTheirs(flux, fluxes.length))
      const drawn = Array.from({ length: 12 }, () => {
        const scaled = flux.slice()
        scaleLines(optical, scaled, drawLineGains(teffK, rng))
        return regionSpread(linesOf(asTheirs(scaled, fluxes.length)), ours)
      })
      const seen = regionSpread(linesOf(Float64Array.from(fluxes)), ours)
      return { seen: seen ** 2, drawn: drawn.reduce((sum, one) => sum + one ** 2, 0) / drawn.length }
    })
    const mean = (key: 'seen' | 'drawn') => squares.reduce((sum, one) => sum + one[key], 0)
    return Math.sqrt(mean('drawn') / mean('seen'))
  }
  // A spread of some fifty regions that hang together in pairs is off by 15%, that of several types by half of it: four times that.
  for (const [from, to] of [
    [3300, 4000],
    [4400, 6000],
    [6100, 7000],
  ]) {
    const ratio = ratios(from, to)
    expect(ratio, `${from} to ${to} K`).toBeGreaterThan(0.7)
    expect(ratio, `${from} to ${to} K`).toBeLessThan(1.3)
  }
})
