// Worker threads that make shards. Each is handed the next one when it is through with the last.
import { rm } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { FusionError, packageFile } from '../../schemas/index.ts'
import type { WrittenFile } from '../../streams/index.ts'
import type { ShardReply, ShardSetup, ShardTask } from './shardWorker.ts'

export interface ShardListener {
  onDrawn(stars: number): void
  /** Awaited before the thread is handed another shard. */
  onWritten(task: ShardTask, written: WrittenFile): Promise<void>
}

/**
 * Makes all shards, in no order. When it is aborted or a shard fails, the shards at hand are given up and nothing of
 * them is left behind.
 * @throws FusionError as the worker, or WORKER_LOST
 * @throws the signal's reason once it aborts
 */
export async function makeShards(
  tasks: readonly ShardTask[],
  setup: ShardSetup,
  threads: number,
  signal: AbortSignal,
  listener: ShardListener,
): Promise<void> {
  signal.throwIfAborted()
  const queue = tasks[Symbol.iterator]()
  const workers = Array.from({ length: Math.min(threads, tasks.length) }, () => {
    return new Worker(packageFile('dist', 'ops', 'simulation', 'shardWorker.js'), { workerData: setup })
  })
  const atHand = new Set<ShardTask>()
  let stop: (reason: unknown) => void = () => {}
  const stopped = new Promise<never>((_, reject) => {
    stop = reject
  })
  // It may be left before anybody waits for it.
  stopped.catch(() => {})
  const abort = () => stop(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  const serve = async (worker: Worker): Promise<void> => {
    for (const task of queue) {
      atHand.add(task)
      const written = await Promise.race([ask(worker, task, listener), stopped])
      atHand.delete(task)
      await listener.onWritten(task, written)
      signal.throwIfAborted()
    }
  }
  const served = workers.map(serve)
  try {
    await Promise.race([Promise.all(served), stopped])
  } finally {
    signal.removeEventListener('abort', abort)
    await Promise.all(workers.map(worker => worker.terminate()))
    await Promise.allSettled(served)
    // What cannot be removed is overwritten next time; what went wrong before is to be told.
    for (const { path } of atHand) await rm(`${path}.part`, { force: true }).catch(() => {})
  }
}

function ask(worker: Worker, task: ShardTask, listener: ShardListener): Promise<WrittenFile> {
  return new Promise((resolve, reject) => {
    const hear = (reply: ShardReply) => {
      if (reply.kind === 'drawn') return listener.onDrawn(reply.stars)
      release()
      if (reply.kind === 'written') resolve({ sizeBytes: reply.sizeBytes, sha256: reply.sha256 })
      else reject(new FusionError(reply.code, reply.message, { detail: reply.detail }))
    }
    const fail = (error: Error) => {
      release()
      reject('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? lost(error) : error)
    }
    const exit = () => {
      release()
      reject(lost())
    }
    const release = () => worker.off('message', hear).off('error', fail).off('exit', exit)
    worker.on('message', hear).on('error', fail).on('exit', exit)
    worker.postMessage(task)
  })
}

function lost(cause?: Error): FusionError {
  return new FusionError(
    'WORKER_LOST',
    'A worker thread that draws stars has died; run the command again, with fewer --workers if memory was short.',
    { cause },
  )
}
