import { expect, test } from 'vitest'
import { importanceOf } from '../../../models/calibration/importance.ts'
import { type GaussianMixture, mixtureLogDensity, mixtureScore } from '../../../models/diffusion/closedForm.ts'
import { flowWithDensity, rowsOfSample } from '../../../models/diffusion/densityFlow.ts'
import { logUniformLevels } from '../../../models/diffusion/schedule.ts'
import { createRng } from '../../../models/math/rng.ts'
import { logNormal } from '../../../models/math/special.ts'

const sigmaMin = 0.02
const mixture: GaussianMixture = [
  {
    weight: 0.3,
    mean: [-1.2, 0.4],
    covariance: [
      [0.04, 0],
      [0, 0.3],
    ],
  },
  {
    weight: 0.7,
    mean: [0.8, -0.2],
    covariance: [
      [0.3, 0.2],
      [0.2, 0.25],
    ],
  },
]

/** Samples of the mixture by its exact denoiser, with the true density at the least noise beside their own. */
async function weigh(levelCount: number) {
  const levels = logUniformLevels({ sigmaMin, sigmaMax: 12 }, levelCount)
  const spread = Math.hypot(1, 12)
  const rng = createRng(3)
  const flows = await flowWithDensity({
    ...{ width: 2, count: 300, levels },
    start(row) {
      let logDensity = 0
      for (let i = 0; i < 2; i++) {
        row[i] = spread * rng.normal()
        logDensity += logNormal(row[i], 0, spread)
      }
      return logDensity
    },
    async denoise(rows, k) {
      const clean = rows.slice()
      for (let at = 0; at < rows.length; at += 2) {
        // Tweedie's formula.
        const score = mixtureScore(mixture, rows.subarray(at, at + 2), levels[k])
        for (let i = 0; i < 2; i++) clean[at + i] += levels[k] ** 2 * score[i]
      }
      return clean
    },
  })
  const logTargets = flows.map(({ x }) => mixtureLogDensity(mixture, x, sigmaMin))
  return {
    flows,
    importance: importanceOf(
      logTargets,
      flows.map(one => one.logDensity),
    ),
  }
}

test('the density of two modes integrates to one, however few the steps, and is the true one where they are many', async () => {
  for (const [levelCount, least] of [
    [12, 30],
    [48, 270],
  ]) {
    const { importance } = await weigh(levelCount)
    // Four standard errors, and 0.01 for the differences that slopes are taken by.
    expect(Math.abs(importance.logEvidence as number)).toBeLessThan(0.01 + 4 * (importance.logEvidenceErr as number))
    expect(importance.effectiveSize).toBeGreaterThan(least)
  }
  const { flows } = await weigh(24)
  const left = flows.filter(({ x }) => x[0] < -0.4).length / flows.length
  expect(Math.abs(left - 0.3)).toBeLessThan(0.1)
})

test('a flow that is stopped says why', async () => {
  const stopped = flowWithDensity({
    ...{ width: 1, count: 1, levels: [2, 1], signal: AbortSignal.abort(new Error('enough')) },
    start: () => 0,
    denoise: async rows => rows,
  })
  await expect(stopped).rejects.toThrow('enough')
  expect(rowsOfSample(7)).toBe(15)
})
