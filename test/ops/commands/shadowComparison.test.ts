// A second model beside the one in force, through the commands.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pilotFolder, publishModel, readCheckpoint } from '../../../models/index.ts'
import { completePattern } from '../../../ops/calibration/missingPatterns.ts'
import { openLog } from '../../../streams/index.ts'
import { readTopic } from '../../actors/logFolder.ts'
import { toyReport } from '../../models/calibration/toyReport.ts'
import { type Outcome, runInProcess } from '../commandRun.ts'

const GAIA = `source_id,ra,dec,parallax,parallax_error,phot_g_mean_mag,phot_bp_mean_mag,phot_rp_mean_mag
66733552578791296,56.75,24.12,7.4,0.03,10.1,10.5,9.6
9007199254740993,57.10,24.50,7.3,0.05,12.1,12.9,11.2
`
const MORE = `source_id,ra,dec,parallax,parallax_error,phot_g_mean_mag,phot_bp_mean_mag,phot_rp_mean_mag
66733552578791297,56.15,24.32,7.1,0.03,11.1,11.6,10.5
`

let folder = ''
let plain = ''
const shipped = readCheckpoint(pilotFolder).fingerprint
const run = (...args: string[]): Promise<Outcome> => runInProcess(folder, args)
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).lines[0])

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-shadow-'))
  await writeFile(join(folder, 'gaia.csv'), GAIA)
  await writeFile(join(folder, 'more.csv'), MORE)
  const checkpointFolder = join(folder, 'checkpoint')
  await cp(pilotFolder, checkpointFolder, { recursive: true })
  const path = join(checkpointFolder, 'model.json')
  await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), corrections: [] }))
  plain = readCheckpoint(checkpointFolder).fingerprint
  const patterns = [completePattern]
  const reportPath = join(folder, 'report.json')
  await writeFile(reportPath, JSON.stringify(toyReport({ model: plain, patterns, starCount: 1000, seed: 1 })))
  const publishedAt = '2020-01-01T00:00:00.000Z'
  const published = join(folder, 'birthline-data', 'models')
  publishModel({ folder: published, name: 'plain', checkpointFolder, patterns, reportPath, publishedAt })
  await run('ingest', 'gaia.csv', '--survey', 'gaiaDr3')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function modelsIn(topic: 'posteriors' | 'candidates'): Promise<readonly (string | undefined)[]> {
  const log = await openLog({ kind: 'embedded', folder: join(folder, 'birthline-data', 'log'), readOnly: true })
  try {
    return (await readTopic(log, topic, 'posterior')).map(({ value }) => value?.model)
  } finally {
    await log.close()
  }
}

test('before the shadow has run all stars wait for it', async () => {
  expect(await json('model', 'compare', 'plain')).toMatchObject({
    ...{ model: plain, inForce: shipped, starCount: 0, waiting: 2, otherModel: 0 },
  })
  expect((await run('model', 'compare', 'plain')).lines.join('\n')).toContain('0 stars compared; 2 wait for plain')
})

test('a shadow goes over the stars that are there, and its posteriors never come among those in force', async () => {
  expect(await json('model', 'shadow', 'plain', '--until-end')).toEqual({
    ...{ name: 'plain', model: plain, inForce: shipped, isSettled: true },
  })
  expect(await modelsIn('posteriors')).toEqual([shipped, shipped])
  expect(await modelsIn('candidates')).toEqual([plain, plain])
  const compared = await json('model', 'compare', 'plain')
  expect(compared).toMatchObject({ starCount: 2, waiting: 0, otherModel: 0 })
  expect(compared.patterns).toMatchObject([{ pattern: 'parallax, Gaia', starCount: 2 }])
  expect(compared.mostChanged.map(({ starId }: { starId: string }) => starId).sort()).toEqual([
    'gaiaDr3:66733552578791296',
    'gaiaDr3:9007199254740993',
  ])
  const text = (await run('model', 'compare', 'plain', '--limit', '1')).lines
  for (const part of ['logAgeYr', 'parallax, Gaia', 'Most changed']) expect(text.join('\n')).toContain(part)
  expect(text.filter(line => line.startsWith('gaiaDr3:'))).toHaveLength(1)
})

test('what arrives later is shadowed by the same command, and by run', async () => {
  await run('ingest', 'more.csv', '--survey', 'gaiaDr3')
  expect(await json('model', 'compare', 'plain')).toMatchObject({ starCount: 2, waiting: 1 })
  expect((await run('run', '--shadow', 'plain')).code).toBe(0)
  expect(await json('model', 'compare', 'plain')).toMatchObject({ starCount: 3, waiting: 0 })
  expect(await modelsIn('posteriors')).toEqual([shipped, shipped, shipped])
})

test('without an end a shadow goes on until Ctrl-C, and ends cleanly', async () => {
  const stop = new AbortController()
  const going = runInProcess(folder, ['model', 'shadow', 'plain'], { signal: stop.signal })
  const early = await Promise.race([going, new Promise(resolve => setTimeout(resolve, 3000, 'going on'))])
  expect(early).toBe('going on')
  stop.abort()
  expect([0, 130]).toContain((await going).code)
})

test('a model in force is no shadow of itself, nor is an unknown one', async () => {
  expect((await run('model', 'shadow', 'shipped')).error?.code).toBe('QUESTION_INVALID')
  expect((await run('run', '--shadow', 'shipped')).error?.code).toBe('QUESTION_INVALID')
  expect((await run('model', 'compare', 'shipped')).error?.code).toBe('QUESTION_INVALID')
  expect((await run('model', 'shadow', 'nothing')).error?.code).toBe('MODEL_MISSING')
  expect((await run('model', 'compare', 'plain', '--limit', '0')).error?.code).toBe('CONFIG_INVALID')
})

test('a shadow that is put in force is shown for all stars at once', async () => {
  await run('model', 'use', 'plain')
  const { star } = await json('star', '66733552578791297')
  expect(star.posterior).toMatchObject({ model: plain, isReprocessed: true })
})

test('what was put in force at once is handed on by a reprocessing with its folder', async () => {
  const changed = await json('reprocess', '--to', join('birthline-data', 'models', 'plain'))
  expect(changed).toMatchObject({ model: plain, candidates: 0, promoted: 3, isSwapped: true, isComplete: true })
  expect((await modelsIn('posteriors')).filter(model => model === plain)).toHaveLength(3)
})
