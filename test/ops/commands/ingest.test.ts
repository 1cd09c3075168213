// A delivery's way through the commands: in, looked up, watched, exported, refused and put back.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { subscribe } from '../../../schemas/index.ts'
import { type Outcome, runInProcess } from '../commandRun.ts'

const GAIA = `source_id,ra,dec,parallax,parallax_error,phot_g_mean_mag,phot_bp_mean_mag,phot_rp_mean_mag
66733552578791296,56.75,24.12,7.4,0.03,10.1,10.5,9.6
9007199254740993,57.10,24.50,7.3,0.05,12.1,12.9,11.2
65207709611941384,512.0,24.12,7.4,0.03,10.1,10.5,9.6
`
const TWO_MASS = `designation,ra,dec,j_m,j_msigcom,h_m,h_msigcom,k_m,k_msigcom
03470000+2407120,56.75,24.12,9.1,0.02,8.9,0.02,8.8,0.02
`

let folder = ''
const run = (...args: string[]): Promise<Outcome> => runInProcess(folder, args)
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).lines[0])

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-walk-'))
  await writeFile(join(folder, 'gaia.csv'), GAIA)
  await writeFile(join(folder, 'twoMass.csv'), TWO_MASS)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('rows put into the log without inference wait there, and a run takes them the whole way', async () => {
  const delivery = await json('ingest', 'gaia.csv', '--survey', 'gaiaDr3', '--no-infer')
  expect(delivery).toMatchObject({ isRepeat: false, isComplete: true, rowCount: 3, posteriors: null })
  expect(await json('run')).toEqual({ posteriors: 2, deadLetters: 1 })
  expect((await run('run')).lines).toEqual(['0 posteriors were made, 0 records refused; nothing is left to do.'])
})

test('a run beats while it lasts, and its last heartbeat says that it ended in order', async () => {
  const { heartbeats, topics } = await json('status', '--once', '--port', '1')
  // Two runs, each with a last one; where it is over at once, that is its only one.
  const { places } = topics.find(({ topic }: { readonly topic: string }) => topic === 'heartbeat')
  expect(places).toBeGreaterThanOrEqual(2)
  expect(heartbeats).toEqual([])
})

test('how much of a text file was read is told in bytes, since nobody knows its rows', async () => {
  await writeFile(join(folder, 'shown.csv'), GAIA)
  const { notes } = await run(
    'ingest',
    'shown.csv',
    '--survey',
    'gaiaDr2',
    '--no-infer',
    '--progress',
    '--data',
    'shown',
  )
  expect(notes).toEqual([`reading: ${GAIA.length} of ${GAIA.length} bytes (100%)`])
})

test('the same file again adds nothing', async () => {
  const again = await json('ingest', 'gaia.csv', '--survey', 'gaiaDr3')
  expect(again).toMatchObject({ isRepeat: true, posteriors: 0, deadLetters: 0 })
})

test('another survey joins a known star and sharpens it, and its history keeps what was believed before', async () => {
  expect(await json('ingest', 'twoMass.csv', '--survey', 'twoMass')).toMatchObject({ posteriors: 1 })
  const { star, history } = await json('star', '2MASS', 'J03470000+2407120')
  expect(star.sources.map((one: { survey: string }) => one.survey)).toEqual(['gaiaDr3', 'twoMass'])
  expect(star.posterior.surveys).toEqual(['gaiaDr3', 'twoMass'])
  expect(history.map((one: { surveys: string[] }) => one.surveys.length)).toEqual([1, 2])
})

test('an id past 2^53 is found and shown exactly', async () => {
  const { star } = await json('star', '9007199254740993')
  expect(star.starId).toBe('gaiaDr3:9007199254740993')
})

test('a star is described with inputs, posterior, classes and history, and drawn where asked', async () => {
  const { lines, notes, code } = await run('star', '66733552578791296', '--corner', 'corner.svg')
  expect(code).toBe(0)
  for (const word of ['gaiaDr3', 'parallaxMas', 'log age', 'youngDisk', 'P(young)', 'gaiaDr3 + twoMass']) {
    expect(lines.some(text => text.includes(word))).toBe(true)
  }
  expect(notes).toEqual([`Corner plot: ${join(folder, 'corner.svg')}`])
  expect(await readFile(join(folder, 'corner.svg'), 'utf8')).toMatch(/^<svg/)
})

test('columns that a survey does not name are shown with their source, as delivered', async () => {
  const noted = TWO_MASS.replace('k_msigcom', 'k_msigcom,note,run').replace(
    /0\.02\n$/,
    `0.02,"seen ${'x'.repeat(300)}",7\n`,
  )
  await writeFile(join(folder, 'noted.csv'), noted)
  await run('ingest', 'noted.csv', '--survey', 'twoMass')
  const { sourceColumns } = await json('star', '03470000+2407120')
  const [{ columns, ...rest }, ...others] = sourceColumns
  expect(others).toEqual([])
  expect(rest).toEqual({ survey: 'twoMass', source: '03470000+2407120', leftOut: 0 })
  expect([columns.run, columns.note.length, columns.note.slice(0, 6)]).toEqual(['7', 200, 'seen x'])
  const { lines } = await run('star', '03470000+2407120')
  expect(lines).toContain('Other columns of twoMass 03470000+2407120, as delivered')
})

test('a figure that cannot be written is told with its place', async () => {
  const { code, error } = await run('star', '66733552578791296', '--corner', 'no/such/corner.svg')
  expect([code, error?.code]).toEqual([1, 'FILE_UNWRITABLE'])
  expect(error?.message).toContain(join(folder, 'no/such/corner.svg'))
})

test('an unknown star is told in one sentence', async () => {
  const { code, error } = await run('star', '42')
  expect([code, error?.code]).toEqual([1, 'QUESTION_INVALID'])
})

test('a watch from the beginning sees every posterior, and from its cursor nothing twice', async () => {
  const all = await run('watch', '--above', '0', '--from', 'earliest', '--until-end', '--json')
  const events = all.lines.map(text => JSON.parse(text))
  expect(events).toHaveLength(3)
  const rest = await run('watch', '--above', '0', '--from', events[0].cursor, '--until-end', '--json')
  expect(rest.lines).toEqual(all.lines.slice(1))
})

test('a named watch goes on where it ended', async () => {
  const watch = ['watch', '--above', '0', '--group', 'mine', '--until-end']
  const [first, second] = [await run(...watch, '--from', 'earliest'), await run(...watch)]
  expect([first.lines.length, second.lines.length]).toEqual([3, 0])
  expect((await run(...watch, '--from', 'earliest')).error?.code).toBe('QUESTION_INVALID')
})

test('a live watch ends at Ctrl-C with 130', async () => {
  const controller = new AbortController()
  setTimeout(() => controller.abort(), 50)
  expect((await runInProcess(folder, ['watch'], { signal: controller.signal })).code).toBe(130)
})

test('the catalogue has a row for each star with its newest posterior', async () => {
  expect(await json('export', '--out', 'all.csv')).toMatchObject({ starCount: 2 })
  const [header, ...rows] = (await readFile(join(folder, 'all.csv'), 'utf8')).trim().split('\n')
  expect(rows).toHaveLength(2)
  const names = header.split(',')
  expect(names).toEqual(expect.arrayContaining(['star_id', 'id_gaiaDr3', 'logAgeYr_q50', 'p_young', 'model']))
  const joined = rows.find(row => row.includes('03470000+2407120'))?.split(',') ?? []
  expect(joined[names.indexOf('id_gaiaDr3')]).toBe('66733552578791296')
  expect(joined[names.indexOf('observables')]).toContain('ksMag')
  const none = await json('export', '--class', 'giant', '--above', '1', '--out', 'none.parquet')
  expect(none.starCount).toBe(0)
})

test('a refused row is listed, shown with its cells, and put back on request, to be refused again', async () => {
  const listed = (await run('dead-letters', 'list', '--json')).lines.map(text => JSON.parse(text))
  expect(listed).toHaveLength(1)
  const [{ deadLetterId, code, origin }] = listed
  expect([code, origin]).toEqual(['VALUE_OUT_OF_RANGE', 'gaia.csv row 3'])
  const shown = await json('dead-letters', 'show', deadLetterId.slice(0, 6))
  expect(shown.content.cells.ra).toBe('512.0')
  expect((await run('dead-letters', 'list', '--code', 'SURVEY_UNKNOWN')).lines).toEqual([
    'No refused record waits with SURVEY_UNKNOWN, 1 with other codes.',
  ])
  for (const word of ['list', 'redrive']) {
    const wrong = await run('dead-letters', word, '--code', 'OUT_OF_RANGE')
    expect([wrong.code, wrong.error?.message.includes('VALUE_OUT_OF_RANGE')]).toEqual([2, true])
  }
  const redriven = await json('dead-letters', 'redrive', deadLetterId)
  expect(redriven).toEqual({ redriven: 1, skipped: 0, unmended: 0, refusedAgain: 1 })
  expect((await run('dead-letters', 'list', '--json')).lines).toHaveLength(1)
})

test('the same file under another survey is another delivery', async () => {
  expect(await json('ingest', 'gaia.csv', '--survey', 'gaiaDr2', '--no-infer')).toMatchObject({ isRepeat: false })
})

test('rows refused for their column names are mended by a map, on re-drive or in a new delivery, and wait no more', async () => {
  // A table that lacks a column which each row needs is refused as a whole: these rows have it, and nothing in it.
  const foreign =
    'name,designation,ra,dec,J,eJ\n03471111+2407111,,56.9,24.3,9.1,0.02\n03472222+2407222,,56.1,24.6,9.2,0.02\n'
  await writeFile(join(folder, 'for.csv'), foreign)
  await writeFile(join(folder, 'for.yaml'), 'columns: { designation: name, j_m: J, j_msigcom: eJ }\n')
  const ofFile = async () =>
    (await run('dead-letters', 'list', '--json')).lines
      .map(text => JSON.parse(text))
      .filter(({ origin }) => origin.startsWith('for.csv'))
  await run('ingest', 'for.csv', '--survey', 'twoMass')
  const [first, second] = await ofFile()
  const redriven = await json('dead-letters', 'redrive', first.deadLetterId, '--map', 'for.yaml')
  expect(redriven).toEqual({ redriven: 1, skipped: 0, unmended: 0, refusedAgain: 0 })
  expect(await ofFile()).toEqual([second])
  expect(await json('star', '03471111+2407111')).toMatchObject({ star: { sources: [{ survey: 'twoMass' }] } })
  await run('ingest', 'for.csv', '--survey', 'twoMass', '--map', 'for.yaml')
  expect(await ofFile()).toEqual([])
  expect((await json('dead-letters', 'show', second.deadLetterId)).state).toBe('superseded')
})

test('a letter that cannot be re-driven says so, and what to do', async () => {
  await writeFile(join(folder, 'cut.csv'), 'source_id,ra,dec\n7,1,1\n8,1\n9,1,1\n')
  await run('ingest', 'cut.csv', '--survey', 'gaiaDr3', '--no-infer')
  const letters = (await run('dead-letters', 'list', '--json')).lines.map(text => JSON.parse(text))
  const { deadLetterId } = letters.find(one => one.origin === 'cut.csv row 2')
  const { lines } = await run('dead-letters', 'show', deadLetterId)
  expect(lines).toContain('It waits. It cannot be re-driven: mend its file and ingest that again, then close it.')
})

test('a refused row is set aside, and kept', async () => {
  const [{ deadLetterId }] = (await run('dead-letters', 'list', '--json')).lines.map(text => JSON.parse(text))
  expect(await json('dead-letters', 'close', deadLetterId)).toEqual({ closed: 1 })
  const all = (await run('dead-letters', 'list', '--all', '--json')).lines.map(text => JSON.parse(text))
  expect(all.find(one => one.deadLetterId === deadLetterId).state).toBe('closed')
})

test('a Ctrl-C while stars are inferred counts what was committed, says that the rest waits, and a run ends it', async () => {
  const rows = Array.from({ length: 600 }, (_, i) => `${i + 1},${10 + (i % 30)},${-20 + i / 30},1,0.1,15,15.5,14.3`)
  const [header] = GAIA.split('\n')
  await writeFile(join(folder, 'many.csv'), `${header}\n${rows.join('\n')}\n`)
  const controller = new AbortController()
  const stop = subscribe('inference', () => controller.abort())
  const ingest = ['ingest', 'many.csv', '--survey', 'gaiaDr3', '--data', 'stopped', '--json']
  const { code, lines, notes } = await runInProcess(folder, ingest, { signal: controller.signal })
  stop()
  const { posteriors, isComplete } = JSON.parse(lines[0])
  expect([code, isComplete, notes.some(note => note.includes('`birthline run` goes on'))]).toEqual([130, true, true])
  expect(posteriors).toBeGreaterThan(0)
  expect(posteriors).toBeLessThan(600)
  expect(await json('run', '--data', 'stopped')).toMatchObject({ posteriors: 600 - posteriors })
})
