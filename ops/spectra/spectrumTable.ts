// A spectrum as a table: a row for each pixel, or for each coefficient.
import type { Spectrum } from '../../schemas/index.ts'
import { type Row, segmentWavelengths, type WritableColumn } from '../../streams/index.ts'

const origin: readonly WritableColumn[] = [
  { name: 'spectrum_id', type: 'string', description: 'Hash of file, extension and row' },
  { name: 'source', type: 'string', description: 'Id of the star in its survey' },
]

/** Columns for spectra like this one; all of a file are alike. */
export function spectrumColumns(spectrum: Spectrum): readonly WritableColumn[] {
  const [segment] = spectrum.segments
  if (segment === undefined) {
    return [
      ...origin,
      { name: 'band', type: 'string', description: 'BP or RP' },
      { name: 'place', type: 'int', description: 'Of the coefficient, from 1' },
      { name: 'coefficient', type: 'double' },
      { name: 'coefficient_error', type: 'double' },
    ]
  }
  const inverse = segment.fluxUnit === '' ? null : `(${segment.fluxUnit})-2`
  return [
    ...origin,
    { name: 'segment', type: 'string', description: 'Chip, arm or kind of sum' },
    { name: 'pixel', type: 'int', description: 'From 1, in the order of the file' },
    { name: 'wavelength', type: 'double', unit: segment.wavelengthUnit, description: `In ${segment.medium}` },
    { name: 'flux', type: 'double', unit: segment.fluxUnit || null, description: segment.fluxScale },
    { name: 'ivar', type: 'double', unit: inverse, description: 'Inverse variance; 0 says nothing' },
    ...maskNames.map(name => ({ name: `${name}_mask`, type: 'int' as const, description: 'Bits as delivered' })),
  ]
}

const maskNames = ['and', 'or', 'pixel'] as const

/** Rows in those columns. */
export function spectrumRows(spectrum: Spectrum): readonly Row[] {
  const told = { spectrum_id: spectrum.spectrumId, source: spectrum.source }
  const pixels = spectrum.segments.flatMap(segment => {
    const wavelengths = segmentWavelengths(segment)
    return segment.fluxes.map((flux, i) => ({
      ...told,
      segment: segment.name,
      pixel: i + 1,
      wavelength: wavelengths[i],
      flux,
      ivar: segment.ivars[i],
      ...Object.fromEntries(segment.masks.map(mask => [`${mask.name}_mask`, mask.bits[i]])),
    }))
  })
  const coefficients = spectrum.bands.flatMap(band =>
    band.coefficients.map((coefficient, i) => ({
      ...told,
      band: band.name,
      place: i + 1,
      coefficient,
      coefficient_error: band.errors[i],
    })),
  )
  return [...pixels, ...coefficients]
}
