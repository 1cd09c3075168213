import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ConfigSources, flagName, loadConfig, settings, unknownVariables } from '../../../ops/settings/config.ts'
import { isFusionError, packageFile } from '../../../schemas/index.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'birthline-config-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const load = (sources: Partial<ConfigSources>) => loadConfig({ flags: {}, env: {}, workingFolder: folder, ...sources })

function refusal(sources: Partial<ConfigSources>): string {
  try {
    load(sources)
  } catch (error) {
    if (isFusionError(error) && error.code === 'CONFIG_INVALID') return error.message
    throw error
  }
  throw new Error('nothing was refused')
}

test('without any setting the data lies in the working folder and the server is for this machine only', () => {
  const config = load({})
  expect(config.dataFolder).toBe(join(folder, 'birthline-data'))
  expect(config.httpHost).toBe('127.0.0.1')
  expect(config.sampleCount).toBe(256)
})

test('a flag beats the environment, the environment beats the file, the file beats the default', () => {
  writeFileSync(join(folder, 'birthline.json'), JSON.stringify({ workers: 3, sampleCount: 64, seed: '5' }))
  const env = { BIRTHLINE_SAMPLE_COUNT: '128', BIRTHLINE_SEED: '6' }
  const config = load({ env, flags: { seed: '7' } })
  expect([config.workers, config.sampleCount, config.seed]).toEqual([3, 128, 7n])
})

test('the config cannot be changed after it was checked', () => {
  expect(Object.isFrozen(load({}))).toBe(true)
})

test('a seed of 2^63-1 is kept exactly and 2^63 is refused', () => {
  expect(load({ flags: { seed: '9223372036854775807' } }).seed).toBe(2n ** 63n - 1n)
  expect(refusal({ flags: { seed: '9223372036854775808' } })).toContain('--seed')
})

for (const [name, text] of [
  ['BIRTHLINE_WORKERS', '0'],
  ['BIRTHLINE_WORKERS', 'two'],
  ['BIRTHLINE_WORKERS', '1.5'],
  ['BIRTHLINE_SAMPLE_COUNT', '-4'],
  ['BIRTHLINE_SAMPLE_COUNT', '1e9'],
  ['BIRTHLINE_HTTP_PORT', '65536'],
  ['BIRTHLINE_HTTP_HOST', 'not a host'],
  ['BIRTHLINE_KAFKA_BROKERS', 'host'],
  ['BIRTHLINE_KAFKA_BROKERS', 'host:1,'],
  ['BIRTHLINE_KAFKA_PREFIX', 'with space'],
  ['BIRTHLINE_KAFKA_TLS', 'yes'],
]) {
  test(`${name}=${text} is refused in a sentence that names the variable, its value and what it must be`, () => {
    const sentence = refusal({ env: { [name]: text } })
    expect(sentence).toContain(`${name} is "${text}": it must be `)
  })
}

test('brokers and a login are taken apart, and a login that is refused does not show its password', () => {
  const config = load({
    flags: { kafkaBrokers: 'one:9092, two.example:9093' },
    env: { BIRTHLINE_KAFKA_LOGIN: 'scram-sha-512:user:pass:word', BIRTHLINE_KAFKA_TLS: 'on' },
  })
  expect(config.kafkaBrokers).toEqual(['one:9092', 'two.example:9093'])
  expect(config.kafkaLogin).toEqual({ mechanism: 'scram-sha-512', username: 'user', password: 'pass:word' })
  expect(config.kafkaTls).toBe(true)
  const sentence = refusal({ env: { BIRTHLINE_KAFKA_LOGIN: 'gssapi:user:secret' } })
  expect(sentence).toContain('BIRTHLINE_KAFKA_LOGIN is not as it should be: it must be plain, ')
  expect(sentence).not.toContain('secret')
})

test('an empty variable counts as not set', () => {
  expect(load({ env: { BIRTHLINE_SAMPLE_COUNT: '' } }).sampleCount).toBe(256)
})

test('a settings file that was named and does not exist is refused, one that was not named is not missed', () => {
  expect(refusal({ file: 'absent.json' })).toContain('absent.json')
  expect(() => load({})).not.toThrow()
})

test('a settings file that is no JSON, no object, or names what is no setting is refused with its path', () => {
  const path = join(folder, 'birthline.json')
  for (const text of ['{', '[1]', 'null', '{"worker": 2}', '{"workers": true}']) {
    writeFileSync(path, text)
    expect(refusal({})).toContain(path)
  }
})

test('a bad value in the settings file is traced to the file', () => {
  writeFileSync(join(folder, 'birthline.json'), '{"httpPort": 70000}')
  expect(refusal({})).toContain('"httpPort" in ')
})

/** As the page of settings shows it; `null` where the default is words: there is none, or it is this machine's. */
function shownDefault({ fallback }: (typeof settings)[number]): string | null {
  const [here, elsewhere] = [fallback(folder), fallback('/elsewhere')]
  if (here === null || here !== elsewhere || Array.isArray(here)) return null
  return typeof here === 'boolean' ? (here ? 'on' : 'off') : String(here)
}

test('docs/settings.md has every setting in its order, with its names, meaning and default, and no other', () => {
  const page = readFileSync(packageFile('docs', 'settings.md'), 'utf8')
  const rows = page.matchAll(/^\| `(\w+)` \| `(\w+)` \| (?:`(.+?)` )?\| (.+) \| (.+) \|$/gm)
  const listed = Array.from(rows, ([, env, key, option, description, words]) => {
    const isMachines = key === 'workers' && words === 'one for each core'
    const fallback = isMachines ? `${load({}).workers}` : (/^`(.+)`$/.exec(words)?.[1] ?? null)
    return { env, key, option, description, fallback }
  })
  expect(listed).toEqual(
    settings.map(setting => {
      const { env, key, flag, description } = setting
      const option = flag === undefined ? undefined : flagName(flag)
      return { env, key, option, description, fallback: shownDefault(setting) }
    }),
  )
})

test('the example of docs/settings.md is a settings file', () => {
  const page = readFileSync(packageFile('docs', 'settings.md'), 'utf8')
  writeFileSync(join(folder, 'birthline.json'), /```\n(\{.*\})\n```/s.exec(page)?.[1] ?? '')
  expect(load({})).toMatchObject({ dataFolder: '/data/birthline', workers: 2, seed: 2n ** 63n - 1n })
})

test('misspelt variables are found, known ones and other programs’ are not', () => {
  const env = { BIRTHLINE_WORKER: '2', BIRTHLINE_WORKERS: '2', BIRTHLINE_CONFIG: 'x', PATH: '/' }
  expect(unknownVariables(env)).toEqual(['BIRTHLINE_WORKER'])
})
