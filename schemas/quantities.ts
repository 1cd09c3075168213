// The vocabulary: every observable and parameter, with unit, symbol, range and token id.
// A token id is for ever: ids of removed quantities are not used again, or old checkpoints would misread stars.

export type QuantityRole =
  /** Measured by a survey. */
  | 'observable'
  /** Inferred by the model directly. */
  | 'parameter'
  /** Follows from parameters by an exact identity. */
  | 'derived'

export interface Quantity {
  readonly name: string
  readonly role: QuantityRole
  readonly token: number
  readonly unit: string
  readonly symbol: string
  /** What is physically or instrumentally possible; outside it a value is refused. */
  readonly min: number
  readonly max: number
  readonly description: string
}

const define =
  (role: QuantityRole) =>
  (
    token: number,
    name: string,
    unit: string,
    symbol: string,
    min: number,
    max: number,
    description: string,
  ): Quantity => ({ name, role, token, unit, symbol, min, max, description })
const observable = define('observable')
const parameter = define('parameter')
const derived = define('derived')

export const quantities: readonly Quantity[] = [
  observable(0, 'parallaxMas', 'mas', '\u03d6', -100, 1000, 'parallax, zero point removed; may be negative'),
  observable(1, 'gMag', 'mag', 'G', -3, 25, 'Gaia G, Vega'),
  observable(2, 'bpMag', 'mag', 'G_BP', -3, 26, 'Gaia BP, Vega'),
  observable(3, 'rpMag', 'mag', 'G_RP', -3, 25, 'Gaia RP, Vega'),
  observable(4, 'jMag', 'mag', 'J', -5, 22, '2MASS J, Vega'),
  observable(5, 'hMag', 'mag', 'H', -5, 22, '2MASS H, Vega'),
  observable(6, 'ksMag', 'mag', 'K_s', -5, 22, '2MASS Ks, Vega'),
  observable(7, 'w1Mag', 'mag', 'W1', -5, 20, 'WISE 3.4 um, Vega'),
  observable(8, 'w2Mag', 'mag', 'W2', -5, 20, 'WISE 4.6 um, Vega'),
  observable(9, 'w3Mag', 'mag', 'W3', -6, 18, 'WISE 12 um, Vega'),
  observable(10, 'w4Mag', 'mag', 'W4', -7, 14, 'WISE 22 um, Vega'),
  observable(
    11,
    'pmRaCosDecMasPerYr',
    'mas/yr',
    '\u03bc_\u03b1*',
    -11000,
    11000,
    'proper motion in right ascension times cos(dec)',
  ),
  observable(12, 'pmDecMasPerYr', 'mas/yr', '\u03bc_\u03b4', -11000, 11000, 'proper motion in declination'),
  parameter(64, 'logAgeYr', 'dex(yr)', 'log age', 5, 10.3, 'log10 of the age in years'),
  parameter(65, 'logMassMsun', 'dex(solMass)', 'log M', -2.2, 2, 'log10 of the initial mass in solar masses'),
  parameter(66, 'fehDex', 'dex', '[Fe/H]', -3, 1, 'iron abundance relative to the Sun'),
  parameter(67, 'logTeffK', 'dex(K)', 'log T_eff', 3.2, 5, 'log10 of the effective temperature in kelvin'),
  parameter(
    68,
    'logLuminosityLsun',
    'dex(solLum)',
    'log L',
    -5,
    6.5,
    'log10 of the bolometric luminosity in solar units',
  ),
  parameter(69, 'avMag', 'mag', 'A_V', 0, 60, 'extinction at V'),
  parameter(70, 'logDistancePc', 'dex(pc)', 'log d', 0, 5.3, 'log10 of the distance in parsec'),
  derived(
    96,
    'logRadiusRsun',
    'dex(solRad)',
    'log R',
    -3,
    4,
    'log10 of the radius, from L and T_eff (Stefan-Boltzmann)',
  ),
  derived(97, 'loggDex', 'dex(cm/s2)', 'log g', -2, 7, 'surface gravity, from mass and radius'),
]

const byName = new Map(quantities.map(quantity => [quantity.name, quantity]))

/** @throws RangeError when no quantity has that name */
export function quantity(name: string): Quantity {
  const found = byName.get(name)
  if (found === undefined) throw new RangeError(`quantity: no quantity is named ${name}`)
  return found
}

export function isQuantity(name: string): boolean {
  return byName.has(name)
}

export const observableNames: readonly string[] = quantities.filter(q => q.role === 'observable').map(q => q.name)
export const parameterNames: readonly string[] = quantities.filter(q => q.role === 'parameter').map(q => q.name)
export const derivedNames: readonly string[] = quantities.filter(q => q.role === 'derived').map(q => q.name)
/** All that posteriors tell of a star. */
export const inferredNames: readonly string[] = [...parameterNames, ...derivedNames]

/** Classes of stars, in the order of the classifier's outputs. */
export const starClasses = ['youngDisk', 'youngDiskless', 'mainSequence', 'giant'] as const
export type StarClass = (typeof starClasses)[number]
/** P(young) is their sum. */
export const youngClasses: readonly StarClass[] = ['youngDisk', 'youngDiskless']
