// Gaps that tables make on top of those of the surveys: a table carries some surveys, and of a survey often only some columns.
import { indexAt, type Rng } from '../../math/rng.ts'
import { bandRows, type SurveyName, surveyNames, surveyObservables } from './surveyFacts.ts'

interface TablePattern {
  readonly name: string
  readonly share: number
  /** Surveys of the table; null for all. */
  readonly surveys: readonly SurveyName[] | null
  /** Observables it leaves out; any at all. */
  readonly without: readonly string[] | 'anyColumns'
}

const HB = ['hMag', 'bpMag']
const ASTROMETRY = ['parallaxMas', 'pmRaCosDecMasPerYr', 'pmDecMasPerYr']

/** Kinds of tables by which a stream is fed, as in the demo's and the reference tables; the shares are a choice, not a measurement. */
// biome-ignore format: one pattern a line reads as the table it is
export const tablePatterns: readonly TablePattern[] = [
  { name: 'everything', share: 0.26, surveys: null, without: [] },
  { name: 'gaia', share: 0.12, surveys: ['gaia'], without: [] },
  { name: 'gaiaTwoMass', share: 0.11, surveys: ['gaia', 'twoMass'], without: [] },
  { name: 'gaiaKs', share: 0.1, surveys: ['gaia', 'twoMass'], without: ['jMag', 'hMag'] },
  { name: 'gaiaJKs', share: 0.05, surveys: ['gaia', 'twoMass'], without: HB },
  { name: 'gaiaTwoMassWise', share: 0.04, surveys: ['gaia', 'twoMass', 'allWise'], without: [] },
  { name: 'noLongWise', share: 0.05, surveys: ['gaia', 'twoMass', 'allWise'], without: ['w3Mag', 'w4Mag'] },
  { name: 'gaiaWise', share: 0.04, surveys: ['gaia', 'allWise'], without: [] },
  { name: 'twoMassWise', share: 0.05, surveys: ['twoMass', 'allWise'], without: [] },
  { name: 'wise', share: 0.01, surveys: ['allWise'], without: [] },
  { name: 'spitzer', share: 0.03, surveys: ['twoMass', 'irac', 'mips24'], without: [] },
  { name: 'optical', share: 0.02, surveys: ['gaia', 'panStarrs', 'sdss'], without: ASTROMETRY },
  { name: 'noAstrometry', share: 0.02, surveys: null, without: ASTROMETRY },
  { name: 'anyColumns', share: 0.1, surveys: null, without: 'anyColumns' },
]

/** Columns that tables lack whatever else they carry: probability of each, on top of a pattern. The motions go with the parallax. */
export const columnGaps = { astrometry: 0.25, bpMag: 0.14 } as const
/** A table of any columns lacks each with a chance of at most this, drawn for the table. */
const MOST_LACKING = 0.7

const shares = tablePatterns.map(({ share }) => share)
const kept = tablePatterns.map(({ surveys, without }) =>
  Uint8Array.from(bandRows, row =>
    (surveys === null || surveys.includes(row.survey)) && (without === 'anyColumns' || !without.includes(row.name))
      ? 1
      : 0,
  ),
)
const isAstrometry = bandRows.map(({ name }) => ASTROMETRY.includes(name))
const isBp = bandRows.map(({ name }) => name === 'bpMag')

/**
 * Draws a table.
 * @param out [28] receives 1 where it has the column
 */
export function drawTableInto(rng: Rng, out: Uint8Array): void {
  const pattern = indexAt(shares, rng.uniform())
  const lacksAstrometry = rng.uniform() < columnGaps.astrometry
  const lacksBp = rng.uniform() < columnGaps.bpMag
  const lacking = tablePatterns[pattern].without === 'anyColumns' ? MOST_LACKING * rng.uniform() : 0
  for (let k = 0; k < out.length; k++) {
    const isGone =
      (lacksAstrometry && isAstrometry[k]) || (lacksBp && isBp[k]) || (lacking > 0 && rng.uniform() < lacking)
    out[k] = isGone ? 0 : kept[pattern][k]
  }
}

/** Index of each observable's survey, in the order of `surveyObservables`. */
export const surveyOf: Uint8Array = Uint8Array.from(bandRows, row => surveyNames.indexOf(row.survey))

/** Place of an observable in every array of this folder. @throws RangeError when there is none of that name */
export function observableIndex(name: string): number {
  const found = surveyObservables.indexOf(name)
  if (found < 0) throw new RangeError(`observableIndex: ${name} is not one of ${surveyObservables.join(', ')}`)
  return found
}
