import { expect, test } from 'vitest'
import {
  chosenPixels,
  packPixels,
  segmentsOfPixels,
  signalOfPixels,
  totalSignal,
  unreadPixels,
} from '../../../models/index.ts'
import { encode, type PixelSpectrum } from '../../../schemas/index.ts'
import { pixelSegment } from '../../actors/pixelSpectra.ts'

const record = (survey: string, signalToNoise: number | null): PixelSpectrum => ({
  survey,
  source: '1',
  product: 'p',
  spectrumId: `${survey}Spectrum`,
  epochMjd: null,
  signalToNoise,
  pixelCount: 8,
  matchedBy: 'position',
  matchProbability: 1,
  separationArcsec: 0,
  file: 'a.fits',
  row: null,
})
const inBlue = pixelSegment(10, 20)
/** At 15500 Angstrom. */
const inH = pixelSegment(10, 20, { wavelengthLaw: { start: Math.log10(15500), step: 1e-5 } })
const bytes = (...segments: readonly (typeof inBlue)[]) => encode('pixels', packPixels(segments))

test('pixels keep their wavelengths in full and 32 bits of the rest; what these cannot hold says nothing', () => {
  const table = [3.6, 3.7, 3.8, 3.9, 4]
  const segment = pixelSegment(1, 1, {
    wavelengths: table,
    wavelengthLaw: null,
    fluxes: [0.1, null, 1e39, -2, 5],
    ivars: [0.3, 0, 2, 1e39, 1e-50],
  })
  const packedPixels = packPixels([segment])
  const [packed] = packedPixels.segments
  expect(segmentsOfPixels(encode('pixels', packedPixels))[0]).toMatchObject({
    ...packed,
    badPixelCount: 3,
    missingPixelCount: 2,
  })
  expect(packed).toEqual({
    ...{ name: 'sum', medium: 'vacuum', wavelengthUnit: 'Angstrom', wavelengthScale: 'log10', wavelengthLaw: null },
    ...{ fluxUnit: segment.fluxUnit, fluxScale: 'absolute', wavelengths: table },
    fluxes: [Math.fround(0.1), null, null, -2, 5],
    // The largest number of 32 bits, and none where the error is beyond them.
    ivars: [Math.fround(0.3), 0, 0, 3.4028234663852886e38, 0],
  })
})

test('a model is given what it reads, of two that one encoder reads the one with more signal, with all that a segment has', () => {
  const star = {
    pixelSpectra: [record('apogee', 90), record('boss', 20), record('sdss', 30)],
    pixels: [bytes(inH), bytes(inBlue), bytes(pixelSegment(5, 30))],
  }
  const namesOf = (...reads: string[]) => chosenPixels(star, reads).map(({ spectrum }) => spectrum.survey)
  expect(namesOf()).toEqual([])
  expect(namesOf('bossSpectrum')).toEqual(['sdss'])
  expect(namesOf('apogeeSpectrum', 'bossSpectrum', 'gMag')).toEqual(['apogee', 'sdss'])
  expect(chosenPixels({}, ['bossSpectrum'])).toEqual([])
  const [{ given }] = chosenPixels(star, ['apogeeSpectrum'])
  const { masks: _, signalToNoise: __, ...rest } = inH
  expect(given.survey).toBe('apogee')
  expect(given.segments).toMatchObject([
    { ...rest, fluxes: inH.fluxes.map(Number).map(Math.fround), ivars: inH.ivars.map(Math.fround) },
  ])
  expect(given.segments[0]).toMatchObject({ masks: [], badPixelCount: 0, missingPixelCount: 0 })
})

test('what no encoder could read is not given: the star has its posterior without it', () => {
  const nowhere = pixelSegment(10, 20, { wavelengthLaw: { start: 1, step: 1e-4 } })
  const star = { pixelSpectra: [record('boss', 90), record('sdss', 30)], pixels: [bytes(nowhere), bytes(inBlue)] }
  expect(chosenPixels(star, ['bossSpectrum']).map(({ spectrum }) => spectrum.survey)).toEqual(['sdss'])
  expect(unreadPixels({ survey: 'boss', segments: [nowhere] })).toBe('no good pixel where the model reads it')
  expect(unreadPixels({ survey: 'boss', segments: [inBlue] })).toBeNull()
  expect(unreadPixels({ survey: 'muse', segments: [inBlue] })).toBe('no model reads spectra of muse')
})

test('signal to noise is the median of the pixels that have an error', () => {
  const segment = pixelSegment(1, 1, { fluxes: [1, -2, null, 3, 100], ivars: [1, 4, 0, 1, 0] })
  expect(signalOfPixels([segment])).toEqual({ medianSignalToNoise: 3, goodPixelCount: 3 })
  const more = [segment, pixelSegment(1, 1, { fluxes: [8], ivars: [1] })]
  expect(signalOfPixels(more)).toEqual({ medianSignalToNoise: 3.5, goodPixelCount: 4 })
  const none = pixelSegment(1, 1, { ivars: Array(8).fill(0) })
  expect(signalOfPixels([none])).toEqual({ medianSignalToNoise: null, goodPixelCount: 0 })
  // Four times the pixels hold twice the signal.
  expect(totalSignal(10, 400)).toBeCloseTo(2 * totalSignal(10, 100), 12)
  expect(totalSignal()).toBe(0)
})
