// What ten thousand saved filters cost for each star, beside one inference of the shipped model: processor time, turn by turn.
// node dist/ops/bench/subscriptionBench.js [--filters 10000] [--stars 64] [--rounds 8] [--samples 256]
import { parseArgs } from 'node:util'
import { passedBy, SubscriptionIndex, toPosterior } from '../../actors/index.ts'
import {
  createPilotSimulator,
  createRng,
  drawSimulatedStars,
  openPosteriorModel,
  type Rng,
  type StarPosterior,
} from '../../models/index.ts'
import { eventTopics, type SampleColumns, type Star, type Subscription } from '../../schemas/index.ts'
import { median } from './statistics.ts'

const { values } = parseArgs({
  options: {
    filters: { type: 'string', default: '10000' },
    stars: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '8' },
    samples: { type: 'string', default: '256' },
  },
})
const [filterCount, starCount, rounds, sampleCount] = [values.filters, values.stars, values.rounds, values.samples].map(
  Number,
)
const print = (text: string) => process.stdout.write(`${text}\n`)

const pick = <T>(rng: Rng, from: readonly T[]) => from[rng.integer(from.length)]
const place = (rng: Rng) => `${(360 * rng.uniform()).toFixed(3)} ${(60 * (2 * rng.uniform() - 1)).toFixed(3)}`

/** One in five of each: cones, regions, lists, conditions on classes and medians, and conditions on samples. */
const kinds: readonly ((rng: Rng) => Pick<Subscription, 'where' | 'moc' | 'watchlist'>)[] = [
  rng => ({
    where: `young > ${rng.uniform().toFixed(2)} and within ${pick(rng, [0.1, 1, 5, 20])} deg of ${place(rng)}`,
    ...{ moc: null, watchlist: [] },
  }),
  rng => ({
    where: `P(age < ${1 + rng.integer(30)} Myr) > 0.5`,
    moc: `6/${Array.from({ length: 20 }, () => rng.integer(12 * 4 ** 6)).join(',')}`,
    watchlist: [],
  }),
  rng => ({
    where: '',
    moc: null,
    watchlist: Array.from({ length: 50 }, () => `gaiaDr3:${1 + rng.integer(1_000_000)}`),
  }),
  rng => ({
    where: `${pick(rng, ['young', 'youngDisk', 'giant'])} > ${rng.uniform().toFixed(2)} and median(av) < ${(3 * rng.uniform()).toFixed(2)} mag`,
    ...{ moc: null, watchlist: [] },
  }),
  rng => ({
    where: `P(${pick(rng, ['age < 3 Myr', 'mass < 0.5 Msun', 'av < 1 mag', 'distance < 300 pc'])}) > ${rng.uniform().toFixed(2)} and young > ${rng.uniform().toFixed(2)}`,
    ...{ moc: null, watchlist: [] },
  }),
]

const rng = createRng(11)
const index = new SubscriptionIndex()
const startedUsage = process.cpuUsage()
for (let i = 0; i < filterCount; i++) {
  const about = { id: `f${i}`, name: `f${i}`, topic: eventTopics[i % eventTopics.length], createdMs: 0n }
  index.put({ ...about, ...kinds[i % kinds.length](rng) })
}
const indexMs = usedMs(startedUsage)

const model = await openPosteriorModel()
const inputs = drawSimulatedStars(createPilotSimulator(), null, [], {
  seed: 3,
  count: starCount,
  maxDraws: starCount,
}).stars
const question = { sampleCount, seed: 1n, model: model.fingerprint }

interface Believed {
  readonly posterior: ReturnType<typeof toPosterior>
  readonly samples: SampleColumns
}

function believed(answer: StarPosterior, i: number): Believed {
  const starId = `gaiaDr3:${i + 1}`
  const star: Star = {
    ...{ starId, version: '1', raDeg: 360 * rng.uniform(), decDeg: 60 * (2 * rng.uniform() - 1), epochJyr: 2016 },
    ...{ sources: [], measurements: [], isAmbiguous: false, flags: [], isRetired: false },
  }
  const samples = { names: answer.sampleNames, count: sampleCount, values: answer.samples }
  return { posterior: toPosterior(star, answer, question), samples }
}

function usedMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1000
}

await model.infer(inputs, question)
const inferMs: number[] = []
const filterMs: number[] = []
let passedCount = 0
for (let round = 0; round < rounds; round++) {
  const beforeInfer = process.cpuUsage()
  const answers = await model.infer(inputs, question)
  inferMs.push(usedMs(beforeInfer) / starCount)
  const stars = answers.map(believed)
  const beforeFilters = process.cpuUsage()
  for (const { posterior, samples } of stars) {
    const aliases = [posterior.starId]
    const passed = await passedBy(index.candidates(posterior, aliases), posterior, aliases, async () => samples)
    passedCount += passed.length
  }
  filterMs.push(usedMs(beforeFilters) / starCount)
}
await model.close()
const [inference, filters] = [median(inferMs), median(filterMs)]
print(
  `${index.size} filters, put in order in ${indexMs.toFixed(0)} ms; a star passes ${(passedCount / rounds / starCount).toFixed(0)}`,
)
print(
  `one inference (${sampleCount} samples, ${starCount} stars together): ${inference.toFixed(2)} ms of processor time`,
)
print(`all filters for one star: ${filters.toFixed(2)} ms, ${(filters / inference).toFixed(2)} of an inference`)
