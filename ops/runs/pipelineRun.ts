// Holds the pipeline open for a command: log, workers, actors; and lets go of them in order, whatever happens.
import { mkdir } from 'node:fs/promises'
import { claimServing, openInferPool, type Pipeline, startPipeline } from '../../actors/index.ts'
import type { AskableModel } from '../../models/index.ts'
import { FusionError, subscribe } from '../../schemas/index.ts'
import { type Log, openLog } from '../../streams/index.ts'
import { type CommandLine, type ExitCode, exitCodes } from '../commands/commandLine.ts'
import { logConfig } from '../stars/openStarLog.ts'
import { openProgress } from '../terminal/progressLine.ts'
import { type NamedModel, openServed, watchRequests } from './modelInForce.ts'
import { watchSubscriptionRequests } from './subscriptionRequests.ts'

export interface PipelineRun {
  readonly log: Log
  readonly pipeline: Pipeline
  readonly model: AskableModel
}

/** @throws FusionError LOG_IN_USE, or on brokers fences whoever writes under the same id; and what else opening a log for writing throws */
export async function openWritableLog({ config }: CommandLine): Promise<Log> {
  try {
    await mkdir(config.dataFolder, { recursive: true })
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause)
    throw new FusionError(
      'LOG_UNAVAILABLE',
      `The data folder ${config.dataFolder} cannot be made (${problem}): name another with --data.`,
      { cause },
    )
  }
  return openLog(logConfig(config))
}

/** What the rooms below have to say to whoever sits here. */
function tellNotices({ terminal }: CommandLine): () => void {
  return subscribe('notice', ({ message }) => terminal.note(`birthline: ${message}`))
}

/** Holds the log open for writing while `work` does. @throws what opening it throws */
export async function withWritableLog<T>(line: CommandLine, work: (log: Log) => Promise<T>): Promise<T> {
  const stopNotices = tellNotices(line)
  try {
    const log = await openWritableLog(line)
    try {
      return await work(log)
    } finally {
      await log.close()
    }
  } finally {
    stopNotices()
  }
}

/**
 * Runs the pipeline while `work` does; a Ctrl-C stops it after the transactions at hand.
 * @param shadow goes over the same stars beside the model in force, as their candidate
 * @throws FusionError QUESTION_INVALID when it is the model in force
 */
export function runPipeline<T>(
  line: CommandLine,
  work: (run: PipelineRun) => Promise<T>,
  shadow: NamedModel | null = null,
): Promise<T> {
  const { config, signal, terminal } = line
  return withWritableLog(line, async log => {
    const model = await openServed(line, log)
    let candidate: AskableModel | null = null
    try {
      await claimServing(log, model.fingerprint)
      candidate = await openShadow(line, model.fingerprint, shadow)
      const { sampleCount, seed } = config
      const stopTelling = subscribe('failure', ({ actor, code, message, decision, delayMs }) => {
        if (decision === 'restart')
          terminal.note(`birthline: ${actor} met ${code} (${message}); again in ${delayMs} ms`)
      })
      const pipeline = startPipeline({
        log,
        model,
        served: model,
        sampleCount,
        seed,
        notifies: true,
        ...(candidate !== null && { candidate }),
      })
      const stopWatching = watchRequests(line, log)
      const stopSubscriptions = watchSubscriptionRequests(line, log)
      const stop = () => void pipeline.stop()
      signal.addEventListener('abort', stop, { once: true })
      try {
        return await work({ log, pipeline, model })
      } finally {
        signal.removeEventListener('abort', stop)
        await stopWatching()
        await stopSubscriptions()
        await pipeline.stop()
        stopTelling()
      }
    } finally {
      await candidate?.close()
      await model.close()
    }
  })
}

async function openShadow(
  { config }: CommandLine,
  serving: string,
  shadow: NamedModel | null,
): Promise<AskableModel | null> {
  if (shadow === null) return null
  if (shadow.model === serving) {
    throw new FusionError(
      'QUESTION_INVALID',
      `Model ${shadow.name} is in force already, and would be its own shadow: name another one.`,
    )
  }
  return openInferPool({ checkpointFolder: shadow.folder, threads: config.workers, device: config.device })
}

const LOOK_MS = 250

/**
 * Waits until every record has gone the whole way, with progress; after a Ctrl-C, until what is at hand is committed.
 * @returns whether nothing waits for a next run
 * @throws the error that ended the pipeline
 */
export async function settle(line: CommandLine, pipeline: Pipeline): Promise<boolean> {
  const progress = openProgress(line.terminal, 'inferring', 'stars', line.nowMs)
  const consumedBefore = await inferStatus(pipeline)
  const look = setInterval(async () => {
    const { consumed, lag } = await inferStatus(pipeline)
    const done = consumed - consumedBefore.consumed
    if (lag > 0) progress.update(done, done + lag)
  }, LOOK_MS)
  try {
    await pipeline.idle()
    if (!line.signal.aborted) return true
    await pipeline.stop()
    const stages = await pipeline.status()
    return stages.every(({ lag }) => lag === 0)
  } finally {
    clearInterval(look)
    progress.end()
  }
}

/** What a command says that may have been cut short, and how it ends. @param isComplete what it was to bring into the log is there */
export function tellEnd(
  { terminal }: CommandLine,
  { isComplete, isSettled }: { readonly isComplete: boolean; readonly isSettled: boolean },
): ExitCode {
  if (isComplete && isSettled) return exitCodes.ok
  terminal.note(
    isComplete
      ? 'birthline: stopped before all of it was inferred; `birthline run` goes on from there'
      : 'birthline: stopped before the end; the same command goes on from there',
  )
  return exitCodes.interrupted
}

async function inferStatus(pipeline: Pipeline) {
  const stages = await pipeline.status()
  return stages.find(({ group }) => group === 'infer') ?? { consumed: 0, lag: 0 }
}
