// What changed between two releases, through the command.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Outcome, runInProcess } from '../commandRun.ts'

const header = 'source_id,ra,dec,parallax,parallax_error,phot_g_mean_mag,phot_bp_mean_mag,phot_rp_mean_mag'
const row = (id: number, parallax: number, bp = '10.5') => `${id},${56 + id / 10},24.12,${parallax},0.3,10.1,${bp},9.6`
const table = (...rows: readonly string[]) => [header, ...rows, ''].join('\n')

let folder = ''
const run = (...args: string[]): Promise<Outcome> => runInProcess(folder, args)
const diff = async (...args: string[]) => {
  const { lines, error } = await run('releases', 'diff', ...args, '--json')
  expect(error).toBeNull()
  return JSON.parse(lines[0])
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-diff-test-'))
  await writeFile(join(folder, 'a.csv'), table(row(1, 7), row(2, 7), row(3, 7), row(4, 7)))
  // One as it was, one a little and one far away, one without BP, one new.
  await writeFile(join(folder, 'b.csv'), table(row(1, 7), row(2, 7.2), row(3, 9, ''), row(5, 7)))
  await run('ingest', 'a.csv', '--survey', 'gaiaDr2', '--no-infer')
  await run('ingest', 'b.csv', '--survey', 'gaiaDr2')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('counts, fields and the sources that moved most', async () => {
  const found = await diff('a.csv', '2')
  expect(found.counts).toEqual({ before: 4, after: 4, new: 1, gone: 1, changed: 2, unchanged: 1 })
  const parallax = found.fields.find((one: { field: string }) => one.field === 'parallaxMas')
  // Its error is 0.3 with the floor 0.043 of DR2.
  const sigma = (shift: number) => shift / (Math.SQRT2 * Math.hypot(0.3, 0.043))
  expect(parallax).toMatchObject({ changedCount: 2, beyond: [1, 1, 0], largest: { source: '3' } })
  expect(parallax.largest.sigma).toBeCloseTo(sigma(2), 9)
  expect(found.fields.find((one: { field: string }) => one.field === 'bpMag')).toMatchObject({ lostCount: 1 })
  expect(found.moved.map((one: { source: string }) => one.source)).toEqual(['3', '2'])
  expect(found.moved[1].shifts[0].sigma).toBeCloseTo(sigma(0.2), 9)
  expect(found.newSources).toEqual([{ source: '5', otherId: null }])
  expect(found.goneSources).toEqual([{ source: '4', otherId: null }])
  const text = (await run('releases', 'diff', '1', '2', '--limit', '1')).lines
  expect(text.slice(0, 2)).toEqual([
    'From delivery 1 (a.csv, gaiaDr2) to delivery 2 (b.csv, gaiaDr2): 4 sources before, 4 after.',
    '1 new, 1 gone, 2 changed, 1 unchanged.',
  ])
  expect(text.filter(line => /^parallaxMas +2 +0 +0 /.test(line))).toHaveLength(1)
  expect(text.filter(line => /^3 +parallaxMas +2 +mas /.test(line))).toHaveLength(1)
  expect(text.slice(-3)).toEqual(['New: 5', '', 'Gone: 4'])
})

test('a delivery is compared with what is in force where no other is named, and back', async () => {
  expect((await diff('1')).counts).toEqual({ before: 4, after: 5, new: 1, gone: 0, changed: 2, unchanged: 2 })
  expect((await diff('in-force', '1')).counts).toEqual({
    before: 5,
    after: 4,
    new: 0,
    gone: 1,
    changed: 2,
    unchanged: 2,
  })
  // All deliveries of a release together are what is in force, until another one comes.
  expect((await diff('gaiaDr2')).counts).toEqual({ before: 5, after: 5, new: 0, gone: 0, changed: 0, unchanged: 5 })
})

test('the table has a row for each source that is not the same, and --above leaves out small shifts', async () => {
  await diff('1', '2', '--out', 'all.csv')
  const lines = (await readFile(join(folder, 'all.csv'), 'utf8')).trimEnd().split('\n')
  const names = lines[0].split(',')
  const rows = lines.slice(1).map(line => Object.fromEntries(line.split(',').map((cell, i) => [names[i], cell])))
  expect(rows.map(one => `${one.source} ${one.change}`).sort()).toEqual(['2 changed', '3 changed', '4 gone', '5 new'])
  expect(rows.find(one => one.source === '3')).toMatchObject({
    parallaxMas_before: '7.029',
    parallaxMas_after: '9.029',
    largest_field: 'parallaxMas',
    bpMag_after: '',
  })
  const above = await diff('1', '2', '--above', '3', '--out', 'some.csv')
  expect(above).toMatchObject({ rowCount: 3, moved: [{ source: '3' }], counts: { changed: 2 } })
})

test('what cannot be compared is told in a sentence', async () => {
  const failed = async (...args: string[]) => (await run('releases', 'diff', ...args)).error
  const question = (message: RegExp) => ({ code: 'QUESTION_INVALID', message: expect.stringMatching(message) })
  expect(await failed('9')).toMatchObject(question(/^No delivery has the number or the file "9"/))
  expect(await failed('1', '1')).toMatchObject(question(/^Both sides are delivery 1/))
  expect(await failed('in-force')).toMatchObject(question(/^Both sides are in-force/))
  expect(await failed('gaiaDr3')).toMatchObject(question(/^Nothing of gaiaDr3 was delivered/))
  for (const [flag, value] of [
    ['--limit', '1.5'],
    ['--limit', '99999'],
    ['--above', '-1'],
    ['--above', 'x'],
  ]) {
    expect(await failed('1', '2', flag, value)).toMatchObject({ code: 'USAGE' })
  }
  await writeFile(join(folder, 'c.csv'), 'designation,ra,dec,j_m,j_msigcom\nT1,56.1,24.12,9,0.03\n')
  await run('ingest', 'c.csv', '--survey', 'twoMass', '--no-infer')
  expect(await failed('1', '3')).toMatchObject(question(/are of different surveys, gaia and twoMass/))
  // Its row waits for ingest.
  expect((await run('releases', 'diff', '1')).notes).toEqual([
    'birthline: 1 rows are not ingested yet: what is in force is without them',
  ])
})
