// What becomes of an actor that fails: a table from error code to directive, and the waiting between two tries.
import { type ErrorCode, isFusionError, publish } from '../schemas/index.ts'
import type { Clock } from './clock.ts'

/**
 * `restart` runs the actor again from its committed offsets, after a pause; `stop` ends it and leaves the others alone;
 * `escalate` ends all of them, with the error.
 */
export type Directive = 'restart' | 'stop' | 'escalate'

/** Every code that is not here escalates: trying again unchanged would fail again. */
const directives: ReadonlyMap<ErrorCode, Directive> = new Map<ErrorCode, Directive>([
  ['LOG_UNAVAILABLE', 'restart'],
  ['WORKER_LOST', 'restart'],
  // Some of its partitions went to another process: it goes on with those it is given next.
  ['LOG_REASSIGNED', 'restart'],
  // Another process has taken over this actor's partitions: going on would only disturb it.
  ['LOG_FENCED', 'stop'],
])

/** Whatever is no FusionError is a mistake of ours: it ends the process, and replay starts clean. */
export function directiveOf(error: unknown): Directive {
  return isFusionError(error) ? (directives.get(error.code) ?? 'escalate') : 'escalate'
}

export interface Backoff {
  readonly firstMs: number
  readonly factor: number
  readonly maxMs: number
  /** After running this long the next failure counts as the first again. */
  readonly resetAfterMs: number
  /** Failures in a row that are borne; the next one escalates. */
  readonly maxRestarts: number
}

export const defaultBackoff: Backoff = { firstMs: 100, factor: 2, maxMs: 10_000, resetAfterMs: 60_000, maxRestarts: 12 }

/** Pause before the given restart, counted from 0. */
export function backoffMs(backoff: Backoff, restarts: number): number {
  return Math.min(backoff.maxMs, backoff.firstMs * backoff.factor ** restarts)
}

export interface Child {
  readonly name: string
  /** Runs until the signal aborts. */
  run(signal: AbortSignal): Promise<void>
}

export interface Supervision {
  readonly clock: Clock
  readonly backoff: Backoff
  readonly onRestart: (restarts: number) => void
}

/** Resolves when the child has ended, by the signal or by `stop`; rejects with the error that escalates. */
export async function supervise(child: Child, signal: AbortSignal, supervision: Supervision): Promise<void> {
  const { clock, backoff, onRestart } = supervision
  let restarts = 0
  while (!signal.aborted) {
    const startMs = clock.nowMs()
    try {
      await child.run(signal)
      return
    } catch (error) {
      if (clock.nowMs() - startMs >= backoff.resetAfterMs) restarts = 0
      const wanted = directiveOf(error)
      const decision = wanted === 'restart' && restarts >= backoff.maxRestarts ? 'escalate' : wanted
      const delayMs = decision === 'restart' ? backoffMs(backoff, restarts) : 0
      const { code, message } = failureOf(error)
      publish('failure', { actor: child.name, code, message, decision, attempt: restarts + 1, delayMs })
      if (decision === 'stop') return
      if (decision === 'escalate') throw error
      restarts++
      onRestart(restarts)
      await clock.sleep(delayMs, signal)
    }
  }
}

/** Its code and its sentence, for whoever listens. */
export function failureOf(error: unknown): { readonly code: string; readonly message: string } {
  if (isFusionError(error)) return { code: error.code, message: error.message }
  return error instanceof Error
    ? { code: error.name, message: error.message }
    : { code: 'unknown', message: String(error) }
}
