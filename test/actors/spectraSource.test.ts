import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { type DeliveryControl, ingestFile } from '../../actors/fileSource.ts'
import { readDeliveries, readRefusals, SPECTRA } from '../../actors/index.ts'
import { revisionOf } from '../../actors/revision.ts'
import { isFaultTold } from '../../actors/spectraSource.ts'
import type { Spectrum } from '../../schemas/index.ts'
import { type Log, openSpectra } from '../../streams/index.ts'
import { spectrumBytes, spectrumFixture } from '../streams/spectra/spectraContents.ts'
import { readTopic, temporaryFolder, temporaryLog } from './logFolder.ts'

const free: DeliveryControl = { signal: new AbortController().signal, waitForRoom: async () => {} }
const take = (log: Log, path: string, control = free) => ingestFile(log, { path, survey: SPECTRA }, control)

/** Every spectrum of a file as it is read without a log, by its id. */
async function readAlone(paths: readonly string[]): Promise<ReadonlyMap<string, Spectrum>> {
  const spectra = new Map<string, Spectrum>()
  for (const path of paths) {
    const file = await openSpectra(path)
    for await (const outcome of file.spectra()) {
      if (outcome.kind === 'spectrum') spectra.set(outcome.spectrum.spectrumId, outcome.spectrum)
    }
    await file.close()
  }
  return spectra
}

/** By id, without the order of their deliveries; a spectrum that is there twice fails. */
async function readLogged(log: Log): Promise<ReadonlyMap<string, Spectrum>> {
  const spectra = new Map<string, Spectrum>()
  for (const { key, value } of await readTopic(log, 'spectra', 'spectrum')) {
    if (value === null) throw new Error(`${key} has no spectrum`)
    expect(key).toBe(`${value.survey}:${value.source}`)
    expect(spectra.has(value.spectrumId)).toBe(false)
    const { revision: _, medianSignalToNoise: __, goodPixelCount: ___, takesBack: ____, ...spectrum } = value
    spectra.set(value.spectrumId, spectrum)
  }
  return spectra
}

const lettersOf = async (log: Log) =>
  (await readTopic(log, 'dead-letters', 'deadLetter')).flatMap(({ value }) => value ?? [])

async function statesOf(log: Log) {
  const states: string[][] = []
  for await (const { letter, state } of readRefusals(log)) states.push([letter.origin, state])
  return states
}

async function scratch(name: string, bytes: string | Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), name)
  await writeFile(path, bytes)
  return path
}

/** A table of XP coefficients of so many sources. */
async function xpTable(rows: number, badRow = 0): Promise<string> {
  const [header, row] = spectrumBytes('xp.csv').toString().split('\n')
  const rest = row.slice(row.indexOf(','))
  const lines = Array.from({ length: rows }, (_, i) => (i + 1 === badRow ? `none${rest}` : `${1000 + i}${rest}`))
  return scratch('XP.csv', [header, ...lines, ''].join('\n'))
}

const kinds = ['apVisit', 'apStar', 'aspcapStar', 'sdss', 'boss', 'lamostRows', 'lamostTable', 'mrs', 'xp', 'nanFlux']

test('what comes back from the topic is what was read, of every survey, number for number', async () => {
  const log = await temporaryLog()
  const paths = [...kinds.map(name => `${name}.fits.gz`), 'xp.ecsv', 'xpBinary2.vot', 'xpSampledRows.csv'].map(
    spectrumFixture,
  )
  for (const path of paths) {
    const { isRepeat, fault, delivery } = await take(log, path)
    expect([isRepeat, fault, delivery.isComplete, delivery.file]).toEqual([false, undefined, true, basename(path)])
  }
  const alone = await readAlone(paths)
  expect(new Set([...alone.values()].map(({ survey }) => survey))).toEqual(
    new Set(['apogee', 'sdss', 'boss', 'lamostLrs', 'lamostMrs', 'gaiaXp']),
  )
  expect(await readLogged(log)).toEqual(alone)
})

test('the same content adds nothing, under any name; changed content is another delivery', async () => {
  const log = await temporaryLog()
  const bytes = spectrumBytes('sdss.fits.gz')
  await take(log, await scratch('spec.fits', bytes))
  expect(await take(log, await scratch('copy.fits', bytes))).toMatchObject({
    isRepeat: true,
    delivery: { file: 'spec.fits', survey: 'spectra', ordinal: 1n },
  })
  const changed = Buffer.from(bytes)
  const at = changed.indexOf('EXPTIME =') + 29
  changed[at] = changed[at] === 0x31 ? 0x32 : 0x31
  expect(await take(log, await scratch('spec.fits', changed))).toMatchObject({
    isRepeat: false,
    delivery: { ordinal: 2n },
  })
  expect((await readLogged(log)).size).toBe(2)
  const logged = await readTopic(log, 'spectra', 'spectrum')
  expect(logged.map(({ value }) => value?.revision)).toEqual([revisionOf(1n, 1), revisionOf(2n, 1)])
})

test('a file that is cut off after any transaction goes on there: each spectrum and each letter once', async () => {
  const log = await temporaryLog()
  const path = await xpTable(23, 9)
  let runs = 0
  for (let isComplete = false; !isComplete; runs++) {
    const stop = new AbortController()
    let batches = 0
    const waitForRoom = async () => {
      if (++batches === 2) stop.abort()
    }
    const { delivery } = await take(log, path, { signal: stop.signal, waitForRoom, batchRows: 4 })
    isComplete = delivery.isComplete
    if (!isComplete) expect(delivery.nextRow).toBe(BigInt(4 * (runs + 1) + 1))
  }
  expect(runs).toBe(6)
  expect(await readLogged(log)).toEqual(await readAlone([path]))
  const [delivery, ...others] = (await readDeliveries(log)).values()
  expect([delivery.rowCount, delivery.badRowCount, others]).toEqual([22n, 1n, []])
  expect(isFaultTold(delivery)).toBe(false)
  const [letter, ...more] = await lettersOf(log)
  expect(more).toEqual([])
  expect(letter).toMatchObject({
    step: 'spectraSource',
    code: 'VALUE_OUT_OF_RANGE',
    origin: 'XP.csv spectrum 9',
    topic: '',
  })
  expect(letter.reason).toMatch(/row 9, has the source_id 'none', no 64-bit integer; repair the row/)
  expect(JSON.parse(Buffer.from(letter.bytes).toString())).toMatchObject({ source_id: 'none' })
})

test('a log that fails before or after any of its transactions has everything once in the end', async () => {
  const path = await xpTable(10, 3)
  const alone = await readAlone([path])
  for (const isAfter of [false, true]) {
    for (let failing = 0; ; failing++) {
      const log = await temporaryLog()
      let transactions = 0
      const lost = new Error('killed')
      const failed: Log = {
        ...bound(log),
        transact: async transaction => {
          const isLost = transactions++ === failing
          if (isLost && !isAfter) throw lost
          const positions = await log.transact(transaction)
          if (isLost) throw lost
          return positions
        },
      }
      const control = { ...free, batchRows: 4 }
      const first = await take(failed, path, control).catch(error => error)
      if (failing < transactions) expect(first).toBe(lost)
      expect((await take(log, path, control)).delivery.isComplete).toBe(true)
      expect(await readLogged(log)).toEqual(alone)
      expect(await lettersOf(log)).toHaveLength(1)
      expect([...(await readDeliveries(log)).keys()]).toEqual([1n])
      if (failing >= transactions) break
    }
  }
})

function bound(log: Log): Log {
  return {
    writer: log.writer,
    openReader: options => log.openReader(options),
    transact: transaction => log.transact(transaction),
    committed: group => log.committed(group),
    extents: topic => log.extents(topic),
    latest: (topic, key) => log.latest(topic, key),
    keeping: () => log.keeping(),
    close: () => log.close(),
  }
}

const text = 'no spectrum at all, but a note beside some\n'
const bad: readonly (readonly [string, () => string | Uint8Array, RegExp, string])[] = [
  ['cut.fits', () => spectrumBytes('boss.fits.gz').subarray(0, 7000), /./, 'FILE_UNREADABLE'],
  ['foreign.fits', () => spectrumBytes('noCoadd.fits.gz'), /./, 'FILE_UNREADABLE'],
  ['text.fits', () => text, /text\.fits is a table of|is no/, 'FILE_UNREADABLE'],
  ['empty.fits', () => '', /is empty; fetch or write it again/, 'FILE_UNREADABLE'],
]

test('a file that is no spectrum has one letter with its bytes, and is tried again, each time', async () => {
  const log = await temporaryLog()
  for (const [name, bytes, sentence, code] of bad) {
    const path = await scratch(name, bytes())
    for (let run = 0; run < 2; run++) {
      const { delivery, fault, isRepeat } = await take(log, path)
      expect([isRepeat, fault?.code, delivery.isComplete, delivery.rowCount]).toEqual([false, code, false, 0n])
      expect(fault?.message).toMatch(sentence)
      expect(fault?.message).toMatch(/^[^\n]+\.$/)
      expect(isFaultTold(delivery)).toBe(true)
    }
  }
  const letters = await lettersOf(log)
  expect(letters.map(({ origin }) => origin)).toEqual(bad.map(([name]) => name))
  expect(letters.map(({ bytes }) => Buffer.from(bytes))).toEqual(bad.map(([, bytes]) => Buffer.from(bytes())))
  expect((await readLogged(log)).size).toBe(0)
})

test('a spectrum that cannot be one has a letter, and the file is done with', async () => {
  const log = await temporaryLog()
  for (const name of ['zeroIvar', 'falling', 'twice']) {
    const { delivery, fault } = await take(log, spectrumFixture(`${name}.fits.gz`))
    expect([fault, delivery.isComplete, delivery.rowCount, delivery.badRowCount]).toEqual([undefined, true, 0n, 1n])
    expect(await take(log, spectrumFixture(`${name}.fits.gz`))).toMatchObject({ isRepeat: true })
  }
  const letters = await lettersOf(log)
  expect(letters.map(({ code }) => code)).toEqual(Array(3).fill('VALUE_OUT_OF_RANGE'))
  expect(letters[0].reason).toMatch(/has no pixel with a flux and an error/)
  const { spectra, refused } = await apStarOutcomes(log)
  expect([spectra, refused]).toEqual([3, 1])
})

/** Its fourth row is refused. */
async function apStarOutcomes(log: Log) {
  await take(log, spectrumFixture('apStar.fits.gz'))
  const refused = (await lettersOf(log)).filter(({ origin }) => origin === 'apStar.fits.gz spectrum 4')
  expect(refused[0].reason).toMatch(/row 4, .* It stays in the file \(sha256 [0-9a-f]{64}\)\.$/)
  return { spectra: (await readLogged(log)).size, refused: refused.length }
}

test('a row that is no row of its table has a letter with its bytes as they stand there', async () => {
  const log = await temporaryLog()
  const [header, row] = spectrumBytes('xp.csv').toString().split('\n')
  const { delivery } = await take(log, await scratch('XP.csv', [header, '1,2', row, ''].join('\n')))
  expect([delivery.isComplete, delivery.rowCount, delivery.badRowCount]).toEqual([true, 1n, 1n])
  const [letter] = await lettersOf(log)
  expect([letter.code, letter.origin, Buffer.from(letter.bytes).toString()]).toEqual([
    ...['SCHEMA_MISMATCH', 'XP.csv spectrum 1'],
    '1,2',
  ])
})

test('a table that is cut short gives its whole rows and one letter, and the mended file the rest', async () => {
  const log = await temporaryLog()
  const bytes = spectrumBytes('xp.fits.gz')
  const path = await scratch('xp.fits', bytes.subarray(0, bytes.length - 2880))
  const cut = await take(log, path)
  expect(cut.fault?.code).toBe('FILE_UNREADABLE')
  const before = (await readLogged(log)).size
  expect(Number(cut.delivery.rowCount)).toBe(before)
  await take(log, path)
  expect(await lettersOf(log)).toHaveLength(1)
  await writeFile(path, bytes)
  expect(await take(log, path)).toMatchObject({ isRepeat: false, delivery: { isComplete: true } })
})

test('a spectrum of another instrument is refused with what it is, and taken under its own name', async () => {
  const log = await temporaryLog()
  const path = spectrumFixture('sdss.fits.gz')
  const wrong = await ingestFile(log, { path, survey: SPECTRA, spectraOf: 'apogee' }, free)
  expect(wrong.fault).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(/is a spectrum of sdss/) })
  expect((await lettersOf(log)).map(({ code, origin }) => [code, origin])).toEqual([['CONFIG_INVALID', 'sdss.fits.gz']])
  const right = await ingestFile(log, { path, survey: SPECTRA, spectraOf: 'sdss' }, free)
  expect(right).toMatchObject({ delivery: { isComplete: true, rowCount: 1n, badRowCount: 0n, ordinal: 1n } })
  expect(await take(log, path)).toMatchObject({ isRepeat: true })
  expect(await statesOf(log)).toEqual([['sdss.fits.gz', 'redriven']])
})

test('of a large file the letter has the beginning, with size and hash of all', async () => {
  const log = await temporaryLog()
  const bytes = Buffer.alloc(3 * 2 ** 20, 'SIMPLE  = nothing ')
  await take(log, await scratch('large.fits', bytes))
  const [letter] = await lettersOf(log)
  expect(Buffer.from(letter.bytes)).toEqual(bytes.subarray(0, 65_536))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  expect(letter.reason).toContain(` Of its ${bytes.length} bytes (sha256 ${sha256}) the first 65536 are kept here`)
})

test('what the system does not let be read says nothing of the file: no letter, no delivery', async () => {
  const log = await temporaryLog()
  const folder = await temporaryFolder()
  await expect(take(log, join(folder, 'absent.fits'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  await mkdir(join(folder, 'folder.fits'))
  await expect(take(log, join(folder, 'folder.fits'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  await expect(
    ingestFile(log, { path: spectrumFixture('sdss.fits.gz'), survey: SPECTRA, spectraOf: 'hubble' }, free),
  ).rejects.toMatchObject({ code: 'SURVEY_UNKNOWN' })
  expect((await readDeliveries(log)).size).toBe(0)
  expect(await lettersOf(log)).toEqual([])
})

test('letters of spectra wait in the list', async () => {
  const log = await temporaryLog()
  await take(log, spectrumFixture('zeroIvar.fits.gz'))
  expect(await statesOf(log)).toEqual([['zeroIvar.fits.gz spectrum 1', 'waiting']])
})
