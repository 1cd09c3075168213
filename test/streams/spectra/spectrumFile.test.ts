import { expect, test } from 'vitest'
import { encode, fingerprintOf } from '../../../schemas/index.ts'
import { MAX_SPECTRUM_BYTES, MAX_SPECTRUM_PIXELS } from '../../../streams/index.ts'
import {
  cardMjd,
  cardText,
  extraCards,
  type OpenFile,
  outcomeOf,
  type SpectrumDraft,
  unknownOrigin,
} from '../../../streams/spectra/spectrumFile.ts'
import { makeSegment } from '../../../streams/spectra/spectrumSegment.ts'

const file = {
  source: { path: 'folder/a.fits' },
  format: 'fits',
  sha256: 'abc',
  survey: 'sdss',
  product: { name: 'sdssSpec' },
  units: [],
} as unknown as OpenFile

function draftOf(pixels: number, extra: Record<string, string> = {}): SpectrumDraft {
  const ones = new Array<number>(pixels).fill(1)
  const segment = makeSegment(
    {
      name: 'sum',
      medium: 'air',
      wavelengthUnit: 'nm',
      wavelengthScale: 'linear',
      wavelengths: ones.map((_, i) => 100 + i),
      order: 'rising',
      fluxUnit: '',
      fluxScale: 'relative',
      fluxes: ones,
      noise: { kind: 'ivar', values: ones },
      masks: [],
      signalToNoise: null,
    },
    { path: 'a', extension: null, row: null },
  )
  return { ...unknownOrigin, source: '1', segments: [segment], bands: [], extension: 'COADD', row: 3, extra }
}

test('a finished spectrum has id, place and bytes', () => {
  const outcome = outcomeOf(file, () => draftOf(3))
  if (outcome.kind !== 'spectrum') throw outcome.error
  expect(outcome.spectrum).toMatchObject({ survey: 'sdss', file: 'a.fits', row: 3n, fileSha256: 'abc' })
  expect(outcome.spectrum.spectrumId).toBe(fingerprintOf(['abc', 'COADD', '3']))
  expect(outcome.bytes).toEqual(encode('spectrum', outcome.spectrum))
})

test('as many pixels as the bound are taken and fit its bytes, one more is refused', () => {
  expect(outcomeOf(file, () => draftOf(MAX_SPECTRUM_PIXELS)).kind).toBe('spectrum')
  const outcome = outcomeOf(file, () => draftOf(MAX_SPECTRUM_PIXELS + 1))
  expect(outcome).toMatchObject({
    kind: 'refusal',
    error: { code: 'RECORD_TOO_LARGE', message: expect.stringMatching(/24577 pixels, more than 24576; check/) },
  })
})

test('a header that makes a record too large is refused with its size', () => {
  const outcome = outcomeOf(file, () => draftOf(3, { COMMENT: 'x'.repeat(MAX_SPECTRUM_BYTES) }))
  expect(outcome).toMatchObject({
    kind: 'refusal',
    error: { code: 'RECORD_TOO_LARGE', message: expect.stringMatching(/spectrum of \d+ bytes, more than 1048560/) },
  })
})

test('a spectrum of no star is refused, an error of ours is thrown', () => {
  expect(outcomeOf(file, () => ({ ...draftOf(3), source: '' }))).toMatchObject({
    error: { code: 'VALUE_OUT_OF_RANGE', message: expect.stringMatching(/COADD row 3, does not name its star/) },
  })
  const fail = () => {
    throw new RangeError('ours')
  }
  expect(() => outcomeOf(file, fail)).toThrow('ours')
})

test('cards: dates become days, texts lose their spaces, layout is left out of what is kept', () => {
  const header = {
    values: new Map([
      ['DATE-OBS', '2000-01-01T12:00:00'],
      ['DATE', 'yesterday'],
      ['NAXIS1', '3'],
      ['TTYPE4', 'flux'],
      ['OBJECT', ' Vega '],
      ['', 'blank'],
    ]),
    remarks: new Map(),
    comments: [],
  }
  expect(cardMjd(header, 'DATE-OBS')).toBe(51544.5)
  expect(cardMjd(header, 'DATE')).toBeNull()
  expect(cardText(header, 'OBJECT')).toBe('Vega')
  expect(extraCards(header, 'A.')).toEqual({
    'A.DATE-OBS': '2000-01-01T12:00:00',
    'A.DATE': 'yesterday',
    'A.OBJECT': ' Vega ',
  })
})
