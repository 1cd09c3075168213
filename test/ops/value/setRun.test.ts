import { expect, test } from 'vitest'
import { createRng, type PosteriorModel, type StarInput, sampleNames } from '../../../models/index.ts'
import { markdownPage } from '../../../ops/report/markdownPage.ts'
import { agreementDocument, compareSets } from '../../../ops/value/agreementDocument.ts'
import { priorValue, type SetPosteriors, setValueOf, valueNames } from '../../../ops/value/setPosteriors.ts'
import { runSets } from '../../../ops/value/setRun.ts'
import { singleSets, valueSets } from '../../../ops/value/surveySets.ts'
import { valueDocument } from '../../../ops/value/valueDocument.ts'
import { starClasses } from '../../../schemas/index.ts'
import { figureFaults } from '../figures/svgTexts.ts'

/** Says the same of every star, whatever it is given, and keeps what that was. */
function deafModel(pixelSpectra?: readonly string[]) {
  const asked: StarInput[] = []
  const model: PosteriorModel = {
    fingerprint: 'deaf',
    ...(pixelSpectra === undefined ? {} : { pixelSpectra }),
    async infer(stars, { sampleCount }) {
      asked.push(...stars)
      return stars.map(({ key }) => {
        const rng = createRng([...key].reduce((sum, sign) => (31 * sum + sign.charCodeAt(0)) % 1_000_003, 7))
        return {
          ...{ key, sampleNames, observables: [], flags: [], familiarity: null, uncorrected: [] },
          samples: Float32Array.from({ length: sampleNames.length * sampleCount }, () => rng.normal()),
          classProbabilities: starClasses.map(() => 1 / starClasses.length),
          classPrior: starClasses.map(() => 1 / starClasses.length),
        }
      })
    },
    async close() {},
  }
  return { model, asked }
}

const how = {
  // Quicker than atmospheres; nobody looks at the pixels here.
  templates: { fluxInto: (...given: readonly unknown[]) => (given.at(-1) as Float32Array).fill(1e6).length > 0 },
  ...{ starCount: 50, seed: 5, options: { sampleCount: 64, seed: 1n } },
  signal: new AbortController().signal,
  onProgress: () => {},
}

/** By every set, once for all tests. */
const worth = [undefined, ['bossSpectrum', 'lamostLrsSpectrum']].map(reads => {
  const { model, asked } = deafModel(reads)
  let made: Promise<readonly SetPosteriors[]> | undefined
  return {
    ...{ model, asked },
    sets: () => {
      made ??= runSets({ ...how, model, setsOf: valueSets })
      return made
    },
  }
})

test('a model without pixels is shown photometry and XP, each set just what is in its name', async () => {
  const asked = worth[0].asked
  const sets = await worth[0].sets()
  expect(sets.map(({ set }) => set.title)).toEqual([
    ...['parallax', 'Gaia', 'Gaia, 2MASS', 'Gaia, 2MASS, WISE', 'XP'],
    ...['parallax, XP', 'Gaia, XP', 'Gaia, 2MASS, XP', 'Gaia, 2MASS, WISE, XP'],
  ])
  expect(asked.length).toBe(9 * 50)
  const shown = (title: string) => asked.filter(({ key }) => key.endsWith(`:${title}`))
  for (const { given, spectra, pixels } of shown('parallax')) {
    expect(given.map(({ quantity }) => quantity)).toEqual(['parallaxMas'])
    expect([spectra, pixels]).toEqual([[], []])
  }
  for (const { given, spectra } of shown('XP')) expect([given.length, spectra?.length]).toEqual([0, 2])
  for (const { given, spectra } of shown('Gaia, 2MASS, XP')) expect([given.length, spectra?.length]).toEqual([7, 2])
  expect(new Set(asked.map(({ key }) => key)).size).toBe(asked.length)
})

test('a model that reads pixels is shown them, of the instruments that it reads, alone and added', async () => {
  const asked = worth[1].asked
  const sets = await worth[1].sets()
  expect(sets.slice(9).map(({ set }) => set.title)).toEqual([
    ...['BOSS', 'Gaia, 2MASS, WISE, BOSS', 'Gaia, 2MASS, WISE, XP, BOSS'],
    ...['LAMOST LRS', 'Gaia, 2MASS, WISE, LAMOST LRS', 'Gaia, 2MASS, WISE, XP, LAMOST LRS'],
    'Gaia, 2MASS, WISE, XP, all spectra',
  ])
  const surveysOf = (star: StarInput) => star.pixels?.map(({ survey }) => survey)
  const shown = (title: string) => asked.filter(({ key }) => key.endsWith(`:${title}`))
  for (const star of shown('BOSS')) {
    expect([star.given.length, star.spectra?.length, surveysOf(star)]).toEqual([0, 0, ['boss']])
  }
  for (const star of shown('Gaia, 2MASS, WISE, XP, all spectra')) {
    expect(surveysOf(star)).toEqual(['boss', 'lamostLrs'])
  }
  const one = deafModel(['lamostLrsSpectrum'])
  const singles = await runSets({ ...how, model: one.model, setsOf: singleSets })
  expect(singles.map(({ set }) => set.title)).toEqual(['Gaia, 2MASS, WISE', 'XP', 'LAMOST LRS'])
})

test('numbers are those of what the model said: unit normals, of which the truth knows nothing', async () => {
  const sets = await runSets({ ...how, starCount: 300, model: deafModel().model, setsOf: singleSets })
  const value = setValueOf(sets[0], 1)
  for (const { halfWidth } of value.parameters) expect(Math.abs(halfWidth - 1)).toBeLessThan(0.05)
  // Ages of 10^5.7 years and more lie far above any unit normal, colder than ten powers of e.
  expect(value.parameters[0].coverage68).toBe(0)
  expect(value.parameters[0].bias).toBeLessThan(-5)
  expect([value.entropyBits, value.youngArea]).toEqual([2, 0.5])
  expect(value.brier).toBeCloseTo(0.75, 10)
  const prior = priorValue(sets[0])
  expect(prior.halfWidths.length).toBe(valueNames.length)
  expect(prior.entropyBits).toBeLessThan(2)
  const [pair] = compareSets(sets)
  expect([pair.first, pair.second]).toEqual(['Gaia, 2MASS, WISE', 'XP'])
  // Medians of 64 unit normals scatter by sqrt(pi / 2 / 64), and differences over the quadrature by as much.
  for (const { width, mean } of pair.parameters) {
    expect(Math.abs(width / Math.sqrt(Math.PI / 128) - 1)).toBeLessThan(0.15)
    expect(Math.abs(mean)).toBeLessThan(0.04)
  }
})

test('pages with sound figures, for every number of instruments', async () => {
  for (const [k, one] of worth.entries()) {
    const source = { command: 'birthline draw', modelFingerprint: 'deaf', starCount: 50 }
    const sets = await one.sets()
    const value = { ...source, prior: priorValue(sets[0]), sets: sets.map(one => setValueOf(one, 1)) }
    const singles = sets.filter(({ set }) => ['Gaia, 2MASS, WISE', 'XP', 'BOSS', 'LAMOST LRS'].includes(set.title))
    const pairs = compareSets(singles)
    expect(pairs.length).toBe(k === 0 ? 1 : 6)
    for (const page of [valueDocument(value), agreementDocument({ ...source, pairs })]) {
      const { text, figures } = markdownPage(page, 'figures')
      expect(figures.size).toBe(1)
      for (const svg of figures.values()) expect(figureFaults(svg)).toEqual([])
      expect(text).not.toMatch(/NaN|undefined|null|Infinity/)
    }
  }
})

test('stops when it is asked to', async () => {
  const aborted = AbortSignal.abort()
  await expect(runSets({ ...how, signal: aborted, model: deafModel().model, setsOf: singleSets })).rejects.toThrow()
})
