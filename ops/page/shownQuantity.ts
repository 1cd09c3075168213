// How quantities are named and their numbers written: the unit people use, and as many digits as the error has.

export interface ShownQuantity {
  readonly label: string
  /** Empty for pure numbers. */
  readonly unit: string
  /** From the posterior's own scale, such as log10 of years, to the unit. */
  readonly toUnit: (value: number) => number
  readonly isLog: boolean
}

const power = (label: string, unit: string, offset = 0): ShownQuantity => ({
  label,
  unit,
  toUnit: value => 10 ** (value - offset),
  isLog: true,
})
const plain = (label: string, unit: string): ShownQuantity => ({ label, unit, toUnit: value => value, isLog: false })

const shown: Readonly<Record<string, ShownQuantity>> = {
  logAgeYr: power('Age', 'Myr', 6),
  logMassMsun: power('Mass', 'Msun'),
  logTeffK: power('Temperature', 'K'),
  logLuminosityLsun: power('Luminosity', 'Lsun'),
  avMag: plain('Extinction A_V', 'mag'),
  logDistancePc: power('Distance', 'pc'),
  fehDex: plain('Metallicity [Fe/H]', 'dex'),
  logRadiusRsun: power('Radius', 'Rsun'),
  loggDex: plain('Gravity log g', 'dex(cm/s²)'),
  parallaxMas: plain('Parallax', 'mas'),
  gMag: plain('G', 'mag'),
  bpMag: plain('BP', 'mag'),
  rpMag: plain('RP', 'mag'),
  jMag: plain('J', 'mag'),
  hMag: plain('H', 'mag'),
  ksMag: plain('Ks', 'mag'),
  w1Mag: plain('W1', 'mag'),
  w2Mag: plain('W2', 'mag'),
  w3Mag: plain('W3', 'mag'),
  w4Mag: plain('W4', 'mag'),
  pmRaCosDecMasPerYr: plain('Proper motion RA', 'mas/yr'),
  pmDecMasPerYr: plain('Proper motion Dec', 'mas/yr'),
}

export function shownQuantity(name: string): ShownQuantity {
  return shown[name] ?? plain(name, '')
}

const classWords: Readonly<Record<string, string>> = {
  young: 'Young',
  youngDisk: 'Young with a disk',
  youngDiskless: 'Young without a disk',
  mainSequence: 'Main sequence',
  giant: 'Giant',
}

export function className(name: string): string {
  return classWords[name] ?? name
}

const surveyWords: Readonly<Record<string, string>> = {
  gaiaDr2: 'Gaia DR2',
  gaiaDr3: 'Gaia DR3',
  twoMass: '2MASS',
  allWise: 'AllWISE',
  gaiaXp: 'Gaia XP',
  apogee: 'APOGEE',
  sdss: 'SDSS',
  boss: 'BOSS',
  desi: 'DESI',
  lamostLrs: 'LAMOST LRS',
  lamostMrs: 'LAMOST MRS',
}

export function surveyName(name: string): string {
  return surveyWords[name] ?? name
}

const flagWords: Readonly<Record<string, string>> = {
  unlikeTraining: 'Unlike the training: one simulated star in a thousand lies as far out',
  ambiguousMatch: 'Ambiguous match: more than one source could be this star',
  outOfDistribution: 'Outside of what the model was trained on',
  fewEffectiveDraws: 'Few draws speak for what was given: the answer is coarse',
}

const causeWords: Readonly<Record<string, string>> = {
  typicalErr: 'no error came with it, a typical one was taken',
  suspect: 'suspect',
  contaminated: 'contaminated',
}

/** Flags of measurements are survey:quantity:cause. */
export function flagText(flag: string): string {
  const [survey, name, cause] = flag.split(':')
  if (name === undefined || cause === undefined) return flagWords[flag] ?? flag
  return `${surveyName(survey)} ${shownQuantity(name).label}: ${causeWords[cause] ?? cause}`
}

/** A number to so many significant digits, without an exponent between 0.001 and ten million, digits in groups. */
export function numberText(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return 'none'
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= 1e7 || size < 1e-3) {
    const [mantissa, exponent] = value.toExponential(Math.max(0, digits - 1)).split('e')
    return `${mantissa.replace('-', '−')}×10${superscript(Number(exponent))}`
  }
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)))
  return value
    .toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
    .replaceAll(',', '\u202f')
    .replace('-', '−')
}

/** A whole number, digits in groups. */
export function countText(value: number): string {
  return fixedText(value, 0)
}

/** Decimals that leave an error its two leading digits. */
export function decimalsFor(error: number): number {
  return error > 0 ? Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(error)))) : 2
}

export function fixedText(value: number, decimals: number): string {
  return value
    .toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
    .replaceAll(',', '\u202f')
    .replace('-', '−')
}

export interface IntervalText {
  readonly median: string
  readonly minus: string
  readonly plus: string
  readonly unit: string
}

/** Median and 68% interval of a quantity in the unit people use; quantiles survive a rising function. */
export function intervalText(
  name: string,
  { q16, q50, q84 }: { readonly q16: number; readonly q50: number; readonly q84: number },
): IntervalText {
  const { toUnit, unit } = shownQuantity(name)
  const [low, median, high] = [toUnit(q16), toUnit(q50), toUnit(q84)]
  const decimals = decimalsFor(Math.min(median - low, high - median))
  return {
    median: fixedText(median, decimals),
    minus: fixedText(median - low, decimals),
    plus: fixedText(high - median, decimals),
    unit,
  }
}

export function percentText(probability: number): string {
  const percent = 100 * probability
  if (percent > 0 && percent < 0.1) return '< 0.1%'
  if (percent < 100 && percent > 99.9) return '> 99.9%'
  return `${percent.toFixed(percent < 10 || percent > 90 ? 1 : 0)}%`
}

const raised = '⁰¹²³⁴⁵⁶⁷⁸⁹'

function superscript(value: number): string {
  const digits = Array.from(String(Math.abs(value)), digit => raised[Number(digit)]).join('')
  return value < 0 ? `⁻${digits}` : digits
}
