// The quantities that a filter may name, and the units that their values are written in.
import { inferredNames } from '../quantities.ts'

/** What a number with a unit means: `value * 10^dex`, in the unit of the vocabulary without its dex. */
export type FilterUnits = Readonly<Record<string, number>>

export interface FilterQuantity {
  /** As a filter is printed. */
  readonly name: string
  /** Its name in the vocabulary, where it may be a logarithm. */
  readonly quantity: string
  /** True where values are typed plain and the vocabulary holds their log10. */
  readonly isPlain: boolean
  /** May be left out where there is one only. */
  readonly units: FilterUnits
}

const plain = (name: string, quantity: string, units: FilterUnits): FilterQuantity => ({
  ...{ name, quantity, units },
  isPlain: true,
})
const asHeld = (name: string, quantity: string, unit: string): FilterQuantity => ({
  ...{ name, quantity, units: { [unit]: 0 } },
  isPlain: false,
})

const named: readonly FilterQuantity[] = [
  plain('age', 'logAgeYr', { yr: 0, Myr: 6, Gyr: 9 }),
  plain('mass', 'logMassMsun', { Msun: 0 }),
  plain('teff', 'logTeffK', { K: 0 }),
  plain('luminosity', 'logLuminosityLsun', { Lsun: 0 }),
  plain('distance', 'logDistancePc', { pc: 0, kpc: 3 }),
  plain('radius', 'logRadiusRsun', { Rsun: 0 }),
  asHeld('av', 'avMag', 'mag'),
  asHeld('logg', 'loggDex', 'dex'),
  asHeld('feh', 'fehDex', 'dex'),
  plain('ageYr', 'logAgeYr', { yr: 0 }),
  plain('ageMyr', 'logAgeYr', { Myr: 6 }),
  plain('ageGyr', 'logAgeYr', { Gyr: 9 }),
  plain('massMsun', 'logMassMsun', { Msun: 0 }),
  plain('teffK', 'logTeffK', { K: 0 }),
  plain('luminosityLsun', 'logLuminosityLsun', { Lsun: 0 }),
  plain('distancePc', 'logDistancePc', { pc: 0 }),
  plain('distanceKpc', 'logDistancePc', { kpc: 3 }),
  plain('radiusRsun', 'logRadiusRsun', { Rsun: 0 }),
  ...inferredNames.map(name => asHeld(name, name, name === 'avMag' ? 'mag' : 'dex')),
]

const byLowerCase = new Map(named.map(one => [one.name.toLowerCase(), one]))

/** Short names, for a sentence. */
export const shortQuantityNames: readonly string[] = named.slice(0, 9).map(({ name }) => name)

/** `null` where nothing has the name; its case does not matter. */
export function filterQuantity(name: string): FilterQuantity | null {
  return byLowerCase.get(name.toLowerCase()) ?? null
}
