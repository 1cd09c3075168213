// A broker for the tests of one file, and logs on it that do not see one another.
import { type Broker, type BrokerOptions, startBroker } from '../../../ops/kafka/kafkaBroker.ts'
import type { Log } from '../../../streams/log.ts'
import { type KafkaLogConfig, openLog } from '../../../streams/openLog.ts'

export interface BrokerPlace {
  readonly broker: Broker
  /** Under it nobody has written yet. */
  freshPrefix(): string
  open(config: Partial<KafkaLogConfig>): Promise<Log>
  close(): Promise<void>
}

export async function openBrokerPlace(options: BrokerOptions = {}): Promise<BrokerPlace> {
  const broker = await startBroker(options)
  const logs: Log[] = []
  let prefixes = 0
  return {
    broker,
    freshPrefix: () => `place${prefixes++}.`,
    open: async config => {
      const log = await openLog({ kind: 'kafka', brokers: broker.addresses, patienceMs: 10_000, ...config })
      logs.push(log)
      return log
    },
    close: async () => {
      await Promise.all(logs.map(log => log.close()))
      await broker.stop()
    },
  }
}
