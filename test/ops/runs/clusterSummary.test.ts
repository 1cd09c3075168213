import { expect, test } from 'vitest'
import { agePrior } from '../../../models/index.ts'
import type { DemoCluster, DemoPlan } from '../../../ops/demo/demoPlan.ts'
import { clusterOf, summarizeClusters } from '../../../ops/runs/clusterSummary.ts'
import { typicalStars } from '../../../ops/runs/demoTables.ts'
import type { CatalogueEntry } from '../../../ops/stars/catalogueWriter.ts'
import type { Posterior, SampleColumns } from '../../../schemas/index.ts'
import { makePosterior, makeStar } from '../starRecords.ts'

function cluster(name: string): DemoCluster {
  const published = { logAgeYrLow: 7, logAgeYrHigh: 8, ageReference: 'x', distancePc: 100, distanceReference: 'y' }
  return { cluster: name, title: name, ...published }
}

const plan: DemoPlan = {
  clusters: [cluster('a'), cluster('b'), cluster('empty')],
  files: [
    { file: 'junk.csv', survey: 'gaiaDr3', cluster: null, rowCount: 1, refusedCount: 0 },
    { file: 'a.csv', survey: 'gaiaDr3', cluster: 'a', rowCount: 2, refusedCount: 0 },
    { file: 'b.csv', survey: 'gaiaDr3', cluster: 'b', rowCount: 1, refusedCount: 0 },
  ],
}

const samplesOf = new Map<string, SampleColumns>()

/** Samples are the ages given; every star is at 100 pc. */
function entryOf(id: string, file: string, agesYr: readonly number[], youngProbability: number): CatalogueEntry {
  const star = makeStar(id)
  const sources = star.sources.map(source => ({ ...source, origin: `${file} row 1` }))
  const names = ['logAgeYr', 'logDistancePc']
  const values = Float32Array.from([...agesYr.map(Math.log10), ...agesYr.map(() => 2)])
  samplesOf.set(star.starId, { names, count: agesYr.length, values })
  const posterior: Posterior = {
    ...makePosterior(star.starId, youngProbability),
    sampleNames: names,
    sampleCount: agesYr.length,
    summaries: [
      { parameter: 'logAgeYr', mean: 0, sd: 0, q025: 0, q16: 0, q50: Math.log10(agesYr[1]), q84: 0, q975: 0 },
    ],
  }
  return { star: { ...star, sources }, posterior }
}

const entries = [
  entryOf('1', 'a.csv', [1e6, 1e7, 1e8], 0.8),
  entryOf('2', 'a.csv', [1e8, 1e9, 1e10], 0.2),
  entryOf('3', 'b.csv', [1e9, 1e9, 1e9], 0),
  entryOf('4', 'junk.csv', [1e9, 1e9, 1e9], 0),
]

test('a star belongs to the cluster whose file one of its sources came from, and to none otherwise', () => {
  expect(entries.map(({ star }) => clusterOf(star, plan))).toEqual(['a', 'a', 'b', null])
})

test('a file is not taken for another whose name it begins with', () => {
  const star = { ...entries[0].star, sources: [{ ...entries[0].star.sources[0], origin: 'a.csv.gz row 1' }] }
  expect(clusterOf(star, plan)).toBeNull()
})

/** A flat prior from 10^5 to 10^11 yr. */
const flat = agePrior(
  Float64Array.from({ length: 6001 }, (_, i) => 5 + i / 1000),
  0.03,
)

const lookUp = async ({ starId }: Posterior) => samplesOf.get(starId) ?? null

test('a cluster is summed up by its own stars, and one without stars is left out', async () => {
  const summaries = await summarizeClusters(plan, entries, lookUp, flat)
  expect(summaries.map(one => [one.cluster.cluster, one.starCount])).toEqual([
    ['a', 2],
    ['b', 1],
  ])
  expect(summaries[0].mixture.q50).toBeCloseTo(8, 5)
  expect(summaries[0].youngProbability).toBeCloseTo(0.5, 12)
  expect(summaries[1].distancePc.q50).toBeCloseTo(100, 4)
  expect(Math.abs(summaries[1].age.logAgeYr.q50 - 9)).toBeLessThan(0.1)
})

test('a star whose samples are lost does not count for its cluster', async () => {
  const without = async (posterior: Posterior) => (posterior.starId === 'gaiaDr3:2' ? null : lookUp(posterior))
  const [first] = await summarizeClusters(plan, entries, without, flat)
  expect([first.starCount, first.youngProbability]).toEqual([1, 0.8])
  expect(await summarizeClusters(plan, entries, async () => null, flat)).toEqual([])
})

test('the star that stands for a cluster is one of its own, with the most observables', async () => {
  const summaries = await summarizeClusters(plan, entries, lookUp, flat)
  const better = { ...entries[1], posterior: { ...entries[1].posterior, observables: ['gMag', 'jMag'] } }
  const stars = typicalStars([entries[0], better, entries[2]], summaries, ({ star }) => clusterOf(star, plan))
  expect(stars.map(({ star }) => star.starId)).toEqual(['gaiaDr3:2', 'gaiaDr3:3'])
})
