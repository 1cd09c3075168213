// The Log: ordered, durable topics that actors read from and write to in transactions.
// Embedded (LMDB) and Kafka implement it; test/streams/logContract.ts states the laws both obey.

/** A record to be appended. Records with one key go to one partition, in order. */
export interface Output {
  readonly topic: string
  /** Decides the partition; in a compacted topic only the newest record of a key is kept. */
  readonly key: string | null
  /** `null` is a tombstone: in a compacted topic it removes the key. */
  readonly value: Uint8Array | null
  /** Overrides the partition that the key would choose. */
  readonly partition?: number
}

export interface LogRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly key: string | null
  readonly value: Uint8Array | null
}

/** The next offset to read in one partition. */
export interface Position {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

/** Consecutive records of one partition; `next` is where reading goes on after them. */
export interface LogBatch {
  readonly records: readonly LogRecord[]
  readonly next: Position
}

export interface Transaction {
  readonly outputs: readonly Output[]
  /** Consumed offsets committed together with the outputs, for this group. */
  readonly group?: string
  readonly offsets?: readonly Position[]
}

export interface ReadOptions {
  readonly topics: readonly string[]
  /** A group resumes from its committed offsets; without one, reading starts from `from`. */
  readonly group?: string
  /** Where to start where nothing is committed. Default `earliest`. */
  readonly from?: 'earliest' | 'latest' | readonly Position[]
  readonly maxRecords?: number
  readonly maxBytes?: number
}

/** Pull based: nothing is read ahead of `next`, so a slow consumer pauses its source. */
export interface LogReader {
  /** Resolves with at least one record; waits for news until `signal` aborts, then resolves with `null`. */
  next(signal: AbortSignal): Promise<LogBatch | null>
  /** Like `next` but resolves with `null` at once when the reader is at the end. */
  poll(): Promise<LogBatch | null>
  close(): Promise<void>
}

export interface TopicExtent {
  readonly topic: string
  readonly partition: number
  /** The oldest offset still kept. */
  readonly first: number
  /** One past the newest. */
  readonly end: number
}

export interface Log {
  openReader(options: ReadOptions): LogReader
  /** All of it or none of it; durable on disk when the promise resolves. Returns each output's position. */
  transact(transaction: Transaction): Promise<readonly Position[]>
  /** Committed offsets of a group. */
  committed(group: string): Promise<readonly Position[]>
  extents(topic: string): Promise<readonly TopicExtent[]>
  /** The newest record of a key in a compacted topic, or null. */
  latest(topic: string, key: string): Promise<LogRecord | null>
  close(): Promise<void>
}
