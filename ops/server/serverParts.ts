// What the routes are built from; the server is handed all of it, so that a test can hand it something small.
import type { AskableModel } from '../../models/index.ts'
import type { Log, Subject } from '../../streams/index.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Access } from './access.ts'
import type { TlsFiles } from './door.ts'

export interface ServerLimits {
  readonly maxBodyBytes: number
  readonly requestsPerMinute: number
  readonly maxSubscribers: number
  /** How often an idle subscription is told that it still stands, and where. */
  readonly heartbeatMs: number
  /** How long a client may take for the head of a request, and for all of it. */
  readonly headTimeoutMs: number
  readonly requestTimeoutMs: number
  /** How long requests may go on after the server was asked to close. */
  readonly closeGraceMs: number
}

export interface ServerParts {
  readonly version: string
  readonly log: Log
  readonly metrics: Metrics
  /** Where snapshots of the stars lie, for SQL. */
  readonly dataFolder: string
  readonly limits: ServerLimits
  readonly access: Access
  /** `null` speaks plain HTTP. */
  readonly tls: TlsFiles | null
  /** Answers questions; null where there is no model to ask. */
  readonly questions: Pick<AskableModel, 'ask' | 'fingerprint'> | null
  /** Fingerprint of the model that is in use, or null where none is. */
  readonly model: string | null
  /** Where published models lie; left out where none can be. */
  readonly publishedFolder?: string
  /** A sentence on what is wrong with the pipeline for long; null while it is well. */
  readonly trouble: () => string | null
  /** The schemas of the topics, as a registry holds them. */
  readonly subjects: readonly Subject[]
  /** Hears what went wrong inside. */
  readonly report: (error: unknown) => void
}
