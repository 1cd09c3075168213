// How well reference tasks are learned: C2ST of our samples against exact or long-run ones, for the posteriors of ten
// observations and for conditionals drawn at random, beside the best published scores; 0.5 is perfect. And what share of samples
// is left once they are weighed by the task's own density.
// node dist/ops/bench/taskBench.js [--tasks two_moons,tree] [--simulations 10000] [--seed 1] [--samples 2000] [--observations 10] [--conditionals 10] [--json]
//   [--recipe '{"steps":3000,"network":{"width":256}}'] [--sampling '{"levels":128}'] [--members 2]
//   [--out FOLDER] models and scores as they come; a model of the same recipe that is there is not learned again
//   [--references FOLDER] where samples of the true answers are kept
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  c2st,
  JOINT_MEMBERS,
  type JointModel,
  type JointRecipe,
  jointRecipe,
  jointSampling,
  jointTableOf,
  readJointFile,
  removeBestState,
  sampleJoint,
  type Task,
  type TaskGiven,
  taskTable,
  trainJoint,
  weighSamples,
  writeJointFile,
} from '../../models/index.ts'
import { describeCommand, describeMachine, renderMachine } from './harness.ts'
import { publishedScores, questionsOf, referenceOf, type TaskQuestion } from './taskScores.ts'

const { values: flags } = parseArgs({
  options: {
    tasks: { type: 'string', default: [...taskTable.keys()].join() },
    simulations: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    samples: { type: 'string', default: '2000' },
    observations: { type: 'string', default: '10' },
    conditionals: { type: 'string', default: '10' },
    recipe: { type: 'string', default: '{}' },
    sampling: { type: 'string', default: '{}' },
    members: { type: 'string', default: `${JOINT_MEMBERS}` },
    out: { type: 'string' },
    references: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})

const [simulations, seed, sampleCount, observations, conditionals, members] = [
  flags.simulations,
  flags.seed,
  flags.samples,
  flags.observations,
  flags.conditionals,
  flags.members,
].map(Number)
const changes = JSON.parse(flags.recipe) as Partial<JointRecipe>
const sampling = { ...jointSampling, ...(JSON.parse(flags.sampling) as Partial<typeof jointSampling>) }

/** Of each question. */
const WEIGHED_SAMPLES = 500

interface Answer {
  readonly kind: TaskQuestion['kind']
  /** Of the variables in their order, null where it is asked. */
  readonly given: TaskGiven
  readonly accuracy: number
  readonly sampleCpuS: number
  /** Effective size of weighed samples, of one. */
  readonly effectiveShare: number
}

interface Score {
  readonly task: string
  readonly simulations: number
  readonly seed: number
  readonly recipe: JointRecipe
  readonly sampling: typeof sampling
  readonly trainCpuS: number | null
  readonly heldOutLosses: readonly number[]
  readonly answers: readonly Answer[]
}

const cpuS = (since?: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1e6
}

function recipeOf(member: number): JointRecipe {
  const base = jointRecipe(seed + member, simulations)
  return {
    ...base,
    ...changes,
    network: { ...base.network, ...changes.network },
    batch: { ...base.batch, ...changes.batch },
  }
}

/** What was learned before by the same recipe, else a new training. */
async function modelsOf(task: Task, folder: string | null) {
  const card = { task: task.name, simulations, seed, recipe: recipeOf(0) }
  if (folder !== null && existsSync(join(folder, 'model.json'))) {
    const { card: found, models } = readJointFile(folder)
    const isSame = JSON.stringify({ ...found, heldOutLosses: 0 }) === JSON.stringify({ ...card, heldOutLosses: 0 })
    if (isSame && models.length === members) return { models, heldOutLosses: found.heldOutLosses, trainCpuS: null }
  }
  const table = jointTableOf(task, task.draw(seed, 0, simulations))
  const models: JointModel[] = []
  const heldOutLosses: number[] = []
  const before = process.cpuUsage()
  for (let member = 0; member < members; member++) {
    const kept = folder === null ? {} : { statePath: join(folder, `${member}.training.state`) }
    const { model, bestLoss } = await trainJoint(table, recipeOf(member), kept)
    models.push(model)
    heldOutLosses.push(bestLoss)
  }
  if (folder !== null) {
    writeJointFile(folder, { ...card, heldOutLosses }, models)
    for (const member of models.keys()) removeBestState(join(folder, `${member}.training.state`))
  }
  return { models, heldOutLosses, trainCpuS: cpuS(before) }
}

const knownIn = (given: TaskGiven) =>
  new Map([...given.entries()].flatMap(([i, value]) => (value === null ? [] : [[i, value] as const])))

async function ours(models: readonly JointModel[], given: TaskGiven): Promise<Float64Array> {
  const known = knownIn(given)
  const asked = [...given.keys()].filter(i => !known.has(i))
  return sampleJoint(models, { given: known, asked, count: sampleCount, seed: 5 }, sampling)
}

async function effectiveShareOf(task: Task, models: readonly JointModel[], given: TaskGiven): Promise<number> {
  const request = { given: knownIn(given), count: WEIGHED_SAMPLES, seed: 5 }
  const { importance } = await weighSamples(models, task.logJoint, request, sampling.levels)
  return importance.effectiveSize / WEIGHED_SAMPLES
}

async function scoreTask(task: Task): Promise<Score> {
  const folder = flags.out === undefined ? null : join(flags.out, `${task.name}-${simulations}-${seed}`)
  if (folder !== null) mkdirSync(folder, { recursive: true })
  const { models, heldOutLosses, trainCpuS } = await modelsOf(task, folder)
  const answers: Answer[] = []
  const score = { task: task.name, simulations, seed, recipe: recipeOf(0), sampling, trainCpuS, heldOutLosses, answers }
  for (const { kind, given } of questionsOf(task, observations, conditionals)) {
    const since = process.cpuUsage()
    const samples = await ours(models, given)
    const sampleCpuS = cpuS(since)
    const width = given.filter(value => value === null).length
    const accuracy = c2st(referenceOf(task, given, sampleCount, flags.references), samples, width)
    const effectiveShare = await effectiveShareOf(task, models, given)
    answers.push({ kind, given, accuracy, sampleCpuS, effectiveShare })
    if (folder !== null) writeFileSync(join(folder, 'scores.json'), `${JSON.stringify(score)}\n`)
  }
  return score
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length

function describeKind({ task, answers }: Score, kind: TaskQuestion['kind']): string {
  const ofKind = answers.filter(answer => answer.kind === kind)
  if (ofKind.length === 0) return `${kind} not asked`
  const accuracies = ofKind.map(({ accuracy }) => accuracy)
  const shares = ofKind.map(({ effectiveShare }) => effectiveShare)
  const best = publishedScores[flags.simulations]?.[task]?.[kind]
  const spread = Math.sqrt(mean(accuracies.map(value => (value - mean(accuracies)) ** 2)))
  const beside = best === undefined ? '' : ` (published ${best})`
  return `${kind} ${mean(accuracies).toFixed(3)} +- ${spread.toFixed(3)}${beside}, worst ${Math.max(...accuracies).toFixed(3)}, effective ${mean(shares).toFixed(2)} (least ${Math.min(...shares).toFixed(2)})`
}

const machine = describeMachine()
if (!flags.json) process.stdout.write(`${renderMachine(machine)}\n${describeCommand()}\n`)
const scores: Score[] = []
for (const name of flags.tasks.split(',')) {
  const task = taskTable.get(name)
  if (task === undefined) throw new Error(`there is no task ${name}; the tasks are ${[...taskTable.keys()].join(', ')}`)
  const one = await scoreTask(task)
  scores.push(one)
  if (flags.json) continue
  const sampleMs = (1e6 * mean(one.answers.map(({ sampleCpuS }) => sampleCpuS))) / sampleCount
  process.stdout.write(
    `${name.padEnd(17)} ${describeKind(one, 'posterior')}; ${describeKind(one, 'conditional')}; held out ${one.heldOutLosses.map(loss => loss.toFixed(4)).join(' ')}, ` +
      `training ${one.trainCpuS?.toFixed(0) ?? 'no'} CPU s, 1000 samples ${sampleMs.toFixed(0)} CPU ms\n`,
  )
}
if (flags.json) process.stdout.write(`${JSON.stringify({ machine, command: describeCommand(), scores })}\n`)
