// Which passband each observable of the surveys is measured through.
import { type PassbandName, passbandNames } from '../photosphere/passbands.ts'
import { type SurveyName, surveyNames, surveyObservables, surveyRows } from '../surveys/surveyFacts.ts'
import { surveyOf } from '../surveys/tableGaps.ts'

/** Names that the surveys spell out and the passbands do not. */
const spelled: ReadonlyMap<string, PassbandName> = new Map([
  ['irac1Mag', 'i1Mag'],
  ['irac2Mag', 'i2Mag'],
  ['irac3Mag', 'i3Mag'],
  ['irac4Mag', 'i4Mag'],
  ['mips24Mag', 'm24Mag'],
])

/** Survey names of recipes, which name a release, and of the survey facts. */
const released: ReadonlyMap<string, SurveyName> = new Map([['gaiaDr3', 'gaia']])

/** Place in `passbandNames` of each of `surveyObservables`; -1 for astrometry. */
export const bandOfObservable: Int32Array = Int32Array.from(surveyObservables, name =>
  (passbandNames as readonly string[]).indexOf(spelled.get(name) ?? name),
)

/** Places in `surveyObservables` of magnitudes. */
export const magnitudePlaces = Int32Array.from(bandOfObservable.keys()).filter(k => bandOfObservable[k] >= 0)

/** Places in `surveyObservables` of what is no magnitude. */
export const astrometry = {
  parallaxMas: surveyObservables.indexOf('parallaxMas'),
  pmRaCosDecMasPerYr: surveyObservables.indexOf('pmRaCosDecMasPerYr'),
  pmDecMasPerYr: surveyObservables.indexOf('pmDecMasPerYr'),
} as const

/** Takes magnitudes at 10 pc to a distance. @param truths in the order of `surveyObservables` */
export function addDistance(distancePc: number, truths: Float64Array): void {
  const modulus = 5 * Math.log10(distancePc) - 5
  for (let b = 0; b < magnitudePlaces.length; b++) truths[magnitudePlaces[b]] += modulus
}

/** @returns undefined for a survey that has no photometry */
export function photometricSurvey(name: string): SurveyName | undefined {
  return released.get(name) ?? surveyNames.find(one => one === name)
}

/** Places in `surveyObservables` of what these surveys measure. */
export function observablesOf(surveys: readonly SurveyName[]): Int32Array {
  return Int32Array.from(surveyObservables.keys()).filter(k => surveys.includes(surveyNames[surveyOf[k]]))
}

/** Those of these observables that are given as an upper limit where the star is too faint. */
export function limitedAmong(observables: Int32Array): Int32Array {
  return observables.filter(k => surveyRows[surveyOf[k]].below === 'limit')
}

/** Those of them that are magnitudes. */
export function magnitudesOf(surveys: readonly SurveyName[]): Int32Array {
  return observablesOf(surveys).filter(k => bandOfObservable[k] >= 0)
}
