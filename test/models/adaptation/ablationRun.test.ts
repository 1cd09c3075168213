import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stepsOf } from '../../../models/adaptation/ablationCells.ts'
import { ablationConditions, ablationPlan, runAblation } from '../../../models/adaptation/ablationRun.ts'
import type { DomainCounts } from '../../../models/adaptation/domainStars.ts'
import { latentScale, pilotFolder, readCheckpoint } from '../../../models/index.ts'
import { smallNetwork } from './inventedStars.ts'

const scale = latentScale(readCheckpoint(pilotFolder).card)
const plan = {
  ...ablationPlan,
  ...{ stars: 40, pairs: 8, testStars: 25, sampleCount: 20, baseSteps: 4, steps: 3, network: smallNetwork },
  rows: { stars: 8, pairs: 4 },
  conditions: ablationConditions.filter(({ name }) => ['none', '+ pairs', 'oracle'].includes(name)),
}
const freshFolder = () => mkdtempSync(join(tmpdir(), 'ablation-'))

test('the gap lies between the first condition and the last', () => {
  expect(ablationConditions[0].weights).toEqual({})
  expect(ablationConditions.map(one => one.isOracle === true)).toEqual([...Array(8).fill(false), true])
  expect(stepsOf(plan, 2)).toBe(2 * (3 * 3 + 2 * 4))
})

test('an ablation that was stopped goes on to the same cells', async () => {
  const counts: DomainCounts[] = []
  const whole = await runAblation(scale, plan, [6], {
    workFolder: freshFolder(),
    onCounts: (_, found) => counts.push(found),
  })
  expect(counts).toEqual([{ simulated: 40, real: 40, paired: 8 }])
  expect(whole?.map(({ condition }) => condition)).toEqual(['none', '+ pairs', 'oracle'])
  expect(whole?.[0].counts).toEqual(counts[0])
  expect(whole?.[0].sky).not.toEqual(whole?.[1].sky)
  const workFolder = freshFolder()
  const controller = new AbortController()
  const seen: number[] = []
  const stopped = await runAblation(scale, plan, [6], {
    ...{ workFolder, signal: controller.signal },
    onSteps(done, total) {
      seen.push(done)
      expect(total).toBe(17)
      // In the second condition, when the first is a finished cell.
      if (done === 8) controller.abort()
    },
  })
  expect(stopped).toBeNull()
  expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  expect(await runAblation(scale, plan, [6], { workFolder })).toEqual(whole)
  const other = { ...plan, steps: 4 }
  await expect(runAblation(scale, other, [6], { workFolder })).rejects.toMatchObject({ code: 'MODEL_MISMATCH' })
})
