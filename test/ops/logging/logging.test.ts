import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packageFile } from '../../../schemas/index.ts'
import { runCommand, startCommand } from '../commandProcess.ts'

interface LogRecord {
  readonly level: string
  readonly msg: string
  readonly stage?: string
  readonly [field: string]: unknown
}

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'birthline-logging-'))
  const header = 'source_id,ra,dec,ra_error,dec_error,pmra,pmdec,pmra_error,pmdec_error,phot_g_mean_mag'
  const rows = ['17,51,20,0.02,0.02,-5,3,0.03,0.03,14', '18,52,20,0.02,0.02,-5,3,0.03,0.03,bright']
  writeFileSync(join(folder, 'a.csv'), [header, ...rows, ''].join('\n'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const few = { BIRTHLINE_WORKERS: '1', BIRTHLINE_SAMPLE_COUNT: '16' }
const recordsOf = (text: string): LogRecord[] =>
  text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))

test('a row and a star can be followed through every stage, and every batch has its place and outcome', async () => {
  const env = { ...few, BIRTHLINE_LOG: 'json', BIRTHLINE_LOG_LEVEL: 'debug' }
  const { code, stderr } = await runCommand(folder, ['ingest', 'a.csv', '--survey', 'gaiaDr3'], env)
  expect(code).toBe(0)
  const records = recordsOf(stderr)
  const steps = records.filter(({ msg }) => msg === 'record')
  const about = (word: string) => steps.filter(record => JSON.stringify(record).includes(`"${word}"`))
  expect(about('gaiaDr3:17').map(({ stage }) => stage)).toEqual(['file', 'ingest', 'fuse', 'infer', 'publish'])
  expect(about('a.csv row 1').map(({ stage }) => stage)).toEqual(['file', 'ingest', 'fuse'])
  const [, posteriorId] = /"posteriorId":"(\w+)"/.exec(stderr) ?? []
  expect(about(posteriorId).map(({ stage }) => stage)).toEqual(['infer', 'publish'])
  // The row that was refused ends in a dead letter.
  expect(about('a.csv row 2').at(-1)?.to).toEqual([expect.objectContaining({ code: 'SCHEMA_MISMATCH' })])

  const batches = records.filter(({ msg }) => msg === 'batch')
  expect(new Set(batches.map(({ stage }) => stage))).toEqual(new Set(['ingest', 'fuse', 'infer', 'publish', 'notify']))
  for (const batch of batches) {
    expect(batch).toMatchObject({ outcome: 'committed', partition: expect.any(Number), topic: expect.any(String) })
    expect(Number(batch.nextOffset) - Number(batch.firstOffset)).toBe(batch.consumed)
  }
  expect(records.at(-1)).toMatchObject({ msg: 'end', exitCode: 0 })
  expect(new Set(records.map(({ run }) => run)).size).toBe(1)
})

test('without being asked for, there is none; in a file it leaves stderr to people', async () => {
  const plain = await runCommand(folder, ['ingest', 'absent.csv', '--survey', 'gaiaDr3'])
  const filed = await runCommand(folder, ['ingest', 'absent.csv', '--survey', 'gaiaDr3', '--log-file', 'deep/run.log'])
  expect(filed.stderr).toBe(plain.stderr)
  expect(plain.stderr).toMatch(/^birthline: .*absent\.csv does not exist/)
  const records = recordsOf(readFileSync(join(folder, 'deep', 'run.log'), 'utf8'))
  expect(records.map(({ msg }) => msg)).toEqual(['begin', 'failed', 'end'])
  expect(records[1]).toMatchObject({ level: 'error', code: 'FILE_UNREADABLE' })
  const refused = await runCommand(folder, ['doctor', '--log-file', 'a.csv/run.log'])
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('name another with --log-file.')])
})

const secrets = {
  password: 'kafka-password-7e1f',
  token: 'http-token-0f9a8b7c6d5e',
  fileToken: 'file-token-0a1b2c3d4e5f',
  login: 'broker-url-password-55',
}

test('no secret stands in any line, error, answer or log, however a command fails', async () => {
  const tokenFile = join(folder, 'tokens')
  writeFileSync(tokenFile, `${secrets.fileToken}\n`)
  const tls = (name: string) => packageFile('test', 'fixtures', 'tls', name)
  const good = {
    ...few,
    BIRTHLINE_KAFKA_LOGIN: `plain:somebody:${secrets.password}`,
    BIRTHLINE_HTTP_TOKENS: secrets.token,
    BIRTHLINE_HTTP_TOKEN_FILE: tokenFile,
    BIRTHLINE_HTTP_TLS_CERT: tls('server.crt'),
    BIRTHLINE_HTTP_TLS_KEY: tls('server.key'),
    BIRTHLINE_LOG_LEVEL: 'debug',
  }
  writeFileSync(join(folder, 'bad.json'), JSON.stringify({ httpTokens: secrets.token, kafkaLogin: secrets.password }))
  writeFileSync(join(folder, 'bad-tokens'), `${secrets.fileToken}\nno good, ${secrets.fileToken}\n`)
  const cases: readonly (readonly [args: readonly string[], env: Readonly<Record<string, string>>])[] = [
    [['doctor'], good],
    [['doctor', '--json'], good],
    // Nobody listens there.
    [['doctor', '--brokers', '127.0.0.1:1'], good],
    [['star', '1', '--brokers', '127.0.0.1:1', '--json'], good],
    [['doctor'], { ...good, BIRTHLINE_KAFKA_LOGIN: `gssapi:somebody:${secrets.password}` }],
    [['doctor'], { ...good, BIRTHLINE_HTTP_TOKENS: `${secrets.token},short` }],
    [['doctor', '--brokers', `somebody:${secrets.login}@host:9092`], good],
    [['doctor', '--brokers', `kafka://somebody:${secrets.login}@host:9092`, '--json'], good],
    [['doctor', '--config', 'bad.json'], {}],
    [['run', '--serve', '--host', '0.0.0.0'], { ...good, BIRTHLINE_HTTP_TOKEN_FILE: join(folder, 'bad-tokens') }],
    [['run', '--serve'], { ...good, BIRTHLINE_HTTP_TLS_KEY: tls('other.key') }],
    [['run', '--serve'], { ...good, BIRTHLINE_HTTP_TLS_CERT: tls('server.key') }],
    [['star', secrets.password], good],
  ]
  // At one time, since some of them wait for who is not there.
  const ended = cases.map(async ([args, env], i) => {
    const { stdout, stderr } = await runCommand(folder, args, {
      ...env,
      BIRTHLINE_LOG: i % 2 === 0 ? 'json' : 'lines',
      BIRTHLINE_LOG_FILE: join(folder, `case${i}.log`),
    })
    expect(stdout + stderr).not.toBe('')
    return stdout + stderr
  })
  const all = await Promise.all(ended)
  for (let i = 0; i < cases.length; i++) {
    try {
      all.push(readFileSync(join(folder, `case${i}.log`), 'utf8'))
    } catch {
      // Settings that were refused open no log.
    }
  }
  const shown = all.join('\n')
  for (const secret of Object.values(secrets)) {
    expect(shown).not.toContain(secret)
    expect(shown).not.toContain(Buffer.from(secret).toString('base64'))
  }
  expect(shown).not.toContain('PRIVATE KEY')
  expect(shown).toContain('***')
})

test('a server’s answers are told by route and status, without ids or tokens', async () => {
  const env = { ...few, BIRTHLINE_LOG: 'json', BIRTHLINE_HTTP_TOKENS: secrets.token }
  const server = startCommand(folder, ['run', '--serve', '--port', '0', '--data', 'served'], env)
  const [, url] = await server.untilStderr(/serving on (http:[^,]+),/)
  const headers = { authorization: `Bearer ${secrets.token}` }
  expect((await fetch(`${url}/v1/stars/4711`, { headers })).status).toBe(404)
  expect((await fetch(`${url}/v1/stars/4711`)).status).toBe(401)
  server.process.kill('SIGINT')
  const { stderr } = await server.finished
  const answers = recordsOf(stderr).filter(({ msg }) => msg === 'answer')
  expect(answers.map(({ route, status }) => [route, status])).toEqual([
    ['/v1/stars/:id', 404],
    ['/v1/stars/:id', 401],
  ])
  expect(String(answers[0].client)).toMatch(/^token [0-9a-f]{8}$/)
  expect(stderr).not.toContain(secrets.token)
  expect(stderr).not.toContain('4711')
})
