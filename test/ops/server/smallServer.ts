// What a server of a test is built from, where the test is about none of it.
import { createMetrics } from '../../../ops/metrics/metrics.ts'
import type { ServerParts } from '../../../ops/server/serverParts.ts'
import { type Log, registrySubjects } from '../../../streams/index.ts'

export function smallServerParts(log: Log, prefix = ''): ServerParts {
  return {
    version: '0.0.0',
    log,
    metrics: createMetrics(log, [], () => performance.now()),
    dataFolder: 'no-data-folder',
    limits: {
      maxBodyBytes: 65_536,
      requestsPerMinute: 10_000,
      maxSubscribers: 2,
      heartbeatMs: 1000,
      closeGraceMs: 300,
      headTimeoutMs: 5000,
      requestTimeoutMs: 5000,
    },
    access: { tokens: [], health: 'open' },
    tls: null,
    questions: null,
    model: null,
    trouble: () => null,
    subjects: registrySubjects(prefix),
    report: () => {},
  }
}
