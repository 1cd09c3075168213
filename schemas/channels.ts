// How the lower rooms are heard without printing: typed diagnostics channels, to which ops subscribes.
// With nobody listening a message costs one look-up. A worker thread has channels of its own and posts its news home.
import { channel } from 'node:diagnostics_channel'

/** Records of one partition, from the first offset to before the next. */
export interface BatchPlace {
  readonly topic: string
  readonly partition: number
  readonly firstOffset: number
  readonly nextOffset: number
}

/** A record as it lies in the log. */
export interface PlacedRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly key: string | null
  readonly value: Uint8Array | null
}

/** One record, and what it was made into. */
export interface Move {
  readonly from: PlacedRecord
  readonly to: readonly PlacedRecord[]
}

/** What is said on each channel; a channel's name outside the process is `birthline:` and the key. */
export interface ChannelMessages {
  /** An actor has committed a batch: outputs and consumed offsets in one transaction. */
  readonly batch: {
    readonly actor: string
    readonly consumed: number
    readonly emitted: number
    /** Of those emitted, how many that hold something went to each topic: a tombstone makes nothing. */
    readonly emittedTo: ReadonlyMap<string, number>
    readonly refused: number
    readonly place: BatchPlace
    /** From records to messages, workers included; the steps and the state they need; the transaction. */
    readonly readMs: number
    readonly stepMs: number
    readonly commitMs: number
    /** All of them. */
    readonly durationMs: number
  }
  /** A batch came to nothing: none of its outputs was written, and it will be read again. */
  readonly abandoned: {
    readonly actor: string
    readonly place: BatchPlace
    readonly code: string
    readonly message: string
  }
  /** Record by record what a committed batch was made into; collected only while somebody listens. */
  readonly moves: { readonly actor: string; readonly moves: readonly Move[] }
  /** Rows of a file are in the log. Their records are listed only while somebody listens. */
  readonly arrival: {
    readonly file: string
    readonly survey: string
    readonly records: readonly PlacedRecord[]
  }
  /** What waits in a mailbox has changed; while it is full its source is paused. */
  readonly mailbox: {
    readonly actor: string
    /** Whose it is, such as `raw/0`. */
    readonly lane: string
    readonly depth: number
    readonly capacity: number
    readonly isPaused: boolean
  }
  /** A supervisor has decided what happens to a failed actor. */
  readonly failure: {
    readonly actor: string
    readonly code: string
    readonly message: string
    readonly decision: 'resume' | 'restart' | 'stop' | 'escalate'
    readonly attempt: number
    readonly delayMs: number
  }
  /** A worker has answered for a batch of stars. */
  readonly inference: {
    readonly stars: number
    readonly samples: number
    readonly durationMs: number
  }
  /** Chunks of stars that workers have before them, and those that wait to be taken up. */
  readonly pool: { readonly running: number; readonly waiting: number }
  /** How far a file has been read. */
  readonly progress: {
    readonly what: string
    readonly done: number
    /** `null` where the end is not known. */
    readonly total: number | null
    readonly unit: string
  }
  /** A request was answered. */
  readonly answer: {
    /** The same in all that is said of one request. */
    readonly requestId: string
    readonly method: string
    /** As it was described, such as `/v1/stars/:id`; empty where there is none. */
    readonly route: string
    readonly status: number
    readonly durationMs: number
    /** An address, or the first digits of a token's hash. */
    readonly client: string
  }
  /** What became of a probe. */
  readonly probe: { readonly outcome: 'right' | 'wrong' | 'late' | 'lost'; readonly latencyMs: number | null }
  /** How long the oldest probe is under way, once a second; 0 where none is. */
  readonly probeWait: { readonly waitMs: number }
  /** Something that ought to follow on does not. */
  readonly gap: { readonly kind: string; readonly count: number }
  /** A record of a newer birthline was passed over. */
  readonly unread: { readonly where: string }
  /** One sentence that the person at the machine should read. */
  readonly notice: { readonly room: string; readonly message: string }
}

export type ChannelName = keyof ChannelMessages

const fullName = (name: ChannelName) => `birthline:${name}`

/** Tells whoever listens. */
export function publish<N extends ChannelName>(name: N, message: ChannelMessages[N]): void {
  const spoken = channel(fullName(name))
  if (spoken.hasSubscribers) spoken.publish(message)
}

/** Whether anybody listens: what takes work to say need not be said to nobody. */
export function isHeard(name: ChannelName): boolean {
  return channel(fullName(name)).hasSubscribers
}

/** Listens until the returned function is called. */
export function subscribe<N extends ChannelName>(name: N, listener: (message: ChannelMessages[N]) => void): () => void {
  const heard = (message: unknown) => listener(message as ChannelMessages[N])
  const spoken = channel(fullName(name))
  spoken.subscribe(heard)
  return () => {
    spoken.unsubscribe(heard)
  }
}
