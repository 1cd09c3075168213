import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { accessWarnings, brokerAccess } from '../../../ops/kafka/brokerAccess.ts'
import { loadConfig } from '../../../ops/settings/config.ts'
import { isFusionError } from '../../../schemas/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'birthline-access-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const tlsFile = (name: string) => join(import.meta.dirname, '..', '..', 'fixtures', 'tls', name)
const SECRET = 'swordfish-7c41'

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

const config = (env: Readonly<Record<string, string>>) => {
  const all = Object.entries(env).map(([name, value]) => [`BIRTHLINE_KAFKA_${name}`, value])
  return loadConfig({ flags: {}, env: Object.fromEntries(all), workingFolder: folder })
}

function refusal(env: Readonly<Record<string, string>>): string {
  try {
    brokerAccess(config(env))
  } catch (error) {
    if (isFusionError(error) && error.code === 'CONFIG_INVALID') return error.message
    throw error
  }
  throw new Error('not refused')
}

test('without settings brokers are spoken to without TLS and without a login', () => {
  expect(brokerAccess(config({}))).toEqual({ tls: null, login: null })
  expect(brokerAccess(config({ TLS: 'on' })).tls).toEqual({ ca: null, cert: null, key: null })
})

test('a login is the same from a variable and from a file, with or without a last line break', () => {
  const expected = { mechanism: 'scram-sha-512', username: 'star', password: `${SECRET}:x ` }
  const text = `scram-sha-512:star:${SECRET}:x `
  expect(brokerAccess(config({ LOGIN: text })).login).toEqual(expected)
  for (const end of ['', '\n', '\r\n']) {
    expect(brokerAccess(config({ LOGIN_FILE: file('login', text + end) })).login).toEqual(expected)
  }
})

test.each([
  [{ CA: tlsFile('server.crt') }, 'set BIRTHLINE_KAFKA_TLS=on'],
  [{ TLS: 'on', CERT: tlsFile('server.crt') }, 'BIRTHLINE_KAFKA_CERT is set and BIRTHLINE_KAFKA_KEY is not'],
  [{ TLS: 'on', KEY: tlsFile('server.key') }, 'BIRTHLINE_KAFKA_KEY is set and BIRTHLINE_KAFKA_CERT is not'],
  [{ TLS: 'on', CA: tlsFile('server.key') }, 'holds no certificate in PEM'],
  [{ TLS: 'on', CA: 'absent.pem' }, 'cannot be read (ENOENT)'],
  [{ TLS: 'on', CERT: tlsFile('server.crt'), KEY: tlsFile('other.key') }, 'does not belong to the certificate'],
  [{ TLS: 'on', CERT: tlsFile('server.crt'), KEY: tlsFile('server.crt') }, 'holds no private key'],
  [{ LOGIN: `plain:star:${SECRET}`, TOKEN_FILE: 'token' }, 'more than one login'],
  [{ LOGIN: `oauthbearer:star:${SECRET}` }, 'no BIRTHLINE_KAFKA_TOKEN_URL'],
  [{ LOGIN: `plain:star:${SECRET}`, TOKEN_URL: 'https://host/token' }, 'no oauthbearer login that would use it'],
  [{ LOGIN: `star:${SECRET}` }, 'it must be plain, scram-sha-256, scram-sha-512 or oauthbearer, a colon'],
  [{ LOGIN_FILE: file('bad', SECRET) }, 'is not as it should be: it must be plain,'],
  [{ TOKEN_URL: `https://star:${SECRET}@host/` }, 'without a user in it'],
])('%j is refused in a sentence that holds no secret', (env, sentence) => {
  const said = refusal(env)
  expect(said).toContain(sentence)
  expect(said).not.toContain(SECRET)
})

test('a secret that goes unencrypted is warned of, a SCRAM login is not', () => {
  expect(accessWarnings(config({ LOGIN: 'plain:star:x' }))).toEqual([expect.stringContaining('BIRTHLINE_KAFKA_TLS=on')])
  expect(accessWarnings(config({ LOGIN: 'plain:star:x', TLS: 'on' }))).toEqual([])
  expect(accessWarnings(config({ LOGIN: 'scram-sha-256:star:x' }))).toEqual([])
  expect(accessWarnings(config({}))).toEqual([])
})
