// How well reference tasks are learned: C2ST of our samples against exact or long-run ones, for the posteriors of ten
// observations and for conditionals drawn at random, beside the best published scores; 0.5 is perfect.
// node dist/ops/bench/taskBench.js [--tasks two_moons,tree] [--simulations 10000] [--seed 1] [--samples 2000] [--json]
import { parseArgs } from 'node:util'
import {
  benchmarkObservations,
  c2st,
  conditionalReference,
  createRng,
  JOINT_MEMBERS,
  type JointModel,
  jointRecipe,
  jointSampling,
  sampleJoint,
  type Task,
  type TaskGiven,
  taskTable,
  trainJoint,
} from '../../models/index.ts'
import { describeCommand, describeMachine, renderMachine } from './harness.ts'

const { values: flags } = parseArgs({
  options: {
    tasks: { type: 'string', default: [...taskTable.keys()].join() },
    simulations: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    samples: { type: 'string', default: '2000' },
    conditionals: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
  },
})

/** The best published mean C2ST of any variant: Gloeckler et al. 2024 and the papers it compares with. */
const published: Readonly<Record<string, Readonly<Record<string, { posterior?: number; conditionals?: number }>>>> = {
  '10000': {
    gaussian_linear: { posterior: 0.505 },
    gaussian_mixture: { posterior: 0.515 },
    two_moons: { posterior: 0.513, conditionals: 0.526 },
    slcp: { posterior: 0.62, conditionals: 0.598 },
    tree: { conditionals: 0.536 },
    hmm: { conditionals: 0.534 },
  },
  '1000': {
    gaussian_linear: { posterior: 0.539 },
    gaussian_mixture: { posterior: 0.572 },
    two_moons: { posterior: 0.611 },
    slcp: { posterior: 0.831 },
  },
}

const OBSERVATIONS = 10
/** Draws that are observed, or given in part: no simulation that is learned from is among them. */
const OBSERVED_SEED = 777_001
const [simulations, seed, sampleCount, conditionals] = [
  flags.simulations,
  flags.seed,
  flags.samples,
  flags.conditionals,
].map(Number)

interface Score {
  readonly task: string
  readonly posterior: number
  readonly posteriorWorst: number
  readonly conditionals: number
  readonly conditionalsWorst: number
  readonly trainCpuS: number
  /** Of a thousand samples of the posterior. */
  readonly sampleCpuMs: number
}

const cpuS = (since?: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1e6
}

function observationsOf(task: Task): readonly (readonly number[])[] {
  const known = benchmarkObservations.get(task.name)
  if (known !== undefined) return known
  const width = task.variables.length
  const parameters = task.variables.filter(({ role }) => role === 'parameter').length
  const draws = task.draw(OBSERVED_SEED, 0, OBSERVATIONS)
  return Array.from({ length: OBSERVATIONS }, (_, i) => [...draws.subarray(i * width + parameters, (i + 1) * width)])
}

/** Half of the variables given, on average; at least one is, and one is asked. */
function randomQuestions(task: Task): readonly TaskGiven[] {
  const width = task.variables.length
  const draws = task.draw(OBSERVED_SEED + 1, 0, conditionals)
  const rng = createRng(OBSERVED_SEED)
  return Array.from({ length: conditionals }, (_, i) => {
    let given: TaskGiven = []
    do given = Array.from({ length: width }, (_, v) => (rng.uniform() < 0.5 ? draws[i * width + v] : null))
    while (given.every(value => value === null) || given.every(value => value !== null))
    return given
  })
}

async function ours(models: readonly JointModel[], given: TaskGiven): Promise<Float64Array> {
  const all = [...given.keys()]
  const known = new Map(all.flatMap(i => (given[i] === null ? [] : [[i, given[i] as number] as const])))
  const asked = all.filter(i => !known.has(i))
  return sampleJoint(models, { given: known, asked, count: sampleCount, seed: 5 }, jointSampling)
}

const truth = (task: Task, given: TaskGiven) =>
  conditionalReference(task, given, { seed: 9, count: sampleCount }).samples

async function score(task: Task): Promise<Score> {
  const table = {
    variables: task.variables,
    values: task.draw(seed, 0, simulations),
    parents: task.neighbours,
  }
  const models: JointModel[] = []
  const before = process.cpuUsage()
  for (let member = 0; member < JOINT_MEMBERS; member++) {
    models.push((await trainJoint(table, jointRecipe(seed + member))).model)
  }
  const trainCpuS = cpuS(before)
  const parameters = task.variables.filter(({ role }) => role === 'parameter').map(() => null)
  const judge = async (given: TaskGiven) => {
    const width = given.filter(value => value === null).length
    const since = process.cpuUsage()
    const samples = await ours(models, given)
    const sampleS = cpuS(since)
    return { accuracy: c2st(truth(task, given), samples, width), sampleS }
  }
  const posteriors: { accuracy: number; sampleS: number }[] = []
  for (const data of observationsOf(task)) posteriors.push(await judge([...parameters, ...data]))
  const others: { accuracy: number }[] = []
  for (const given of randomQuestions(task)) others.push(await judge(given))
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
  return {
    task: task.name,
    posterior: mean(posteriors.map(({ accuracy }) => accuracy)),
    posteriorWorst: Math.max(...posteriors.map(({ accuracy }) => accuracy)),
    conditionals: mean(others.map(({ accuracy }) => accuracy)),
    conditionalsWorst: Math.max(...others.map(({ accuracy }) => accuracy)),
    trainCpuS,
    sampleCpuMs: (1e6 * mean(posteriors.map(({ sampleS }) => sampleS))) / sampleCount,
  }
}

const machine = describeMachine()
if (!flags.json) process.stdout.write(`${renderMachine(machine)}\n${describeCommand()}\n`)
const scores: Score[] = []
for (const name of flags.tasks.split(',')) {
  const task = taskTable.get(name)
  if (task === undefined) throw new Error(`there is no task ${name}; the tasks are ${[...taskTable.keys()].join(', ')}`)
  const one = await score(task)
  scores.push(one)
  if (flags.json) continue
  const best = published[flags.simulations]?.[name] ?? {}
  const beside = (value: number | undefined) => (value === undefined ? '' : ` (published ${value})`)
  process.stdout.write(
    `${name.padEnd(17)} posterior ${one.posterior.toFixed(3)}${beside(best.posterior)}, worst ${one.posteriorWorst.toFixed(3)}; ` +
      `conditionals ${one.conditionals.toFixed(3)}${beside(best.conditionals)}, worst ${one.conditionalsWorst.toFixed(3)}; ` +
      `training ${one.trainCpuS.toFixed(0)} CPU s, 1000 samples ${one.sampleCpuMs.toFixed(0)} CPU ms\n`,
  )
}
if (flags.json) process.stdout.write(`${JSON.stringify({ machine, command: describeCommand(), scores })}\n`)
