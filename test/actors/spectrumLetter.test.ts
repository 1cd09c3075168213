import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createDeadLetter, deadLetterOutput } from '../../actors/deadLetter.ts'
import { type DeliveryControl, ingestFile } from '../../actors/fileSource.ts'
import { readDeliveries, readRefusals, redriveDeadLetters, SPECTRA } from '../../actors/index.ts'
import { revisionOf } from '../../actors/revision.ts'
import { type DeadLetter, subscribe } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { readSpectra, spectrumBytes, spectrumFixture } from '../streams/spectra/spectraContents.ts'
import { readTopic, temporaryFolder, temporaryLog } from './logFolder.ts'

const free: DeliveryControl = { signal: new AbortController().signal, waitForRoom: async () => {} }
const take = (log: Log, path: string, spectraOf?: string) =>
  ingestFile(log, { path, survey: SPECTRA, ...(spectraOf === undefined ? {} : { spectraOf }) }, free)
const redrive = (log: Log) => redriveDeadLetters(log, { isWanted: () => true, signal: free.signal })

async function scratch(name: string, bytes: string | Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), name)
  await writeFile(path, bytes)
  return path
}

const spectraIn = async (log: Log) => (await readTopic(log, 'spectra', 'spectrum')).flatMap(({ value }) => value ?? [])

async function statesOf(log: Log) {
  const states: string[][] = []
  for await (const { letter, state } of readRefusals(log)) states.push([letter.origin, state])
  return states
}

/** What an older birthline could not read is in the log as the letter that it wrote then. */
async function refuseAsBefore(log: Log, letter: DeadLetter, change: Partial<DeadLetter> = {}): Promise<void> {
  const { step, code, reason, origin, topic, key, bytes, file = null } = { ...letter, ...change }
  const before = createDeadLetter({ step, code: code as 'FILE_UNREADABLE', reason, origin, topic, key, bytes, file })
  await log.transact({ outputs: [deadLetterOutput(before)] })
}

async function letterOf(path: string, origin: string): Promise<DeadLetter> {
  const log = await temporaryLog()
  await take(log, path)
  const letters = (await readTopic(log, 'dead-letters', 'deadLetter')).flatMap(({ value }) => value ?? [])
  const letter = letters.find(one => one.origin === origin)
  if (letter === undefined) throw new Error(`no letter of ${origin}`)
  return letter
}

async function noticesOf<T>(work: () => Promise<T>): Promise<readonly [T, readonly string[]]> {
  const notices: string[] = []
  const stop = subscribe('notice', ({ message }) => notices.push(message))
  try {
    return [await work(), notices]
  } finally {
    stop()
  }
}

test('a file that was refused goes in from the bytes of its letter, once, though it is gone', async () => {
  const log = await temporaryLog()
  const path = await scratch('spec.fits', spectrumBytes('sdss.fits.gz'))
  const [expected] = (await readSpectra(path)).spectra
  await take(log, path, 'apogee')
  expect(await spectraIn(log)).toEqual([])
  await rm(path)
  expect(await redrive(log)).toEqual({ redriven: 1, skipped: 0, unmended: 0 })
  expect(await spectraIn(log)).toMatchObject([{ ...expected, revision: revisionOf(1n, 1) }])
  expect(await statesOf(log)).toEqual([['spec.fits', 'redriven']])
  expect([...(await readDeliveries(log)).values()]).toMatchObject([{ isComplete: true, rowCount: 1n, badRowCount: 0n }])

  expect(await redrive(log)).toEqual({ redriven: 0, skipped: 0, unmended: 0 })
  expect(await take(log, await scratch('again.fits', spectrumBytes('sdss.fits.gz')))).toMatchObject({ isRepeat: true })
  expect(await spectraIn(log)).toHaveLength(1)
})

test('what is refused for what it was before waits on, without another letter', async () => {
  const log = await temporaryLog()
  const [header, row] = spectrumBytes('xp.csv').toString().split('\n')
  const rest = row.slice(row.indexOf(','))
  for (const path of [
    await scratch('notes.txt', 'seen through clouds\n'),
    await scratch('xp.csv', [header, `none${rest}`, '1,2', `7${rest}`, ''].join('\n')),
    ...['zeroIvar', 'apStar'].map(name => spectrumFixture(`${name}.fits.gz`)),
  ]) {
    await take(log, path)
  }
  const before = await spectraIn(log)
  const waiting = ['notes.txt', 'xp.csv spectrum 1', 'xp.csv spectrum 2', 'zeroIvar.fits.gz spectrum 1']
  const states = [...waiting, 'apStar.fits.gz spectrum 4'].map(origin => [origin, 'waiting'])
  expect(await statesOf(log)).toEqual(states)
  expect(await redrive(log)).toEqual({ redriven: 0, skipped: 0, unmended: 5 })
  expect(await statesOf(log)).toEqual(states)
  expect(await spectraIn(log)).toEqual(before)
  expect(await readTopic(log, 'dead-letters', 'deadLetter')).toHaveLength(5)
})

test('a row, a file of one spectrum and a row among images are read again as the file has them, under their numbers', async () => {
  const log = await temporaryLog()
  const [header, row] = spectrumBytes('xp.csv').toString().split('\n')
  const bad = await scratch('xp.csv', [header, row, row.replace(/^\d+/, 'none'), ''].join('\n'))
  const ofRow = await letterOf(bad, 'xp.csv spectrum 2')
  await rm(bad)
  const mended = { ...JSON.parse(Buffer.from(ofRow.bytes).toString()), source_id: '77' }
  await refuseAsBefore(log, ofRow, { bytes: Buffer.from(JSON.stringify(mended)) })

  const dark = await letterOf(spectrumFixture('zeroIvar.fits.gz'), 'zeroIvar.fits.gz spectrum 1')
  const boss = await readSpectra(spectrumFixture('boss.fits.gz'))
  const { fileSha256: sha256 } = boss.spectra[0]
  const bossBytes = await readFile(spectrumFixture('boss.fits.gz'))
  const gone = { path: '/nowhere/boss.fits.gz', sha256, format: 'fits', row: null, revision: revisionOf(5n, 1) }
  await refuseAsBefore(log, dark, { origin: 'boss.fits.gz spectrum 1', bytes: bossBytes, file: gone })

  const apStar = await letterOf(spectrumFixture('apStar.fits.gz'), 'apStar.fits.gz spectrum 4')
  if (apStar.file === null || apStar.file === undefined) throw new Error('a letter of spectra names no file')
  const third = { ...apStar.file, revision: revisionOf(6n, 3) }
  await refuseAsBefore(log, apStar, { origin: 'apStar.fits.gz spectrum 3', file: third })

  expect(await redrive(log)).toEqual({ redriven: 3, skipped: 0, unmended: 0 })
  const spectra = (await spectraIn(log)).sort((a, b) => Number((a.revision ?? 0n) - (b.revision ?? 0n)))
  expect(spectra.map(({ source, file, row, revision }) => [source, file, row, revision])).toEqual([
    ['77', 'xp.csv', 2n, revisionOf(1n, 2)],
    [boss.spectra[0].source, 'boss.fits.gz', null, revisionOf(5n, 1)],
    [spectra[2].source, 'apStar.fits.gz', 3n, revisionOf(6n, 3)],
  ])
  const { spectra: visits } = await readSpectra(spectrumFixture('apStar.fits.gz'))
  expect(spectra.slice(1)).toMatchObject([boss.spectra[0], visits[2]])
  expect((await statesOf(log)).map(([, state]) => state)).toEqual(['redriven', 'redriven', 'redriven'])
  expect(await redrive(log)).toEqual({ redriven: 0, skipped: 0, unmended: 0 })
  expect(await spectraIn(log)).toHaveLength(3)
})

test('a file that is not all in its letter is told where it is gone or has changed, and its letter waits', async () => {
  const large = Buffer.alloc(3 * 2 ** 20, 'SIMPLE  = nothing ')
  const log = await temporaryLog()
  const path = await scratch('large.fits', large)
  await take(log, path)
  expect(await redrive(log)).toEqual({ redriven: 0, skipped: 0, unmended: 1 })
  await writeFile(path, large.subarray(1))
  const [changed, ofChanged] = await noticesOf(() => redrive(log))
  expect(changed).toEqual({ redriven: 0, skipped: 1, unmended: 0 })
  const sentence = `large.fits is not all in its letter, and ${path}`
  expect(ofChanged).toEqual([`${sentence} has changed since: ingest it again, then close the letter.`])
  await rm(path)
  const [gone, ofGone] = await noticesOf(() => redrive(log))
  expect(gone).toEqual({ redriven: 0, skipped: 1, unmended: 0 })
  expect(ofGone).toEqual([`${sentence} cannot be read: put the file back there, and re-drive it again.`])
  expect(await statesOf(log)).toEqual([['large.fits', 'waiting']])
})

test('a log that fails before or after any transaction of a re-drive has each spectrum once in the end', async () => {
  const path = await scratch('spec.fits', spectrumBytes('sdss.fits.gz'))
  const apStar = await letterOf(spectrumFixture('apStar.fits.gz'), 'apStar.fits.gz spectrum 4')
  if (apStar.file === null || apStar.file === undefined) throw new Error('a letter of spectra names no file')
  const second = { ...apStar.file, revision: revisionOf(9n, 2) }
  for (const isAfter of [false, true]) {
    for (let failing = 0; ; failing++) {
      const log = await temporaryLog()
      await take(log, path, 'apogee')
      await refuseAsBefore(log, apStar, { file: second })
      let transactions = 0
      const lost = new Error('killed')
      const failed = Object.assign(Object.create(log) as Log, {
        transact: async (transaction: Parameters<Log['transact']>[0]) => {
          const isLost = transactions++ === failing
          if (isLost && !isAfter) throw lost
          const positions = await log.transact(transaction)
          if (isLost) throw lost
          return positions
        },
        openReader: (options: Parameters<Log['openReader']>[0]) => log.openReader(options),
        latest: (topic: string, key: string) => log.latest(topic, key),
        extents: (topic: string) => log.extents(topic),
      })
      const first = await redrive(failed).catch(error => error)
      if (failing < transactions) expect(first).toBe(lost)
      await redrive(log)
      const revisions = new Set((await spectraIn(log)).map(({ revision }) => revision))
      expect(revisions).toEqual(new Set([revisionOf(1n, 1), revisionOf(9n, 2)]))
      expect(await spectraIn(log)).toHaveLength(2)
      expect((await statesOf(log)).map(([, state]) => state)).toEqual(['redriven', 'redriven'])
      if (failing >= transactions) break
    }
  }
})
