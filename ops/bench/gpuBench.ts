// The committed model on one device against the same model on the processor: stars per second by size of batch, how long a
// lone star takes, how far the outputs lie apart, and a step of training. Each line is told as soon as it is known.
// node dist/ops/bench/gpuBench.js --device cuda|webgpu|cpu [--samples 256] [--batches 1,16,64] [--workers 1,4] [--budget-s 240] [--json FILE]
import { appendFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import {
  createPilotSimulator,
  type Device,
  type DeviceTrial,
  devices,
  drawSimulatedStars,
  modelParameters,
  openDeviceTrial,
  openEngineTrial,
  pilotRecipe,
  type StarInput,
} from '../../models/index.ts'
import { isFusionError } from '../../schemas/index.ts'
import { describeCommand, describeMachine, renderMachine } from './harness.ts'
import { loadPool } from './poolLoad.ts'
import { median } from './statistics.ts'

const { values: flags } = parseArgs({
  options: {
    device: { type: 'string', default: 'cpu' },
    samples: { type: 'string', default: '256' },
    batches: { type: 'string', default: '1,16,64,256,1024,4096' },
    'budget-s': { type: 'string', default: '240' },
    threads: { type: 'string', default: String(availableParallelism()) },
    workers: { type: 'string', default: '1,2,4,8' },
    training: { type: 'boolean', default: true },
    json: { type: 'string' },
  },
  allowNegative: true,
})
const device = devices.find(name => name === flags.device) ?? fail(`--device is one of ${devices.join(', ')}.`)
const [samples, threads, budgetS] = [flags.samples, flags.threads, flags['budget-s']].map(Number)
const endMs = performance.now() + budgetS * 1000

/** Stars that are compared with the processor's, and that batches are made of. */
const COMPARED = 16
const STARS = 256
/** A size of batch is measured until it has run this often, and this long. */
const RUNS = 5
const MEASURE_MS = 2000
const LONE_RUNS = 100
const STEPS = 8
const LEARNING_RATE = 1e-3
const LEVELS = 12
const FLOOD_S = 3
const MOST_FLOOD_STARS = 32_768

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

type Line = Readonly<Record<string, string | number | null>>

/** One measurement, in words and as a line of JSON. */
function tell(what: string, facts: Line): void {
  const shown = Object.entries(facts).map(([name, value]) => {
    const rounded = typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(4) : value
    return `${name} ${rounded}`
  })
  process.stdout.write(`${what.padEnd(16)}${shown.join('  ')}\n`)
  if (flags.json !== undefined) appendFileSync(flags.json, `${JSON.stringify({ what, ...facts })}\n`)
}

const isOver = () => performance.now() > endMs
const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ')

async function timed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly ms: number }> {
  const startMs = performance.now()
  const result = await work()
  return { result, ms: performance.now() - startMs }
}

/** Milliseconds of each run, after warming up. */
async function timesOf(work: () => Promise<unknown>, atLeast: number, forMs: number): Promise<readonly number[]> {
  for (let i = 0; i < 3; i++) await work()
  const times: number[] = []
  const startMs = performance.now()
  while (times.length < atLeast || performance.now() - startMs < forMs) {
    times.push((await timed(work)).ms)
    if (isOver()) break
  }
  return times
}

function largest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = 0
  for (let i = 0; i < a.length; i++) {
    const apart = Math.abs(a[i] - b[i])
    // A difference that is no number must not pass as none.
    if (!(apart <= worst)) worst = apart
  }
  return worst
}

interface Reference {
  readonly latents: Float32Array
  readonly logits: Float32Array
  readonly parameters: Float64Array
}

/** What the processor answers for the first stars, one at a time by the graph of one star, as it answers anywhere. */
async function measureProcessor(stars: readonly StarInput[]): Promise<Reference> {
  const trial = await openDeviceTrial(stars, { device: 'cpu', graph: 'star', batchStars: 1, samples, threads: 1 })
  const latents: number[] = []
  const logits: number[] = []
  const parameters: number[] = []
  try {
    for (let i = 0; i < COMPARED; i++) {
      const drawn = await trial.run(trial.feedsFrom(i))
      latents.push(...drawn.latents)
      logits.push(...drawn.logits)
      parameters.push(...trial.parametersOf(drawn.latents, i))
    }
    const feeds = trial.feedsFrom(0)
    const ms = median(await timesOf(() => trial.run(feeds), LONE_RUNS, MEASURE_MS))
    tell('processor', { threads: 1, starMs: ms, starsPerSecond: 1000 / ms })
    const meaning = await timed(async () => trial.parametersOf(Float32Array.from(latents), 0))
    tell('meaning', { threads: 1, starMs: meaning.ms / COMPARED })
  } finally {
    await trial.close()
  }
  return {
    latents: Float32Array.from(latents),
    logits: Float32Array.from(logits),
    parameters: Float64Array.from(parameters),
  }
}

async function compare(trial: DeviceTrial, batchStars: number, reference: Reference): Promise<Line> {
  const { latents, logits } = await trial.run(trial.feedsFrom(0))
  const compared = Math.min(COMPARED, batchStars)
  const starSize = samples * modelParameters.length
  const mine = trial.parametersOf(latents.subarray(0, compared * starSize), 0)
  const apart = modelParameters.map((name, p) => {
    const pick = (list: Float64Array) => list.filter((_, i) => i % modelParameters.length === p)
    return { name, worst: largest(pick(mine), pick(reference.parameters)) }
  })
  const classes = logits.length / batchStars
  return {
    compared,
    latentsApart: largest(latents.subarray(0, compared * starSize), reference.latents),
    logitsApart: largest(logits.subarray(0, compared * classes), reference.logits),
    ...Object.fromEntries(apart.map(({ name, worst }) => [`${name}Apart`, worst])),
  }
}

/** @returns stars per second; null when the device has no room for the batch */
async function measureBatch(
  stars: readonly StarInput[],
  batchStars: number,
  reference: Reference,
): Promise<number | null> {
  let trial: DeviceTrial | null = null
  try {
    const opened = await timed(() => openDeviceTrial(stars, { device, graph: 'batch', batchStars, samples, threads }))
    trial = opened.result
    const { result: apart, ms: firstRunMs } = await timed(() => compare(opened.result, batchStars, reference))
    const feeds = trial.feedsFrom(0)
    const times = await timesOf(() => opened.result.run(feeds), batchStars === 1 ? LONE_RUNS : RUNS, MEASURE_MS)
    const runMs = median(times)
    const ranked = times.toSorted((a, b) => a - b)
    tell('batch', {
      batchStars,
      openMs: opened.ms,
      firstRunMs,
      runMs,
      /** One run in twenty is slower. */
      slowRunMs: ranked[Math.floor(0.95 * (ranked.length - 1))],
      runs: times.length,
      starsPerSecond: (1000 * batchStars) / runMs,
      ...apart,
    })
    return (1000 * batchStars) / runMs
  } catch (error) {
    tell('batch', { batchStars, starsPerSecond: null, reason: reasonOf(error) })
    return null
  } finally {
    await trial?.close()
  }
}

async function measureTraining(on: Device, times: number): Promise<void> {
  const { posteriorRows, levelsPerRow, questionRows } = pilotRecipe.batch
  const batch = { posteriorRows: posteriorRows * times, levelsPerRow, questionRows: questionRows * times }
  const { result: trial, ms: openMs } = await timed(() =>
    openEngineTrial({ ...pilotRecipe, batch }, createPilotSimulator(), {
      ...{ samples: 16, steps: LEVELS, threads, seed: 1, device: on },
    }),
  )
  try {
    const first = await trial.train(LEARNING_RATE)
    const stepMs = median(await timesOf(() => trial.train(LEARNING_RATE), STEPS, MEASURE_MS))
    tell('training', {
      device: on,
      rows: batch.posteriorRows,
      openMs,
      stepMs,
      rowsPerSecond: (1000 * batch.posteriorRows) / stepMs,
      firstLoss: first.loss,
      firstGradientNorm: first.gradientNorm,
    })
  } finally {
    await trial.close()
  }
}

if (flags.json !== undefined) writeFileSync(flags.json, '')
const machine = describeMachine()
process.stdout.write(`${describeCommand()}\n${renderMachine(machine)}\n`)
const overridden = process.env.NVIDIA_TF32_OVERRIDE ?? null
tell('device', { device, samples, threads, processor: machine.processor, node: machine.node, tf32: overridden })
const { stars } = drawSimulatedStars(createPilotSimulator(), null, [], { seed: 1, count: STARS, maxDraws: STARS })
try {
  // Opened first: whoever has no such device is told at once.
  const probe = await openDeviceTrial(stars.slice(0, 1), { device, graph: 'batch', batchStars: 1, samples, threads })
  await probe.close()
} catch (error) {
  if (!isFusionError(error)) throw error
  fail(error.message)
}
const reference = await measureProcessor(stars)
let best = 0
for (const batchStars of flags.batches.split(',').map(Number)) {
  if (isOver()) break
  const starsPerSecond = await measureBatch(stars, batchStars, reference)
  if (starsPerSecond === null) break
  best = Math.max(best, starsPerSecond)
}
for (const workers of flags.workers.split(',').map(Number)) {
  if (isOver() || workers === 0) break
  // Some seconds' work, however fast the device is.
  const floodStars = Math.round(Math.min(MOST_FLOOD_STARS, FLOOD_S * best))
  try {
    tell('pool', { workers, ...(await loadPool(stars, { device, workers, samples, floodStars })) })
  } catch (error) {
    tell('pool', { workers, starsPerSecond: null, reason: reasonOf(error) })
  }
}
if (flags.training) {
  for (const times of [1, 4]) {
    for (const on of new Set<Device>([device, 'cpu'])) {
      if (isOver()) break
      try {
        await measureTraining(on, times)
      } catch (error) {
        tell('training', { device: on, times, stepMs: null, reason: reasonOf(error) })
      }
    }
  }
}
if (isOver()) tell('stopped', { reason: `${budgetS} s were allowed` })
