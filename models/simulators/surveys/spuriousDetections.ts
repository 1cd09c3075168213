// W3 and W4 of AllWISE that are not the star: peaks of the noise everywhere, knots of nebulae near young stars.
import type { Rng } from '../../math/rng.ts'
import { logNormal, normalCdf } from '../../math/special.ts'

interface SpuriousBand {
  /** Where detections end, mag. */
  readonly endMag: number
  /** Share of undetectable stars with a detection all the same, under a clean sky; M67 has 2 to 3% in W3 and 1% in W4. */
  readonly cleanShare: number
  /** Mean brightness above `endMag` of a noise peak, and of a nebular knot (exponential), mag. */
  readonly cleanMag: number
  readonly nebulaMag: number
  /** log10 of the median error at `endMag`, its slope (dex a mag of brightness) and its spread beside a nebula, dex. */
  readonly logEndError: number
  readonly slopeDex: number
  readonly spreadDex: number
  readonly maxError: number
}

/**
 * Magnitudes and errors are those of the spurious half of Gezer+ 2025's table of verified detections (the exponential scale, slope and
 * spread of its medians). Koenig & Leisawitz 2014, ApJ 791, 131 find that in star-forming regions most W3 and W4 of the catalogue
 * are of this kind: the share grows with the nebula towards `nebulaShare`.
 */
export const spuriousBands: readonly SpuriousBand[] = [
  {
    endMag: 12.5,
    cleanShare: 0.022,
    cleanMag: 0.4,
    nebulaMag: 2.1,
    logEndError: -0.38,
    slopeDex: 0.21,
    spreadDex: 0.25,
    maxError: 0.543,
  },
  {
    endMag: 9.0,
    cleanShare: 0.01,
    cleanMag: 0.3,
    nebulaMag: 2.45,
    logEndError: -0.4,
    slopeDex: 0.2,
    spreadDex: 0.25,
    maxError: 0.543,
  },
]

/** Share of undetectable stars that get a nebular knot in the thickest nebula; half of it where a nebula takes 1 mag of the depth. Both are a choice. */
export const nebulaShare = 0.6
export const nebulaScaleMag = 1.4

export interface SpuriousDetection {
  mag: number
  error: number
}

/**
 * Draws a spurious detection for a band of an AllWISE source that is too faint for it.
 *
 * @param bandIndex 0 for W3, 1 for W4
 * @returns false for none, and `out` is as before
 */
export function drawSpurious(bandIndex: number, nebulaDepthMag: number, rng: Rng, out: SpuriousDetection): boolean {
  const band = spuriousBands[bandIndex]
  const nebular = nebulaShare * (1 - Math.exp(-Math.max(0, nebulaDepthMag) / nebulaScaleMag))
  const u = rng.uniform()
  if (u >= nebular + band.cleanShare) return false
  const scaleMag = u < nebular ? band.nebulaMag : band.cleanMag
  const above = -scaleMag * Math.log(rng.uniform())
  out.mag = band.endMag - above
  const [logError, spread] = errorLaw(band, above)
  out.error = 10 ** (logError + spread * rng.normal())
  // A detection has a signal-to-noise of at least 2: the error of a magnitude ends there.
  if (out.error > band.maxError) out.error = band.maxError
  return true
}

/** Mean and spread of log10 of the error of a detection so much above the end. */
function errorLaw(band: SpuriousBand, aboveMag: number): readonly [number, number] {
  return [band.logEndError - band.slopeDex * Math.min(aboveMag, 6), band.spreadDex * Math.min(1, 0.2 + 0.4 * aboveMag)]
}

/** Errors this near below the largest count as cut to it, and are spread over so much of log10. */
const CUT_DEX = 0.02

/**
 * Density of `drawSpurious` in magnitude and log10 of its error; less than 1 in all, as there may be none.
 *
 * @param bandIndex 0 for W3, 1 for W4
 * @param nebular share of such stars with a knot of a nebula
 */
export function spuriousDensity(bandIndex: number, nebular: number, mag: number, error: number): number {
  const band = spuriousBands[bandIndex]
  const above = band.endMag - mag
  if (above < 0) return 0
  const [logError, spread] = errorLaw(band, above)
  const cut = Math.log10(band.maxError)
  const isCut = Math.log10(error) > cut - CUT_DEX
  const ofError = isCut
    ? (1 - normalCdf((cut - CUT_DEX - logError) / spread)) / CUT_DEX
    : Math.exp(logNormal(Math.log10(error), logError, spread))
  const ofMag = (share: number, scaleMag: number) => (share * Math.exp(-above / scaleMag)) / scaleMag
  return (ofMag(nebular, band.nebulaMag) + ofMag(band.cleanShare, band.cleanMag)) * ofError
}
