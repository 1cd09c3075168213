import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { unpairedConditions } from '../../../models/adaptation/ablationCells.ts'
import { runSkyAblation, skyPlan } from '../../../models/adaptation/skyAblation.ts'
import { latentScale, pilotFolder, readCheckpoint, type SkyStars, type StarInput } from '../../../models/index.ts'
import { smallNetwork } from './inventedStars.ts'

const scale = latentScale(readCheckpoint(pilotFolder).card)
const plan = {
  ...skyPlan,
  ...{ stars: 1000, testStars: 25, sampleCount: 20, baseSteps: 4, steps: 3, rows: { stars: 8, pairs: 0 } },
  network: { ...smallNetwork, reads: ['photometry'] },
}
const starOf = (k: number): StarInput => ({
  key: `star ${k}`,
  given: ['gMag', 'bpMag', 'rpMag', 'parallaxMas'].map((quantity, o) => ({
    ...{ quantity, value: [14, 15, 13, 7][o] + 0.01 * k, err: 0.02, isLimit: false },
  })),
})
const starsOf = (first: number) => Array.from({ length: 25 }, (_, k) => starOf(first + k))
const labels = Array.from({ length: 25 }, (_, star) => ({ star, value: 8, err: 0.1 }))
const sky: SkyStars = {
  ...{ adapted: starsOf(0), judged: starsOf(25) },
  labels: [{ group: 'a cluster', parameter: 'logAgeYr', isCluster: true, labels }],
}
const run = (workFolder: string, signal?: AbortSignal, stars = sky, onSteps?: (done: number) => void) =>
  runSkyAblation(scale, plan, [2], () => stars, {
    ...{ workFolder, ...(signal !== undefined && { signal }) },
    ...(onSteps !== undefined && { onSteps }),
  })
const freshFolder = () => mkdtempSync(join(tmpdir(), 'sky-'))

test('no condition needs a star that is known in both worlds', () => {
  const needed = unpairedConditions.flatMap(({ weights, isOracle }) => [weights.pairs, weights.keypoint, isOracle])
  expect(needed.every(one => one === undefined)).toBe(true)
  expect(skyPlan.rows.pairs + skyPlan.pairs).toBe(0)
})

test('it goes on to the same cells after a stop, and a folder belongs to its stars', async () => {
  const whole = await run(freshFolder())
  expect(whole?.map(({ condition }) => condition)).toEqual(unpairedConditions.map(({ name }) => name))
  for (const cell of whole ?? []) {
    expect(cell).toMatchObject({ counts: { simulated: 1000, real: 25, paired: 0 }, judgedStars: 25 })
    expect(cell.groups).toMatchObject([{ group: 'a cluster', name: 'logAgeYr', starCount: 25 }])
  }
  // Transport moves what real stars are read as.
  expect(whole?.[2].groups).not.toEqual(whole?.[0].groups)
  const [workFolder, controller] = [freshFolder(), new AbortController()]
  const stopped = await run(workFolder, controller.signal, sky, done => done === 12 && controller.abort())
  expect(stopped).toBeNull()
  expect(await run(workFolder)).toEqual(whole)
  const others = { ...sky, adapted: starsOf(50) }
  await expect(run(workFolder, undefined, others)).rejects.toMatchObject({ code: 'MODEL_MISMATCH' })
})
