// The gate that every change passes: a small model trained here is calibrated and like the truth, the committed model's graph is
// its source, its numbers are the same to the bit, and its posteriors of fresh stars hold their truths as often as they say.
import { expect, test } from 'vitest'
import { c2st } from '../../models/calibration/c2st.ts'
import { kolmogorovSmirnov } from '../../models/calibration/rankStatistics.ts'
import { drawSimulatedStars } from '../../models/calibration/simulatedStars.ts'
import { logUniformLevels } from '../../models/diffusion/schedule.ts'
import { samplePosterior, samplerInputs } from '../../models/diffusion/starSampler.ts'
import { runEagerly } from '../../models/engine/eager.ts'
import { Session } from '../../models/engine/session.ts'
import { jointRecipe } from '../../models/joint/jointRecipe.ts'
import { sampleJoint, sampleRows } from '../../models/joint/jointSampler.ts'
import { jointTableOf } from '../../models/joint/jointTable.ts'
import { trainJoint } from '../../models/joint/jointTrainer.ts'
import { createRng } from '../../models/math/rng.ts'
import { posteriorGraph } from '../../models/modelGraphs.ts'
import { openPosteriorModel, pilotFolder } from '../../models/openPosteriorModel.ts'
import { createPilotSimulator } from '../../models/simulators/pilot.ts'
import { conditionalReference } from '../../models/tasks/conditionalReference.ts'
import { taskTable } from '../../models/tasks/taskTable.ts'
import { readCheckpoint } from '../../models/training/checkpoint.ts'
import { starModelWeights } from '../../models/transformer/starModelConfig.ts'

const SIMULATIONS = 4000
const sampler = { kind: 'secondOrderSde', levels: 24 } as const

test('a small model is like the exact posterior, and its ranks are uniform', { timeout: 600_000 }, async () => {
  const task = taskTable.get('gaussian_mixture')
  if (task === undefined) throw new Error('gaussian_mixture is gone')
  const whole = jointRecipe(1, SIMULATIONS)
  const recipe = { ...whole, steps: 1200, warmupSteps: 50, network: { ...whole.network, width: 48, blocks: 2 } }
  const { model } = await trainJoint(jointTableOf(task, task.draw(1, 0, SIMULATIONS)), recipe)

  const [, observation] = [0, 1].map(k => task.draw(77, k, 1))
  const count = 1000
  const data = [...observation].slice(2)
  const own = await sampleJoint(
    [model],
    { given: new Map(data.map((value, i) => [2 + i, value])), asked: [0, 1], count, seed: 3 },
    sampler,
  )
  const exact = conditionalReference(task, [null, null, ...data], { seed: 9, count }).samples
  // A perfect model scores 0.5 with a spread of 0.011; a network that knows the Gaussian of the table alone scores above 0.7.
  expect(c2st(exact, own, 2)).toBeLessThan(0.6)

  const stars = 400
  const draws = 31
  const truths = task.draw(78, 0, stars)
  const rows = Float64Array.from({ length: stars * draws * 2 }, (_, k) => {
    const star = Math.floor(k / (2 * draws))
    return truths[4 * star + 2 + (k % 2)]
  })
  const samples = await sampleRows(
    [model],
    { given: [2, 3], rows, asked: [0, 1], count: stars * draws, seed: 4 },
    sampler,
  )
  const rng = createRng(5)
  for (const p of [0, 1]) {
    const ranks = Float64Array.from({ length: stars }, (_, star) => {
      let below = 0
      for (let s = 0; s < draws; s++) if (samples[2 * (star * draws + s) + p] < truths[4 * star + p]) below++
      return (below + rng.uniform()) / (draws + 1)
    })
    // Exact ranks pass this 999 times in a thousand.
    expect(kolmogorovSmirnov(ranks).pValue).toBeGreaterThan(1e-3)
  }
})

test('the committed model’s graph is its source, and answers the same to the bit', async () => {
  const checkpoint = readCheckpoint(pilotFolder)
  const { card, weights } = checkpoint
  const samples = 16
  const inputs = samplerInputs({ stars: 1, samples }, card.sampler.steps)
  const rng = createRng(6)
  const feeds = Object.fromEntries(
    inputs.map(({ name, shape }) => {
      const size = shape.reduce((a, b) => a * b, 1)
      return [name, Float32Array.from({ length: size }, () => (name === 'mask' ? 1 : 0.5 * rng.normal()))]
    }),
  )
  const specs = starModelWeights(card.config)
  const levels = logUniformLevels(card.noise, card.sampler.steps)
  const eager = runEagerly(
    [...inputs, ...specs.map(({ name, shape }) => ({ name, shape }))],
    input => ({ ...samplePosterior(input, card.config, input, card.sampler.kind, levels) }),
    { ...feeds, ...weights },
  )
  const runs = []
  for (let k = 0; k < 2; k++) {
    const session = await Session.open(posteriorGraph(checkpoint, samples))
    runs.push(await session.run(feeds), await session.run(feeds))
    await session.close()
  }
  for (const name of ['latents', 'logits']) {
    const apart = runs[0][name].map((value, i) => Math.abs(value - eager[name][i]))
    expect(Math.max(...apart)).toBeLessThan(2e-3)
    for (const other of runs.slice(1)) expect(other[name]).toEqual(runs[0][name])
  }
})

test('intervals of the committed model hold the truths of fresh stars as often as they say', {
  timeout: 600_000,
}, async () => {
  const names = ['logAgeYr', 'logTeffK', 'avMag', 'logDistancePc']
  const count = 400
  const simulator = createPilotSimulator({ hasSpectra: true })
  const { stars, truths } = drawSimulatedStars(simulator, null, names, { seed: 20_261, count, maxDraws: count })
  const model = await openPosteriorModel()
  const posteriors = await model.infer(stars, { sampleCount: 128, seed: 7n })
  await model.close()
  names.forEach((name, p) => {
    let held = 0
    posteriors.forEach(({ sampleNames, samples }, star) => {
      const S = samples.length / sampleNames.length
      const at = sampleNames.indexOf(name)
      const below = samples
        .subarray(at * S, (at + 1) * S)
        .filter(value => value < truths[star * names.length + p]).length
      if (below >= 0.16 * S && below < 0.84 * S) held++
    })
    // Exact posteriors leave this range 6 times in 100,000: four standard errors of 400 stars.
    expect([name, Math.abs(held / count - 0.68) < 4 * Math.sqrt((0.68 * 0.32) / count)]).toEqual([name, true])
  })
})
