// The settings of the log on Kafka: where the brokers are, how they are spoken to, and what is written there.
import { parseFile, parseSwitch, Refusal, settingOf, whole } from './setting.ts'

/** What a login is made of; of `oauthbearer` the client's id and secret. */
export interface LoginParts {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512' | 'oauthbearer'
  readonly username: string
  readonly password: string
}

export interface KafkaSettings {
  /** `host:port` of the brokers that hold the log; `null` keeps it in the data folder. */
  readonly kafkaBrokers: readonly string[] | null
  /** Before the names of topics and groups. */
  readonly kafkaPrefix: string
  /** One for each process that writes; `null` is that of its slot in the data folder. */
  readonly kafkaTransactionalId: string | null
  /** Of each topic that has more than one; `null` is as the table of topics says. */
  readonly kafkaPartitions: number | null
  /** Whether state is kept up for partitions that other processes work on. */
  readonly kafkaStandby: boolean
  /** Copies of each partition; `null` leaves it to the brokers. */
  readonly kafkaReplication: number | null
  readonly kafkaTls: boolean
  /** PEM files: authorities to trust, and what this side shows of itself. */
  readonly kafkaCa: string | null
  readonly kafkaCert: string | null
  readonly kafkaKey: string | null
  readonly kafkaLogin: LoginParts | null
  /** File with what kafkaLogin would say. */
  readonly kafkaLoginFile: string | null
  /** Where a client of `oauthbearer` gets its tokens. */
  readonly kafkaTokenUrl: string | null
  readonly kafkaTokenScope: string | null
  /** File with a bearer token that something else keeps fresh. */
  readonly kafkaTokenFile: string | null
}

const setting = settingOf<KafkaSettings>()

function parseBrokers(text: string): readonly string[] {
  const brokers = text.split(',').map(one => one.trim())
  if (!brokers.every(one => /^[\w.-]+:\d{1,5}$/.test(one))) throw new Refusal('host:port, separated by commas')
  return brokers
}

function parseName(text: string): string {
  if (!/^[\w.-]{1,100}$/.test(text)) throw new Refusal('up to 100 letters, digits, dots, hyphens and underscores')
  return text
}

function parseScope(text: string): string {
  if (!/^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(text)) throw new Refusal('words separated by single spaces')
  return text
}

const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer'] as const

/** @throws Refusal, which never repeats the text */
export function parseLogin(text: string): LoginParts {
  const [, name, username, password] = /^([a-z\d-]+):([^:]+):(.+)$/s.exec(text) ?? []
  const mechanism = mechanisms.find(one => one === name)
  if (mechanism === undefined) {
    throw new Refusal(`${mechanisms.slice(0, -1).join(', ')} or oauthbearer, a colon, the user, a colon, the password`)
  }
  return { mechanism, username, password }
}

function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new Refusal('an address such as https://HOST/token, without a user in it')
  }
  return url.href
}

export const kafkaSettings = [
  setting({
    key: 'kafkaBrokers',
    env: 'BIRTHLINE_KAFKA_BROKERS',
    flag: 'brokers',
    description: 'Kafka brokers that hold the log, instead of the data folder',
    parse: parseBrokers,
    fallback: () => null,
  }),
  setting({
    key: 'kafkaPrefix',
    env: 'BIRTHLINE_KAFKA_PREFIX',
    description: 'what the names of topics and groups begin with',
    parse: parseName,
    fallback: () => 'birthline.',
  }),
  setting({
    key: 'kafkaTransactionalId',
    env: 'BIRTHLINE_KAFKA_TRANSACTIONAL_ID',
    description: 'one for each process that writes; a second one with the same id fences the first',
    parse: parseName,
    fallback: () => null,
  }),
  setting({
    key: 'kafkaPartitions',
    env: 'BIRTHLINE_KAFKA_PARTITIONS',
    description: 'partitions of each topic that several processes share; fixed once the topics are there',
    parse: whole(2, 1000),
    fallback: () => null,
  }),
  setting({
    key: 'kafkaStandby',
    env: 'BIRTHLINE_KAFKA_STANDBY',
    description: 'whether to keep up the state of partitions that other processes work on',
    parse: parseSwitch,
    fallback: () => false,
  }),
  setting({
    key: 'kafkaReplication',
    env: 'BIRTHLINE_KAFKA_REPLICATION',
    description: 'copies of each partition',
    parse: whole(1, 100),
    fallback: () => null,
  }),
  setting({
    key: 'kafkaTls',
    env: 'BIRTHLINE_KAFKA_TLS',
    description: 'whether to speak TLS with the brokers',
    parse: parseSwitch,
    fallback: () => false,
  }),
  setting({
    key: 'kafkaCa',
    env: 'BIRTHLINE_KAFKA_CA',
    description: 'PEM file of the authorities that sign the brokers, instead of those of the system',
    parse: parseFile,
    fallback: () => null,
  }),
  setting({
    key: 'kafkaCert',
    env: 'BIRTHLINE_KAFKA_CERT',
    description: 'PEM file of a certificate for brokers that ask for one',
    parse: parseFile,
    fallback: () => null,
  }),
  setting({
    key: 'kafkaKey',
    env: 'BIRTHLINE_KAFKA_KEY',
    description: 'PEM file of its private key',
    parse: parseFile,
    fallback: () => null,
  }),
  setting({
    key: 'kafkaLogin',
    env: 'BIRTHLINE_KAFKA_LOGIN',
    description: 'plain, scram-sha-256, scram-sha-512 or oauthbearer, then :user:password',
    isSecret: true,
    parse: parseLogin,
    fallback: () => null,
  }),
  setting({
    key: 'kafkaLoginFile',
    env: 'BIRTHLINE_KAFKA_LOGIN_FILE',
    description: 'file with the same',
    parse: parseFile,
    fallback: () => null,
  }),
  setting({
    key: 'kafkaTokenUrl',
    env: 'BIRTHLINE_KAFKA_TOKEN_URL',
    description: 'where an oauthbearer client gets its tokens, with the login as its id and secret',
    // Someone may write a password into it, which is refused.
    isSecret: true,
    parse: parseUrl,
    fallback: () => null,
  }),
  setting({
    key: 'kafkaTokenScope',
    env: 'BIRTHLINE_KAFKA_TOKEN_SCOPE',
    description: 'scope of those tokens',
    parse: parseScope,
    fallback: () => null,
  }),
  setting({
    key: 'kafkaTokenFile',
    env: 'BIRTHLINE_KAFKA_TOKEN_FILE',
    description: 'file with a bearer token that something else keeps fresh',
    parse: parseFile,
    fallback: () => null,
  }),
]
