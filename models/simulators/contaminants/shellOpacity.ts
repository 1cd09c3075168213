// Opacity of circumstellar dust by analytic profiles, and the bands of PAH.
import { LONG_COUNT, longCentresUm } from './emissionGrid.ts'

/** Below this grains are larger than the wavelength, and opacity is flat. */
const FLAT_BELOW_UM = 0.3

/** Drude profile, 1 at its peak. */
export function drude(um: number, peakUm: number, width: number): number {
  return width ** 2 / ((um / peakUm - peakUm / um) ** 2 + width ** 2)
}

/**
 * What circumstellar silicate absorbs, 1 at 9.7 um. Peaks 2.4 and 8 um wide, and an eighth of the peak at 2.2 um, after
 * Ossenkopf, Henning & Mathis 1992, A&A 261, 567.
 */
export const silicate: Float64Array = scaled(
  um => 0.15 * (2.2 / um) ** 1.2 + 0.9 * drude(um, 9.7, 0.25) + 0.4 * drude(um, 18, 0.45),
  9.7,
)

/** Amorphous carbon as lambda^-1.1 (Rouleau & Martin 1991, ApJ 377, 526), 1 at 11.3 um without SiC. */
const carbon = scaled(um => um ** -1.1, 11.3)
/** SiC at 11.3 um, 1.7 um wide (Pegourie 1988, A&A 194, 335), 1 at its peak. */
const siliconCarbide = scaled(um => drude(um, 11.3, 0.15), 11.3)

/** Carbon with silicon carbide, 1 at 11.3 um. */
export function carbonInto(sicShare: number, out: Float64Array): void {
  for (let i = 0; i < LONG_COUNT; i++) out[i] = (carbon[i] + sicShare * siliconCarbide[i]) / (1 + sicShare)
}

/** um, width, share of the power of all: Smith+ 2007, ApJ 656, 770, table 7 rounded; 3.3 um after Draine & Li 2007. */
const pahBands = [
  [3.3, 0.012, 0.02],
  [6.22, 0.03, 0.12],
  [7.7, 0.1, 0.43],
  [8.6, 0.04, 0.08],
  [11.3, 0.03, 0.12],
  [12.6, 0.042, 0.07],
  [17, 0.065, 0.07],
] as const

/** F_lambda of PAH: a Drude profile in F_nu for each band, of its share of the power. */
export const pahShape: Float64Array = Float64Array.from(longCentresUm, um => {
  let sum = 0
  // The integral of a Drude profile over frequency is pi / 2 times its height and width.
  for (const [peakUm, width, share] of pahBands) sum += (share * drude(um, peakUm, width) * peakUm) / (width * um ** 2)
  return sum
})

function scaled(opacity: (um: number) => number, oneAtUm: number): Float64Array {
  return Float64Array.from(longCentresUm, um => opacity(Math.max(um, FLAT_BELOW_UM)) / opacity(oneAtUm))
}
