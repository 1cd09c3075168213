// What a star is shown by: sets of surveys, each a row of the study.
import type { StarInput } from '../../models/index.ts'
import { surveyWords } from '../report/surveyWords.ts'

export interface SurveySet {
  readonly title: string
  readonly observables: readonly string[]
  /** Whether Gaia's XP spectra are among them. */
  readonly hasXp: boolean
  /** Surveys of spectra with pixels. */
  readonly pixels: readonly string[]
}

const parallax: SurveySet = { title: 'parallax', observables: ['parallaxMas'], hasXp: false, pixels: [] }
const gaia = more(parallax, 'Gaia', ['gMag', 'bpMag', 'rpMag'])
const twoMass = more(gaia, 'Gaia, 2MASS', ['jMag', 'hMag', 'ksMag'])
const wise = more(twoMass, 'Gaia, 2MASS, WISE', ['w1Mag', 'w2Mag', 'w3Mag', 'w4Mag'])
const xp: SurveySet = { title: 'XP', observables: [], hasXp: true, pixels: [] }

function more(set: SurveySet, title: string, observables: readonly string[]): SurveySet {
  return { ...set, title, observables: [...set.observables, ...observables] }
}

const withXp = (set: SurveySet): SurveySet => ({ ...set, title: `${set.title}, XP`, hasXp: true })
const withPixels = (set: SurveySet, surveys: readonly string[], title = surveyWords(surveys)): SurveySet => ({
  ...set,
  title: set.title === '' ? title : `${set.title}, ${title}`,
  pixels: surveys,
})
const nothing: SurveySet = { title: '', observables: [], hasXp: false, pixels: [] }

/** From the parallax alone to everything. @param instruments surveys of spectra with pixels that the model reads */
export function valueSets(instruments: readonly string[]): readonly SurveySet[] {
  const photometry = [parallax, gaia, twoMass, wise]
  return [
    ...photometry,
    xp,
    ...photometry.map(withXp),
    ...instruments.flatMap(survey => [nothing, wise, withXp(wise)].map(set => withPixels(set, [survey]))),
    ...(instruments.length > 1 ? [withPixels(withXp(wise), instruments, 'all spectra')] : []),
  ]
}

/** Photometry, from Gaia alone to all, and XP on top. */
export const sampleSets: readonly SurveySet[] = [gaia, twoMass, wise, withXp(wise)]

/** One instrument each, with nothing in common: photometry with its parallax, XP, and those with pixels. */
export function singleSets(instruments: readonly string[]): readonly SurveySet[] {
  return [wise, xp, ...instruments.map(survey => withPixels(nothing, [survey]))]
}

/** What is left of a star that only these have seen. Its posterior has random numbers of its own. */
export function seenBy(star: StarInput, { title, observables, hasXp, pixels }: SurveySet): StarInput {
  return {
    key: `${star.key}:${title}`,
    given: star.given.filter(({ quantity }) => observables.includes(quantity)),
    spectra: hasXp ? (star.spectra ?? []) : [],
    pixels: (star.pixels ?? []).filter(({ survey }) => pixels.includes(survey)),
  }
}
