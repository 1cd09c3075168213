// Configuration -> Log. The only file that knows every kind of log there is.
import { openLmdbLog } from './embedded/lmdbLog.ts'
import type { KafkaLogin, KafkaTls } from './kafka/kafkaAccess.ts'
import { openKafkaLog } from './kafka/kafkaLog.ts'
import type { Log } from './log.ts'
import { topics as allTopics, type Topic } from './topics.ts'

export interface EmbeddedLogConfig {
  readonly kind: 'embedded'
  /** Created where it is missing, unless the log is opened read-only. On a local disk, not a network share. */
  readonly folder: string
  /** Any number of processes read while one writes. Default false. */
  readonly readOnly?: boolean
  /** Created where they are missing. Default: all topics of the project. Readers take what the log has. */
  readonly topics?: readonly Topic[]
  /** The largest record, key and value together. Default 4 MiB. */
  readonly maxRecordBytes?: number
  /** When records are appended, for retention by time. Default: the system's clock. */
  readonly clock?: { nowMs(): number }
  /** How often a read-only log looks for news of the process that writes. Default 50 ms. */
  readonly pollMs?: number
}

export interface KafkaLogConfig {
  readonly kind: 'kafka'
  /** `host:port` of some of the brokers; they tell of the others. */
  readonly brokers: readonly string[]
  /**
   * One for each process that writes; opening a log fences whoever has the same. Default: one made of the prefix, the
   * machine, the state folder and the process's slot in it; without such a folder, `birthline` after the prefix.
   */
  readonly transactionalId?: string
  /** Where each process keeps, in a slot of its own, what it knows of compacted topics. Default: in memory. */
  readonly stateFolder?: string
  /** Compacted topics whose state is kept up for all partitions, so that taking one over needs only its tail. Default: none. */
  readonly standby?: readonly string[]
  /** When records are written, and how old state is. Default: the system's clock. */
  readonly clock?: { nowMs(): number }
  /** Nothing is created, written or committed. Default false. */
  readonly readOnly?: boolean
  /** Created where they are missing; where the brokers have other ones of that name, opening fails. Default: all topics. */
  readonly topics?: readonly Topic[]
  /** Before the names of topics, groups and the default transactional id. Default: none. */
  readonly prefix?: string
  /** Of each topic that the table gives more than one. Default: the table's. Fixed once the topics are there. */
  readonly partitions?: number
  /** Copies of each partition. Default: what the brokers say, whatever it is. */
  readonly replication?: number
  /** Absent speaks without TLS. */
  readonly tls?: KafkaTls
  readonly login?: KafkaLogin
  /** The largest record, key and value together. Default 4 MiB. */
  readonly maxRecordBytes?: number
  /** The brokers abort a transaction that is open longer. Default 60 s. */
  readonly transactionTimeoutMs?: number
  /** A reader of a group that is silent for so long loses its partitions to others. Default 10 s. */
  readonly sessionTimeoutMs?: number
  /** How long brokers that cannot be reached are tried again before that is an error. Default 15 s. */
  readonly patienceMs?: number
}

export type LogConfig = EmbeddedLogConfig | KafkaLogConfig

export const DEFAULT_MAX_RECORD_BYTES = 4 * 1024 * 1024
const DEFAULT_POLL_MS = 50

const kafkaDefaults = { transactionTimeoutMs: 60_000, sessionTimeoutMs: 10_000, patienceMs: 15_000 } as const

/**
 * Opens a log; whoever opens it closes it.
 *
 * @throws FusionError LOG_IN_USE when another writer lives, LOG_TOO_NEW when a later program wrote it,
 * LOG_UNAVAILABLE, LOG_FULL, or CONFIG_INVALID when the folder or the brokers hold something else than wanted
 */
export function openLog(config: LogConfig): Promise<Log> {
  return config.kind === 'kafka' ? openOnBrokers(config) : openInFolder(config)
}

function openInFolder(config: EmbeddedLogConfig): Promise<Log> {
  const { clock } = config
  return openLmdbLog({
    folder: config.folder,
    isReadOnly: config.readOnly ?? false,
    topics: config.topics ?? allTopics,
    maxRecordBytes: config.maxRecordBytes ?? DEFAULT_MAX_RECORD_BYTES,
    nowMs: clock === undefined ? Date.now : () => clock.nowMs(),
    pollMs: config.pollMs ?? DEFAULT_POLL_MS,
  })
}

function openOnBrokers(config: KafkaLogConfig): Promise<Log> {
  const prefix = config.prefix ?? ''
  const { partitions, clock } = config
  const table = config.topics ?? allTopics
  return openKafkaLog({
    brokers: config.brokers,
    tls: config.tls ?? null,
    login: config.login ?? null,
    patienceMs: config.patienceMs ?? kafkaDefaults.patienceMs,
    transactionalId: config.transactionalId ?? null,
    stateFolder: config.stateFolder ?? null,
    standby: config.readOnly === true ? [] : (config.standby ?? []),
    nowMs: clock === undefined ? Date.now : () => clock.nowMs(),
    isReadOnly: config.readOnly ?? false,
    topics: table.map(topic =>
      topic.partitions > 1 ? { ...topic, partitions: partitions ?? topic.partitions } : topic,
    ),
    prefix,
    replication: config.replication ?? null,
    maxRecordBytes: config.maxRecordBytes ?? DEFAULT_MAX_RECORD_BYTES,
    transactionTimeoutMs: config.transactionTimeoutMs ?? kafkaDefaults.transactionTimeoutMs,
    sessionTimeoutMs: config.sessionTimeoutMs ?? kafkaDefaults.sessionTimeoutMs,
  })
}
