import { expect, test } from 'vitest'
import { species } from '../../../../models/simulators/spectra/atomicLines.ts'
import { createLayer } from '../../../../models/simulators/spectra/oneLayer.ts'

test('the layer of the Sun has the pressure of electrons and the opacity of published models', () => {
  const layer = createLayer(5777, 4.44, 0)
  // Gray 2005, table 9.2: log Pe 1.3 and log kappa -0.5 (cm2/g, 5000 Angstrom) near tau 0.6 to 1 at 6000 K or so.
  const pressure = layer.electronCm3 * 1.380649e-16 * 5777
  expect(Math.log10(pressure)).toBeGreaterThan(0.9)
  expect(Math.log10(pressure)).toBeLessThan(1.7)
  const perGram = layer.continuumOpacity(5000) / (1.4 * 1.6735e-24)
  expect(Math.log10(perGram)).toBeGreaterThan(-0.9)
  expect(Math.log10(perGram)).toBeLessThan(-0.1)
})

test('hydrogen and metals are ionized by the law of Saha at the pressure that they make', () => {
  for (const [kelvin, logg, feh] of [
    [4000, 4.5, 0],
    [5777, 2, -1],
    [9000, 4, 0.3],
  ]) {
    const layer = createLayer(kelvin, logg, feh)
    // In numbers per cm3, with constants of its own: n_e n_1 / n_0 = 2 u_1 / u_0 (2 pi m k T / h^2)^1.5 exp(-chi / k T).
    const states = (2 * Math.PI * 9.10938e-28 * 1.380649e-16 * kelvin) / 6.62607e-27 ** 2
    const saha = (ev: number, ratio: number) => 2 * ratio * states ** 1.5 * Math.exp(-ev / (8.617333e-5 * kelvin))
    const ionized = 1 - layer.neutralShare
    expect((layer.electronCm3 * ionized) / layer.neutralShare / saha(13.598, 0.5)).toBeCloseTo(1, 2)
    const calcium = species.Ca
    const share = layer.shareOf(calcium, 1) / layer.shareOf(calcium, 0)
    expect((layer.electronCm3 * share) / saha(6.113, 2.3 / 1.25)).toBeCloseTo(1, 2)
    // Electrons are those that nuclei lost: none is made up.
    const nuclei = layer.neutralCm3 / layer.neutralShare
    const lost = Object.values(species).reduce((sum, one) => {
      return sum + 10 ** (one.abundanceDex - 12 + feh) * (1 - layer.shareOf(one, 0))
    }, ionized)
    expect((lost * nuclei) / layer.electronCm3).toBeCloseTo(1, 6)
  }
})

test('more gravity presses more electrons together, and a layer without temperature is refused', () => {
  expect(createLayer(5000, 4.5, 0).electronCm3).toBeGreaterThan(3 * createLayer(5000, 2.5, 0).electronCm3)
  expect(() => createLayer(0, 4, 0)).toThrow(RangeError)
  expect(() => createLayer(5000, Number.NaN, 0)).toThrow(RangeError)
})
