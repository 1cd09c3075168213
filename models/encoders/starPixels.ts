// Pixels of a spectrum on their way to a model: what a star keeps of them, and which of a star's spectra are given.
import {
  decode,
  isFusionError,
  type PixelSpectrum,
  type Pixels,
  type Spectrum,
  type SpectrumSegment,
  type Star,
} from '../../schemas/index.ts'
import { totalSignal } from '../matching/spectrumSource.ts'
import type { GivenPixels } from '../posterior.ts'
import { modalityOf } from './modalities.ts'
import { binPixels } from './pixelBins.ts'

const LARGEST_FLOAT = 2 ** 128 - 2 ** 104

/** Without masks, and with 32 bits of each flux and inverse variance; a flux beyond them is none. Wavelengths are as they were. */
export function packPixels(segments: readonly SpectrumSegment[]): Pixels {
  return {
    segments: segments.map(segment => {
      const { name, medium, wavelengthUnit, wavelengthScale, wavelengths, wavelengthLaw, fluxUnit, fluxScale } = segment
      const fluxes = segment.fluxes.map(flux =>
        flux === null || Math.abs(flux) > LARGEST_FLOAT ? null : Math.fround(flux),
      )
      const ivars = segment.ivars.map((ivar, i) =>
        fluxes[i] === null ? 0 : Math.fround(Math.min(ivar, LARGEST_FLOAT)),
      )
      return {
        ...{ name, medium, wavelengthUnit, wavelengthScale, wavelengths, wavelengthLaw, fluxUnit, fluxScale },
        ...{ fluxes, ivars },
      }
    }),
  }
}

/** @param bytes of a pixels record */
export function segmentsOfPixels(bytes: Uint8Array): readonly SpectrumSegment[] {
  return decode('pixels', bytes).segments.map(segment => ({
    ...segment,
    masks: [],
    signalToNoise: null,
    badPixelCount: segment.ivars.filter(ivar => ivar === 0).length,
    missingPixelCount: segment.fluxes.filter(flux => flux === null).length,
  }))
}

/** Of the pixels that have an error: how many there are, and the median of flux, without its sign, over error; null where there are none. */
export function signalOfPixels(
  segments: readonly SpectrumSegment[],
): Required<Pick<Spectrum, 'medianSignalToNoise' | 'goodPixelCount'>> {
  const ratios = segments.flatMap(({ fluxes, ivars }) =>
    fluxes.flatMap((flux, i) => (flux === null || ivars[i] === 0 ? [] : Math.abs(flux) * Math.sqrt(ivars[i]))),
  )
  const known = Float64Array.from(ratios.filter(Number.isFinite)).sort()
  const count = known.length
  const median = count === 0 ? null : (known[(count - 1) >> 1] + known[count >> 1]) / 2
  return { medianSignalToNoise: median, goodPixelCount: count }
}

/** A spectrum of a star that a model is given. */
export interface ChosenPixels {
  readonly spectrum: PixelSpectrum
  readonly given: GivenPixels
}

/**
 * What a model is given of a star's spectra with pixels: of those that one encoder reads the one with the most signal.
 * @param spectrumNames of the spectra that it reads, such as bossSpectrum
 */
export function chosenPixels(
  { pixelSpectra = [], pixels = [] }: Pick<Star, 'pixelSpectra' | 'pixels'>,
  spectrumNames: readonly string[],
): readonly ChosenPixels[] {
  const chosen = new Map<string, ChosenPixels>()
  pixelSpectra.forEach((spectrum, i) => {
    const name = modalityOf(spectrum.survey)?.spectrumName
    if (name === undefined || !spectrumNames.includes(name) || pixels[i] === undefined) return
    const known = chosen.get(name)?.spectrum
    if (known !== undefined && signalOf(known) >= signalOf(spectrum)) return
    const given = { survey: spectrum.survey, segments: segmentsOfPixels(pixels[i]) }
    if (unreadPixels(given) === null) chosen.set(name, { spectrum, given })
  })
  return [...chosen.values()]
}

const signalOf = ({ signalToNoise, pixelCount }: PixelSpectrum) => totalSignal(signalToNoise, pixelCount)

/** Why no encoder can read a spectrum, in words; null where one can. */
export function unreadPixels({ survey, segments }: GivenPixels): string | null {
  const modality = modalityOf(survey)
  if (modality === null) return `no model reads spectra of ${survey}`
  try {
    binPixels(segments, modality.grid)
    return null
  } catch (error) {
    if (isFusionError(error)) return 'no good pixel where the model reads it'
    throw error
  }
}
