// A folder of spectra on its way into the log: as a person sees it, and killed on the way.
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { createRng } from '../../../models/index.ts'
import { openLog } from '../../../streams/index.ts'
import { readTopic } from '../../actors/logFolder.ts'
import { spectrumBytes, spectrumFixture } from '../../streams/spectra/spectraContents.ts'
import { startCommand } from '../commandProcess.ts'
import { runInProcess } from '../commandRun.ts'

async function workingFolder(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'birthline-spectra-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await mkdir(join(folder, 'night', 'plate'), { recursive: true })
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, 'night', name), bytes)
  return folder
}

async function spectraIn(folder: string) {
  const log = await openLog({ kind: 'embedded', folder: join(folder, 'birthline-data', 'log'), readOnly: true })
  try {
    return (await readTopic(log, 'spectra', 'spectrum')).flatMap(({ value }) => value ?? [])
  } finally {
    await log.close()
  }
}

const [xpHeader, xpRow] = spectrumBytes('xp.csv').toString().split('\n')
const xpRows = (from: number, count: number) =>
  [xpHeader, ...Array.from({ length: count }, (_, i) => `${from + i}${xpRow.slice(xpRow.indexOf(','))}`), ''].join('\n')

const mixed = {
  'b.fits': spectrumBytes('sdss.fits.gz'),
  'a.csv': xpRows(100, 3),
  'notes.txt': 'seen through clouds\n',
  'dark.fits': spectrumBytes('zeroIvar.fits.gz'),
  'plate/apStar.fits': spectrumBytes('apStar.fits.gz'),
  '.hidden.fits': 'nothing',
}

test('a folder goes in file by file, what is refused is told and listed, and the same command adds nothing', async () => {
  const folder = await workingFolder(mixed)
  await symlink('..', join(folder, 'night', 'plate', 'loop'))
  const run = (...args: string[]) => runInProcess(folder, args)
  const { code, lines, notes } = await run('ingest', 'night', '--survey', 'spectra', '--no-infer', '--progress')
  expect(code).toBe(0)
  expect(lines).toEqual([
    '7 spectra of 5 files are in the log.',
    '2 spectra and 1 files were refused: `birthline dead-letters list` tells why.',
  ])
  expect(notes).toContainEqual(expect.stringMatching(/^birthline: refused: .*notes\.txt /))
  expect(notes).toContainEqual(expect.stringMatching(/^reading: 5 of 5 files \(100%\)/))
  const again = await run('ingest', 'night', '--survey', 'spectra', '--no-infer', '--json')
  expect(again.code).toBe(0)
  expect(JSON.parse(again.lines[0])).toEqual({
    ...{ place: join(folder, 'night'), isComplete: true },
    ...{ files: 5, repeats: 4, refusedFiles: 1, unreadFiles: 0, spectra: 0, refusedSpectra: 0, posteriors: null },
  })
  expect((await spectraIn(folder)).map(({ source }) => source)).toHaveLength(7)
  const letters = (await run('dead-letters', 'list', '--json')).lines.map(text => JSON.parse(text))
  expect(letters.map(({ origin, code: why }) => [origin, why])).toEqual([
    ['dark.fits spectrum 1', 'VALUE_OUT_OF_RANGE'],
    ['notes.txt', 'FILE_UNREADABLE'],
    ['apStar.fits spectrum 4', 'VALUE_OUT_OF_RANGE'],
  ])
  const shown = (await run('dead-letters', 'show', letters[1].deadLetterId)).lines
  expect(shown).toContain('20 bytes: "seen through clouds\\n"')
  const status = JSON.parse((await run('status', '--once', '--port', '1', '--json')).lines[0])
  expect(status.topics).toContainEqual(expect.objectContaining({ topic: 'spectra', places: 7 }))
  expect(status.deadLetters).toEqual([
    { code: 'VALUE_OUT_OF_RANGE', count: 2 },
    { code: 'FILE_UNREADABLE', count: 1 },
  ])
  const releases = (await run('releases', 'list', '--json')).lines.map(text => JSON.parse(text))
  expect(releases.map(({ file, survey, rowCount }) => [file, survey, rowCount])).toEqual([
    ['a.csv', 'spectra', 3],
    ['b.fits', 'spectra', 1],
    ['dark.fits', 'spectra', 0],
    ['notes.txt', 'spectra', 0],
    ['apStar.fits', 'spectra', 3],
  ])
})

test('files of another instrument than the one named are refused, the others go in', async () => {
  const folder = await workingFolder({ 'a.csv': xpRows(1, 2), 'b.fits': spectrumBytes('sdss.fits.gz') })
  const { code, lines, notes } = await runInProcess(folder, ['ingest', 'night', '--survey', 'sdss', '--no-infer'])
  expect([code, lines[0]]).toEqual([0, '1 spectra of 2 files are in the log.'])
  expect(notes).toEqual([expect.stringMatching(/refused: .*a\.csv is a spectrum of gaiaXp .*, not of sdss/)])
})

test('where nothing can be taken the command says so and fails', async () => {
  const folder = await workingFolder({ 'notes.txt': 'a,b\n1,2\n' })
  const run = (...args: string[]) => runInProcess(folder, ['ingest', ...args, '--no-infer'])
  expect(await run('night/notes.txt', '--survey', 'spectra')).toMatchObject({ code: 1, error: null })
  expect((await run('night/absent.fits', '--survey', 'spectra')).error?.code).toBe('FILE_UNREADABLE')
  expect((await run('night/plate', '--survey', 'spectra')).error?.message).toMatch(/holds no file: put spectra there/)
  expect((await run('night', '--survey', 'spectra', '--map', 'x.yaml')).error?.message).toMatch(/leave out --map/)
  const unknown = await run('night', '--survey', 'lamost')
  expect(unknown).toMatchObject({ code: 2, error: { code: 'SURVEY_UNKNOWN' } })
  expect(unknown.error?.message).toMatch(/gaiaDr3, .* for tables; spectra, gaiaXp, .*desi for spectra\.$/)
})

test('a file that the system does not let be read is told and left for the next run', async ({ skip }) => {
  // Reading its beginning fails for everybody.
  const unreadable = '/proc/self/mem'
  if (!existsSync(unreadable)) skip('needs /proc')
  const folder = await workingFolder({ 'b.csv': xpRows(5, 2) })
  const path = join(folder, 'night', 'a.csv')
  await symlink(unreadable, path)
  const run = () => runInProcess(folder, ['ingest', 'night', '--survey', 'gaiaXp', '--no-infer'])
  const first = await run()
  expect([first.code, first.lines.at(-1)]).toEqual([1, '1 files could not be read, and are not in the log.'])
  expect(first.notes).toEqual([expect.stringMatching(/a\.csv cannot be read/)])
  await rm(path)
  await writeFile(path, xpRows(1, 2))
  expect((await run()).lines).toEqual([
    '2 spectra of 1 files are in the log.',
    '1 files were taken in before: nothing was added of them.',
  ])
})

test('a run that is stopped between two files says so, and the next one goes on', async () => {
  const folder = await workingFolder({ 'a.csv': xpRows(1, 2), 'b.csv': xpRows(5, 2) })
  const stop = new AbortController()
  stop.abort()
  const stopped = await runInProcess(folder, ['ingest', 'night', '--survey', 'spectra', '--no-infer'], {
    signal: stop.signal,
  })
  expect(stopped.code).toBe(130)
  expect(stopped.notes.at(-1)).toMatch(/the same command goes on from there/)
  expect((await runInProcess(folder, ['ingest', 'night', '--survey', 'spectra', '--no-infer'])).code).toBe(0)
  expect(await spectraIn(folder)).toHaveLength(4)
})

test('spectra of known stars make new posteriors of them, and `star` shows what they changed', async () => {
  const read = (name: string) => readFile(spectrumFixture(name), 'utf8')
  const gaia = await read('xpStars.gaiaDr3.csv')
  const folder = await workingFolder({ 'xp.csv.gz': await readFile(spectrumFixture('xpStars.csv.gz')) })
  // All but the last star.
  await writeFile(join(folder, 'gaia.csv'), gaia.split('\n').slice(0, 4).join('\n'))
  const run = (...args: string[]) => runInProcess(folder, args)
  const [both, rpOnly, unread, later] = gaia
    .trim()
    .split('\n')
    .slice(1)
    .map(line => line.slice(0, line.indexOf(',')))
  const inferring = ['--samples', '256']
  await run('ingest', 'gaia.csv', '--survey', 'gaiaDr3', ...inferring)
  const bare = JSON.parse((await run('star', both, '--json')).lines[0])
  expect([bare.star.posterior.spectra, bare.spectrumChange]).toEqual([[], null])
  const { code, lines } = await run('ingest', 'night', '--survey', 'spectra', ...inferring)
  expect([code, lines]).toEqual([0, ['4 spectra of 1 files are in the log.', '3 posteriors were made.']])
  const status = await run('status', '--once', '--port', '1')
  expect(status.lines).toContain('Spectra that wait for their star: 1')

  const seen = JSON.parse((await run('star', both, '--json')).lines[0])
  const { posterior } = seen.star
  expect(posterior.observables).toEqual(['parallaxMas', 'gMag', 'bpMag', 'rpMag', 'bpSpectrum', 'rpSpectrum'])
  expect(posterior.surveys).toEqual(['gaiaDr3', 'gaiaXp'])
  expect(posterior.spectra).toEqual([seen.star.spectra[0].spectrumId])
  const { before, after, gained, lost, parameters } = seen.spectrumChange
  expect([before, after, gained, lost]).toEqual([1, 2, posterior.spectra, []])
  // Of the posteriors themselves, without the code that compares them.
  const width = (of: typeof posterior, name: string) => {
    const found = of.summaries.find(({ parameter }: { parameter: string }) => parameter === name)
    return found.q84 - found.q16
  }
  const feh = parameters.find((one: { after: { label: string } }) => one.after.label === '[Fe/H]')
  expect(feh.widthRatio).toBeCloseTo(width(posterior, 'fehDex') / width(bare.star.posterior, 'fehDex'), 10)
  expect(width(posterior, 'fehDex')).toBeLessThan(width(bare.star.posterior, 'fehDex'))

  const told = (await run('star', both)).lines
  const id = posterior.spectra[0]
  expect(told).toContain(`What the spectrum changed: posterior 2 (with ${id}) beside posterior 1`)
  expect(told).toContainEqual(expect.stringMatching(/^gaiaXp +\d+ +BP +given +xp\.csv\.gz row 1$/))
  expect(told).toContainEqual(expect.stringMatching(/^Teff +\d+ -\d+ \+\d+ +\d+ -\d+ \+\d+ +[+-]?\d+ +K +\d\.\d\d$/))
  expect(told).toContainEqual(expect.stringMatching(/^P\(young\) = \d\.\d{3} before, \d\.\d{3} after$/))

  const oneBand = JSON.parse((await run('star', rpOnly, '--json')).lines[0]).star.posterior
  expect(oneBand.observables.slice(-1)).toEqual(['rpSpectrum'])
  const short = JSON.parse((await run('star', unread, '--json')).lines[0])
  expect([short.star.spectra.length, short.star.posterior.spectra, short.spectrumChange]).toEqual([1, [], null])
  expect((await run('star', unread)).lines).toContainEqual(
    expect.stringMatching(/^gaiaXp .* BP +54 coefficients, and the model reads 55 +xp\.csv\.gz row 3$/),
  )

  await writeFile(join(folder, 'gaia2.csv'), gaia)
  await run('ingest', 'gaia2.csv', '--survey', 'gaiaDr3', ...inferring)
  const found = JSON.parse((await run('star', later, '--json')).lines[0])
  expect(found.star.posterior.observables.slice(-2)).toEqual(['bpSpectrum', 'rpSpectrum'])
  expect((await run('status', '--once', '--port', '1')).lines.join()).not.toContain('wait for their star')
  // What is in the log already is not inferred again.
  const again = await run('ingest', 'night', '--survey', 'spectra', ...inferring)
  expect(again.lines.at(-1)).toBe('0 posteriors were made.')
})

const KILLS = 3
const FILES = 60
const MOST_DELAY_MS = 150

test('a process that is killed again and again on the way has every spectrum once in the end', async () => {
  const files = Array.from({ length: FILES }, (_, i) => [`${1000 + i}.csv`, xpRows(100 * i, 1 + (i % 3))] as const)
  const folder = await workingFolder({
    ...Object.fromEntries(files),
    '1020.fits': 'no spectrum',
    '1030.csv': xpRows(100_000, 600),
  })
  const rng = createRng(3)
  const grown: number[] = []
  for (let kill = 0; kill < KILLS; kill++) {
    const running = startCommand(folder, ['ingest', 'night', '--survey', 'spectra', '--no-infer', '--progress'])
    await running.untilStderr(/reading/)
    await sleep(rng.integer(MOST_DELAY_MS))
    running.process.kill('SIGKILL')
    await running.finished
    grown.push((await spectraIn(folder)).length)
  }
  const { code } = await startCommand(folder, ['ingest', 'night', '--survey', 'spectra', '--no-infer']).finished
  expect(code).toBe(0)
  const ids = (await spectraIn(folder)).map(({ source }) => source)
  const expected = Array.from({ length: FILES }, (_, i) => (i === 30 ? 600 : 1 + (i % 3)))
  expect(ids.length).toBe(expected.reduce((sum, one) => sum + one, 0))
  expect(new Set(ids).size).toBe(ids.length)
  expect(grown.filter(length => length > 0 && length < ids.length).length).toBeGreaterThan(1)
  expect((await runInProcess(folder, ['dead-letters', 'list', '--all', '--json'])).lines).toHaveLength(1)
})
