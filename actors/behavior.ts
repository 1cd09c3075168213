// What an actor does, without the doing: a pure step from state and message to state and records.
import { encode, type RecordName, type Records } from '../schemas/index.ts'
import type { Output } from '../streams/index.ts'

/** The part of an actor's state that a message may touch, by key; `null` where nothing is kept. */
export interface StateView<Entry> {
  /** @throws RangeError for a key that is not there to be read */
  get(key: string): Entry | null
  has(key: string): boolean
}

export interface Step<Entry> {
  /** New values of state keys, all of them keys that could be read; `null` forgets a key. */
  readonly changes: ReadonlyMap<string, Entry | null>
  /** Records for the log, in order. */
  readonly emit: readonly Output[]
}

/** The step cannot be made on what it was shown: it is to be called again when these keys can be read as well. */
export interface Wanting {
  readonly wants: readonly string[]
}

/**
 * No input or output, no clock, no chance: the same messages in the same order always give the same records, whatever
 * batches they come in. That is what makes a killed actor's replay equal to the run that was not killed.
 */
export interface Behavior<Message, Entry> {
  readonly name: string
  /** State keys that the step of this message will read or change, as far as can be told without looking at them. */
  keysOf(message: Message): readonly string[]
  step(state: StateView<Entry>, message: Message): Step<Entry> | Wanting
}

const noChanges: ReadonlyMap<string, never> = new Map<string, never>()

/** A step that leaves the state as it is. */
export function emitOnly(...emit: readonly Output[]): Step<never> {
  return { changes: noChanges, emit }
}

/** A record as the log takes it. */
export function outputOf<N extends RecordName>(topic: string, key: string, record: N, value: Records[N]): Output {
  return { topic, key, value: encode(record, value) }
}

/** Forgets a key of a compacted topic. */
export function tombstoneOf(topic: string, key: string): Output {
  return { topic, key, value: null }
}
