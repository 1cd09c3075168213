// The structured log: JSON records through pino, to stderr, to a file, or to both; nothing where nobody asked for it.
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { pino } from 'pino'
import { FusionError } from '../../schemas/index.ts'
import type { LogLevel, LogSettings } from '../settings/logSettings.ts'
import type { Redact } from './redaction.ts'

export type Fields = Readonly<Record<string, unknown>>

export interface EventLog {
  /** Whether records of each single record are wanted. */
  readonly isDetailed: boolean
  write(level: LogLevel, message: string, fields?: Fields): void
  close(): void
}

export interface EventLogOptions extends LogSettings {
  readonly version: string
  /** How this process is told from others that write the same log. */
  readonly process: string | null
  readonly redact: Redact
}

const STDERR = 2

/** @throws FusionError CONFIG_INVALID when the file cannot be written */
export function openEventLog({ log, logFile, logLevel, version, process: name, redact }: EventLogOptions): EventLog {
  // Written at once, so that a process that dies has said what it knew.
  const file = logFile === null ? null : openFile(logFile)
  const stderr = log === 'json' ? pino.destination({ dest: STDERR, sync: true }) : null
  const targets = [stderr, file].filter(stream => stream !== null)
  const written = pino(
    {
      level: logLevel,
      base: { version, process: name ?? hostname(), pid: process.pid, run: randomUUID().slice(0, 8) },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      hooks: { streamWrite: redact },
    },
    pino.multistream(
      targets.map(stream => ({ stream, level: logLevel })),
      { dedupe: false },
    ),
  )
  return {
    isDetailed: logLevel === 'debug',
    write: (level, message, fields = {}) => written[level](fields, message),
    close() {
      // Stderr outlives the log.
      file?.end()
    },
  }
}

function openFile(path: string) {
  try {
    return pino.destination({ dest: path, sync: true, mkdir: true })
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause)
    throw new FusionError(
      'CONFIG_INVALID',
      `The file ${path} of the structured log cannot be written (${problem}): name another with --log-file.`,
      { cause },
    )
  }
}
