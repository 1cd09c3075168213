import { expect, test } from 'vitest'
import { halveSky, readSkyGroups } from '../../../ops/ablation/skyGroups.ts'
import { readDemoPlan } from '../../../ops/demo/demoPlan.ts'
import type { RealStar } from '../../../ops/evaluation/realStar.ts'

const starOf = (key: string, teffK: number | null = null, isMember = true): RealStar => ({
  input: { key, given: [] },
  labels: teffK === null ? [] : [{ quantity: 'teffK', value: teffK, err: 0.01 * teffK }],
  ...{ flags: [], saturated: [], isMember },
})

test('the clusters that come with birthline, each star once', async () => {
  const { groups, facts } = await readSkyGroups(readDemoPlan(), null)
  expect(groups.map(({ cluster }) => cluster)).toEqual(
    expect.arrayContaining(['rhoOphiuchi', 'alessi10', 'pleiades', 'praesepe', 'ruprecht147', 'm67']),
  )
  const sky = halveSky({ groups, facts }, 3)
  const keys = [...sky.adapted, ...sky.judged].map(({ key }) => key)
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys).toHaveLength(groups.reduce((sum, { stars }) => sum + stars.length, 0))
  const pleiades = sky.labels.find(({ group }) => group === 'Pleiades')
  expect(pleiades).toMatchObject({ parameter: 'logAgeYr', isCluster: true })
  // Published: 7.89 to 8.22.
  expect(pleiades?.labels[0].value).toBeCloseTo(8.055, 12)
  expect(pleiades?.labels[0].err).toBeCloseTo(0.33 / Math.sqrt(12), 12)
  expect(halveSky({ groups, facts }, 3)).toEqual(sky)
  expect(halveSky({ groups, facts }, 4).judged).not.toEqual(sky.judged)
})

test('labels name the rows of the judged half; too few are none', () => {
  const group = (name: string, cluster: string | null, stars: readonly RealStar[]) => ({
    ...{ name, title: name, cluster, surveys: ['gaiaDr3'], reference: '', stars, leftOut: new Map<string, number>() },
  })
  const hot = Array.from({ length: 40 }, (_, k) => starOf(`a${k}`, 5000 + k))
  const few = Array.from({ length: 18 }, (_, k) => starOf(`b${k}`, 6000))
  const groups = [group('few', null, few), group('hot', null, hot), group('no members', 'x', hot.map(strange))]
  const facts = new Map([
    ['x', { cluster: 'x', title: 'x', logAgeYrRange: [8, 9] as const, ages: [], avMagRange: null }],
  ])
  const { judged, labels } = halveSky({ groups, facts }, 1)
  expect(labels.map(({ group: name, parameter }) => [name, parameter])).toEqual([
    ['hot', 'logTeffK'],
    ['no members', 'logTeffK'],
  ])
  for (const { star, value, err } of labels[0].labels) {
    const k = Number(judged[star].key.slice(1))
    expect(10 ** value).toBeCloseTo(5000 + k, 6)
    expect(err).toBeCloseTo(0.01 / Math.LN10, 12)
  }
})

const strange = (star: RealStar): RealStar => ({ ...star, isMember: false })
