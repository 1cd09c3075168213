// Runs one behaviour over its topics. Each batch is one transaction: records out, state, and offsets in, or nothing.
// Partitions run side by side, each in order behind a mailbox of its own.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type BatchPlace, isHeard, type Move, publish } from '../schemas/index.ts'
import type { Log, LogBatch, LogRecord, Output, Position } from '../streams/index.ts'
import type { Behavior } from './behavior.ts'
import { KeyedState, type StatePlan } from './keyedState.ts'
import { Mailbox } from './mailbox.ts'
import { failureOf } from './supervisor.ts'

export interface ActorPlan<Message, Entry> {
  readonly behavior: Behavior<Message, Entry>
  readonly topics: readonly string[]
  readonly group: string
  /**
   * Records -> messages, in order. Here belongs all that is not pure, such as waiting for workers; called again after a
   * failure, it must give the same messages.
   */
  read(records: readonly LogRecord[]): readonly Message[] | Promise<readonly Message[]>
  readonly state: StatePlan<Entry> | null
  readonly maxBatchRecords: number
}

export interface ActorContext {
  readonly log: Log
  /** Aborted to stop: batches begun are finished, those waiting are left for the next run. */
  readonly signal: AbortSignal
  /** Where batches lie while they are worked on: a log may show others a commit before it is known here. */
  readonly underWay?: Set<LogBatch>
  /** After every transaction. */
  readonly onCommit: (batch: LogBatch) => void
}

/** Batches that wait behind the one being worked on. */
const MAILBOX_BATCHES = 1
/** Messages whose state is brought into memory together: what a question of the log costs is shared by them. */
const LOADED_MESSAGES = 256
/** Steps between two turns of the event loop. */
const STEPS_PER_TURN = 32

/** Resolves when stopped; rejects when the log or the behaviour fails, nothing of the failed batch being written. */
export async function runActor<Message, Entry>(plan: ActorPlan<Message, Entry>, context: ActorContext): Promise<void> {
  const failed = new AbortController()
  const signal = AbortSignal.any([context.signal, failed.signal])
  const reader = context.log.openReader({ topics: plan.topics, group: plan.group, maxRecords: plan.maxBatchRecords })
  const lanes = new Map<string, Mailbox<LogBatch>>()
  const running: Promise<void>[] = []
  let failure: { readonly error: unknown } | null = null
  const guard = async (work: Promise<void>) => {
    try {
      await work
    } catch (error) {
      failure ??= { error }
      failed.abort()
    }
  }
  const pump = async () => {
    for (let batch = await reader.next(signal); batch !== null; batch = await reader.next(signal)) {
      const name = laneOf(batch.next)
      let lane = lanes.get(name)
      if (lane === undefined) {
        lane = new Mailbox<LogBatch>(MAILBOX_BATCHES)
        lanes.set(name, lane)
        running.push(guard(runLane(plan, context, lane, signal)))
      }
      await deliver(plan.behavior.name, lane, batch, signal)
    }
  }
  try {
    await guard(pump())
    await Promise.all(running)
  } finally {
    await reader.close()
  }
  if (failure !== null) throw (failure as { readonly error: unknown }).error
}

/** Says what waits, and when the reader has to. */
async function deliver(actor: string, lane: Mailbox<LogBatch>, batch: LogBatch, signal: AbortSignal): Promise<void> {
  const isPaused = lane.isFull
  if (isPaused) tellMailbox(actor, lane, batch, true)
  await lane.put(batch, signal)
  tellMailbox(actor, lane, batch, false)
}

function tellMailbox(actor: string, lane: Mailbox<LogBatch>, { next }: LogBatch, isPaused: boolean): void {
  const { depth, capacity } = lane
  publish('mailbox', { actor, lane: laneOf(next), depth, capacity, isPaused })
}

function laneOf({ topic, partition }: Position): string {
  return `${topic}/${partition}`
}

async function runLane<Message, Entry>(
  plan: ActorPlan<Message, Entry>,
  context: ActorContext,
  lane: Mailbox<LogBatch>,
  signal: AbortSignal,
): Promise<void> {
  const { name: actor } = plan.behavior
  const state = plan.state === null ? null : new KeyedState(context.log, plan.state)
  for (let batch = await lane.take(signal); batch !== null; batch = await lane.take(signal)) {
    tellMailbox(actor, lane, batch, false)
    context.underWay?.add(batch)
    try {
      await processBatch(plan, context.log, state, batch)
    } catch (error) {
      publish('abandoned', { actor, place: placeOf(batch), ...failureOf(error) })
      throw error
    } finally {
      context.underWay?.delete(batch)
    }
    context.onCommit(batch)
  }
}

function placeOf({ records, next }: LogBatch): BatchPlace {
  const { topic, partition, offset: nextOffset } = next
  return { topic, partition, firstOffset: records[0]?.offset ?? nextOffset, nextOffset }
}

async function processBatch<Message, Entry>(
  { behavior, group, read }: ActorPlan<Message, Entry>,
  log: Log,
  state: KeyedState<Entry> | null,
  batch: LogBatch,
): Promise<void> {
  const startMs = performance.now()
  const messages = await read(batch.records)
  const readyMs = performance.now()
  const outputs: Output[] = []
  /** How many outputs there are once each message was stepped through. */
  const ends: number[] = []
  for (let i = 0; i < messages.length; i++) {
    if (state !== null && i % LOADED_MESSAGES === 0) {
      state.trim()
      await state.load(messages.slice(i, i + LOADED_MESSAGES).flatMap(message => behavior.keysOf(message)))
    }
    // Waited for only where something must be loaded: most steps need not leave the loop.
    let outcome = behavior.step(state ?? stateless, messages[i])
    while ('wants' in outcome) {
      await state?.load(outcome.wants)
      outcome = behavior.step(state ?? stateless, messages[i])
    }
    state?.apply(outcome.changes)
    for (const output of outcome.emit) outputs.push(output)
    ends.push(outputs.length)
    if ((i + 1) % STEPS_PER_TURN === 0) await nextTurn()
  }
  const emittedTo = countTopics(outputs)
  const refused = emittedTo.get('dead-letters') ?? 0
  emittedTo.delete('dead-letters')
  const emitted = outputs.length - refused
  if (state !== null) outputs.push(...state.outputs())
  const steppedMs = performance.now()
  const positions = await log.transact({ outputs, group, offsets: [batch.next] })
  state?.committed()
  const endMs = performance.now()
  publish('batch', {
    actor: behavior.name,
    ...{ consumed: batch.records.length, emitted, emittedTo, refused, place: placeOf(batch) },
    ...{ readMs: readyMs - startMs, stepMs: steppedMs - readyMs, commitMs: endMs - steppedMs },
    durationMs: endMs - startMs,
  })
  if (isHeard('moves')) publish('moves', { actor: behavior.name, moves: movesOf(batch, outputs, positions, ends) })
}

/** Outputs of the state belong to no one record and are left out. */
function movesOf(
  { records }: LogBatch,
  outputs: readonly Output[],
  positions: readonly Position[],
  ends: readonly number[],
): readonly Move[] {
  const placed = (output: Output, i: number) => ({ ...positions[i], key: output.key, value: output.value })
  return records.map((from, i) => {
    const first = i === 0 ? 0 : ends[i - 1]
    return { from, to: outputs.slice(first, ends[i]).map((output, j) => placed(output, first + j)) }
  })
}

/** Tombstones are not counted. */
function countTopics(outputs: readonly Output[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { topic, value } of outputs) if (value !== null) counts.set(topic, (counts.get(topic) ?? 0) + 1)
  return counts
}

const stateless = {
  has: () => false,
  get(key: string): never {
    throw new RangeError(`actor: key ${key} of a behaviour without state`)
  },
}
