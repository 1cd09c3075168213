// A model in force by its name, and put there in a process that holds the log.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { serveModel, servingModel } from '../../../actors/index.ts'
import { pilotFolder, publishModel, readCheckpoint } from '../../../models/index.ts'
import { completePattern } from '../../../ops/calibration/missingPatterns.ts'
import type { CommandLine } from '../../../ops/commands/commandLine.ts'
import { folderOf, namedModel, requestModel, servingFolder, watchRequests } from '../../../ops/runs/modelInForce.ts'
import { loadConfig } from '../../../ops/settings/config.ts'
import { openLog } from '../../../streams/index.ts'
import { toyReport } from '../../models/calibration/toyReport.ts'
import { runInProcess } from '../commandRun.ts'

let folder = ''
let plain = ''
const shipped = readCheckpoint(pilotFolder).fingerprint
const models = () => join(folder, 'birthline-data', 'models')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-force-'))
  await cp(pilotFolder, join(folder, 'checkpoint'), { recursive: true })
  const path = join(folder, 'checkpoint', 'model.json')
  await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), corrections: [] }))
  plain = readCheckpoint(join(folder, 'checkpoint')).fingerprint
  const patterns = [completePattern]
  await writeFile(
    join(folder, 'report.json'),
    JSON.stringify(toyReport({ model: plain, patterns, starCount: 1000, seed: 1 })),
  )
  publishModel({
    ...{ folder: models(), name: 'plain', checkpointFolder: join(folder, 'checkpoint'), patterns },
    ...{ reportPath: join(folder, 'report.json'), publishedAt: '2020-01-01T00:00:00.000Z' },
  })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function lineWith(notes: string[], signal = new AbortController().signal, flags = {}): CommandLine {
  const config = loadConfig({ flags, env: {}, workingFolder: folder })
  return { config, signal, terminal: { note: (text: string) => notes.push(text) } } as unknown as CommandLine
}

async function openAt(name: string) {
  const log = await openLog({ kind: 'embedded', folder: join(folder, name) })
  onTestFinished(() => log.close())
  return log
}

test('without a name the checkpoint in force answers where it is at hand, and the one that comes with birthline else', async () => {
  const { config } = lineWith([])
  const log = await openAt('one')
  expect(await servingFolder(config, log)).toBeNull()
  await serveModel(log, plain)
  expect(await servingFolder(config, log)).toBe(join(models(), 'plain'))
  expect(folderOf(config, shipped)).toBe(pilotFolder)
  await serveModel(log, 'unknown')
  expect(await servingFolder(config, log)).toBeNull()
  const named = lineWith([], undefined, { modelFolder: '/elsewhere' })
  expect(await servingFolder(named.config, log)).toBe('/elsewhere')
})

test('a process that holds the log puts in force what is asked for, and tells what it cannot', async () => {
  const notes: string[] = []
  const line = lineWith(notes)
  const log = await openAt('two')
  const stop = watchRequests(line, log)
  const inForce = () => servingModel(log)
  expect(await requestModel(line, namedModel(line.config, 'plain'), inForce, 30_000)).toBe(true)
  expect(await servingModel(log)).toBe(plain)
  const unknown = { name: 'unknown', model: 'x', folder: '' }
  expect(await requestModel(line, unknown, inForce, 30_000)).toBe(false)
  expect(notes.at(-1)).toContain('No published model')
  for (const text of ['junk', 'null', '{"name":3}']) {
    const before = notes.length
    await writeFile(join(folder, 'birthline-data', 'use-model.json'), text)
    await expect.poll(() => notes.length).toBe(before + 1)
    expect(notes.at(-1)).toContain('asks for no model')
  }
  expect(await servingModel(log)).toBe(plain)
  await stop()
})

test('where nobody takes a request up it is taken back, in time or at a Ctrl-C', async () => {
  const { config } = lineWith([])
  const wanted = namedModel(config, 'plain')
  expect(await requestModel(lineWith([]), wanted, async () => null, 600)).toBe(false)
  expect(await requestModel(lineWith([], AbortSignal.abort()), wanted, async () => null, 60_000)).toBe(false)
  await expect(readFile(join(folder, 'birthline-data', 'use-model.json'))).rejects.toMatchObject({ code: 'ENOENT' })
})

test('the command puts a model in force and back, the next run goes on with it, and an unknown name is refused', async () => {
  const run = (...args: string[]) => runInProcess(folder, args)
  const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).lines[0])
  expect(await json('model', 'use', 'plain')).toEqual({ name: 'plain', model: plain, former: null, isRunning: false })
  expect((await json('model', 'list')).inForce).toBe(plain)
  expect((await run('run')).code).toBe(0)
  expect(await json('model', 'use', 'shipped')).toMatchObject({ model: shipped, former: plain })
  expect((await run('model', 'use', 'shipped')).lines.join()).toContain('in force already')
  expect((await run('model', 'use', 'nothing')).error?.code).toBe('MODEL_MISSING')
})

test('the doctor looks at the model in force, and says what to do where it is not here', async () => {
  const finding = async () => {
    const { findings } = JSON.parse((await runInProcess(folder, ['doctor', '--json'])).lines[0])
    return findings.find(({ what }: { what: string }) => what === 'Model')
  }
  await runInProcess(folder, ['model', 'use', 'plain'])
  expect(await finding()).toMatchObject({ state: 'good', found: expect.stringContaining(plain) })
  const log = await openLog({ kind: 'embedded', folder: join(folder, 'birthline-data', 'log') })
  await serveModel(log, 'unknown')
  await log.close()
  expect(await finding()).toMatchObject({ state: 'wrong', remedy: expect.stringContaining('birthline model use') })
})

test('a published checkpoint that is another than was published is not put in force', async () => {
  const path = join(models(), 'plain', 'model.json')
  const text = await readFile(path, 'utf8')
  await writeFile(path, JSON.stringify({ ...JSON.parse(text), name: 'other' }))
  expect(() => namedModel(lineWith([]).config, 'plain')).toThrow(/was published as/)
  await writeFile(path, text)
})
