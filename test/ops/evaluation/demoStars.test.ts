import { beforeAll, expect, test } from 'vitest'
import { readDemoPlan } from '../../../ops/demo/demoPlan.ts'
import { fuseObservations, readDemoGroups } from '../../../ops/evaluation/demoStars.ts'
import type { StarGroup } from '../../../ops/evaluation/realStar.ts'
import type { Observation } from '../../../schemas/index.ts'

const plan = readDemoPlan()
const groups = new Map<string | null, StarGroup>()

beforeAll(async () => {
  for (const group of await readDemoGroups(plan)) groups.set(group.cluster, group)
})

const groupOf = (cluster: string) => {
  const group = groups.get(cluster)
  if (group === undefined) throw new TypeError(`no group ${cluster}`)
  return group
}
const shareWith = (cluster: string, quantity: string) => {
  const { stars } = groupOf(cluster)
  return stars.filter(({ input }) => input.given.some(one => one.quantity === quantity)).length / stars.length
}

test('every cluster of the demo has its stars, fused rather than listed once a survey', () => {
  expect([...groups.keys()]).toEqual(plan.clusters.map(one => one.cluster))
  for (const [cluster, { stars }] of groups) {
    const anchors = plan.files.filter(file => file.cluster === cluster && file.survey.startsWith('gaia'))
    const rows = Math.max(...anchors.map(file => file.rowCount))
    expect(stars.length).toBeGreaterThanOrEqual(rows)
    // A few infrared sources lie too far from their star to be joined.
    expect(stars.length).toBeLessThanOrEqual(1.02 * rows)
    expect(new Set(stars.map(({ input }) => input.key)).size).toBe(stars.length)
  }
})

test('joined surveys give stars their magnitudes', () => {
  expect(shareWith('ngc2547', 'jMag')).toBeGreaterThan(0.95)
  expect(shareWith('pleiades', 'ksMag')).toBeGreaterThan(0.97)
  expect(shareWith('rhoOphiuchi', 'w1Mag')).toBeGreaterThan(0.97)
  expect(shareWith('m67', 'jMag')).toBe(0)
})

const observation = (survey: string, source: string, raDeg: number, parts: Partial<Observation> = {}): Observation => ({
  survey,
  source,
  sourceId: null,
  releaseRank: survey === 'gaiaDr3' ? 3 : survey === 'gaiaDr2' ? 2 : 1,
  revision: 0n,
  raDeg,
  decDeg: 20,
  positionErrArcsec: 0.1,
  epochJyr: 2016,
  cell: 0n,
  measurements: [],
  links: [],
  flags: [],
  origin: `t row ${source}`,
  extra: {},
  ...parts,
})
const measuredG = (value: number) => ({ measurements: [{ quantity: 'gMag', value, err: 0.01, isLimit: false }] })
const measuredJ = (value: number) => ({ measurements: [{ quantity: 'jMag', value, err: 0.02, isLimit: false }] })

test('stars do not depend on the order in which their sources arrive, and the newer release counts', () => {
  const sources = [
    observation('gaiaDr2', '7', 50, measuredG(12.1)),
    observation('gaiaDr3', '7', 50, measuredG(12)),
    observation('twoMass', 'near', 50 + 0.1 / 3600, measuredJ(11)),
    observation('twoMass', 'far', 50 + 60 / 3600, measuredJ(14)),
  ]
  const contents = (observations: readonly Observation[]) =>
    fuseObservations(observations)
      .map(star => JSON.stringify([star.starId, star.version, star.measurements.map(one => one.value)]))
      .sort()
  const there = contents(sources)
  expect(there).toHaveLength(2)
  expect(there.some(text => text.endsWith('[12,11]]'))).toBe(true)
  expect(contents([...sources].reverse())).toEqual(there)
  expect(contents([sources[2], sources[0], sources[3], sources[1]])).toEqual(there)
})
