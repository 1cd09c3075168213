import { expect, test } from 'vitest'
import { givenSpectra, modelSpectra, unreadReason } from '../../../models/index.ts'
import type { SpectrumBand, StarSpectrum } from '../../../schemas/index.ts'

const band = (name: string, basis: number | null, count: number): SpectrumBand => ({
  name,
  basis,
  coefficients: Array.from({ length: count }, (_, i) => i),
  errors: Array.from({ length: count }, () => 1),
})
const spectrum = (...bands: readonly SpectrumBand[]): StarSpectrum => ({
  ...{ survey: 'gaiaXp', source: '5', product: 'xpContinuous', spectrumId: 'a', file: 'xp.csv', row: 1n },
  bands,
})

test('a model is given the bands that are there on the basis functions that it knows, and no others', () => {
  const [bp, rp] = [band('BP', 56, 55), band('RP', 57, 55)]
  expect(givenSpectra([spectrum(bp, rp)])).toEqual([
    { name: 'bpSpectrum', coefficients: bp.coefficients, errors: bp.errors },
    { name: 'rpSpectrum', coefficients: rp.coefficients, errors: rp.errors },
  ])
  expect(modelSpectra).toEqual(givenSpectra([spectrum(bp, rp)]).map(({ name }) => name))
  expect(givenSpectra([spectrum(rp)]).map(({ name }) => name)).toEqual(['rpSpectrum'])
  expect(givenSpectra([spectrum(band('BP', null, 55))]).map(({ name }) => name)).toEqual(['bpSpectrum'])
  expect(givenSpectra([])).toEqual([])
  for (const [unread, reason] of [
    [band('BP', 57, 55), 'on basis functions 57, and the model reads those of 56'],
    [band('RP', 57, 54), '54 coefficients, and the model reads 55'],
    [band('RVS', null, 55), 'no model reads RVS'],
  ] as const) {
    expect(givenSpectra([spectrum(unread, rp)]).map(({ name }) => name)).toEqual(['rpSpectrum'])
    expect(unreadReason(unread)).toBe(reason)
  }
  expect([unreadReason(bp), unreadReason(rp)]).toEqual([null, null])
})
