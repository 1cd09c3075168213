// Configuration -> Log. The only file that knows every kind of log there is.
import { openLmdbLog } from './embedded/lmdbLog.ts'
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

export type LogConfig = EmbeddedLogConfig

export const DEFAULT_MAX_RECORD_BYTES = 4 * 1024 * 1024
const DEFAULT_POLL_MS = 50

/**
 * Opens a log; whoever opens it closes it.
 *
 * @throws FusionError LOG_IN_USE when another writer lives, LOG_TOO_NEW when a later program wrote it,
 * LOG_UNAVAILABLE, LOG_FULL, or CONFIG_INVALID when the folder holds something else or other topics than wanted
 */
export function openLog(config: LogConfig): Promise<Log> {
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
