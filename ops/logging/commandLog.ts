// The structured log of one command, from its first line to its exit code.
import type { ExitCode } from '../commands/commandLine.ts'
import type { Failure } from '../commands/failure.ts'
import type { Config } from '../settings/config.ts'
import type { Redact } from './redaction.ts'

export interface CommandLog {
  /** Its records stand on stderr, where nothing else may. */
  readonly isOnStderr: boolean
  note(line: string): void
  failed(failure: Failure): void
  end(exitCode: ExitCode): void
}

export interface CommandStart {
  readonly command: string
  readonly version: string
  readonly redact: Redact
}

/** @returns null where nobody asked for it. @throws FusionError CONFIG_INVALID when its file cannot be written */
export async function openCommandLog(config: Config, start: CommandStart): Promise<CommandLog | null> {
  if (config.log === 'lines' && config.logFile === null) return null
  // Only now, so that a command without a log need not wait for it.
  const { openEventLog } = await import('./eventLog.ts')
  const { logPipeline } = await import('./pipelineLog.ts')
  const { command, version, redact } = start
  const log = openEventLog({ ...config, version, process: config.kafkaTransactionalId, redact })
  const nowMs = () => performance.now()
  const startedMs = nowMs()
  const stop = logPipeline(log, nowMs)
  log.write('info', 'begin', { command })
  return {
    isOnStderr: config.log === 'json',
    note: line => log.write('info', line.replace(/^birthline: /, '')),
    failed({ code, message: reason, trace }) {
      log.write('error', 'failed', { command, code, reason, ...(trace !== null && { trace }) })
    },
    end(exitCode) {
      stop()
      log.write('info', 'end', { command, exitCode, durationMs: Math.round(nowMs() - startedMs) })
      log.close()
    },
  }
}
