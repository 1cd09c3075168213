// Which observables real stars come with: counted over a log, or as the demo's stars do.
import { readFileSync } from 'node:fs'
import {
  createPilotSimulator,
  type MissingPattern,
  modelObservables,
  modelSpectra,
  pixelModalities,
  type Simulator,
  spectrumNames,
} from '../../models/index.ts'
import { FusionError, packageFile } from '../../schemas/index.ts'

const surveys: readonly (readonly [name: string, observables: readonly string[]])[] = [
  ['parallax', ['parallaxMas']],
  ['Gaia', ['gMag', 'bpMag', 'rpMag']],
  ['2MASS', ['jMag', 'hMag', 'ksMag']],
  ['W1 W2', ['w1Mag', 'w2Mag']],
  ['W3', ['w3Mag']],
  ['W4', ['w4Mag']],
]

export const completePattern: MissingPattern = patternOf(modelObservables, null)

/** @param given observables and spectra a star has */
export function patternOf(given: readonly string[], share: number | null): MissingPattern {
  const missing = modelObservables.filter(name => !given.includes(name))
  const all = [...modelObservables, ...spectrumNames].filter(name => given.includes(name))
  return { name: patternName(given), given: all, missing, share }
}

/** Such as `Gaia, 2MASS without hMag`, `complete, spectra of BP and RP`, `spectrum of BOSS alone`. */
export function patternName(given: readonly string[]): string {
  const bands = modelSpectra.filter(name => given.includes(name)).map(name => name.slice(0, 2).toUpperCase())
  const withPixels = pixelModalities.filter(({ spectrumName }) => given.includes(spectrumName))
  const spectra = [
    ...(bands.length === 0 ? [] : [`spectra of ${bands.join(' and ')}`]),
    ...withPixels.map(({ title }) => `spectrum of ${title}`),
  ]
  if (modelObservables.every(name => given.includes(name))) return ['complete', ...spectra].join(', ')
  const parts = surveys.flatMap(([name, observables]) => {
    const absent = observables.filter(one => !given.includes(one))
    if (absent.length === observables.length) return []
    return [absent.length === 0 ? name : `${name} without ${absent.join(' and ')}`]
  })
  if (parts.length === 0 && spectra.length > 0) return `${spectra.join(', ')} alone`
  return [...parts, ...spectra].join(', ') || 'nothing'
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

const gaia = ['parallaxMas', 'gMag', 'bpMag', 'rpMag']
const twoMass = ['jMag', 'hMag', 'ksMag']

/** Stars with Gaia's spectra: as they come with Gaia alone, with 2MASS, and with everything. */
export function spectraPatterns(): readonly MissingPattern[] {
  return [modelObservables, gaia, [...gaia, ...twoMass]].map(given => patternOf([...given, ...modelSpectra], null))
}

/** Stars with spectra with pixels: each alone and with Gaia and 2MASS, and all of them with everything. */
export function pixelPatterns(names: readonly string[]): readonly MissingPattern[] {
  const each = names.flatMap(name => [[name], [...gaia, ...twoMass, name]])
  const all = names.length === 0 ? [] : [[...modelObservables, ...modelSpectra, ...names]]
  return [...each, ...all].map(given => patternOf(given, null))
}

/** Who makes stars of a pattern: spectra are drawn only where the pattern has some, since they cost far more than the rest. */
export function patternSimulators(): (given: readonly string[]) => Simulator {
  const plain = createPilotSimulator()
  const withSpectra = createPilotSimulator({ hasSpectra: true })
  return given => (modelSpectra.some(name => given.includes(name)) ? withSpectra : plain)
}

/**
 * What posteriors are corrected for and judged on: complete data, the demo's commonest patterns of missing data, and stars with spectra.
 * @param pixelSpectra those that the model reads, see `PosteriorModel`
 */
export function judgedPatterns(pixelSpectra: readonly string[] = []): readonly MissingPattern[] {
  const ofDemo = demoPatterns().filter(({ name }) => name !== completePattern.name)
  return [completePattern, ...ofDemo, ...spectraPatterns(), ...pixelPatterns(pixelSpectra)]
}

/**
 * Those of the judged patterns whose name has a text in it; all where it is undefined.
 * @throws FusionError CONFIG_INVALID where none has
 */
export function patternsNamed(only: string | undefined, pixelSpectra: readonly string[]): readonly MissingPattern[] {
  const all = judgedPatterns(pixelSpectra)
  if (only === undefined) return all
  const some = all.filter(({ name }) => name.toLowerCase().includes(only.toLowerCase()))
  if (some.length > 0) return some
  throw new FusionError(
    'CONFIG_INVALID',
    `--only is "${only}", which is in the name of none of the ${all.length} patterns: ${all.map(({ name }) => name).join('; ')}.`,
  )
}
