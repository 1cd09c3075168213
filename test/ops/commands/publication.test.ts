// Published models through the commands.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  pilotFolder,
  pixelSpectraOf,
  publishingBounds,
  publishingChecks,
  readCheckpoint,
} from '../../../models/index.ts'
import { judgedPatterns } from '../../../ops/calibration/missingPatterns.ts'
import { toyReport } from '../../models/calibration/toyReport.ts'
import { type Outcome, runInProcess } from '../commandRun.ts'

const { fingerprint: model, card } = readCheckpoint(pilotFolder)
const patterns = judgedPatterns(pixelSpectraOf(card))
let folder = ''
const run = (...args: string[]): Promise<Outcome> => runInProcess(folder, args)
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).lines[0])

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-published-'))
  const report = toyReport({ model, patterns, starCount: 1000, seed: 1 })
  await writeFile(join(folder, 'calibration.json'), JSON.stringify(report))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('before anything is published the model that comes with birthline is listed, and nothing is wrong', async () => {
  expect(await json('model', 'list')).toEqual({ inForce: null, shipped: model, models: [] })
  expect((await run('model', 'list')).lines.join('\n')).toContain('comes with birthline')
  expect((await run('model', 'verify')).lines).toEqual(['No model is published yet.'])
})

test('a checkpoint whose report holds to the bounds is published under a name, listed, shown and found sound', async () => {
  const entry = await json('model', 'publish', pilotFolder, '--calibration', 'calibration.json', '--name', 'one')
  expect(entry).toMatchObject({ name: 'one', model, calibration: { bounds: publishingBounds } })
  const report = JSON.parse(await readFile(join(folder, 'birthline-data', 'models', 'one', 'calibration.json'), 'utf8'))
  expect(entry.calibration.checkCount).toBe(publishingChecks(report, publishingBounds).length)
  expect((await json('model', 'list')).models).toEqual([{ ...entry, isDamaged: false, isInForce: false }])
  expect(await json('model', 'show', 'one')).toEqual(entry)
  const shown = (await run('model', 'show', 'one')).lines.join('\n')
  for (const part of [model, entry.recipeHash, 'posterior.onnx', entry.files[0].sha256]) expect(shown).toContain(part)
  expect(await json('model', 'verify')).toEqual({ isSound: true, models: [{ name: 'one', faults: [] }] })
})

test('a folder of published models that is named elsewhere is another one', async () => {
  expect((await json('model', 'list', '--published', 'elsewhere')).models).toEqual([])
})

test('a checkpoint out of its bounds, and an unknown name are one sentence', async () => {
  const fault = { pattern: 0, parameter: 'logAgeYr', shift: 0.5 }
  const wrong = toyReport({ model, patterns, starCount: 1000, seed: 1, fault })
  await writeFile(join(folder, 'wrong.json'), JSON.stringify(wrong))
  const refused = await run('model', 'publish', pilotFolder, '--calibration', 'wrong.json', '--name', 'two')
  expect(refused).toMatchObject({ code: 1, error: { code: 'MODEL_UNCALIBRATED' } })
  expect(refused.error?.message).toMatch(/complete: quantiles of logAgeYr are off by up to \d+\.\d points/)
  expect((await run('model', 'show', 'two')).error?.code).toBe('MODEL_MISSING')
  expect((await run('model', 'verify', 'two')).error?.code).toBe('MODEL_MISSING')
})

test('a published file that was changed is found, told, and ends with exit code 1', async () => {
  const path = join(folder, 'birthline-data', 'models', 'one', 'weights.bin')
  const bytes = await readFile(path)
  bytes[0] ^= 1
  await writeFile(path, bytes)
  const { code, lines } = await run('model', 'verify')
  expect(code).toBe(1)
  expect(lines).toEqual(['one: weights.bin has changed since it was published'])
})
