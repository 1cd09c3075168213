import { expect, test } from 'vitest'
import { createRedact, secretsOf } from '../../../ops/logging/redaction.ts'
import { loadConfig } from '../../../ops/settings/config.ts'

test('a secret is taken out in every form it is written in', () => {
  const secret = 'pa"ss w/ord'
  const redact = createRedact([secret])
  for (const text of [
    `said ${secret}.`,
    JSON.stringify({ secret }),
    `?password=${encodeURIComponent(secret)}`,
    Buffer.from(secret).toString('base64'),
  ]) {
    expect(redact(text)).toContain('***')
    expect(redact(text)).not.toContain('ss w')
  }
})

test('a secret that holds another one goes whole', () => {
  expect(createRedact(['hunter', 'hunter2secret'])('is hunter2secret')).toBe('is ***')
})

test('a login before a host is hidden though nobody knew of it, and places and times are not', () => {
  const redact = createRedact([])
  expect(redact('http://user:word@host:80/x')).toBe('http://***@host:80/x')
  expect(redact('BROKERS is "user:word@host:9092"')).toBe('BROKERS is "***@host:9092"')
  for (const text of ['ingest:raw/0@17', '{"time":"2026-01-01T10:11:12Z","key":"a@b"}', 'mail a@b.example: no'])
    expect(redact(text)).toBe(text)
})

test('words too short to be told from others are left', () => {
  expect(createRedact(['', 'a', 'abc'])('abc and a')).toBe('abc and a')
})

test('secrets are those of the settings and of the environment, refused ones too; users and mechanisms are none', () => {
  const env = {
    BIRTHLINE_KAFKA_LOGIN: 'scram-sha-512:birthline:kafka:word',
    BIRTHLINE_HTTP_TOKENS: 'token-one-of-sixteen-or-more,token-two-of-sixteen-or-more',
  }
  const secrets = secretsOf(loadConfig({ flags: {}, env, workingFolder: '.' }), {})
  expect(secrets).toEqual(['kafka:word', 'token-one-of-sixteen-or-more', 'token-two-of-sixteen-or-more'])
  const refused = secretsOf(null, { BIRTHLINE_KAFKA_LOGIN: 'gssapi:me:a-password' })
  expect(createRedact(refused)('no a-password here')).toBe('no *** here')
})
