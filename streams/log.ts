// The Log: ordered, durable topics that actors read from and write to in transactions.
// Embedded (LMDB) and Kafka implement it; test/streams/logContract.ts states the laws both obey.
// Broken worlds are FusionErrors (LOG_...); a closed log, an unknown topic or partition, and a second `next` while one
// waits are our own mistakes and throw RangeError or TypeError.

/** A record to be appended. Records with one key go to one partition, in order. */
export interface Output {
  readonly topic: string
  /**
   * Decides the partition; in a compacted topic only the newest record of a key is kept.
   * Without one, all such outputs of a transaction share a partition, and transactions take turns.
   */
  readonly key: string | null
  /** `null` is a tombstone: in a compacted topic it removes the key. Must not change until `transact` resolves. */
  readonly value: Uint8Array | null
  /** Overrides the partition that the key would choose. */
  readonly partition?: number
}

export interface LogRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly key: string | null
  /** May be a view of a larger buffer shared with other records: copy it before transferring it to a thread. */
  readonly value: Uint8Array | null
}

/** The next offset to read in one partition. */
export interface Position {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

/** Records of one partition in order, without gaps unless compaction left some; reading goes on at `next`. */
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
  /**
   * Where to start where nothing is committed. Default `earliest`: the oldest record kept when it is first read.
   * `latest` is the end at the time of opening. Partitions that a list of positions leaves out start at `earliest`.
   */
  readonly from?: 'earliest' | 'latest' | readonly Position[]
  /** Default 1000. */
  readonly maxRecords?: number
  /** Of keys and values in one batch; a single larger record is still delivered. Default 1 MiB. */
  readonly maxBytes?: number
}

/**
 * Pull based: nothing is read ahead of `next`, so a slow consumer pauses its source. Partitions take turns.
 * A start that retention has removed, or that the log does not reach, is refused with LOG_OFFSET_LOST at every
 * `next` and `poll`; its detail names the first available offset. A compacted key or expired tombstone is no loss.
 */
export interface LogReader {
  /** Resolves with at least one record; waits for news until `signal` aborts or it is closed, then with `null`. */
  next(signal: AbortSignal): Promise<LogBatch | null>
  /** Like `next` but resolves with `null` at once when the reader is at the end. */
  poll(): Promise<LogBatch | null>
  /**
   * Waits while the group changes hands, and until what others had committed before can be read.
   * @returns the partitions that are this reader's, with their ends: all of its topics, unless its group has given some
   * to others. Offsets that are committed there are refused with LOG_REASSIGNED once another reader has the partition
   */
  holding(signal: AbortSignal): Promise<readonly Position[]>
  close(): Promise<void>
}

export interface TopicExtent {
  readonly topic: string
  readonly partition: number
  /** The oldest offset that retention has left; compaction makes gaps and does not move it. */
  readonly first: number
  /** One past the newest. */
  readonly end: number
}

/** How the log is kept, for whoever looks after it. */
export interface LogKeeping {
  /** Bytes that a topic holds, copies on other brokers not counted; topics that are not there are left out. */
  readonly sizeBytes: ReadonlyMap<string, number>
  /** The process that writes it; `null` where none does, `undefined` where that cannot be told. */
  readonly writerPid: number | null | undefined
}

export interface Log {
  /** Who writes here, and the same whenever that one comes back: the machine and place, or the transactional id. No secret. */
  readonly writer: string
  /** In one log, a group reads a topic with one reader at a time. */
  openReader(options: ReadOptions): LogReader
  /** All of it or none of it; durable on disk when the promise resolves. Returns each output's position. */
  transact(transaction: Transaction): Promise<readonly Position[]>
  /** Committed offsets of a group. */
  committed(group: string): Promise<readonly Position[]>
  extents(topic: string): Promise<readonly TopicExtent[]>
  /** The newest record of a key in a compacted topic, or null where there is none or it was removed. */
  latest(topic: string, key: string): Promise<LogRecord | null>
  keeping(): Promise<LogKeeping>
  /** Commits what was handed in, closes the readers, and lets others write. */
  close(): Promise<void>
}
