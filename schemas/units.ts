// Conversions and physical constants, each with its source.

/** IAU 2015 resolution B3: nominal solar effective temperature, kelvin. */
export const SUN_TEFF_K = 5772
/** IAU 2015 resolution B3: nominal solar radius. */
export const CM_PER_RSUN = 6.957e10
/** IAU 2012 resolution B2. */
export const CM_PER_AU = 1.495978707e13
/** IAU 2015 resolution B2: 648,000 / pi astronomical units. */
export const CM_PER_PC = 3.085677581491367e18
/** Stefan-Boltzmann constant, erg/s/cm2/K4 (CODATA 2018). */
export const STEFAN_BOLTZMANN = 5.670374419e-5
/** Second radiation constant hc/k, micron kelvin (CODATA 2018). */
export const C2_UM_K = 14387.768775
/** log10 of the solar surface gravity in cm/s2, from GM_sun = 1.3271244e26 cm3/s2 and R_sun = 6.957e10 cm (IAU 2015 B3). */
export const SUN_LOGG_DEX = Math.log10(1.3271244e26 / CM_PER_RSUN ** 2)
export const RAD_PER_DEG = Math.PI / 180
export const RAD_PER_ARCSEC = Math.PI / 648_000
export const ARCSEC_PER_DEG = 3600
export const MAS_PER_ARCSEC = 1000
/** Error of a magnitude for a flux signal-to-noise of 1: 2.5 / ln 10. */
export const MAG_PER_RELATIVE_FLUX = 2.5 / Math.LN10

/** Factor that turns a value in the unit into one in the canonical unit of its kind. */
const factors = new Map<string, { readonly canonical: string; readonly factor: number }>([
  ['mas', { canonical: 'mas', factor: 1 }],
  ['arcsec', { canonical: 'mas', factor: 1000 }],
  ['uas', { canonical: 'mas', factor: 1e-3 }],
  ['deg', { canonical: 'deg', factor: 1 }],
  ['rad', { canonical: 'deg', factor: 180 / Math.PI }],
  ['hourangle', { canonical: 'deg', factor: 15 }],
  ['mas/yr', { canonical: 'mas/yr', factor: 1 }],
  ['arcsec/yr', { canonical: 'mas/yr', factor: 1000 }],
  ['mag', { canonical: 'mag', factor: 1 }],
  ['mmag', { canonical: 'mag', factor: 1e-3 }],
  ['', { canonical: '', factor: 1 }],
])

export function isUnit(unit: string): boolean {
  return factors.has(unit)
}

/**
 * Factor from one unit to another.
 * @throws RangeError when a unit is unknown or the two measure different things
 */
export function unitFactor(from: string, to: string): number {
  const a = factors.get(from)
  const b = factors.get(to)
  if (a === undefined || b === undefined)
    throw new RangeError(`unitFactor: unknown unit ${a === undefined ? from : to}`)
  if (a.canonical !== b.canonical) throw new RangeError(`unitFactor: ${from} cannot be turned into ${to}`)
  return a.factor / b.factor
}

/** Stefan-Boltzmann: log10 of the radius in solar radii. */
export function logRadiusRsun(logLuminosityLsun: number, logTeffK: number): number {
  return 0.5 * logLuminosityLsun - 2 * (logTeffK - Math.log10(SUN_TEFF_K))
}

/** Stefan-Boltzmann: log10 of the luminosity in solar luminosities. */
export function logLuminosityLsun(logRadius: number, logTeffK: number): number {
  return 2 * logRadius + 4 * (logTeffK - Math.log10(SUN_TEFF_K))
}

/** Newton: surface gravity in dex(cm/s2) of a mass and a radius, both log10 in solar units. */
export function loggDex(logMassMsun: number, logRadius: number): number {
  return SUN_LOGG_DEX + logMassMsun - 2 * logRadius
}
