// Spectra with pixels at a place, for tests of what becomes of them.
import type { Spectrum, SpectrumSegment } from '../../schemas/index.ts'
import { unknownOrigin } from '../../streams/spectra/spectrumFile.ts'

/** A few pixels from 4000 Angstrom on, of the given height and signal to noise. */
export function pixelSegment(
  level: number,
  signalToNoise: number,
  more: Partial<SpectrumSegment> = {},
): SpectrumSegment {
  const fluxes = Array.from({ length: 8 }, (_, i) => level * (1 + i / 100))
  return {
    name: 'sum',
    medium: 'vacuum',
    wavelengthUnit: 'Angstrom',
    wavelengthScale: 'log10',
    wavelengths: [],
    wavelengthLaw: { start: Math.log10(4000), step: 1e-4 },
    fluxUnit: '1e-17 erg/s/cm2/Angstrom',
    fluxScale: 'absolute',
    fluxes,
    ivars: fluxes.map(flux => (signalToNoise / flux) ** 2),
    masks: [{ name: 'and', bits: fluxes.map(() => 4), bitNames: [{ bit: 2, name: 'LOW' }] }],
    signalToNoise: null,
    badPixelCount: 0,
    missingPixelCount: 0,
    ...more,
  }
}

/** Of a fibre at a place, as a file of BOSS has it; `number` tells them apart. */
export function pixelSpectrum(
  number: number,
  place: { readonly raDeg: number | null; readonly decDeg: number | null },
  more: Partial<Spectrum> = {},
): Spectrum {
  return {
    ...unknownOrigin,
    spectrumId: `${number}of${more.revision ?? 1n}`,
    survey: 'boss',
    product: 'sdssSpec',
    source: `${number}`,
    ...place,
    nightMjd: 55445,
    plate: '4068',
    fibre: number,
    segments: [pixelSegment(10 + number, 20)],
    bands: [],
    file: `spec-${number}.fits`,
    format: 'fits',
    extension: 'COADD',
    row: null,
    fileSha256: '',
    extra: { TELESCOP: 'SDSS 2.5-M' },
    revision: 1n,
    ...more,
  }
}
