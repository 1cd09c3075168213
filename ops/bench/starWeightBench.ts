// What a star's samples are worth once they are weighed by the forward model's own prior and likelihood.
// node dist/ops/bench/starWeightBench.js [--stars 200] [--samples 256] [--nuisances 8,32,128] [--real 10] [--model FOLDER]
import { parseArgs } from 'node:util'
import {
  column,
  createPilotSimulator,
  drawSimulatedStars,
  kolmogorovSmirnov,
  modelObservables,
  modelParameters,
  openStarWeigher,
  pilotFolder,
  type StarInput,
} from '../../models/index.ts'
import { starClasses } from '../../schemas/index.ts'
import { readDemoPlan } from '../demo/demoPlan.ts'
import { readDemoGroups } from '../evaluation/demoStars.ts'
import { median, quantile } from './statistics.ts'

const { values } = parseArgs({
  options: {
    stars: { type: 'string', default: '200' },
    samples: { type: 'string', default: '256' },
    nuisances: { type: 'string', default: '8,32,128' },
    real: { type: 'string', default: '10' },
    model: { type: 'string' },
  },
})
const [starCount, sampleCount, realCount] = [values.stars, values.samples, values.real].map(Number)
const counts = values.nuisances.split(',').map(Number)
/** Draws of the nuisances by which samples are scored, and drawn a second time. */
const middle = counts[Math.floor(counts.length / 2)]
const SEED = 9_200_001
/** Logarithms of weights further than this below the highest do not count. */
const NEAR = 10
/** Streams of real stars lie behind those of simulated ones. */
const REAL_INDEX = 1_000_000
const print = (text: string) => process.stdout.write(`${text}\n`)

const weigher = await openStarWeigher(values.model ?? pilotFolder)
const simulator = createPilotSimulator()

interface Weighed {
  readonly group: string
  /** One for each of `counts`. */
  readonly effective: readonly number[]
  /** Half of the middle 68% of what another draw of the nuisances does to the logarithm of a weight. */
  readonly noise: number
  readonly logEvidence: number | null
}

/** Weights by the middle number of nuisances come with it, for scores. */
async function weigh(star: StarInput, index: number, group: string) {
  const draws = await weigher.draw(star, sampleCount, SEED, index)
  const first = counts.map(nuisanceCount => weigher.weigh(star, draws, { nuisanceCount, seed: 1 }))
  const again = weigher.weigh(star, draws, { nuisanceCount: middle, seed: 2 })
  const { importance, logTargets } = first[counts.indexOf(middle)]
  const logs = logTargets.map((target, s) => target - draws.logDensities[s])
  const highest = logs.reduce((most, one) => (one > most ? one : most), Number.NEGATIVE_INFINITY)
  const changes = Array.from(again.logTargets, (target, s) => target - logTargets[s]).filter(
    (change, s) => logs[s] > highest - NEAR && Number.isFinite(change),
  )
  const weighed: Weighed = {
    group,
    effective: first.map(one => one.importance.effectiveSize),
    noise: changes.length < 2 ? Number.NaN : (quantile(changes, 0.84) - quantile(changes, 0.16)) / 2,
    logEvidence: importance.logEvidence,
  }
  return { weighed, values: draws.values, weights: importance.weights }
}

function describe(title: string, stars: readonly Weighed[]): void {
  const effective = counts.map((_, c) => {
    const sizes = stars.map(one => one.effective[c])
    return `${median(sizes).toFixed(1)} (${quantile(sizes, 0.16).toFixed(1)} to ${quantile(sizes, 0.84).toFixed(1)})`
  })
  const noises = stars.map(one => one.noise).filter(Number.isFinite)
  const enough = stars.filter(one => one.effective[counts.length - 1] >= 20).length
  print(
    `| ${title} | ${stars.length} | ${effective.join(' | ')} | ${enough} | ${noises.length === 0 ? '' : median(noises).toFixed(1)} |`,
  )
}

/** Continuous ranked probability score of weighed draws, and the share of their weight below the truth. */
function score(draws: ArrayLike<number>, weights: ArrayLike<number>, truth: number): { crps: number; rank: number } {
  const order = Array.from(weights, (_, s) => s).sort((a, b) => draws[a] - draws[b])
  let [below, crps] = [0, 0]
  let rank = 0
  for (const [k, s] of order.entries()) {
    below += weights[s]
    if (draws[s] < truth) rank += weights[s]
    const next = order[k + 1]
    if (next === undefined) continue
    // The integral of (F - step)^2 between neighbours.
    const [low, high] = [draws[s], draws[next]]
    const cut = Math.min(high, Math.max(low, truth))
    crps += (cut - low) * below ** 2 + (high - cut) * (1 - below) ** 2
  }
  const [first, last] = [draws[order[0]], draws[order[order.length - 1]]]
  return { crps: crps + Math.max(0, first - truth) + Math.max(0, truth - last), rank }
}

const simulated = drawSimulatedStars(simulator, modelObservables, modelParameters, {
  ...{ seed: SEED, count: starCount, maxDraws: 400 * starCount },
})
const all: Weighed[] = []
const scores = modelParameters.map(() => ({ plain: [] as number[], weighed: [] as number[], gains: [] as number[] }))
const ranks = modelParameters.map(() => ({ plain: [] as number[], weighed: [] as number[] }))
const equal = new Float64Array(sampleCount).fill(1 / sampleCount)
const began = process.cpuUsage().user
for (const [i, star] of simulated.stars.entries()) {
  const { weighed, values: drawn, weights } = await weigh(star, i, starClasses[simulated.classIndex[i]])
  all.push(weighed)
  for (const p of modelParameters.keys()) {
    const draws = equal.map((_, s) => drawn[s * modelParameters.length + p])
    const truth = simulated.truths[i * modelParameters.length + p]
    const [plain, corrected] = [equal, weights].map(one => score(draws, one, truth))
    scores[p].plain.push(plain.crps)
    scores[p].weighed.push(corrected.crps)
    scores[p].gains.push(corrected.crps - plain.crps)
    ranks[p].plain.push(plain.rank)
    ranks[p].weighed.push(corrected.rank)
  }
}
const each = (process.cpuUsage().user - began) / 1e6 / all.length
print(`${all.length} simulated stars with all measurements, ${sampleCount} samples each; ${each.toFixed(2)} s a star\n`)
const heads = counts.map(count => `effective, ${count} nuisances`)
print(`| stars | number | ${heads.join(' | ')} | 20 or more | noise of a log weight, ${middle} |`)
print(`|---|---|${heads.map(() => '---|').join('')}---|---|`)
for (const name of starClasses) {
  const some = all.filter(({ group }) => group === name)
  if (some.length > 0) describe(name, some)
}
describe('all', all)

const real = (await readDemoGroups(readDemoPlan())).flatMap(({ title, stars }) =>
  stars
    .filter(({ input }) =>
      modelObservables.every(name => input.given.some(one => one.quantity === name && !one.isLimit)),
    )
    .map(({ input }) => ({ title, input })),
)
const chosen = real.slice(0, realCount)
const found: Weighed[] = []
for (const [i, { input, title }] of chosen.entries()) found.push((await weigh(input, REAL_INDEX + i, title)).weighed)
if (found.length > 0) describe(`real: ${[...new Set(found.map(({ group }) => group))].join(', ')}`, found)

print(`\n| parameter | score of the samples | of weighed ones | change | p of ranks | of weighed ones |`)
print('|---|---|---|---|---|---|')
for (const [p, name] of modelParameters.entries()) {
  const { plain, weighed, gains } = scores[p]
  const mean = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length
  const change = mean(gains)
  const error = Math.sqrt(mean(gains.map(gain => (gain - change) ** 2)) / (gains.length - 1))
  const uniform = (numbers: readonly number[]) => kolmogorovSmirnov(Float64Array.from(numbers)).pValue.toPrecision(2)
  print(
    `| ${name} | ${mean(plain).toFixed(4)} | ${mean(weighed).toFixed(4)} | ${change.toFixed(4)} +- ${error.toFixed(4)} | ${uniform(ranks[p].plain)} | ${uniform(ranks[p].weighed)} |`,
  )
}

// The network's own prior: what it says of a star of which nothing was measured.
const nothing = await weigher.draw({ key: 'nothing', given: [] }, 1024, SEED, 2 * REAL_INDEX)
const drawn = simulator.draw({ seed: SEED, first: 0, count: 20_000 })
const distances = modelParameters.map((name, p) => {
  const learned = Array.from(nothing.logDensities, (_, s) => nothing.values[s * modelParameters.length + p])
  return `${name} ${distanceOf(learned, Array.from(column(drawn.parameters, name))).toFixed(3)}`
})
print(`\nlearned prior beside simulated stars, Kolmogorov-Smirnov: ${distances.join(', ')}`)
await weigher.close()

/** The largest difference of two cumulative distributions. */
function distanceOf(a: readonly number[], b: readonly number[]): number {
  const [first, second] = [a, b].map(one => Float64Array.from(one).sort())
  let [i, j, most] = [0, 0, 0]
  while (i < first.length && j < second.length) {
    const x = Math.min(first[i], second[j])
    while (first[i] <= x) i++
    while (second[j] <= x) j++
    most = Math.max(most, Math.abs(i / first.length - j / second.length))
  }
  return most
}
