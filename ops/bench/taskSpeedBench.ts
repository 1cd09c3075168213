// What a sample of a reference task's posterior costs, and how good it is for that: each sampler at each number of network
// calls, then ours in turns with a network of the reference Simformer's shape that recomputes every token at 500 steps.
// node dist/ops/bench/taskSpeedBench.js --model DIR [--samples 1000] [--rounds 5] [--calls 8,16,32,64] [--kinds ...]
//   [--observations 10] [--judged 2000] [--rival-samples 1000] (0: none) [--json]; a student beside the model takes part
//   [--python PATH] [--peers NPE,FMPE] [--bulk 100000]: estimators of sbi learn the same simulations and take part
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
import { openPeer, type Peer, type PeerMethod } from './peers/npePeer.ts'

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
    python: { type: 'string' },
    peers: { type: 'string', default: 'NPE,FMPE' },
    bulk: { type: 'string', default: '100000' },
    json: { type: 'boolean', default: false },
  },
})
if (flags.model === undefined) throw new Error('--model names a folder that "birthline task NAME train" wrote')
const [sampleCount, rounds, observationCount, judgedCount, rivalCount, bulkCount] = [
  flags.samples,
  flags.rounds,
  flags.observations,
  flags.judged,
  flags['rival-samples'],
  flags.bulk,
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

interface Draw {
  readonly samples: Float64Array
  /** Of the processor, whatever else the machine does. */
  readonly cpuS: number
}

interface Way {
  readonly name: string
  /** Of the network; null where a rival's solver decides. */
  readonly calls: number | null
  draw(observation: readonly number[], count: number): Promise<Draw>
}

async function timed(run: () => Promise<Float64Array>): Promise<Draw> {
  const before = process.cpuUsage()
  const samples = await run()
  return { samples, cpuS: cpuS(before) }
}

interface Quality {
  readonly name: string
  readonly calls: number | null
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
    draw(observation, count) {
      const given = new Map(observation.map((value, i) => [asked.length + i, value]))
      return timed(() => sampleJoint(models, { given, asked, count, seed: 5 }, options))
    },
  }
}

function byStudent(task: Task, student: StudentSampler, calls: number): Way {
  const offset = parametersOf(task).length
  return {
    name: 'student',
    calls,
    draw(observation, count) {
      const given = new Map(observation.map((value, i) => [offset + i, value]))
      return timed(() => student.sample({ given, count, seed: 5 }))
    },
  }
}

const byPeer = (peer: Peer): Way => ({ name: `sbi's ${peer.method}`, calls: null, draw: peer.sample })

/** Scores depend on the draws that are judged against: all ways meet the same. */
async function judge(task: Task, way: Way): Promise<Quality> {
  const width = parametersOf(task).length
  const observations = (benchmarkObservations.get(task.name) ?? []).slice(0, observationCount)
  await way.draw(observations[0], judgedCount)
  const scores: number[] = []
  let spentS = 0
  for (const observation of observations) {
    const drawn = await way.draw(observation, judgedCount)
    spentS += drawn.cpuS
    const given = [...new Array<null>(width).fill(null), ...observation]
    const truth = conditionalReference(task, given, { seed: 9, count: judgedCount }).samples
    scores.push(c2st(truth, drawn.samples, width))
  }
  return {
    name: way.name,
    calls: way.calls,
    c2st: scores.reduce((a, b) => a + b, 0) / scores.length,
    worst: Math.max(...scores),
    cpuUsPerSample: (1e6 * spentS) / (judgedCount * observations.length),
  }
}

const labelOf = ({ name, calls }: Pick<Way, 'name' | 'calls'>) => (calls === null ? name : `${name}, ${calls} calls`)

/** Speeds are per second of the processor: what else runs on the machine hardly shows. */
function contender(task: Task, way: Way, units: number): Contender {
  const [observation] = benchmarkObservations.get(task.name) ?? []
  return {
    name: labelOf(way),
    async run() {
      return { units, seconds: (await way.draw(observation, units)).cpuS }
    },
  }
}

/** The stand-in first, then ours. */
async function race(task: Task, ways: readonly Way[]): Promise<Comparison> {
  const rival = await openSimformer({ tokens: task.variables.length, rows: RIVAL_ROWS }, 1)
  const theirs: Way = {
    name: `a Simformer's shape, ${rival.weightCount} weights`,
    calls: 500,
    draw: (observation, count) =>
      timed(async () => {
        for (let done = 0; done < count; done += RIVAL_ROWS) await rival.sample(observation, done)
        return new Float64Array()
      }),
  }
  const ours = ways.map(way => contender(task, way, sampleCount))
  try {
    return await runInterleaved([contender(task, theirs, rivalCount), ...ours], { unit: 'samples', rounds })
  } finally {
    await rival.close()
  }
}

/** Who needs few calls draws in bulk, who needs many as before; each of ours meets the peers of its kind. */
async function racePeers(task: Task, ours: readonly Way[], peers: readonly Peer[]): Promise<readonly Comparison[]> {
  const isFast = (name: string) => name === 'student' || name === 'NPE'
  const runners = [
    ...ours.map(way => ({ isOurs: true, isFast: isFast(way.name), way })),
    ...peers.map(peer => ({ isOurs: false, isFast: isFast(peer.method), way: byPeer(peer) })),
  ]
  const contenders = runners.map(({ way, isFast }) => contender(task, way, isFast ? bulkCount : sampleCount))
  const { results, unit } = await runInterleaved(contenders, { unit: 'samples', rounds })
  return runners.flatMap((one, o) =>
    runners.flatMap((other, p) =>
      one.isOurs && !other.isOurs && one.isFast === other.isFast ? [compareRounds([results[o], results[p]], unit)] : [],
    ),
  )
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
print(`${task.title}, ${card.simulations} simulations`)
const ways: Way[] = []
for (const kind of flags.kinds.split(',')) {
  for (const levels of flags.calls.split(',').filter(Boolean).map(Number)) {
    ways.push(bySteps(task, models, { kind: kind as JointSamplerOptions['kind'], levels }))
  }
}
const isJudged = ways.length > 0 || flags.python !== undefined
const racers = [bySteps(task, models, jointSampling)]
let student: StudentSampler | null = null
if (existsSync(join(flags.model, 'student.bin'))) {
  const taught = readStudentFile(flags.model, task.name, models[0])
  student = await openStudent(taught)
  const way = byStudent(task, student, taught.config.levels.length + 1)
  racers.push(way)
  if (isJudged) ways.push(way)
}
const peers: Peer[] = []
if (flags.python !== undefined) {
  const { simulations, seed } = card
  for (const method of flags.peers.split(',') as PeerMethod[]) {
    const peer = await openPeer(task, { python: flags.python, method, simulations, seed })
    peers.push(peer)
    const { sbi, torch, epochs, cpuSeconds } = peer.learned
    print(
      `${method} of sbi ${sbi}, torch ${torch}: ${epochs} epochs, ${cpuSeconds.toFixed(0)} s of processor, one thread`,
    )
    ways.push(byPeer(peer))
  }
}
const comparison = rivalCount > 0 ? await race(task, racers) : null
const besidePeers = peers.length === 0 ? [] : await racePeers(task, racers, peers)
const [theirs, ...mine] = comparison?.results ?? []
const duels = mine.map(one => compareRounds([one, theirs], 'samples'))
const gains = duels.map(({ results: [one], ratios: [{ median, low, high }] }) => ({
  ...{ of: one.name, median, low, high, usPerSample: 1e6 / one.median },
  overPublished: (PUBLISHED_CPU_S * one.median) / 1000,
}))
print('in turns, of a second of the processor:')
duels.forEach((duel, d) => {
  const { of, median, usPerSample, overPublished } = gains[d]
  print(
    `${renderComparison(duel)}\n${of}: ${usPerSample.toFixed(1)} us a sample, ${median.toFixed(0)} times less than the rival, ` +
      `${overPublished.toFixed(0)} times less than the ${PUBLISHED_CPU_S} s measured of the reference; wanted ${WANTED_RATIO}`,
  )
})
for (const beside of besidePeers) {
  const costs = beside.results.map(({ name, median }) => `${name} ${(1e6 / median).toFixed(1)} us`)
  print(`${renderComparison(beside)}\n${costs.join(', ')} a sample`)
}
const qualities: Quality[] = []
if (ways.length > 0) print(`C2ST of ${judgedCount} samples over ${observationCount} observations, 0.5 is perfect:`)
for (const way of ways) {
  const found = await judge(task, way)
  qualities.push(found)
  print(
    `${labelOf(found).padEnd(24)}  C2ST ${found.c2st.toFixed(3)}, worst ${found.worst.toFixed(3)}  ${found.cpuUsPerSample.toFixed(1)} us of processor a sample`,
  )
}
await Promise.all([student, ...peers].map(one => one?.close()))
if (flags.json) {
  const learned = peers.map(peer => ({ method: peer.method, ...peer.learned }))
  const report = {
    ...{ command: describeCommand(), machine, task: task.name, qualities, ...comparison, gains },
    ...{ peers: learned, besidePeers },
  }
  process.stdout.write(`${JSON.stringify({ ...report, wantedRatio: WANTED_RATIO }, null, 2)}\n`)
}
