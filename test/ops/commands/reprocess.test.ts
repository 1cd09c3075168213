// A log from one model to another, through the commands.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packageFile } from '../../../schemas/index.ts'
import { type Outcome, runInProcess } from '../commandRun.ts'

const GAIA = `source_id,ra,dec,parallax,parallax_error,phot_g_mean_mag,phot_bp_mean_mag,phot_rp_mean_mag
66733552578791296,56.75,24.12,7.4,0.03,10.1,10.5,9.6
9007199254740993,57.10,24.50,7.3,0.05,12.1,12.9,11.2
`
const STAR = '66733552578791296'

let folder = ''
const run = (...args: string[]): Promise<Outcome> => runInProcess(folder, args)
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).lines[0])

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-models-'))
  await writeFile(join(folder, 'gaia.csv'), GAIA)
  // The same network without its corrections: another model.
  await cp(packageFile('models', 'checkpoints', 'pilot'), join(folder, 'plain'), { recursive: true })
  const path = join(folder, 'plain', 'model.json')
  await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), corrections: [] }))
  await run('ingest', 'gaia.csv', '--survey', 'gaiaDr3')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('without a swap the model in force stays in force, and the same command goes on from there', async () => {
  const prepared = await json('reprocess', '--to', 'plain', '--no-swap')
  expect(prepared).toMatchObject({ candidates: 2, promoted: 0, isSwapped: false, isComplete: true })
  const { star } = await json('star', STAR)
  expect(star.posterior.model).toBe(prepared.former)
})

test('a swap puts the new model in force, and marks what it says as no news', async () => {
  const changed = await json('reprocess', '--to', 'plain')
  expect(changed).toMatchObject({ candidates: 0, promoted: 2, isSwapped: true, isComplete: true })
  const { star, history } = await json('star', STAR)
  expect(star.posterior).toMatchObject({ model: changed.model, isReprocessed: true, surveys: ['gaiaDr3'] })
  expect(history.map(({ model }: { model: string }) => model)).toEqual([changed.former, changed.model])
  expect((await run('star', STAR)).lines.some(line => line.includes('gaiaDr3, new model'))).toBe(true)
  const again = await json('reprocess', '--to', 'plain')
  expect(again).toMatchObject({ candidates: 0, promoted: 0, isSwapped: true })
})

test('a command with the former model is refused with what to do, and one with the new model works', async () => {
  const { code, error } = await run('run')
  expect(code).toBe(1)
  expect(error).toMatchObject({ code: 'MODEL_MISMATCH', message: expect.stringMatching(/--model.*reprocess --to/) })
  expect(await json('run', '--model', 'plain')).toEqual({ posteriors: 0, deadLetters: 0 })
})

test('the model in force, and a folder without a checkpoint, are no models to go to', async () => {
  expect((await run('reprocess', '--model', 'plain', '--to', 'plain')).error).toMatchObject({
    code: 'QUESTION_INVALID',
  })
  expect((await run('reprocess', '--model', 'plain', '--to', 'nothing')).error).toMatchObject({ code: 'MODEL_MISSING' })
})
