// Gaps that tables make on top of those of the surveys: a table carries some surveys, and of a survey often only some columns.
import { indexAt, type Rng } from '../../math/rng.ts'
import { bandRows, type SurveyName, surveyNames, surveyObservables } from './surveyFacts.ts'

interface TablePattern {
  readonly name: string
  readonly share: number
  /** Surveys of the table; null for all. */
  readonly surveys: readonly SurveyName[] | null
  /** Observables it leaves out. */
  readonly without: readonly string[]
}

const HB = ['hMag', 'bpMag']

/** Kinds of tables by which a stream is fed, as in the demo's and the reference tables; the shares are a choice, not a measurement. */
// biome-ignore format: one pattern a line reads as the table it is
export const tablePatterns: readonly TablePattern[] = [
  { name: 'everything', share: 0.3, surveys: null, without: [] },
  { name: 'gaia', share: 0.12, surveys: ['gaia'], without: [] },
  { name: 'gaiaTwoMass', share: 0.13, surveys: ['gaia', 'twoMass'], without: [] },
  { name: 'gaiaKs', share: 0.08, surveys: ['gaia', 'twoMass'], without: ['jMag', 'hMag'] },
  { name: 'gaiaJKs', share: 0.04, surveys: ['gaia', 'twoMass'], without: HB },
  { name: 'gaiaTwoMassWise', share: 0.1, surveys: ['gaia', 'twoMass', 'allWise'], without: [] },
  { name: 'noLongWise', share: 0.04, surveys: ['gaia', 'twoMass', 'allWise'], without: ['w3Mag', 'w4Mag'] },
  { name: 'twoMassWise', share: 0.05, surveys: ['twoMass', 'allWise'], without: [] },
  { name: 'spitzer', share: 0.06, surveys: ['twoMass', 'irac', 'mips24'], without: [] },
  { name: 'optical', share: 0.04, surveys: ['gaia', 'panStarrs', 'sdss'], without: ['parallaxMas', 'pmRaCosDecMasPerYr', 'pmDecMasPerYr'] },
  { name: 'noAstrometry', share: 0.04, surveys: null, without: ['parallaxMas', 'pmRaCosDecMasPerYr', 'pmDecMasPerYr'] },
]

const shares = tablePatterns.map(({ share }) => share)
const kept = tablePatterns.map(({ surveys, without }) =>
  Uint8Array.from(bandRows, row =>
    (surveys === null || surveys.includes(row.survey)) && !without.includes(row.name) ? 1 : 0,
  ),
)

/** Draws a table; [28] 1 where it has the column. */
export function drawTable(rng: Rng): Uint8Array {
  return kept[indexAt(shares, rng.uniform())]
}

/** Index of each observable's survey, in the order of `surveyObservables`. */
export const surveyOf: Uint8Array = Uint8Array.from(bandRows, row => surveyNames.indexOf(row.survey))

/** Place of an observable in every array of this folder. @throws RangeError when there is none of that name */
export function observableIndex(name: string): number {
  const found = surveyObservables.indexOf(name)
  if (found < 0) throw new RangeError(`observableIndex: ${name} is not one of ${surveyObservables.join(', ')}`)
  return found
}
