// Takes a log from one model to another: first the new one goes over all stars while the old one serves, then it is put in
// force in one transaction, and what it said is handed on to whoever reads the posteriors.
import {
  claimServing,
  openInferPool,
  type Pipeline,
  type PipelineOptions,
  serveModel,
  servingModel,
  startPipeline,
} from '../../actors/index.ts'
import { FusionError, subscribe } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import type { CommandLine } from '../commands/commandLine.ts'
import { openProgress } from '../terminal/progressLine.ts'
import { servingFolder } from './modelInForce.ts'

export interface Reprocessing {
  /** Folder of the new checkpoint; `null` is the one that comes with birthline. */
  readonly folder: string | null
  /** False leaves the old model in force: the same command without it goes on. */
  readonly isSwapped: boolean
}

export interface ReprocessResult {
  /** Fingerprints. */
  readonly former: string
  readonly model: string
  /** Stars that the new model answered for, and those of them handed on, in this run. */
  readonly candidates: number
  readonly promoted: number
  readonly isSwapped: boolean
  /** False where a Ctrl-C came first. */
  readonly isComplete: boolean
}

type Model = Awaited<ReturnType<typeof openInferPool>>

/**
 * Each part goes on where an earlier run ended.
 * @throws FusionError MODEL_MISMATCH when the log is of neither model, QUESTION_INVALID when both are the same
 */
export async function reprocess(line: CommandLine, log: Log, wanted: Reprocessing): Promise<ReprocessResult> {
  const { config } = line
  const { device, workers: threads } = config
  const checkpointFolder = await servingFolder(config, log)
  const serving = await openInferPool({ checkpointFolder, threads, device })
  try {
    const next = await openInferPool({ checkpointFolder: wanted.folder, threads, device })
    try {
      return await changeModel(line, log, { serving, next, isSwapped: wanted.isSwapped })
    } finally {
      await next.close()
    }
  } finally {
    await serving.close()
  }
}

interface Change {
  readonly serving: Model
  readonly next: Model
  readonly isSwapped: boolean
}

async function changeModel(
  line: CommandLine,
  log: Log,
  { serving, next, isSwapped }: Change,
): Promise<ReprocessResult> {
  const [former, model] = [serving.fingerprint, next.fingerprint]
  // One that was put in force at once has all stars before it still: then the second part is left to do.
  const isLeft = line.config.modelFolder === null && (await servingModel(log)) === model
  if (former === model && !isLeft) {
    throw new FusionError(
      'QUESTION_INVALID',
      'The checkpoint of --to is the one in force already: name another, or its predecessor with --model to finish a change.',
    )
  }
  let [candidates, promoted] = [0, 0]
  const stop = subscribe('batch', ({ actor, emittedTo }) => {
    if (actor === 'reprocess') candidates += emittedTo.get('candidates') ?? 0
    if (actor === 'promote') promoted += emittedTo.get('posteriors') ?? 0
  })
  const end = (isComplete: boolean, swapped: boolean): ReprocessResult => ({
    former,
    model,
    candidates,
    promoted,
    isSwapped: swapped,
    isComplete,
  })
  try {
    if ((await servingModel(log)) !== model) {
      await claimServing(log, former)
      const isThrough = await runUntilIdle(line, 'reprocessing', { log, model: serving, candidate: next })
      if (!isThrough || !isSwapped) return end(isThrough, false)
      await serveModel(log, model)
    }
    // Some stars may have met the former model once more, in a process that had not heard yet.
    return end(await runUntilIdle(line, 'handing on', { log, model: next, candidate: next, promotes: true }), true)
  } finally {
    stop()
  }
}

const LOOK_MS = 250

/** @returns false where it was interrupted */
async function runUntilIdle(
  line: CommandLine,
  label: string,
  options: Pick<PipelineOptions, 'log' | 'model' | 'candidate' | 'promotes'>,
): Promise<boolean> {
  const { sampleCount, seed } = line.config
  const pipeline = startPipeline({ ...options, sampleCount, seed })
  const stop = () => void pipeline.stop()
  line.signal.addEventListener('abort', stop, { once: true })
  const progress = openProgress(line.terminal, label, 'stars', line.nowMs)
  const look = setInterval(async () => {
    const { consumed, lag } = await lastStage(pipeline)
    if (lag > 0) progress.update(consumed, consumed + lag)
  }, LOOK_MS)
  try {
    if (line.signal.aborted) return false
    await pipeline.idle()
    return !line.signal.aborted
  } finally {
    clearInterval(look)
    progress.end()
    line.signal.removeEventListener('abort', stop)
    await pipeline.stop()
  }
}

async function lastStage(pipeline: Pipeline): Promise<{ readonly consumed: number; readonly lag: number }> {
  const stages = await pipeline.status()
  return stages.find(({ group }) => /^(reprocess|promote)-/.test(group)) ?? { consumed: 0, lag: 0 }
}
