// The server beside a running pipeline: up before the first record moves, down after the last request.

import { once } from 'node:events'
import { notifyGroup, pipelineGroups } from '../../actors/index.ts'
import { isFusionError } from '../../schemas/index.ts'
import { registrySubjects } from '../../streams/index.ts'
import { type CommandLine, type ExitCode, exitCodes } from '../commands/commandLine.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { programVersion } from '../programVersion.ts'
import type { Door } from '../server/door.ts'
import { startServer } from '../server/server.ts'
import { publishedFolder } from '../stars/publishedModels.ts'
import type { PipelineRun } from './pipelineRun.ts'

const HEARTBEAT_MS = 15_000
const CLOSE_GRACE_MS = 3000
const HEAD_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000

/**
 * Serves while `work` is done and then until Ctrl-C, which is how a server ends well.
 * @param trouble what the pipeline has to say of its health, null where it is well
 * @throws what ended the pipeline, or the system's error when the address cannot be had
 */
export async function serveWhile(
  line: CommandLine,
  { log, model, pipeline }: PipelineRun,
  door: Door,
  work: () => Promise<ExitCode>,
  trouble: () => string | null,
): Promise<ExitCode> {
  const { config, terminal, signal, nowMs } = line
  const version = programVersion()
  const metrics = createMetrics(log, [...pipelineGroups, notifyGroup], nowMs, {
    version,
    process: config.kafkaTransactionalId,
  })
  const parts = {
    version,
    log,
    metrics,
    dataFolder: config.dataFolder,
    questions: model,
    get model() {
      return model.fingerprint
    },
    publishedFolder: publishedFolder(config),
    trouble,
    limits: {
      ...config,
      heartbeatMs: HEARTBEAT_MS,
      closeGraceMs: CLOSE_GRACE_MS,
      headTimeoutMs: HEAD_TIMEOUT_MS,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
    },
    access: door.access,
    tls: door.tls,
    subjects: registrySubjects(config.kafkaPrefix),
    report: (error: unknown) => terminal.note(`birthline: the server met ${reportOf(error)}`),
  }
  const server = await startServer(parts, door.host, door.port)
  try {
    for (const warning of door.warnings) terminal.note(`birthline: ${warning}`)
    terminal.note(`birthline: serving on ${server.url}, described at ${server.url}/openapi.json; Ctrl-C ends it`)
    const exitCode = await work()
    if (signal.aborted) return exitCode
    const ending = AbortSignal.any([signal, pipeline.failed])
    if (!ending.aborted) await once(ending, 'abort')
    pipeline.failed.throwIfAborted()
    return exitCodes.ok
  } finally {
    await server.close()
    metrics.close()
  }
}

/** A broken world is one sentence; where our own mistake was made, only its trace tells. */
function reportOf(error: unknown): string {
  if (isFusionError(error)) return `${error.code}: ${error.message}`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
