import { expect, test } from 'vitest'
import { makeSegment, type SegmentDraft, segmentWavelengths } from '../../../streams/spectra/spectrumSegment.ts'
import { readSpectra, spectrumFixture } from './spectraContents.ts'

const place = { path: 'a.fits', extension: 'COADD', row: null }
const draft: SegmentDraft = {
  name: 'sum',
  medium: 'vacuum',
  wavelengthUnit: 'Angstrom',
  wavelengthScale: 'linear',
  wavelengths: [5000, 5001, 5002],
  order: 'rising',
  fluxUnit: '',
  fluxScale: 'relative',
  fluxes: [1, 2, 3],
  noise: { kind: 'ivar', values: [1, 4, 9] },
  masks: [{ name: 'and', bits: [0, 1n, 2], bitNames: [] }],
  signalToNoise: null,
}

test('NaN and infinite fluxes are null and bad, other bad pixels keep flux and bits', async () => {
  const { spectra, errors } = await readSpectra(spectrumFixture('nanFlux.fits.gz'))
  expect(errors).toEqual([])
  const [segment] = spectra[0].segments
  expect(segment.fluxes.flatMap((flux, i) => (flux === null ? [i] : []))).toEqual([3, 9])
  expect(segment.ivars.flatMap((ivar, i) => (ivar === 0 ? [i] : []))).toEqual([3, 5, 9])
  expect(segment.fluxes[5]).toBeGreaterThan(0)
  expect(segment.masks[1].bits.every(bits => bits > 0)).toBe(true)
  expect([segment.badPixelCount, segment.missingPixelCount]).toEqual([3, 2])
})

for (const [name, problem] of [
  ['zeroIvar.fits.gz', /COADD, has no pixel with a flux and an error; leave it out, or fetch the file again\.$/],
  ['falling.fits.gz', /COADD, has wavelengths that are not rising at pixel 2 of sum; fetch the file again/],
  ['twice.fits.gz', /COADD, has wavelengths that are not rising at pixel 9 of sum; fetch the file again/],
] as const) {
  test(`${name} is refused as a value that names file, extension and field`, async () => {
    const { spectra, errors } = await readSpectra(spectrumFixture(name))
    expect(spectra).toEqual([])
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatchObject({ code: 'VALUE_OUT_OF_RANGE', message: expect.stringMatching(problem) })
    expect(errors[0].detail).toMatchObject({ path: spectrumFixture(name), extension: 'COADD' })
  })
}

test('an error becomes its inverse square; what is not above zero, or beyond doubles, becomes 0', () => {
  const noise = { kind: 'error', values: [0.5, 0, -1, Number.POSITIVE_INFINITY, null, 1e-200] } as const
  const segment = makeSegment(
    {
      ...draft,
      noise,
      masks: [],
      wavelengths: { start: 3.5, step: 1e-4 },
      wavelengthScale: 'log10',
      fluxes: [1, 2, 3, 4, 5, 6],
    },
    place,
  )
  expect(segment.ivars).toEqual([4, 0, 0, 0, 0, 0])
  expect(segment.badPixelCount).toBe(5)
  expect(segment.wavelengths).toEqual([])
  expect(Array.from(segmentWavelengths(segment))).toEqual([0, 1, 2, 3, 4, 5].map(i => 10 ** (3.5 + 1e-4 * i)))
})

for (const [what, change, problem] of [
  ['no pixel', { fluxes: [] }, /has no pixel in sum/],
  ['too few wavelengths', { wavelengths: [1, 2] }, /has 3 fluxes but 2 of wavelength/],
  ['too few errors', { noise: { kind: 'error', values: [1] } }, /has 3 fluxes but 1 of error/],
  ['too few bits', { masks: [{ name: 'or', bits: [1], bitNames: [] }] }, /has 3 fluxes but 1 of or mask/],
  ['a wavelength that is missing', { wavelengths: [1, null, 3] }, /no wavelength at pixel 2/],
  ['a wavelength below zero', { wavelengths: [-1, 2, 3] }, /no wavelength at pixel 1/],
  ['a step of zero', { wavelengths: { start: 3, step: 0 } }, /from 3 at steps of 0 in sum, not rising/],
  ['a step that is missing', { wavelengths: { start: 3, step: Number.NaN } }, /at steps of NaN/],
  ['a falling law', { wavelengths: { start: 3, step: -1 } }, /not rising/],
  ['either order, turning round', { order: 'either', wavelengths: [3, 2, 2.5] }, /not falling at pixel 3/],
  [
    'bits that are none',
    { masks: [{ name: 'or', bits: [0, 0.5, 1], bitNames: [] }] },
    /has 0.5 in its or mask at pixel 2/,
  ],
  ['bits beyond 32', { masks: [{ name: 'or', bits: [0, 2n ** 40n, 1], bitNames: [] }] }, /no bits/],
] as const) {
  test(`${what} is refused with a sentence`, () => {
    expect(() => makeSegment({ ...draft, ...change } as SegmentDraft, place)).toThrow(problem)
    expect(() => makeSegment({ ...draft, ...change } as SegmentDraft, place)).toThrow(/^a\.fits, COADD, has/)
  })
}

test('falling wavelengths are taken where the survey has them so', () => {
  for (const order of ['falling', 'either'] as const) {
    const segment = makeSegment({ ...draft, order, wavelengths: [3, 2, 1] }, place)
    expect(Array.from(segmentWavelengths(segment))).toEqual([3, 2, 1])
  }
})
