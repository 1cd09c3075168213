import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Pipeline, readRefusals, SPECTRA, startPipeline, WAITING_SPECTRA } from '../../actors/index.ts'
import { rollBack } from '../../actors/rollback.ts'
import { openPosteriorModel } from '../../ops/bench/closedFormModel.ts'
import type { Log } from '../../streams/index.ts'
import { spectrumBytes } from '../streams/spectra/spectraContents.ts'
import { readTopic, temporaryFolder, temporaryLog } from './logFolder.ts'
import { gaiaIdAt } from './xpSpectra.ts'

async function startOn(log: Log): Promise<Pipeline> {
  const pipeline = startPipeline({ log, model: await openPosteriorModel(), sampleCount: 16, seed: 1n })
  onTestFinished(() => pipeline.stop())
  return pipeline
}

async function take(pipeline: Pipeline, name: string, bytes: string | Uint8Array, survey: string = SPECTRA) {
  const path = join(await temporaryFolder(), name)
  await writeFile(path, bytes)
  const { delivery } = await pipeline.ingest({ path, survey })
  await pipeline.idle()
  return delivery.ordinal
}

async function takeBack(pipeline: Pipeline, ordinal: bigint) {
  const result = await pipeline.rollBack(ordinal)
  await pipeline.idle()
  return result
}

/** Newest of each key, as bytes: stars, their posteriors, and all that the fusion remembers. */
async function inForce(log: Log): Promise<ReadonlyMap<string, string>> {
  const newest = new Map<string, string>()
  for (const topic of ['latest-stars', 'latest-posteriors', 'fuse-changes', 'pixels', WAITING_SPECTRA]) {
    const reader = log.openReader({ topics: [topic] })
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
      for (const { key, value } of batch.records) {
        const place = `${topic} ${key}`
        if (value === null) newest.delete(place)
        else newest.set(place, Buffer.from(value).toString('base64'))
      }
    }
    await reader.close()
  }
  return new Map([...newest].sort(([a], [b]) => (a < b ? -1 : 1)))
}

async function starsIn(log: Log) {
  const stars = new Map((await readTopic(log, 'latest-stars', 'star')).map(({ key, value }) => [`${key}`, value]))
  return [...stars.values()].flatMap(star => star ?? []).sort((a, b) => (a.starId < b.starId ? -1 : 1))
}

/** Two stars: one where the fixture of BOSS says that its own is, and one of Gaia with coefficients. */
const xpId = gaiaIdAt(40, 10, 1)
const bossStar = '4,236.97794,52.815963,16'
const sky = ['source_id,ra,dec,phot_g_mean_mag', bossStar, `${xpId},40,10,15`, ''].join('\n')

const [xpHeader, xpRow] = spectrumBytes('xp.csv').toString().split('\n')
const xp = (first: string) => {
  const row = xpRow.replace(/^\d+/, xpId).replace('(-29.601283237510273', `(${first}`)
  return [xpHeader, row, ''].join('\n')
}

const boss = spectrumBytes('boss.fits.gz')
/** With another flux of the first pixel. */
function otherFlux(): Buffer {
  const bytes = Buffer.from(boss)
  const header = bytes.indexOf('XTENSION')
  const end = bytes.indexOf(`END${' '.repeat(70)}`, header)
  const data = Math.ceil((end + 80) / 2880) * 2880
  bytes.writeFloatBE(bytes.readFloatBE(data) + 1, data)
  return bytes
}

/** The same pixels in another file. */
function otherCards(): Buffer {
  const bytes = Buffer.from(boss)
  const at = bytes.indexOf('EXPTIME =') + 29
  bytes[at] = bytes[at] === 0x31 ? 0x32 : 0x31
  return bytes
}

test('a delivery of spectra that was taken back leaves all as it was before it, and can come again', async () => {
  for (const [before, after] of [
    [boss, otherFlux()],
    [xp('-29.5'), xp('-31.5')],
  ]) {
    const log = await temporaryLog()
    const pipeline = await startOn(log)
    await take(pipeline, 'gaia.csv', sky, 'gaiaDr3')
    const bare = await inForce(log)
    await take(pipeline, 'first', before)
    const first = await inForce(log)
    expect(first).not.toEqual(bare)
    await take(pipeline, 'second', after)
    const second = await starsIn(log)
    expect(await inForce(log)).not.toEqual(first)

    const back = await takeBack(pipeline, 3n)
    expect(back).toMatchObject({ isComplete: true, isRepeat: false, spectra: { restoredCount: 1, withdrawnCount: 0 } })
    expect(await inForce(log)).toEqual(first)
    expect(await takeBack(pipeline, 3n)).toMatchObject({ isRepeat: true, sentCount: 0 })
    expect(await takeBack(pipeline, 2n)).toMatchObject({ spectra: { restoredCount: 0, withdrawnCount: 1 } })
    expect(await inForce(log)).toEqual(bare)

    expect(await take(pipeline, 'second', after)).toBe(4n)
    expect(await starsIn(log)).toEqual(second)
    expect(await readTopic(log, 'dead-letters', 'deadLetter')).toEqual([])
  }
})

test('a delivery that another has come after is taken back without a trace, and what says the same takes its place', async () => {
  const log = await temporaryLog()
  const pipeline = await startOn(log)
  await take(pipeline, 'gaia.csv', sky, 'gaiaDr3')
  const bare = await inForce(log)
  await take(pipeline, 'boss.fits', boss)
  await take(pipeline, 'changed.fits', otherFlux())
  const changed = await inForce(log)
  expect(await takeBack(pipeline, 2n)).toMatchObject({ isComplete: true })
  expect(await inForce(log)).toEqual(changed)
  expect(await takeBack(pipeline, 3n)).toMatchObject({ spectra: { restoredCount: 0, withdrawnCount: 1 } })
  expect(await inForce(log)).toEqual(bare)

  await take(pipeline, 'boss.fits', boss)
  const [star] = (await starsIn(log)).filter(({ pixelSpectra = [] }) => pixelSpectra.length > 0)
  await take(pipeline, 'cards.fits', otherCards())
  expect((await starsIn(log)).map(({ version }) => version)).toContain(star.version)
  expect(await takeBack(pipeline, 4n)).toMatchObject({ spectra: { restoredCount: 1 } })
  const [same] = (await starsIn(log)).filter(({ pixelSpectra = [] }) => pixelSpectra.length > 0)
  expect([same.starId, same.pixels]).toEqual([star.starId, star.pixels])
  expect(same.pixelSpectra?.map(({ spectrumId }) => spectrumId)).not.toEqual(
    star.pixelSpectra?.map(({ spectrumId }) => spectrumId),
  )
})

test('spectra that wait are taken back too, and their stars come without them', async () => {
  const log = await temporaryLog()
  const pipeline = await startOn(log)
  await take(pipeline, 'boss.fits', boss)
  await take(pipeline, 'xp.csv', xp('-29.5'))
  const waiting = async () => [...(await inForce(log)).keys()].filter(key => key.startsWith(WAITING_SPECTRA))
  expect(await waiting()).toHaveLength(2)
  for (const ordinal of [1n, 2n]) {
    expect(await takeBack(pipeline, ordinal)).toMatchObject({ spectra: { restoredCount: 0, withdrawnCount: 1 } })
  }
  expect(await inForce(log)).toEqual(new Map())
  await take(pipeline, 'gaia.csv', sky, 'gaiaDr3')
  const stars = await starsIn(log)
  expect(stars).toHaveLength(2)
  expect(stars.flatMap(({ spectra = [], pixelSpectra = [] }) => [...spectra, ...pixelSpectra])).toEqual([])
})

test('letters of a delivery that was taken back wait no more', async () => {
  const log = await temporaryLog()
  const pipeline = await startOn(log)
  await take(pipeline, 'dark.fits', spectrumBytes('zeroIvar.fits.gz'))
  await take(pipeline, 'notes.txt', 'seen through clouds\n')
  const states = async () => {
    const found: string[] = []
    for await (const { state } of readRefusals(log)) found.push(state)
    return found
  }
  expect(await states()).toEqual(['waiting', 'waiting'])
  for (const ordinal of [1n, 2n]) await takeBack(pipeline, ordinal)
  expect(await states()).toEqual(['superseded', 'superseded'])
})

test('a rollback that is cut off before or after any of its transactions goes on, and nothing is sent twice', async () => {
  for (const isAfter of [false, true]) {
    for (let failing = 0; ; failing++) {
      const log = await temporaryLog()
      const pipeline = await startOn(log)
      await take(pipeline, 'gaia.csv', sky, 'gaiaDr3')
      await take(pipeline, 'boss.fits', boss)
      const first = await inForce(log)
      await take(pipeline, 'changed.fits', otherFlux())
      let transactions = 0
      const lost = new Error('killed')
      const failed: Log = Object.assign(Object.create(Object.getPrototypeOf(log)), {
        openReader: (options: Parameters<Log['openReader']>[0]) => log.openReader(options),
        extents: (topic: string) => log.extents(topic),
        latest: (topic: string, key: string) => log.latest(topic, key),
        transact: async (transaction: Parameters<Log['transact']>[0]) => {
          const isLost = transactions++ === failing
          if (isLost && !isAfter) throw lost
          const positions = await log.transact(transaction)
          if (isLost) throw lost
          return positions
        },
      })
      const idle = () => pipeline.idle()
      const control = { signal: new AbortController().signal, waitForRoom: async () => {} }
      const run = rollBack(failed, 3n, { ...control, untilIngested: idle, untilFused: idle })
      const outcome = await run.catch(error => error)
      if (failing < transactions) expect(outcome).toBe(lost)
      await takeBack(pipeline, 3n)
      expect(await inForce(log)).toEqual(first)
      const spectra = (await readTopic(log, 'spectra', 'spectrum')).map(({ value }) => value?.takesBack)
      expect(spectra).toEqual([0n, 0n, 3n, 3n])
      await pipeline.stop()
      if (failing >= transactions) break
    }
  }
})
