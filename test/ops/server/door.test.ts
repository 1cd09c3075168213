import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fullToken } from '../../../ops/server/accessToken.ts'
import { type Door, isLoopback, openDoor } from '../../../ops/server/door.ts'
import { loadConfig } from '../../../ops/settings/config.ts'
import { isFusionError, packageFile } from '../../../schemas/index.ts'

const TOKEN = 'a-token-of-sixteen-characters-or-more'
const NOW_MS = Date.UTC(2026, 0, 1)
const tlsFile = (name: string) => packageFile('test', 'fixtures', 'tls', name)

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'birthline-door-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (env: Readonly<Record<string, string>>): Door =>
  openDoor(loadConfig({ flags: {}, env, workingFolder: folder }), NOW_MS)

function refusal(env: Readonly<Record<string, string>>): string {
  try {
    open(env)
  } catch (error) {
    if (isFusionError(error) && error.code === 'CONFIG_INVALID') return error.message
    throw error
  }
  throw new Error('nothing was refused')
}

function tokenFile(text: string): string {
  const path = join(folder, 'tokens')
  writeFileSync(path, text)
  return path
}

test('addresses that only this machine reaches are told from all others', () => {
  for (const host of ['127.0.0.1', '127.8.8.8', 'localhost', '::1']) expect(isLoopback(host), host).toBe(true)
  for (const host of ['0.0.0.0', '::', '192.168.1.4', '127.example', 'localhost.example'])
    expect(isLoopback(host), host).toBe(false)
})

test('for this machine alone nothing is asked for, and nothing is warned of', () => {
  expect(open({})).toMatchObject({ access: { tokens: [], health: 'open' }, tls: null, warnings: [] })
})

test('others are served without a token only where that was said, and with a warning', () => {
  expect(refusal({ BIRTHLINE_HTTP_HOST: '0.0.0.0' })).toContain('BIRTHLINE_HTTP_WITHOUT_TOKEN=on')
  const { warnings } = open({ BIRTHLINE_HTTP_HOST: '0.0.0.0', BIRTHLINE_HTTP_WITHOUT_TOKEN: 'on' })
  expect(warnings).toEqual([expect.stringContaining('without a token')])
})

test('tokens that others send unencrypted are warned of, with TLS they are not', () => {
  const remote = { BIRTHLINE_HTTP_HOST: '0.0.0.0', BIRTHLINE_HTTP_TOKENS: TOKEN }
  expect(open(remote).warnings).toEqual([expect.stringContaining('unencrypted')])
  const tls = { BIRTHLINE_HTTP_TLS_CERT: tlsFile('server.crt'), BIRTHLINE_HTTP_TLS_KEY: tlsFile('server.key') }
  expect(open({ ...remote, ...tls }).warnings).toEqual([])
})

test('tokens come from the variable and from the lines of the file, each once', () => {
  const file = tokenFile(`# of the dashboard\n${TOKEN}\n\nanother-token-that-is-long-enough\r\n`)
  const { access } = open({ BIRTHLINE_HTTP_TOKENS: TOKEN, BIRTHLINE_HTTP_TOKEN_FILE: file })
  expect(access.tokens).toEqual([TOKEN, 'another-token-that-is-long-enough'].map(fullToken))
})

test('a line that is no token is named by its number, and not shown', () => {
  const sentence = refusal({ BIRTHLINE_HTTP_TOKEN_FILE: tokenFile(`${TOKEN}\nshort-secret\n`) })
  expect(sentence).toContain('Line 2 of the token file')
  expect(sentence).not.toContain('short-secret')
  expect(refusal({ BIRTHLINE_HTTP_TOKEN_FILE: tokenFile('\n# none\n') })).toContain('holds no token')
  expect(refusal({ BIRTHLINE_HTTP_TOKEN_FILE: join(folder, 'absent') })).toContain('(ENOENT)')
})

test('tokens in the variable that are too short are refused without being shown', () => {
  expect(() => open({ BIRTHLINE_HTTP_TOKENS: 'short-secret' })).toThrow(/BIRTHLINE_HTTP_TOKENS is not as it should be/)
  expect(() => open({ BIRTHLINE_HTTP_TOKENS: 'short-secret' })).not.toThrow(/short-secret/)
})

for (const [what, cert, key, sentence] of [
  ['only a certificate', 'server.crt', null, 'TLS needs both'],
  ['only a key', null, 'server.key', 'TLS needs both'],
  ['a certificate that is not there', 'absent.crt', 'server.key', '(ENOENT)'],
  ['a certificate that is none', 'ORIGIN.md', 'server.key', 'holds no certificate in PEM'],
  ['a key that is none', 'server.crt', 'server.crt', 'holds no private key'],
  ['a key of another certificate', 'server.crt', 'other.key', 'does not belong to'],
] as const) {
  test(`${what} is refused in a sentence that says what is wrong`, () => {
    const env = {
      ...(cert !== null && { BIRTHLINE_HTTP_TLS_CERT: tlsFile(cert) }),
      ...(key !== null && { BIRTHLINE_HTTP_TLS_KEY: tlsFile(key) }),
    }
    expect(refusal(env)).toContain(sentence)
  })
}

test('a certificate that ran out is warned of', () => {
  const env = { BIRTHLINE_HTTP_TLS_CERT: tlsFile('server.crt'), BIRTHLINE_HTTP_TLS_KEY: tlsFile('server.key') }
  const config = loadConfig({ flags: {}, env, workingFolder: folder })
  expect(openDoor(config, Date.UTC(2500, 0, 1)).warnings).toEqual([expect.stringContaining('ran out on')])
})
