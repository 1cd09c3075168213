import { expect, test } from 'vitest'
import { segmentView, wavelengthsNm } from '../../../ops/spectra/spectrumView.ts'
import type { SpectrumSegment } from '../../../schemas/index.ts'

const segment: SpectrumSegment = {
  name: 'B',
  medium: 'vacuum',
  wavelengthUnit: 'Angstrom',
  wavelengthScale: 'linear',
  wavelengths: [5003, 5002, 5001, 5000],
  wavelengthLaw: null,
  fluxUnit: '',
  fluxScale: 'relative',
  fluxes: [10, 20, null, 1e6],
  ivars: [4, 1, 0, 0],
  masks: [{ name: 'and', bits: [1, 3, -(2 ** 31), 0], bitNames: [{ bit: 1, name: 'COSMIC' }] }],
  signalToNoise: null,
  badPixelCount: 2,
  missingPixelCount: 1,
}

test('the median is that of good pixels, wavelengths are in nm from low to high', () => {
  expect(segmentView(segment)).toMatchObject({
    ...{ pixels: 4, fromNm: 500, toNm: 500.3, medianSignalToNoise: 20, badPixels: 2, missingPixels: 1 },
  })
  expect(segmentView({ ...segment, ivars: [0, 0, 0, 0] }).medianSignalToNoise).toBeNull()
  expect(Array.from(wavelengthsNm({ ...segment, wavelengthUnit: 'nm' }))).toEqual([5003, 5002, 5001, 5000])
})

test('bits are counted by name, or by number where they have none, the highest too', () => {
  expect(segmentView(segment).bits).toEqual({ 'and:0': 2, 'and:COSMIC': 1, 'and:31': 1 })
})
