// Which observables real stars come with: counted over a log, or as the demo's stars do.
import { readFileSync } from 'node:fs'
import { type MissingPattern, modelObservables } from '../../models/index.ts'
import { packageFile } from '../../schemas/index.ts'

const surveys: readonly (readonly [name: string, observables: readonly string[]])[] = [
  ['parallax', ['parallaxMas']],
  ['Gaia', ['gMag', 'bpMag', 'rpMag']],
  ['2MASS', ['jMag', 'hMag', 'ksMag']],
  ['W1 W2', ['w1Mag', 'w2Mag']],
  ['W3', ['w3Mag']],
  ['W4', ['w4Mag']],
]

export const completePattern: MissingPattern = patternOf(modelObservables, null)

/** @param given observables a star has */
export function patternOf(given: readonly string[], share: number | null): MissingPattern {
  const missing = modelObservables.filter(name => !given.includes(name))
  return { name: patternName(given), given: modelObservables.filter(name => given.includes(name)), missing, share }
}

/** Such as `Gaia, 2MASS without hMag`, `complete`. */
export function patternName(given: readonly string[]): string {
  if (modelObservables.every(name => given.includes(name))) return 'complete'
  const parts = surveys.flatMap(([name, observables]) => {
    const absent = observables.filter(one => !given.includes(one))
    if (absent.length === observables.length) return []
    return [absent.length === 0 ? name : `${name} without ${absent.join(' and ')}`]
  })
  return parts.length === 0 ? 'nothing' : parts.join(', ')
}

/** The commonest patterns, most common first. @param stars observables of each star */
export function commonestPatterns(stars: Iterable<readonly string[]>, count: number): readonly MissingPattern[] {
  const counts = new Map<string, number>()
  let total = 0
  for (const given of stars) {
    const key = modelObservables.filter(name => given.includes(name)).join(' ')
    if (key === '') continue
    counts.set(key, (counts.get(key) ?? 0) + 1)
    total++
  }
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, count)
    .map(([key, n]) => patternOf(key.split(' '), n / total))
}

interface PatternFile {
  readonly patterns: readonly { readonly given: readonly string[]; readonly share: number }[]
}

/** The commonest patterns of the demo's stars, as they were counted over its log. */
export function demoPatterns(): readonly MissingPattern[] {
  const file = packageFile('ops', 'calibration', 'demoPatterns.json')
  const { patterns } = JSON.parse(readFileSync(file, 'utf8')) as PatternFile
  return patterns.map(({ given, share }) => patternOf(given, share))
}

/** What posteriors are corrected for and judged on: complete data, then the demo's commonest patterns of missing data. */
export function judgedPatterns(): readonly MissingPattern[] {
  return [completePattern, ...demoPatterns().filter(({ name }) => name !== completePattern.name)]
}
