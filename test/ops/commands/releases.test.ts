// Two releases of a survey through the commands: in, listed, and back.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Outcome, runInProcess } from '../commandRun.ts'

const header = 'source_id,ra,dec,parallax,parallax_error,phot_g_mean_mag,phot_bp_mean_mag,phot_rp_mean_mag'
const row = (id: number, parallax: number, ra = 56 + id / 10) => `${id},${ra},24.12,${parallax},0.03,10.1,10.5,9.6`

let folder = ''
const run = (...args: string[]): Promise<Outcome> => runInProcess(folder, args)
const all = async (...args: string[]) => (await run(...args, '--json')).lines.map(text => JSON.parse(text))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-releases-'))
  const dr2 = [header, row(1, 7), row(2, 7.1), row(3, 7.2)]
  const dr3 = [header, row(1, 7.4), row(2, 7.5), row(4, 7.6), row(5, 7.6, 512), 'too,few']
  await writeFile(join(folder, 'dr2.csv'), [...dr2, ''].join('\n'))
  await writeFile(join(folder, 'dr3.csv'), [...dr3, ''].join('\n'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('deliveries are listed with what became of their rows', async () => {
  await run('ingest', 'dr2.csv', '--survey', 'gaiaDr2')
  await run('ingest', 'dr3.csv', '--survey', 'gaiaDr3')
  const [first, second] = await all('releases', 'list')
  const taken = { unchanged: 0, superseded: 0, restored: 0, withdrawn: 0 }
  expect(first).toMatchObject({
    number: 1,
    survey: 'gaiaDr2',
    release: 'DR2',
    file: 'dr2.csv',
    rowCount: 3,
    state: 'complete',
    tally: { new: 3, changed: 0, refused: 0, ...taken },
  })
  expect(second).toMatchObject({ number: 2, rowCount: 4, unreadableCount: 1 })
  expect(second.tally).toEqual({ new: 1, changed: 2, refused: 1, ...taken })
  const { lines } = await run('releases', 'list')
  expect(lines[0]).toMatch(/No +Survey +File +Rows +New +Changed +Unchanged +Superseded +Refused +State/)
  expect(lines.at(-1)).toMatch(/2 +gaiaDr3 +dr3\.csv +4 +1 +2 +0 +0 +1 +complete/)
  expect((await run('releases', 'show', '2')).lines[0]).toBe('Delivery 2: dr3.csv, gaiaDr3 (DR3), complete')
})

test('a release is rolled back by its file, and the stars of the one before are there again', async () => {
  const { lines, code } = await run('releases', 'rollback', 'dr3.csv')
  expect(code).toBe(0)
  expect(lines).toEqual(['dr3.csv is rolled back: 2 sources are as they were before it, 1 are withdrawn.'])
  const [{ star }] = await all('star', '1')
  expect(star.starId).toBe('gaiaDr2:1')
  expect((await run('star', '4')).error).not.toBeNull()
  expect((await run('releases', 'rollback', '2')).lines).toEqual([
    'dr3.csv was rolled back before: nothing was changed.',
  ])
  const [, shown] = await all('releases', 'list')
  expect(shown).toMatchObject({ state: 'rolled back', tally: { restored: 2, withdrawn: 1 } })
  // Its refused row waits no more.
  expect((await run('dead-letters', 'list', '--code', 'VALUE_OUT_OF_RANGE')).lines[0]).toMatch(
    /^No refused record waits/,
  )
})

test('what was rolled back comes again as another delivery, and its file then needs a number', async () => {
  const again = await all('ingest', 'dr3.csv', '--survey', 'gaiaDr3')
  expect(again).toMatchObject([{ isRepeat: false, isComplete: true }])
  expect((await all('star', '1'))[0].star.starId).toBe('gaiaDr3:1')
  expect((await run('releases', 'show', 'dr3.csv')).error).toMatchObject({
    code: 'QUESTION_INVALID',
    message: '2 deliveries are of the file "dr3.csv", 2, 3: give the number.',
  })
  expect((await run('releases', 'rollback', '9')).error?.message).toMatch(/^No delivery has the number or the file "9"/)
  // A source that the first release alone has was never touched.
  expect((await all('star', '3'))[0].history).toHaveLength(1)
})
