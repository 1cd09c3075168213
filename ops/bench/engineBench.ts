// The pilot's training step and its sampler against the same network in PyTorch on the processor, in turns in one run.
// node dist/ops/bench/engineBench.js [--python PATH] [--compile] [--json] [--threads 2] [--rounds 11] [--samples 256] [--levels 24]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { packageFile } from '../../schemas/index.ts'
import {
  type Comparison,
  type Contender,
  describeCommand,
  describeMachine,
  renderComparison,
  renderMachine,
  runInterleaved,
} from './harness.ts'
import { type Answer, type LineProcess, startLineProcess } from './lineProcess.ts'
import { type Spread, spreadOf } from './statistics.ts'

const STEPS_PER_ROUND = 3
const STARS_PER_ROUND = 12
const LEARNING_RATE = 1e-3
/** Relative to the larger of a number and 1: the same network in another order of summation stays well below. */
const TOLERANCE = 1e-4

const { values: flags } = parseArgs({
  options: {
    python: { type: 'string' },
    compile: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '11' },
    samples: { type: 'string', default: '256' },
    levels: { type: 'string', default: '24' },
  },
})

const folder = mkdtempSync(join(tmpdir(), 'birthline-bench-'))
const shared = join(folder, 'network.f32')
const started: LineProcess[] = []

async function start(command: string, args: readonly string[], opening: Answer): Promise<LineProcess> {
  const child = startLineProcess(command, args, { OMP_NUM_THREADS: String(opening.threads) })
  started.push(child)
  await child.ask({ do: 'open', ...opening })
  return child
}

const startOurs = (threads: number) =>
  start(process.execPath, [fileURLToPath(new URL('./engineProcess.js', import.meta.url))], {
    threads,
    samples: Number(flags.samples),
    levels: Number(flags.levels),
  })

const startRival = (python: string, network: Answer, threads: number, compile: boolean) =>
  start(python, [packageFile('ops', 'bench', 'torchRival.py')], { ...network, file: shared, threads, compile })

function readNumbers(file: string): Float32Array {
  const bytes = readFileSync(file)
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
}

async function numbersOf(child: LineProcess, what: string): Promise<Float32Array> {
  const file = join(folder, `${what}.f32`)
  await child.ask({ do: 'read', what, file })
  return readNumbers(file)
}

/** Largest difference of two lists, each relative to the larger of a number and 1. */
function differenceOf(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY
  let largest = 0
  for (let i = 0; i < ours.length; i++) {
    const difference = Math.abs(ours[i] - theirs[i]) / Math.max(1, Math.abs(ours[i]))
    // A difference that is not a number must not pass either.
    if (!(difference <= largest)) largest = difference
  }
  return largest
}

/** Lets both do the same and compares what comes out. */
async function compareNumbers(ours: LineProcess, rival: LineProcess): Promise<Record<string, number>> {
  const differences: Record<string, number> = {}
  for (let step = 1; step <= 3; step++) {
    const question = { do: 'train', steps: 1, learningRate: LEARNING_RATE, form: step === 2 ? 'folded' : 'plain' }
    const [mine, theirs] = [await ours.ask(question), await rival.ask(question)]
    for (const what of ['loss', 'gradientNorm']) {
      differences[`${what} of step ${step}`] = differenceOf([Number(mine[what])], [Number(theirs[what])])
    }
  }
  await ours.ask({ do: 'infer', stars: 1 })
  for (const form of forms) {
    await rival.ask({ do: 'infer', stars: 1, form })
    for (const what of ['latents', 'logits']) {
      differences[`${what}, ${form}`] = differenceOf(await numbersOf(ours, what), await numbersOf(rival, what))
    }
  }
  for (const [what, difference] of Object.entries(differences)) {
    if (!(difference <= TOLERANCE)) throw new Error(`The rival is another network: ${what} differs by ${difference}.`)
  }
  return differences
}

/** How the rival does it: as the network is defined, or with its head's weights multiplied beforehand as ours does. */
const forms = ['plain', 'folded'] as const

interface Measured extends Comparison {
  readonly title: string
  /** Processor time of one unit in milliseconds, and the rivals' over ours: what others do on the machine hardly shows. */
  readonly processorMs: readonly ({ readonly name: string } & Spread)[]
  readonly processorRatios: readonly ({ readonly to: string } & Spread)[]
}

interface Team {
  readonly name: string
  /** Work at the same time; each does its share. */
  readonly members: readonly LineProcess[]
  readonly form?: (typeof forms)[number]
}

async function measure(title: string, what: 'train' | 'infer', teams: readonly Team[]): Promise<Measured> {
  const warmUps = 1
  const processor = teams.map((): number[] => [])
  const contenders = teams.map(({ name, members, form = 'plain' }, t): Contender => {
    const units = what === 'train' ? STEPS_PER_ROUND : STARS_PER_ROUND
    const question = { do: what, steps: units, stars: units, learningRate: LEARNING_RATE, form }
    return {
      name,
      async run() {
        const answers = await Promise.all(members.map(member => member.ask(question)))
        const seconds = answers.reduce((sum, answer) => sum + Number(answer.cpuSeconds), 0)
        processor[t].push((1000 * seconds) / (units * members.length))
        return units * members.length
      },
    }
  })
  const unit = what === 'train' ? 'steps' : 'stars'
  const comparison = await runInterleaved(contenders, { unit, rounds: Number(flags.rounds), warmUps })
  const [ours, ...rivals] = processor.map(times => times.slice(warmUps))
  return {
    title,
    ...comparison,
    processorMs: [ours, ...rivals].map((times, t) => ({ name: teams[t].name, ...spreadOf(times) })),
    processorRatios: rivals.map((times, t) => ({
      to: teams[t + 1].name,
      ...spreadOf(times.map((time, round) => time / ours[round])),
    })),
  }
}

function render({ title, processorMs, processorRatios, ...comparison }: Measured): string {
  const range = ({ low, high }: Spread, digits: number) => `[${low.toFixed(digits)}, ${high.toFixed(digits)}]`
  const unit = comparison.unit.replace(/s$/, '')
  return [
    `\n${title}`,
    renderComparison(comparison),
    ...processorMs.map(one => `${one.name}: ${one.median.toFixed(1)} ms of processor a ${unit}  ${range(one, 1)}`),
    ...processorRatios.map(one => `processor time of ${one.to} over ours: ${one.median.toFixed(2)}  ${range(one, 2)}`),
  ].join('\n')
}

async function run(): Promise<void> {
  const machine = describeMachine()
  // On busy cores two threads that wait for each other lose far more than one does: --threads 1 leaves them out.
  const threadCounts = flags.threads === '1' ? [1] : [1, 1, 2]
  const ours: LineProcess[] = []
  for (const threads of threadCounts) ours.push(await startOurs(threads))
  const network = await ours[0].ask({ do: 'export', file: shared })
  const { python, compile } = flags
  const rivals: LineProcess[] = []
  let compiled: LineProcess | null = null
  let differences: Record<string, number> | null = null
  if (python !== undefined) {
    for (const threads of threadCounts) rivals.push(await startRival(python, network, threads, false))
    if (compile) compiled = await startRival(python, network, 1, true)
    differences = await compareNumbers(ours[0], rivals[0])
  }
  const against = (members: readonly LineProcess[]): Team[] =>
    members.length === 0 ? [] : forms.map(form => ({ name: `PyTorch, ${form}`, members, form }))
  const compiledTeam: Team[] =
    compiled === null ? [] : [{ name: 'PyTorch, compiled', members: [compiled], form: 'folded' }]
  const measured = [
    await measure('training step, 1 thread', 'train', [
      { name: 'birthline', members: ours.slice(0, 1) },
      ...against(rivals.slice(0, 1)),
      ...compiledTeam,
    ]),
    await measure('posterior of one star, 1 thread', 'infer', [
      { name: 'birthline', members: ours.slice(0, 1) },
      ...against(rivals.slice(0, 1)),
      ...compiledTeam,
    ]),
  ]
  if (threadCounts.length > 1) {
    measured.push(
      await measure('training step, 2 threads', 'train', [
        { name: 'birthline', members: ours.slice(2) },
        ...against(rivals.slice(2)),
      ]),
      await measure('posterior of one star, 2 threads', 'infer', [
        { name: 'birthline', members: ours.slice(2) },
        ...against(rivals.slice(2)),
      ]),
      await measure('posteriors, 2 processes of 1 thread', 'infer', [
        { name: 'birthline', members: ours.slice(0, 2) },
        ...against(rivals.slice(0, 2)),
      ]),
    )
  }
  if (flags.json) {
    const report = { command: describeCommand(), machine, differences, tolerance: TOLERANCE, measured }
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
    return
  }
  const agreement =
    differences === null
      ? 'no rival: make one with "python3 -m venv DIR && DIR/bin/pip install torch" and give --python DIR/bin/python'
      : `same numbers within ${Math.max(...Object.values(differences)).toExponential(1)}: losses and gradient norms of three steps, samples, class logits`
  const what = `${flags.samples} samples in ${flags.levels} levels a star; the pilot recipe's batch a step, forward to moving average`
  const lines = [describeCommand(), renderMachine(machine), what, agreement, ...measured.map(render)]
  process.stdout.write(`${lines.join('\n')}\n`)
}

try {
  await run()
} finally {
  for (const child of started) await child.close()
  rmSync(folder, { recursive: true })
}
