import { expect, test } from 'vitest'
import { importanceOf } from '../../../models/calibration/importance.ts'
import { sampleWithDensity } from '../../../models/joint/jointDensity.ts'
import { jointRecipe } from '../../../models/joint/jointRecipe.ts'
import { type JointRecipe, trainJoint } from '../../../models/joint/jointTrainer.ts'
import { weighSamples } from '../../../models/joint/weighedSamples.ts'
import { createRng } from '../../../models/math/rng.ts'
import { logNormal } from '../../../models/math/special.ts'

const usual = jointRecipe(1, 10_000)
const small: JointRecipe = {
  ...usual,
  steps: 400,
  warmupSteps: 20,
  network: { ...usual.network, width: 32, blocks: 2 },
  batch: { ...usual.batch, rows: 256, sigmaMin: 0.02 },
}
const variable = (name: string, role: 'parameter' | 'data', bounds: [number, number] | null = null) => ({
  ...{ name, role, bounds },
})

test('densities are those of two modes in a bounded variable: weights give their integral', async () => {
  // theta uniform in 0 to 1; x is its distance from 0.4, seen with an error of 0.05.
  const rng = createRng(17)
  const rows = new Float64Array(8000)
  for (let i = 0; i < rows.length; i += 2) {
    rows[i] = rng.uniform()
    rows[i + 1] = Math.abs(rows[i] - 0.4) + 0.05 * rng.normal()
  }
  const variables = [variable('theta', 'parameter', [0, 1]), variable('x', 'data')]
  const { model } = await trainJoint({ variables, values: rows }, small)
  const given = new Map([[1, 0.25]])
  const logLikelihood = (theta: number) => logNormal(0.25, Math.abs(theta - 0.4), 0.05)
  let evidence = 0
  for (let theta = 0.0005; theta < 1; theta += 0.001) evidence += 0.001 * Math.exp(logLikelihood(theta))
  for (const levels of [32, 12]) {
    const { values, logDensities } = await sampleWithDensity([model], { given, count: 2000, seed: 5 }, levels)
    expect(values[1]).toBe(0.25)
    const logTargets = Float64Array.from(logDensities, (_, i) => logLikelihood(values[2 * i]))
    const found = importanceOf(logTargets, logDensities)
    // A density that is off by a factor would be so here. Four standard errors, and 0.01 for the samples' rounding.
    const error = Math.abs((found.logEvidence as number) - Math.log(evidence))
    expect(error).toBeLessThan(0.01 + 4 * (found.logEvidenceErr as number))
    expect(found.effectiveSize).toBeGreaterThan(500)
  }
})

test('where all is Gaussian nearly every sample counts, in correlated directions too', async () => {
  const rng = createRng(23)
  const rows = new Float64Array(9000)
  for (let i = 0; i < rows.length; i += 3) {
    rows[i] = 2 + 3 * rng.normal()
    rows[i + 1] = 1 - 0.5 * rows[i] + rng.normal()
    rows[i + 2] = rows[i] + rows[i + 1] + 0.5 * rng.normal()
  }
  const variables = [variable('a', 'parameter'), variable('b', 'parameter'), variable('c', 'data')]
  const { model } = await trainJoint({ variables, values: rows }, { ...small, steps: 1 })
  const given = new Map([[2, 4]])
  const logJoint = ([a, b, c]: readonly number[]) =>
    logNormal(a, 2, 3) + logNormal(b, 1 - 0.5 * a, 1) + logNormal(c, a + b, 0.5)
  const { importance: found } = await weighSamples(
    [model],
    values => logJoint(Array.from(values)),
    { given, count: 1000, seed: 5 },
    64,
  )
  expect(found.effectiveSize).toBeGreaterThan(970)
  // c is normal: mean 2 + 0, variance 9 / 4 + 1 + 1 / 4.
  const exact = logNormal(4, 2, Math.sqrt(3.5))
  expect(Math.abs((found.logEvidence as number) - exact)).toBeLessThan(0.005 + 4 * (found.logEvidenceErr as number))
})

test('the same seed gives the same samples, and nothing to draw is refused', async () => {
  const values = Float64Array.from({ length: 400 }, (_, i) => Math.sin(i * i))
  const variables = [variable('a', 'parameter'), variable('b', 'data')]
  const { model } = await trainJoint({ variables, values }, { ...small, steps: 1 })
  const draw = (count: number) => sampleWithDensity([model], { given: new Map([[1, 0.3]]), count, seed: 2 }, 6)
  const [long, again] = [await draw(400), await draw(400)]
  expect(again).toEqual(long)
  const given = new Map([
    [0, 1],
    [1, 1],
  ])
  await expect(sampleWithDensity([model], { given, count: 1, seed: 2 }, 6)).rejects.toThrow(RangeError)
})
