// The spectra of a star to look at: pixels as they were delivered, where there are very many the means of neighbours.
import { createXpCalibration, segmentsOfPixels } from '../../models/index.ts'
import type { SpectrumSegment, Star, StarSpectrum } from '../../schemas/index.ts'
import { wavelengthsNm } from './spectrumView.ts'

export interface ShownPixels {
  /** Chip, arm or kind of sum. */
  readonly name: string
  /** vacuum or air. */
  readonly medium: string
  readonly fluxUnit: string
  /** absolute, relative or normalised. */
  readonly fluxScale: string
  /** As the survey delivered them. */
  readonly pixelCount: number
  /** How many neighbours each pixel is the mean of. */
  readonly binnedBy: number
  readonly wavelengthNm: readonly number[]
  /** Null where no pixel says anything. */
  readonly flux: readonly (number | null)[]
  /** 1 sigma; null where the flux is, and where it is not known. */
  readonly sigma: readonly (number | null)[]
}

export interface ShownSpectrum {
  readonly survey: string
  readonly product: string
  readonly source: string
  readonly spectrumId: string
  readonly file: string
  readonly epochMjd: number | null
  readonly signalToNoise: number | null
  /** Probability that it is of this star; null where the survey's own id says so. */
  readonly matchProbability: number | null
  readonly segments: readonly ShownPixels[]
}

/** @param maxPixels of each spectrum, over all its segments; at least one is left of each segment */
export function shownSpectra(star: Pick<Star, 'spectra' | 'pixelSpectra' | 'pixels'>, maxPixels: number) {
  const { spectra = [], pixelSpectra = [], pixels = [] } = star
  const withPixels = pixelSpectra.flatMap((spectrum, i): readonly ShownSpectrum[] => {
    const bytes = pixels[i]
    const { survey, product, source, spectrumId, file, epochMjd, signalToNoise, matchProbability } = spectrum
    const segments = bytes === undefined ? [] : segmentsOfPixels(bytes)
    if (segments.length === 0) return []
    const count = segments.reduce((sum, { fluxes }) => sum + fluxes.length, 0)
    return [
      {
        ...{ survey, product, source, spectrumId, file, epochMjd, signalToNoise, matchProbability },
        segments: segments.map(segment => meansOf(segment, Math.ceil(count / maxPixels))),
      },
    ]
  })
  return [...spectra.flatMap(ofCoefficients), ...withPixels]
}

/** Neighbours weighed by their inverse variances; pixels without one say nothing. */
export function meansOf(segment: SpectrumSegment, binnedBy: number): ShownPixels {
  const { name, medium, fluxUnit, fluxScale, fluxes, ivars } = segment
  const nm = wavelengthsNm(segment)
  const wavelengthNm: number[] = []
  const flux: (number | null)[] = []
  const sigma: (number | null)[] = []
  for (let from = 0; from < nm.length; from += binnedBy) {
    const to = Math.min(nm.length, from + binnedBy)
    let [place, sum, weight] = [0, 0, 0]
    for (let i = from; i < to; i++) {
      place += nm[i]
      const value = fluxes[i]
      if (value === null || !(ivars[i] > 0)) continue
      sum += value * ivars[i]
      weight += ivars[i]
    }
    wavelengthNm.push(place / (to - from))
    flux.push(weight > 0 ? sum / weight : null)
    sigma.push(weight > 0 ? weight ** -0.5 : null)
  }
  return { name, medium, fluxUnit, fluxScale, pixelCount: nm.length, binnedBy, wavelengthNm, flux, sigma }
}

const COEFFICIENTS = 55
/** Without correlations, which a star does not keep, there is a flux and no error. */
const uncorrelated = new Float64Array((COEFFICIENTS * (COEFFICIENTS - 1)) / 2)
let calibration: ReturnType<typeof createXpCalibration> | null = null

/** Gaia's coefficients as the flux they stand for, at the wavelengths of the archive; none of bands cut short. */
function ofCoefficients({ survey, product, source, spectrumId, file, bands }: StarSpectrum): readonly ShownSpectrum[] {
  const bandOf = (wanted: string) => {
    const band = bands.find(({ name }) => name === wanted)
    if (band?.coefficients.length !== COEFFICIENTS || band.errors.length !== COEFFICIENTS) return null
    return { coefficients: band.coefficients, errors: band.errors, correlations: uncorrelated }
  }
  calibration ??= createXpCalibration()
  const found = calibration.calibrate({ bp: bandOf('BP'), rp: bandOf('RP') })
  if (found === undefined) return []
  const segment = {
    ...{ name: 'BP and RP', medium: 'vacuum', fluxUnit: 'W/m2/nm', fluxScale: 'absolute' },
    ...{ pixelCount: found.flux.length, binnedBy: 1 },
    wavelengthNm: [...found.wavelengthsNm],
    flux: [...found.flux],
    sigma: Array.from(found.flux, () => null),
  }
  const shown = {
    survey,
    product,
    source,
    spectrumId,
    file,
    epochMjd: null,
    signalToNoise: null,
    matchProbability: null,
  }
  return [{ ...shown, segments: [segment] }]
}
