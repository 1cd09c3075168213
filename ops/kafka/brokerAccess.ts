// How the settings say that brokers are spoken to, with their files read and checked against one another.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { FusionError } from '../../schemas/index.ts'
import { createTokenSource, type KafkaLogin, type KafkaTls, readTokenFile } from '../../streams/index.ts'
import { type KafkaSettings, type LoginParts, parseLogin } from '../settings/kafkaSettings.ts'
import { Refusal } from '../settings/setting.ts'

export interface BrokerAccess {
  readonly tls: KafkaTls | null
  readonly login: KafkaLogin | null
}

const invalid = (sentence: string) => new FusionError('CONFIG_INVALID', sentence)

/** @throws FusionError CONFIG_INVALID, whose sentence names files and settings and never what is secret in them */
export function brokerAccess(settings: KafkaSettings): BrokerAccess {
  const tls = readTls(settings)
  return { tls, login: readLogin(settings, tls?.ca ?? null) }
}

/** What should be known of the way to the brokers, a sentence each. */
export function accessWarnings(settings: KafkaSettings): readonly string[] {
  const { tls, login } = brokerAccess(settings)
  if (tls !== null || login === null || (login.mechanism !== 'plain' && login.mechanism !== 'oauthbearer')) return []
  const what = login.mechanism === 'plain' ? 'The password' : 'The token'
  return [`${what} goes to the brokers unencrypted: set BIRTHLINE_KAFKA_TLS=on and name their TLS port.`]
}

function readTls({ kafkaTls, kafkaCa, kafkaCert, kafkaKey }: KafkaSettings): KafkaTls | null {
  if ((kafkaCert === null) !== (kafkaKey === null)) {
    const [given, missing] = kafkaCert === null ? ['KEY', 'CERT'] : ['CERT', 'KEY']
    throw invalid(`BIRTHLINE_KAFKA_${given} is set and BIRTHLINE_KAFKA_${missing} is not: set both, or neither.`)
  }
  if (!kafkaTls) {
    if (kafkaCa === null && kafkaCert === null) return null
    throw invalid('A certificate for the brokers is set and TLS is not: set BIRTHLINE_KAFKA_TLS=on.')
  }
  const ca = pem(kafkaCa, 'certificate', text => new X509Certificate(text))
  const cert = pem(kafkaCert, 'certificate', text => new X509Certificate(text))
  const key = pem(kafkaKey, 'private key without a passphrase', text => createPrivateKey(text))
  if (cert !== null && key !== null && !new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) {
    throw invalid(
      `The key in ${kafkaKey} does not belong to the certificate in ${kafkaCert}: give the two that were made together.`,
    )
  }
  return { ca, cert, key }
}

function pem(file: string | null, what: string, check: (text: string) => unknown): string | null {
  if (file === null) return null
  const text = read(file)
  try {
    check(text)
  } catch {
    throw invalid(`The file ${file} holds no ${what} in PEM: give one that does.`)
  }
  return text
}

function readLogin(settings: KafkaSettings, ca: string | null): KafkaLogin | null {
  const { kafkaLogin, kafkaLoginFile, kafkaTokenFile, kafkaTokenUrl, kafkaTokenScope } = settings
  const given = [kafkaLogin, kafkaLoginFile, kafkaTokenFile].filter(one => one !== null)
  if (given.length > 1) {
    throw invalid(
      'The brokers are told more than one login: set one of BIRTHLINE_KAFKA_LOGIN, BIRTHLINE_KAFKA_LOGIN_FILE and BIRTHLINE_KAFKA_TOKEN_FILE.',
    )
  }
  if (kafkaTokenFile !== null) {
    return { mechanism: 'oauthbearer', token: () => readTokenFile(kafkaTokenFile, Date.now) }
  }
  const parts = kafkaLoginFile === null ? kafkaLogin : loginIn(kafkaLoginFile)
  if (parts?.mechanism !== 'oauthbearer') {
    if (kafkaTokenUrl !== null)
      throw invalid('BIRTHLINE_KAFKA_TOKEN_URL is set, and no oauthbearer login that would use it.')
    return parts === null ? null : { ...parts, mechanism: parts.mechanism }
  }
  if (kafkaTokenUrl === null) {
    throw invalid('An oauthbearer login is set, and no BIRTHLINE_KAFKA_TOKEN_URL to get its tokens from: set that too.')
  }
  const { username: clientId, password: clientSecret } = parts
  const client = { url: kafkaTokenUrl, clientId, clientSecret, scope: kafkaTokenScope, ca }
  return { mechanism: 'oauthbearer', token: createTokenSource(client, Date.now) }
}

function loginIn(file: string): LoginParts {
  try {
    return parseLogin(read(file).replace(/\r?\n$/, ''))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw invalid(`The login file ${file} is not as it should be: it must be ${error.message}.`)
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const problem = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw invalid(`The file ${file} cannot be read (${problem}): name one that exists and that this user may read.`)
  }
}
