import { expect, test } from 'vitest'
import {
  type AtmosphereFamily,
  atmosphereFamilies,
  atmosphereRange,
  createAtmospheres,
} from '../../../../models/simulators/photosphere/atmosphere.ts'
import { completeTable, lnBlackBody, nodeSources } from '../../../../models/simulators/photosphere/atmosphereTables.ts'
import { BIN_COUNT, binCentresUm, binEdgesUm } from '../../../../models/simulators/photosphere/wavelengths.ts'

const atmospheres = createAtmospheres()
const SIGMA = 5.670374e-5

function at(family: AtmosphereFamily, teffK: number, loggDex: number, fehDex: number): Float64Array {
  const out = new Float64Array(BIN_COUNT)
  if (!atmospheres.surfaceFluxInto(family, teffK, loggDex, fehDex, out)) throw new Error('outside')
  return out
}

function bolometric(spectrum: Float64Array): number {
  return spectrum.reduce((sum, f, i) => sum + f * (binEdgesUm[i + 1] - binEdgesUm[i]) * 1e4, 0)
}

test('the bins are those of the reference: 300 from 0.1 to 31 um, even in the logarithm', () => {
  expect(binEdgesUm).toHaveLength(301)
  expect([binEdgesUm[0], binEdgesUm[300]].map(um => Number(um.toFixed(9)))).toEqual([0.1, 31])
  expect(binCentresUm[0]).toBeCloseTo(0.1009607, 7)
  expect(binCentresUm[299]).toBeCloseTo(30.7050228, 6)
})

test.each(atmosphereFamilies)('%s radiates sigma Teff^4 between the nodes as well', family => {
  for (const [teffK, loggDex, fehDex] of [
    [2550, 4.7, 0.1],
    [3330, 0.3, -0.2],
    [4710, 2.2, -0.7],
    [5772, 4.44, 0],
    [7300, 4.1, 0.3],
    [11_300, 3.8, -0.3],
  ]) {
    const ratio = bolometric(at(family, teffK, loggDex, fehDex)) / (SIGMA * teffK ** 4)
    // The mean of logarithms falls a little short of the mean.
    expect(Math.abs(ratio - 1), `${teffK} K, ${ratio}`).toBeLessThan(0.02)
  }
})

test('an interpolated star is like its neighbours: no step from one cell to the next', () => {
  for (const family of atmosphereFamilies)
    for (const [teffK, loggDex, fehDex] of [
      [2300, 4, -0.5],
      [4000, 2, 0],
      [12_000, 3, -1],
      [50_000, 4.5, 0],
      [6000, 6, 0],
      [3500, 0, 0.4],
    ]) {
      const before = at(family, teffK * (1 - 1e-7), loggDex - 1e-7, fehDex - 1e-7)
      const after = at(family, teffK * (1 + 1e-7), loggDex + 1e-7, fehDex + 1e-7)
      for (let i = 0; i < BIN_COUNT; i += 3) expect(Math.abs(Math.log(after[i] / before[i]))).toBeLessThan(1e-3)
    }
})

test('families differ where their own models reach and meet where they do not', () => {
  const differ = (teffK: number, a: number, b: number) => {
    const [x, y] = [at(atmosphereFamilies[a], teffK, 4, 0), at(atmosphereFamilies[b], teffK, 4, 0)]
    return x.some((f, i) => Math.abs(f / y[i] - 1) > 0.01)
  }
  const [btSettl, kurucz, phoenix] = [0, 1, 2]
  expect([differ(5000, btSettl, kurucz), differ(5000, btSettl, phoenix), differ(5000, kurucz, phoenix)]).toEqual([
    true,
    true,
    true,
  ])
  expect(differ(3000, kurucz, btSettl)).toBe(false)
  expect(differ(3000, phoenix, btSettl)).toBe(true)
  expect(differ(2100, phoenix, btSettl)).toBe(false)
  expect(differ(20_000, phoenix, kurucz)).toBe(false)
})

test('black bodies only where no model reaches', () => {
  for (const family of atmosphereFamilies) {
    const { teffK, loggDex, fehDex, sources } = completeTable(family)
    sources.forEach((source, node) => {
      const logg = loggDex[node % loggDex.length]
      const teff = teffK[Math.floor(node / loggDex.length) % teffK.length]
      const where = `${family} ${teff} K ${logg} ${fehDex[0]}`
      if (logg >= 3 && logg <= 5 && teff <= 31_000) expect(nodeSources[source], where).not.toBe('blackBody')
      if (logg <= 5 && teff <= 8000) expect(nodeSources[source], where).not.toBe('blackBody')
      if (logg > 6 || teff > 50_000) expect(nodeSources[source], where).toBe('blackBody')
    })
  }
  const dwarf = at('kurucz', 12_345, 8, 0)
  dwarf.forEach((f, i) => {
    expect(Math.abs(Math.log(f) - lnBlackBody(12_345, binCentresUm[i]))).toBeLessThan(0.03)
  })
})

test('a black body peaks where Wien says and sums up to sigma T^4', () => {
  const teffK = 6000
  const spectrum = Float64Array.from(binCentresUm, um => Math.exp(lnBlackBody(teffK, um)))
  expect(bolometric(spectrum) / (SIGMA * teffK ** 4)).toBeCloseTo(1, 3)
  const peak = spectrum.indexOf(Math.max(...spectrum))
  expect(Math.abs(binCentresUm[peak] / (2897.77 / teffK) - 1)).toBeLessThan(0.02)
  // Wien's law where h c / lambda k T is 72.
  expect(lnBlackBody(2000, 0.1)).toBeCloseTo(Math.log(3.741771852e12) - 143.87768775 / 2, 6)
})

test('poor stars are bluer, rich ones redder', () => {
  for (const family of atmosphereFamilies) {
    const blue = (fehDex: number) => {
      const spectrum = at(family, 5500, 4.5, fehDex)
      return spectrum[70] / spectrum[120]
    }
    expect(blue(-2)).toBeGreaterThan(blue(-0.5))
    expect(blue(-0.5)).toBeGreaterThan(blue(0.5))
  }
})

test('outside its range there is no spectrum, and the array stays as it was', () => {
  const out = new Float64Array(BIN_COUNT).fill(-1)
  const { teffK, loggDex, fehDex } = atmosphereRange
  for (const [teff, logg, feh] of [
    [teffK[0] - 1, 4, 0],
    [teffK[1] + 1, 4, 0],
    [5000, loggDex[0] - 0.1, 0],
    [5000, loggDex[1] + 0.1, 0],
    [5000, 4, fehDex[0] - 0.1],
    [5000, 4, fehDex[1] + 0.1],
    [Number.NaN, 4, 0],
    [5000, Number.NaN, 0],
    [5000, 4, Number.NaN],
  ])
    expect(atmospheres.surfaceFluxInto('kurucz', teff, logg, feh, out)).toBe(false)
  expect(out.every(f => f === -1)).toBe(true)
  for (const teff of teffK)
    for (const logg of loggDex)
      for (const feh of fehDex) expect(atmospheres.surfaceFluxInto('phoenix', teff, logg, feh, out)).toBe(true)
})
