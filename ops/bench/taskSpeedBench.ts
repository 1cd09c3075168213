// What a sample of a reference task's posterior costs, and how good it is for that: each sampler at each number of network
// calls, then ours in turns with a network of the reference Simformer's shape that recomputes every token at 500 steps.
// node dist/ops/bench/taskSpeedBench.js --model DIR [--samples 1000] [--rounds 5] [--calls 8,16,32,64] [--kinds ...]
//   [--observations 10] [--judged 2000] [--rival-samples 1000] [--json]; a student beside the model takes part
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  benchmarkObservations,
  c2st,
  conditionalReference,
  type JointModel,
  type JointSamplerOptions,
  jointSampling,
  openSimformer,
  openStudent,
  readJointFile,
  readStudentFile,
  type StudentSampler,
  sampleJoint,
  type Task,
  taskTable,
} from '../../models/index.ts'
import {
  type Comparison,
  type Contender,
  compareRounds,
  describeCommand,
  describeMachine,
  renderComparison,
  renderMachine,
  runInterleaved,
} from './harness.ts'

const { values: flags } = parseArgs({
  options: {
    model: { type: 'string' },
    samples: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '5' },
    calls: { type: 'string', default: '8,16,32,64' },
    kinds: { type: 'string', default: 'ancestral,secondOrderSde,multistepOde' },
    observations: { type: 'string', default: '10' },
    judged: { type: 'string', default: '2000' },
    'rival-samples': { type: 'string', default: '1000' },
    json: { type: 'boolean', default: false },
  },
})
if (flags.model === undefined) throw new Error('--model names a folder that "birthline task NAME train" wrote')
const [sampleCount, rounds, observationCount, judgedCount, rivalCount] = [
  flags.samples,
  flags.rounds,
  flags.observations,
  flags.judged,
  flags['rival-samples'],
].map(Number)
/** Of the reference Simformer on two cores of such a machine: 1,000 samples of one observation at 500 steps. */
const PUBLISHED_CPU_S = 12.5
const WANTED_RATIO = 100
/** Those of the stand-in that go through together: what is fastest for it. */
const RIVAL_ROWS = 250

const cpuS = (since?: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1e6
}

interface Way {
  readonly name: string
  readonly calls: number
  sample(observation: readonly number[], count: number): Promise<Float64Array>
}

interface Quality {
  readonly name: string
  readonly calls: number
  /** Mean and worst over the observations; 0.5 is perfect. */
  readonly c2st: number
  readonly worst: number
  readonly cpuUsPerSample: number
}

function parametersOf(task: Task): readonly number[] {
  return task.variables.flatMap(({ role }, i) => (role === 'parameter' ? [i] : []))
}

function bySteps(task: Task, models: readonly JointModel[], options: JointSamplerOptions): Way {
  const asked = parametersOf(task)
  return {
    name: options.kind,
    calls: options.levels,
    sample(observation, count) {
      const given = new Map(observation.map((value, i) => [asked.length + i, value]))
      return sampleJoint(models, { given, asked, count, seed: 5 }, options)
    },
  }
}

function byStudent(task: Task, student: StudentSampler, calls: number): Way {
  const offset = parametersOf(task).length
  return {
    name: 'student',
    calls,
    sample(observation, count) {
      const given = new Map(observation.map((value, i) => [offset + i, value]))
      return student.sample({ given, count, seed: 5 })
    },
  }
}

/** Scores depend on the draws that are judged against: all ways meet the same. */
async function judge(task: Task, way: Way): Promise<Quality> {
  const width = parametersOf(task).length
  const observations = (benchmarkObservations.get(task.name) ?? []).slice(0, observationCount)
  await way.sample(observations[0], judgedCount)
  const scores: number[] = []
  let spentS = 0
  for (const observation of observations) {
    const before = process.cpuUsage()
    const samples = await way.sample(observation, judgedCount)
    spentS += cpuS(before)
    const given = [...new Array<null>(width).fill(null), ...observation]
    const truth = conditionalReference(task, given, { seed: 9, count: judgedCount }).samples
    scores.push(c2st(truth, samples, width))
  }
  return {
    name: way.name,
    calls: way.calls,
    c2st: scores.reduce((a, b) => a + b, 0) / scores.length,
    worst: Math.max(...scores),
    cpuUsPerSample: (1e6 * spentS) / (judgedCount * observations.length),
  }
}

/** Speeds are per second of the processor: what else runs on the machine hardly shows. */
function contender(name: string, samples: number, run: () => Promise<unknown>): Contender {
  return {
    name,
    async run() {
      const before = process.cpuUsage()
      await run()
      return { units: samples, seconds: cpuS(before) }
    },
  }
}

async function race(task: Task, ways: readonly Way[]): Promise<Comparison> {
  const [observation] = benchmarkObservations.get(task.name) ?? []
  const rival = await openSimformer({ tokens: task.variables.length, rows: RIVAL_ROWS }, 1)
  try {
    const name = `a Simformer's shape, ${rival.weightCount} weights, 500 steps`
    const theirs = contender(name, rivalCount, async () => {
      for (let done = 0; done < rivalCount; done += RIVAL_ROWS) await rival.sample(observation, done)
    })
    const ours = ways.map(way =>
      contender(`${way.name}, ${way.calls} calls`, sampleCount, () => way.sample(observation, sampleCount)),
    )
    return await runInterleaved([theirs, ...ours], { unit: 'samples', rounds })
  } finally {
    await rival.close()
  }
}

const { card, models } = readJointFile(flags.model)
const task = taskTable.get(card.task)
if (task === undefined || !benchmarkObservations.has(card.task)) {
  throw new Error(`${card.task} has no observations to be judged on`)
}
const machine = describeMachine()
const print = (text: string) => {
  if (!flags.json) process.stdout.write(`${text}\n`)
}
print(`${describeCommand()}\n${renderMachine(machine)}`)
print(`${task.title}, ${card.simulations} simulations; C2ST of ${judgedCount} samples, 0.5 is perfect`)
const ways: Way[] = []
for (const kind of flags.kinds.split(',')) {
  for (const levels of flags.calls.split(',').filter(Boolean).map(Number)) {
    ways.push(bySteps(task, models, { kind: kind as JointSamplerOptions['kind'], levels }))
  }
}
const racers = [bySteps(task, models, jointSampling)]
let student: StudentSampler | null = null
if (existsSync(join(flags.model, 'student.bin'))) {
  const taught = readStudentFile(flags.model, task.name, models[0])
  student = await openStudent(taught)
  const way = byStudent(task, student, taught.config.levels.length + 1)
  racers.push(way)
  if (ways.length > 0) ways.push(way)
}
const qualities: Quality[] = []
for (const way of ways) {
  const found = await judge(task, way)
  qualities.push(found)
  print(
    `${found.name.padEnd(16)} ${String(found.calls).padStart(3)} calls  C2ST ${found.c2st.toFixed(3)}, worst ${found.worst.toFixed(3)}  ${found.cpuUsPerSample.toFixed(1)} us of processor a sample`,
  )
}
const comparison = await race(task, racers)
await student?.close()
const [theirs, ...mine] = comparison.results
const duels = mine.map(one => compareRounds([one, theirs], comparison.unit))
const gains = duels.map(({ results: [one], ratios: [{ median, low, high }] }) => ({
  ...{ of: one.name, median, low, high, usPerSample: 1e6 / one.median },
  overPublished: (PUBLISHED_CPU_S * one.median) / 1000,
}))
if (flags.json) {
  const report = { command: describeCommand(), machine, task: task.name, qualities, ...comparison, gains }
  process.stdout.write(`${JSON.stringify({ ...report, wantedRatio: WANTED_RATIO }, null, 2)}\n`)
}
print('in turns, of a second of the processor:')
duels.forEach((duel, d) => {
  const { of, median, usPerSample, overPublished } = gains[d]
  print(
    `${renderComparison(duel)}\n${of}: ${usPerSample.toFixed(1)} us a sample, ${median.toFixed(0)} times less than the rival, ` +
      `${overPublished.toFixed(0)} times less than the ${PUBLISHED_CPU_S} s measured of the reference; wanted ${WANTED_RATIO}`,
  )
})
