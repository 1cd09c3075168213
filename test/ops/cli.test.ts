// The program as a person starts it: what only a process of its own can show.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommand, startCommand } from './commandProcess.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-cli-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('help and version are answers, not errors', async () => {
  const [help, version] = await Promise.all([runCommand(folder, ['--help']), runCommand(folder, ['--version'])])
  expect([help.code, help.stderr, version.code, version.stderr]).toEqual([0, '', 0, ''])
  expect(help.stdout).toContain('Usage: birthline')
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test('a wrong command line is a sentence on stderr with exit code 2, and JSON with --json', async () => {
  const [plain, json] = await Promise.all([runCommand(folder, ['stars']), runCommand(folder, ['stars', '--json'])])
  expect([plain.code, plain.stdout, json.code, json.stdout]).toEqual([2, '', 2, ''])
  expect(plain.stderr).toMatch(/^birthline: .*Did you mean star\?.*\n$/)
  expect(JSON.parse(json.stderr).error.code).toBe('USAGE')
})

test('a command of commands shows its help and says what it needs, and with --json only that', async () => {
  const [plain, json] = await Promise.all([runCommand(folder, ['train']), runCommand(folder, ['train', '--json'])])
  expect([plain.code, json.code]).toEqual([2, 2])
  expect(plain.stderr).toMatch(
    /Usage: birthline train.*\nbirthline: train needs one of its commands, pilot, corrections, familiarity, student, encoders, spectra, npe\. See/s,
  )
  expect(JSON.parse(json.stderr).error.message).toContain(
    'pilot, corrections, familiarity, student, encoders, spectra, npe',
  )
})

test('an error of the world is a sentence on stderr with exit code 1, and never a trace', async () => {
  const [plain, json] = await Promise.all([
    runCommand(folder, ['star', '12']),
    runCommand(folder, ['star', '12', '--json']),
  ])
  expect([plain.code, plain.stdout, json.code, json.stdout]).toEqual([1, '', 1, ''])
  expect(plain.stderr).toMatch(/^birthline: There is no log in [^\n]*\n$/)
  expect(JSON.parse(json.stderr)).toEqual({ error: { code: 'LOG_UNAVAILABLE', message: expect.any(String) } })
})

test('Ctrl-C in the middle of a table ends with 130 and leaves no half of a file', async () => {
  const simulated = await runCommand(folder, ['simulate', '--stars', '20000', '--out', 'stars.csv'])
  expect([simulated.code, simulated.stderr]).toEqual([0, ''])
  await writeFile(join(folder, 'map.yaml'), 'columns: { id: star, gMag: gMag, gMagErr: gMag_err }\n')
  const args = ['infer', 'stars.csv', '--map', 'map.yaml', '--out', 'out.csv', '--samples', '16', '--workers', '1']
  const running = startCommand(folder, [...args, '--progress'])
  await running.untilStderr(/inferring:/)
  running.process.kill('SIGINT')
  const { code, stderr } = await running.finished
  expect(code).toBe(130)
  expect(stderr).toContain('stopping cleanly')
  expect((await readdir(folder)).sort()).toEqual(['map.yaml', 'stars.csv'])
})

test('a second Ctrl-C ends at once, by the signal, with workers in the middle of their work and no half of a file', async () => {
  const args = ['infer', 'stars.csv', '--map', 'map.yaml', '--out', 'out.csv', '--samples', '512', '--workers', '2']
  const running = startCommand(folder, [...args, '--progress'])
  await running.untilStderr(/inferring:/)
  running.process.kill('SIGINT')
  await running.untilStderr(/stopping cleanly/)
  running.process.kill('SIGINT')
  const { stderr } = await running.finished
  expect([running.process.exitCode, running.process.signalCode]).toEqual([null, 'SIGINT'])
  expect(stderr).not.toContain('terminate called')
  expect((await readdir(folder)).sort()).toEqual(['map.yaml', 'stars.csv'])
})

test('a reader of the pipe that leaves early ends the program quietly', async () => {
  const running = startCommand(folder, ['help'])
  running.process.stdout?.destroy()
  const { code, stderr } = await running.finished
  expect([code, stderr]).toEqual([0, ''])
})

test('a server answers while it runs, and a request to end it is a good end', async () => {
  const running = startCommand(folder, ['run', '--serve', '--port', '0', '--workers', '1'])
  const [, url] = await running.untilStderr(/serving on (http:\/\/127\.0\.0\.1:\d+)/)
  const health = await fetch(`${url}/health`)
  expect(await health.json()).toMatchObject({ status: 'ok', posteriors: 0 })
  running.process.kill('SIGTERM')
  expect((await running.finished).code).toBe(0)
})
