// The names that people type for quantities and surveys, with or without units, whatever their case.
import {
  modelObservables,
  modelParameters,
  modelSpectra,
  type NamedQuantity,
  pixelModalities,
  spectrumNames,
} from '../../models/index.ts'
import { derivedNames, FusionError, quantity, readSurvey, surveyNames } from '../../schemas/index.ts'
import { nearestNames } from '../../streams/index.ts'

const same = (name: string): NamedQuantity => ({ name, quantity: name, offsetDex: null })
const power = (name: string, quantity: string, offsetDex = 0): NamedQuantity => ({ name, quantity, offsetDex })

/** Every name that is told back. */
const named: readonly NamedQuantity[] = [
  ...[...modelObservables, ...modelParameters, ...derivedNames].map(same),
  power('ageYr', 'logAgeYr'),
  power('ageMyr', 'logAgeYr', 6),
  power('ageGyr', 'logAgeYr', 9),
  power('massMsun', 'logMassMsun'),
  power('teffK', 'logTeffK'),
  power('luminosityLsun', 'logLuminosityLsun'),
  power('distancePc', 'logDistancePc'),
  power('distanceKpc', 'logDistancePc', 3),
  power('radiusRsun', 'logRadiusRsun'),
]

/** What is short of a unit where one is usual. */
const short: Readonly<Record<string, string>> = {
  age: 'ageMyr',
  logAge: 'logAgeYr',
  mass: 'massMsun',
  logMass: 'logMassMsun',
  teff: 'teffK',
  logTeff: 'logTeffK',
  luminosity: 'luminosityLsun',
  logLuminosity: 'logLuminosityLsun',
  logL: 'logLuminosityLsun',
  distance: 'distancePc',
  logDistance: 'logDistancePc',
  radius: 'radiusRsun',
  logRadius: 'logRadiusRsun',
  logg: 'loggDex',
  feh: 'fehDex',
  av: 'avMag',
  parallax: 'parallaxMas',
  ...Object.fromEntries(modelObservables.filter(name => name.endsWith('Mag')).map(name => [name.slice(0, -3), name])),
}

const observablesOfFamily: Readonly<Record<string, readonly string[]>> = {
  gaia: ['parallaxMas', 'gMag', 'bpMag', 'rpMag'],
  twoMass: ['jMag', 'hMag', 'ksMag'],
  wise: ['w1Mag', 'w2Mag', 'w3Mag', 'w4Mag'],
}

const groups: Readonly<Record<string, readonly string[]>> = {
  ...observablesOfFamily,
  '2mass': observablesOfFamily.twoMass,
  ...Object.fromEntries(surveyNames().map(name => [name, observablesOfFamily[readSurvey(name).family] ?? []])),
  parameters: [...modelParameters, ...derivedNames],
}

/** Spectra can be left out, and not asked for. */
const spectra: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(spectrumNames.map(name => [name, [name]])),
  ...Object.fromEntries(
    pixelModalities.flatMap(({ surveys, spectrumName }) => surveys.map(survey => [survey, [spectrumName]])),
  ),
  lamost: pixelModalities.map(({ spectrumName }) => spectrumName).filter(name => name.startsWith('lamost')),
  xp: modelSpectra,
  gaiaXp: modelSpectra,
  spectra: spectrumNames,
}

const byLowerCase = <T>(entries: readonly (readonly [string, T])[]) =>
  new Map(entries.map(([name, value]) => [name.toLowerCase(), value]))
const quantities = byLowerCase([
  ...named.map(one => [one.name, one] as const),
  ...Object.entries(short).flatMap(([name, full]) =>
    named.filter(one => one.name === full).map(one => [name, one] as const),
  ),
])
const groupsByName = byLowerCase(Object.entries(groups))
const leftOutByName = byLowerCase(Object.entries({ ...groups, ...spectra, parameters: [] }))
const quantityNames = [...named.map(({ name }) => name), ...Object.keys(short)]
const groupNames = ['Gaia', '2MASS', 'WISE']
const spectraNames = ['XP', 'BOSS', 'LAMOST', 'APOGEE', 'spectra']

/** @throws FusionError QUESTION_INVALID that offers the nearest names */
export function findQuantity(text: string): NamedQuantity {
  const found = quantities.get(text.toLowerCase())
  if (found === undefined) throw unknown(text, quantityNames)
  return found
}

/** The quantities that one of the asked names stands for: itself, or those of a survey, or `parameters`. */
export function findAsked(text: string): readonly NamedQuantity[] {
  const group = groupsByName.get(text.toLowerCase())
  if (group !== undefined) return group.map(same)
  const found = quantities.get(text.toLowerCase())
  if (found === undefined) throw unknown(text, [...quantityNames, ...groupNames, 'parameters'])
  return [found]
}

/** What is left out under a name: the observables or spectra of a survey, or one of them. */
export function findLeftOut(text: string): readonly string[] {
  const key = text.toLowerCase()
  const group = leftOutByName.get(key)
  if (group !== undefined && group.length > 0) return group
  const found = quantities.get(key)
  if (found !== undefined && (modelObservables as readonly string[]).includes(found.quantity)) return [found.quantity]
  if (found !== undefined) {
    throw invalid(
      `${text} is no measurement that could be left out: name a survey, ${[...groupNames, ...spectraNames].join(', ')}, or a band.`,
    )
  }
  throw unknown(text, [...modelObservables, ...groupNames, ...spectraNames])
}

export function invalid(sentence: string): FusionError {
  return new FusionError('QUESTION_INVALID', sentence)
}

function unknown(text: string, known: readonly string[]): FusionError {
  const shown = JSON.stringify(text.slice(0, 60))
  return invalid(`Nothing is known by the name ${shown}: nearest are ${nearestNames(text, known).join(', ')}.`)
}

const prefixes: Readonly<Record<number, string>> = { 0: '', 3: 'k', 6: 'M', 9: 'G' }

/** The unit of a named quantity: that of the vocabulary, or what stands within its `dex(...)`. */
export function unitOf({ quantity: name, offsetDex }: NamedQuantity): string {
  const { unit } = quantity(name)
  if (offsetDex === null) return unit
  return `${prefixes[offsetDex]}${unit.replace(/^dex\((.*)\)$/, '$1')}`
}
