import { expect, test } from 'vitest'
import { disturbances } from '../../../../ops/bench/proof/disturbances.ts'
import { planRuns } from '../../../../ops/bench/proof/proofSchedule.ts'

test('a schedule has as many disturbances as asked for, the same for the same seed', () => {
  const runs = planRuns({ embedded: 25, kafka: 52 }, 3)
  const count = (isEmbedded: boolean) =>
    runs.filter(({ scene }) => (scene === 'embedded') === isEmbedded).reduce((sum, { plan }) => sum + plan.length, 0)
  expect([count(true), count(false)]).toEqual([25, 52])
  expect(planRuns({ embedded: 25, kafka: 52 }, 3)).toEqual(runs)
  expect(planRuns({ embedded: 25, kafka: 52 }, 4)).not.toEqual(runs)
  expect(new Set(runs.map(({ seed }) => seed)).size).toBe(runs.length)
})

test('each place sees every disturbance that it has before it sees one again', () => {
  const runs = planRuns({ embedded: 12, kafka: 40 }, 5)
  for (const scene of ['embedded', 'broker', 'threeBrokers'] as const) {
    const possible = disturbances.filter(({ scenes }) => scenes.includes(scene)).map(({ name }) => name)
    const plan = runs.filter(run => run.scene === scene).flatMap(run => run.plan.map(({ name }) => name))
    expect(new Set(plan.slice(0, possible.length))).toEqual(new Set(possible))
  }
})
