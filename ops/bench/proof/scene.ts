// Where a proof plays: a log in a folder with one process, or brokers with several processes, and a way to each that can be cut.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LogConfig } from '../../../streams/index.ts'
import { type Broker, startBroker } from '../../kafka/kafkaBroker.ts'
import { proofTopics } from './proofRoles.ts'
import { openProxy, type TcpProxy } from './tcpProxy.ts'

export type SceneKind = 'embedded' | 'broker' | 'threeBrokers'

export interface Scene {
  readonly kind: SceneKind
  readonly broker: Broker | null
  /** One before each node. */
  readonly proxies: readonly TcpProxy[]
  /** A log that nobody has used, for the process of a name. */
  configs(run: number): (process: string) => LogConfig
  close(): Promise<void>
}

const SESSION_TIMEOUT_MS = 2000
const TRANSACTION_TIMEOUT_MS = 15_000
const PATIENCE_MS = 4000

export async function openScene(kind: SceneKind): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'birthline-proof-'))
  if (kind === 'embedded') {
    return {
      kind,
      broker: null,
      proxies: [],
      configs: run => () => ({ kind: 'embedded', folder: join(folder, `run${run}`), topics: proofTopics }),
      close: () => rm(folder, { recursive: true, force: true }),
    }
  }
  const nodes = kind === 'broker' ? 1 : 3
  const proxies = await Promise.all(Array.from({ length: nodes }, openProxy))
  const broker = await startBroker({ nodes, folder, advertisedPorts: proxies.map(({ port }) => port) })
  proxies.forEach((proxy, i) => {
    proxy.target = Number(broker.addresses[i].split(':')[1])
  })
  const kafka = {
    kind: 'kafka',
    brokers: proxies.map(({ port }) => `127.0.0.1:${port}`),
    topics: proofTopics,
    sessionTimeoutMs: SESSION_TIMEOUT_MS,
    transactionTimeoutMs: TRANSACTION_TIMEOUT_MS,
    patienceMs: PATIENCE_MS,
  } as const
  return {
    kind,
    broker,
    proxies,
    configs: run => process => ({ ...kafka, prefix: `run${run}.`, transactionalId: `run${run}.${process}` }),
    close: async () => {
      await broker.stop()
      await Promise.all(proxies.map(proxy => proxy.close()))
      await rm(folder, { recursive: true, force: true })
    },
  }
}
