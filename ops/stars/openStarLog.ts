// The log as those open it who only look: beside whoever writes it, and with a word on what to do where there is none.
import { existsSync } from 'node:fs'
import { stateTopics } from '../../actors/index.ts'
import { FusionError } from '../../schemas/index.ts'
import { type Log, type LogConfig, openLog } from '../../streams/index.ts'
import { brokerAccess } from '../kafka/brokerAccess.ts'
import type { Config } from '../settings/config.ts'

/** Folder of the embedded log within the data folder: outputs lie beside it. */
export function logFolder(config: Config): string {
  return `${config.dataFolder}/log`
}

/**
 * The log that the settings name: on Kafka brokers where they name some, else in the data folder.
 *
 * @throws FusionError CONFIG_INVALID where a file for the brokers is not as it must be
 */
export function logConfig(config: Config): LogConfig {
  const { kafkaBrokers, kafkaTransactionalId, kafkaPartitions, kafkaReplication } = config
  if (kafkaBrokers === null) return { kind: 'embedded', folder: logFolder(config) }
  const { tls, login } = brokerAccess(config)
  return {
    kind: 'kafka',
    brokers: kafkaBrokers,
    prefix: config.kafkaPrefix,
    stateFolder: `${config.dataFolder}/kafka`,
    standby: config.kafkaStandby ? stateTopics : [],
    ...(kafkaTransactionalId !== null && { transactionalId: kafkaTransactionalId }),
    ...(kafkaPartitions !== null && { partitions: kafkaPartitions }),
    ...(kafkaReplication !== null && { replication: kafkaReplication }),
    ...(tls !== null && { tls }),
    ...(login !== null && { login }),
  }
}

/** @throws FusionError LOG_UNAVAILABLE when there is no log yet, and what opening it throws */
export function openStarLog(config: Config): Promise<Log> {
  const wanted = logConfig(config)
  if (wanted.kind === 'embedded' && !existsSync(wanted.folder)) {
    throw new FusionError(
      'LOG_UNAVAILABLE',
      `There is no log in ${config.dataFolder}: run \`birthline run --demo\` or \`birthline ingest\` first, or name another folder with --data.`,
    )
  }
  return openLog({ ...wanted, readOnly: true })
}
