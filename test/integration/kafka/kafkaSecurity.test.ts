import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { loadConfig } from '../../../ops/settings/config.ts'
import { logConfig } from '../../../ops/stars/openStarLog.ts'
import { isFusionError } from '../../../schemas/index.ts'
import { type Log, openLog, type Topic } from '../../../streams/index.ts'
import { runCommand } from '../../ops/commandProcess.ts'
import { output, readAll, textOf } from '../../streams/logRecords.ts'
import {
  brokerDoors,
  CLIENT_SECRET,
  makeToken,
  openTokenEndpoint,
  PASSWORD,
  type TokenEndpoint,
  tlsFile,
  USER,
} from './brokerDoors.ts'
import { type BrokerPlace, openBrokerPlace } from './brokerPlace.ts'

type Env = Readonly<Record<string, string>>

const topics: readonly Topic[] = [
  { name: 'out', record: 'rawRow', key: 'key', partitions: 2, keep: 'all', retainBytes: null, retainMs: null },
]
const folder = mkdtempSync(join(tmpdir(), 'birthline-doors-'))
let place: BrokerPlace
let endpoint: TokenEndpoint
let prefixes = 0

beforeAll(async () => {
  endpoint = await openTokenEndpoint()
  place = await openBrokerPlace({
    listeners: brokerDoors(folder),
    scramUsers: [{ username: USER, password: PASSWORD }],
  })
})

afterAll(async () => {
  await place?.close()
  endpoint?.close()
  rmSync(folder, { recursive: true, force: true })
})

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** The settings of a user, and what they make of a door. */
function configOf(door: string, env: Env) {
  const brokers = place.broker.listenerAddresses.get(door) ?? ''
  const all = { ...env, BIRTHLINE_KAFKA_BROKERS: brokers, BIRTHLINE_KAFKA_PREFIX: `secure${prefixes++}.` }
  const config = logConfig(loadConfig({ flags: {}, env: all, workingFolder: folder }))
  if (config.kind !== 'kafka') throw new TypeError('brokers are set')
  return { ...config, topics, patienceMs: 4000 }
}

async function open(door: string, env: Env): Promise<Log> {
  const log = await openLog(configOf(door, env))
  onTestFinished(() => log.close())
  return log
}

const tls = { BIRTHLINE_KAFKA_TLS: 'on', BIRTHLINE_KAFKA_CA: tlsFile('server.crt') }
const mutual = { ...tls, BIRTHLINE_KAFKA_CERT: tlsFile('server.crt'), BIRTHLINE_KAFKA_KEY: tlsFile('server.key') }
const login = (mechanism: string, password = PASSWORD) => ({
  BIRTHLINE_KAFKA_LOGIN: `${mechanism}:${USER}:${password}`,
})
const client = (secret = CLIENT_SECRET) => ({
  ...login('oauthbearer', secret),
  BIRTHLINE_KAFKA_TOKEN_URL: endpoint.url,
})
const loginFile = () => ({ BIRTHLINE_KAFKA_LOGIN_FILE: file('login', `scram-sha-512:${USER}:${PASSWORD}\n`) })
const tokenFile = (lifetimeS: number) => ({ BIRTHLINE_KAFKA_TOKEN_FILE: file('token', `${makeToken(lifetimeS)}\n`) })

const ways: readonly (readonly [string, string, () => Env])[] = [
  ['TLS with an authority of its own', 'TLS', () => tls],
  ['TLS where both sides show a certificate', 'MUTUAL', () => mutual],
  ...['plain', 'scram-sha-256', 'scram-sha-512'].flatMap(mechanism => [
    [`${mechanism} without TLS`, 'LOGIN', () => login(mechanism)] as const,
    [`${mechanism} over TLS`, 'BOTH', () => ({ ...tls, ...login(mechanism) })] as const,
  ]),
  ['a login from a file', 'BOTH', () => ({ ...tls, ...loginFile() })],
  ['tokens from an endpoint', 'BOTH', () => ({ ...tls, ...client() })],
  ['a token from a file', 'LOGIN', () => tokenFile(600)],
]

test.each(ways)('a log is written and read through %s', async (_, door, env) => {
  const log = await open(door, env())
  await log.transact({ outputs: [output('out', 'key', 'text')] })
  expect((await readAll(log, { topics: ['out'] })).map(textOf)).toEqual(['text'])
})

test.each([
  ['a password', () => login('scram-sha-256'), 8],
  ['tokens of fifteen seconds', () => client(), 18],
])('a log that is open longer than its login with %s logs in again', async (_, env, seconds) => {
  const before = endpoint.given.length
  const log = await open('LOGIN', env())
  const reader = log.openReader({ topics: ['out'], group: 'all' })
  const seen: (string | null)[] = []
  const written: string[] = []
  for (let turn = 0; turn < 2 * seconds; turn++) {
    await log.transact({ outputs: [output('out', 'key', String(turn))] })
    written.push(String(turn))
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
      seen.push(...batch.records.map(textOf))
      await log.transact({ outputs: [], group: 'all', offsets: [batch.next] })
    }
    await sleep(500)
  }
  expect(seen).toEqual(written)
  if ('BIRTHLINE_KAFKA_TOKEN_URL' in env()) expect(endpoint.given.length - before).toBeGreaterThan(1)
})

const secrets = () => [
  ...[PASSWORD, CLIENT_SECRET, Buffer.from(`${USER}:${CLIENT_SECRET}`).toString('base64')],
  ...endpoint.given,
]

const refusals: readonly (readonly [string, string, () => Env, string, RegExp])[] = [
  ...['plain', 'scram-sha-256', 'scram-sha-512'].map(
    mechanism =>
      [
        `a wrong password of ${mechanism}`,
        'LOGIN',
        () => login(mechanism, `${PASSWORD}x`),
        'CONFIG_INVALID',
        /^The brokers at .* refused: .*; check the user, the password and what it may do\.$/,
      ] as const,
  ),
  [
    'a secret the endpoint does not know',
    'LOGIN',
    () => client(`${CLIENT_SECRET}x`),
    'CONFIG_INVALID',
    /^The token endpoint http.* refused the client \(401, invalid_client\): check its id and its secret in kafkaLogin\.$/,
  ],
  [
    'an endpoint that is not there',
    'LOGIN',
    () => ({ ...client(), BIRTHLINE_KAFKA_TOKEN_URL: 'http://127.0.0.1:1/t' }),
    'LOG_UNAVAILABLE',
    /^The token endpoint http.* cannot be used: .*ECONNREFUSED/,
  ],
  [
    'a token that has run out',
    'LOGIN',
    () => tokenFile(-5),
    'CONFIG_INVALID',
    /^The token in .* ran out at .*: have it renewed\.$/,
  ],
  [
    'a token of nobody',
    'LOGIN',
    () => ({ BIRTHLINE_KAFKA_TOKEN_FILE: file('token', PASSWORD) }),
    'CONFIG_INVALID',
    /^The broker at .* refused the token \(invalid_token\): check that it is for these brokers, and has not run out\.$/,
  ],
  [
    'an authority that did not sign',
    'TLS',
    () => ({ BIRTHLINE_KAFKA_TLS: 'on' }),
    'CONFIG_INVALID',
    /over TLS: their certificate is signed by nobody who is trusted here; name the file of its authority as kafkaCa\.$/,
  ],
  [
    'no certificate where one is asked for',
    'MUTUAL',
    () => tls,
    'CONFIG_INVALID',
    /over TLS: they do not accept the certificate of this side/,
  ],
  [
    'no TLS at a TLS port',
    'TLS',
    () => ({}),
    'CONFIG_INVALID',
    /^The broker at .* speaks TLS, and kafkaTls is off: turn it on, or name a port without TLS\.$/,
  ],
  [
    'TLS at a port without it',
    'LOGIN',
    () => ({ ...tls, ...login('plain') }),
    'LOG_UNAVAILABLE',
    /TLS on that port; where they do not, turn kafkaTls off\.$/,
  ],
  [
    'no login where one is asked for',
    'LOGIN',
    () => ({}),
    'LOG_UNAVAILABLE',
    /whether they ask for a login, which kafkaLogin or kafkaLoginFile gives\.$/,
  ],
]

test.each(refusals)('%s is one sentence, without a secret', async (_, door, env, code, sentence) => {
  const error: unknown = await openLog(configOf(door, env())).then(
    log => log.close(),
    (thrown: unknown) => thrown,
  )
  if (!isFusionError(error)) throw new TypeError(`not refused: ${error}`)
  expect(error.message).toMatch(sentence)
  expect(error.code).toBe(code)
  const all = inspect(error, { depth: 20, showHidden: true })
  for (const secret of secrets()) expect(all).not.toContain(secret)
})

test.each([
  ['doctor', ['doctor', '--json']],
  ['a command that opens the log', ['star', '1']],
])(
  'nothing that %s prints holds a secret, whether the brokers take it or not',
  async (_, args) => {
    const brokers = place.broker.listenerAddresses.get('LOGIN') ?? ''
    for (const env of [
      login('scram-sha-256'),
      login('scram-sha-256', `${PASSWORD}x`),
      { BIRTHLINE_KAFKA_LOGIN: `${USER}:${PASSWORD}` },
      client(),
      client(`${CLIENT_SECRET}x`),
      { BIRTHLINE_KAFKA_LOGIN_FILE: file('bad', PASSWORD) },
      { BIRTHLINE_KAFKA_TOKEN_FILE: file('token', PASSWORD) },
    ]) {
      const all = { ...env, BIRTHLINE_KAFKA_BROKERS: brokers, BIRTHLINE_KAFKA_PREFIX: 'none.' }
      const { stdout, stderr } = await runCommand(folder, args, all)
      expect(stdout + stderr).toMatch(/./)
      for (const secret of secrets()) expect(stdout + stderr).not.toContain(secret)
    }
  },
  240_000,
)
