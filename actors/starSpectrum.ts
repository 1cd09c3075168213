// A spectrum on its way from the topic of spectra to its star: what is kept of it, where it goes, which of two holds.
import { isDeepStrictEqual } from 'node:util'
import {
  createSpectrumSource,
  footprintOf,
  modalityOf,
  namesInExtra,
  packPixels,
  placeOfGaiaId,
  signalOfPixels,
} from '../models/index.ts'
import { decode, encode, FusionError, isFusionError, type Spectrum } from '../schemas/index.ts'
import type { LogRecord, Output } from '../streams/index.ts'
import { outputOf } from './behavior.ts'
import { ordinalOf } from './revision.ts'

/** The survey whose ids Gaia's spectra are known by. */
export const XP_STARS = 'gaiaDr3'
const XP_SURVEY = 'gaiaXp'
const XP_PRODUCT = 'xpContinuous'

/**
 * A record of the topic `spectra` -> what goes to the region that its star lies in, or with pixels to all that must know it; nothing
 * for what no encoder is made for: it stays where it is.
 * @throws FusionError VALUE_OUT_OF_RANGE for an id that is none of Gaia, or pixels without a place, and what `decode` throws
 */
export function postSpectrum({ key, value }: LogRecord): readonly Output[] {
  const survey = key?.slice(0, key.indexOf(':')) ?? ''
  if (modalityOf(survey) !== null) return postPixels(decode('spectrum', value ?? new Uint8Array()))
  if (survey !== XP_SURVEY) return []
  const spectrum = decode('spectrum', value ?? new Uint8Array())
  if (spectrum.product !== XP_PRODUCT) return []
  return [sendSpectrum(postOf(spectrum), keptSpectrum(spectrum))]
}

/** The region where a spectrum is looked for whose star is not known. */
export function postOf({ source, file, row }: Spectrum): number {
  const place = placeOfGaiaId(source)
  if (place !== null) return place.region
  throw new FusionError(
    'VALUE_OUT_OF_RANGE',
    `${file}${row === null ? '' : ` row ${row}`}: ${source} is no id of Gaia, which holds a place on the sky; correct it, and ingest the file again.`,
  )
}

/** Without pixels and all that no model reads: 2 kB of a spectrum of both bands. */
function keptSpectrum(spectrum: Spectrum): Spectrum {
  return {
    ...spectrum,
    segments: [],
    bands: spectrum.bands.map(band => ({ ...band, correlations: [] })),
    extra: {},
  }
}

function postPixels({ segments, ...spectrum }: Spectrum): readonly Output[] {
  const pixels = isWithdrawn(spectrum) ? new Uint8Array() : encode('pixels', packPixels(segments))
  const known = {
    ...{ ...spectrum, segments: [], bands: [], extra: namesInExtra(spectrum) },
    ...signalOfPixels(segments),
  }
  const { regions } = footprintOf(createSpectrumSource(known).observation)
  const sighting = {
    ...{ observation: new Uint8Array(), formerPatches: [], handOver: [] },
    spectrum: encode('spectrum', known),
    pixels,
  }
  return regions.map(region => outputOf('observations', region.toString(), 'sighting', sighting))
}

export function sendSpectrum(region: number, spectrum: Spectrum): Output {
  const bytes = encode('spectrum', spectrum)
  const empty = { observation: new Uint8Array(), formerPatches: [], handOver: [] }
  return outputOf('observations', region.toString(), 'sighting', { ...empty, spectrum: bytes })
}

/** Whether it says of itself that its delivery is taken back, and that no other stands in its place. */
export function isWithdrawn({ revision = 0n, takesBack = 0n }: Pick<Spectrum, 'revision' | 'takesBack'>): boolean {
  return takesBack !== 0n && ordinalOf(revision) === takesBack
}

/** Whether what is known is of the delivery that a spectrum takes back: then it gives way, however new it is. */
export function givesWay(knownRevision: bigint, takesBack: bigint): boolean {
  return takesBack !== 0n && ordinalOf(knownRevision) === takesBack
}

/** What spectra that supersede one another have in common; null for one that joins no star. */
export function identityOf(spectrum: Spectrum): string | null {
  if (modalityOf(spectrum.survey) === null) {
    return spectrum.survey === XP_SURVEY && spectrum.product === XP_PRODUCT ? ownerOf(spectrum) : null
  }
  try {
    return createSpectrumSource(spectrum).key
  } catch (error) {
    if (isFusionError(error)) return null
    throw error
  }
}

/** Says that nothing of its delivery stands any more: what finds its star, and nothing else. */
export function withdrawalOf(spectrum: Spectrum, takesBack: bigint): Spectrum {
  return { ...spectrum, segments: [], bands: [], extra: namesInExtra(spectrum), takesBack }
}

/** The source that a spectrum is of, as `survey:source`. */
export function ownerOf({ source }: Spectrum): string {
  return `${XP_STARS}:${source}`
}

/** Whether a spectrum takes the place of what is known; one that says the same does not. */
export function supersedes(spectrum: Spectrum, known: Spectrum | null): boolean {
  if (known === null) return true
  return (spectrum.revision ?? 0n) >= (known.revision ?? 0n) && !isDeepStrictEqual(spectrum.bands, known.bands)
}

/** The one that holds of those that are known of one star. */
export function spectrumInForce(...known: readonly (Spectrum | null)[]): Spectrum | null {
  return known.reduce((held, one) => (one !== null && supersedes(one, held) ? one : held), null)
}
