// The classes of young stars by the slope of their spectrum.

/** Slope alpha = d log(lambda F) / d log(lambda) from 2 to 24 micron: Lada 1987, with the borders of Greene+ 1994 (ApJ 434, 614). */
export const indexClasses = [
  { name: 'I', above: 0.3 },
  { name: 'flat', above: -0.3 },
  { name: 'II', above: -1.6 },
  { name: 'III', above: Number.NEGATIVE_INFINITY },
] as const

export type IndexClass = (typeof indexClasses)[number]['name']

/** Wavelengths between which the slope is fitted, micron. */
export const INDEX_FROM_UM = 2
export const INDEX_TO_UM = 24

/**
 * Slope of lambda F_lambda between 2 and 24 micron: a straight line through all points there, in the logarithms.
 *
 * @param wavelengthsUm [N] ascending, some of them in the interval
 * @param flux [N] per unit wavelength, > 0
 * @throws RangeError when fewer than two points lie in the interval or one of them is not positive
 */
export function spectralIndex(wavelengthsUm: ArrayLike<number>, flux: ArrayLike<number>): number {
  let [n, sx, sy, sxx, sxy] = [0, 0, 0, 0, 0]
  for (let i = 0; i < wavelengthsUm.length; i++) {
    if (wavelengthsUm[i] < INDEX_FROM_UM || wavelengthsUm[i] > INDEX_TO_UM) continue
    if (!(flux[i] > 0)) throw new RangeError(`spectralIndex: a flux of ${flux[i]} at ${wavelengthsUm[i]} micron`)
    const x = Math.log(wavelengthsUm[i])
    const y = x + Math.log(flux[i])
    n++
    sx += x
    sy += y
    sxx += x * x
    sxy += x * y
  }
  if (n < 2) throw new RangeError('spectralIndex: fewer than two points from 2 to 24 micron')
  return (n * sxy - sx * sy) / (n * sxx - sx * sx)
}

/** The class of a slope. */
export function classOfIndex(alpha: number): IndexClass {
  return (indexClasses.find(({ above }) => alpha >= above) ?? indexClasses[3]).name
}
