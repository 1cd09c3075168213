// From files of spectra with pixels to the posteriors of their stars, past files and spectra that are none.
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readRefusals, SPECTRA, startPipeline, WAITING_SPECTRA } from '../../actors/index.ts'
import { type GivenPixels, modalityOf, type PosteriorModel, pixelModalities } from '../../models/index.ts'
import { openPosteriorModel as openClosedForm } from '../../ops/bench/closedFormModel.ts'
import type { DeadLetter, Posterior, Star } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { readTopic, temporaryFolder, temporaryLog } from '../actors/logFolder.ts'
import { readSpectra, spectrumBytes, spectrumFixture } from '../streams/spectra/spectraContents.ts'

/** Answers as the closed form does, says that it was given every spectrum that it was, and remembers them. */
async function readingModel(): Promise<PosteriorModel & { readonly given: Map<string, readonly GivenPixels[]> }> {
  const closedForm = await openClosedForm()
  const given = new Map<string, readonly GivenPixels[]>()
  return {
    ...closedForm,
    given,
    pixelSpectra: pixelModalities.map(({ spectrumName }) => spectrumName),
    async infer(stars, options) {
      const answers = await closedForm.infer(stars, options)
      return answers.map((answer, i) => {
        const pixels = stars[i].pixels ?? []
        given.set(answer.key, pixels)
        const names = pixels.map(({ survey }) => modalityOf(survey)?.spectrumName ?? '')
        return { ...answer, observables: [...answer.observables, ...names] }
      })
    },
  }
}

function start(log: Log, model: PosteriorModel) {
  const pipeline = startPipeline({ log, model, sampleCount: 16, seed: 1n })
  onTestFinished(() => pipeline.stop())
  return {
    ...{ stop: () => pipeline.stop(), status: () => pipeline.status() },
    async take(path: string, survey: string = SPECTRA, spectraOf?: string) {
      const { fault } = await pipeline.ingest({ path, survey, ...(spectraOf === undefined ? {} : { spectraOf }) })
      await pipeline.idle()
      return fault?.message ?? ''
    },
  }
}

async function latest(
  log: Log,
): Promise<{ stars: ReadonlyMap<string, Star>; posteriors: ReadonlyMap<string, Posterior> }> {
  const stars = (await readTopic(log, 'latest-stars', 'star')).flatMap(({ value }) => value ?? [])
  const posteriors = (await readTopic(log, 'latest-posteriors', 'posterior')).flatMap(({ value }) => value ?? [])
  return {
    stars: new Map(stars.map(one => [one.starId, one])),
    posteriors: new Map(posteriors.map(one => [one.starId, one])),
  }
}

/** Stars where the fixtures say that theirs are. */
const rows = ['3,0.000103,74.285408,15', '4,236.97794,52.815963,16', '5,292.05872,43.925228,11', '6,10,10,12']
const tableOf = (...lines: readonly string[]) => ['source_id,ra,dec,phot_g_mean_mag', ...lines, ''].join('\n')

async function scratch(name: string, bytes: string | Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), name)
  await writeFile(path, bytes)
  return path
}

const kinds = ['apVisit', 'aspcapStar', 'sdss', 'boss', 'lamostRows', 'lamostTable', 'mrs'] as const
const fixtures = kinds.map(name => spectrumFixture(`${name}.fits.gz`))

test('spectra of every instrument reach the model with their stars, whichever of them comes first', async () => {
  const gaia = await scratch('gaia.csv', tableOf(...rows))
  const ends = []
  for (const order of [
    [gaia, ...fixtures],
    [...[...fixtures].reverse(), gaia],
  ]) {
    const log = await temporaryLog()
    const model = await readingModel()
    const pipeline = start(log, model)
    for (const path of order) expect(await pipeline.take(path, path === gaia ? 'gaiaDr3' : SPECTRA)).toBe('')
    expect(await readTopic(log, 'dead-letters', 'deadLetter')).toEqual([])
    ends.push({ ...(await latest(log)), given: model.given })
    const waiting = new Map((await readTopic(log, WAITING_SPECTRA, 'spectrum')).map(({ key, value }) => [key, value]))
    expect([...waiting.values()].filter(value => value !== null)).toEqual([])
    await pipeline.stop()
  }
  // The two layouts of LAMOST's one spectrum are the same but for their file, of which the later delivery says where it is from.
  const [{ stars, posteriors, given }, other] = ends
  expect([...other.stars.keys()].sort()).toEqual([...stars.keys()].sort())
  const surveysOf = (id: string) => stars.get(`gaiaDr3:${id}`)?.pixelSpectra?.map(({ survey }) => survey)
  expect(['3', '4', '5', '6'].map(surveysOf)).toEqual([['apogee'], ['boss', 'sdss'], ['lamostLrs', 'lamostMrs'], []])
  for (const [id, star] of stars) {
    const posterior = posteriors.get(id)
    // Of the two that one encoder reads, BOSS's and SDSS's, the one with more signal.
    const [first, second] = [...(star.pixelSpectra ?? [])].sort(
      (a, b) => (b.signalToNoise ?? 0) - (a.signalToNoise ?? 0),
    )
    const used = id === 'gaiaDr3:4' ? [first] : [first, second].filter(one => one !== undefined)
    expect([...(posterior?.spectra ?? [])].sort()).toEqual(used.map(({ spectrumId }) => spectrumId).sort())
    expect(posterior?.surveys.slice(1).sort()).toEqual(used.map(({ survey }) => survey).sort())
    expect(other.given.get(id)).toEqual(given.get(id))
  }
  // As astropy reads them, to 32 bits.
  const { spectra } = await readSpectra(spectrumFixture('apVisit.fits.gz'))
  const told = given.get('gaiaDr3:3')?.[0]
  const known = stars.get('gaiaDr3:3')?.pixelSpectra?.[0]
  expect(told?.survey).toBe('apogee')
  if (known?.product === 'apVisit') {
    expect(told?.segments.map(({ wavelengths }) => wavelengths)).toEqual(
      spectra[0].segments.map(one => one.wavelengths),
    )
    expect(told?.segments.map(({ fluxes }) => fluxes)).toEqual(
      spectra[0].segments.map(one => one.fluxes.map(flux => (flux === null ? null : Math.fround(flux)))),
    )
  }
})

test('a model that reads no pixels is given none, and its posterior stays as it was', async () => {
  const log = await temporaryLog()
  const pipeline = start(log, await openClosedForm())
  await pipeline.take(await scratch('gaia.csv', tableOf(...rows)), 'gaiaDr3')
  const before = (await latest(log)).posteriors.get('gaiaDr3:4')
  await pipeline.take(spectrumFixture('boss.fits.gz'))
  const { stars, posteriors } = await latest(log)
  const after = posteriors.get('gaiaDr3:4')
  expect(stars.get('gaiaDr3:4')?.pixelSpectra).toHaveLength(1)
  expect(after?.starVersion).not.toBe(before?.starVersion)
  expect([after?.summaries, after?.spectra, after?.surveys]).toEqual([before?.summaries, [], ['gaiaDr3']])
})

test('bad files and bad spectra are told in one sentence each, and all that is sound goes through', async () => {
  const log = await temporaryLog()
  const model = await readingModel()
  const pipeline = start(log, model)
  await pipeline.take(await scratch('gaia.csv', tableOf(...rows.slice(0, 2))), 'gaiaDr3')
  const boss = spectrumBytes('boss.fits.gz')
  const sentences = [
    await pipeline.take(await scratch('cut.fits', boss.subarray(0, boss.length - 2880))),
    await pipeline.take(spectrumFixture('noCoadd.fits.gz')),
    await pipeline.take(spectrumFixture('sdss.fits.gz'), SPECTRA, 'apogee'),
  ]
  for (const sentence of sentences) expect(sentence).toMatch(/^[^\n]+\.$/)
  expect(sentences[0]).toMatch(/cut\.fits/)
  expect(sentences[1]).toMatch(/holds no spectrum of .*, only primary; SPECOBJ/)
  expect(sentences[2]).toMatch(/is a spectrum of sdss/)
  // Told by letters alone: the file is sound, its spectrum is not.
  expect(await pipeline.take(spectrumFixture('zeroIvar.fits.gz'))).toBe('')
  expect(await pipeline.take(spectrumFixture('falling.fits.gz'))).toBe('')
  // A file whose header states no place on the sky.
  const nowhere = Buffer.from(boss.toString('latin1').replace('PLUG_RA =', 'PLUG_XX ='), 'latin1')
  expect(await pipeline.take(await scratch('nowhere.fits', nowhere))).toBe('')
  expect(await pipeline.take(spectrumFixture('lamostRows.fits.gz'))).toBe('')
  expect(await pipeline.take(spectrumFixture('nanFlux.fits.gz'))).toBe('')
  expect(await pipeline.take(spectrumFixture('xpStars.csv.gz'))).toBe('')
  const letters: (DeadLetter & { readonly state: string })[] = []
  for await (const { letter, state } of readRefusals(log)) letters.push({ ...letter, state })
  const reasons = new Map(letters.map(({ origin, reason }) => [origin, reason]))
  expect([...reasons.keys()].map(origin => basename(origin).split(' ')[0])).toEqual([
    ...['cut.fits', 'noCoadd.fits.gz', 'sdss.fits.gz', 'zeroIvar.fits.gz', 'falling.fits.gz', 'spectra'],
  ])
  for (const { reason } of letters) expect(reason).toMatch(/^[^\n]+\.$/)
  const of = (name: string) => letters.find(({ reason }) => reason.includes(name))
  expect(of('zeroIvar')?.reason).toMatch(/has no pixel with a flux and an error/)
  expect(of('falling')?.reason).toMatch(/has wavelengths that are not rising/)
  expect(of('nowhere.fits')).toMatchObject({
    step: 'fuse',
    code: 'VALUE_OUT_OF_RANGE',
    topic: 'spectra',
    state: 'waiting',
  })
  expect(of('nowhere.fits')?.reason).toMatch(/states no place, and no name of 2MASS/)
  // NaN among its fluxes is missing, the rest of it reached the model; a star that is not known is waited for.
  const [given] = model.given.get('gaiaDr3:4') ?? []
  expect(given.survey).toBe('boss')
  expect(given.segments[0].missingPixelCount).toBeGreaterThan(0)
  expect(given.segments[0].fluxes.every(flux => flux === null || Number.isFinite(flux))).toBe(true)
  const waiting = (await readTopic(log, WAITING_SPECTRA, 'spectrum')).flatMap(({ value }) => value ?? [])
  expect(new Set(waiting.map(({ file }) => file))).toEqual(new Set(['lamostRows.fits.gz', 'xpStars.csv.gz']))
  expect((await pipeline.status()).map(({ state, restarts }) => [state, restarts])).toEqual(
    Array(4).fill(['running', 0]),
  )
  // The star comes, and has it; the file that was cut comes whole, and its letter is settled.
  await pipeline.take(await scratch('more.csv', tableOf(rows[2])), 'gaiaDr3')
  expect((await latest(log)).stars.get('gaiaDr3:5')?.pixelSpectra).toMatchObject([{ file: 'lamostRows.fits.gz' }])
})

test('a folder of one night, delivered again after some files were made anew, changes only the stars of those', async () => {
  const log = await temporaryLog()
  const pipeline = start(log, await readingModel())
  await pipeline.take(await scratch('gaia.csv', tableOf(...rows)), 'gaiaDr3')
  for (const path of fixtures) await pipeline.take(path)
  const versionsOf = async () => (await readTopic(log, 'stars', 'star')).length
  const before = await versionsOf()
  // The same bytes, not gzipped: another file, which says the same.
  const night = join(await temporaryFolder(), 'night')
  await mkdir(night)
  for (const kind of kinds) {
    const path = join(night, `${kind}.fits`)
    await writeFile(path, spectrumBytes(`${kind}.fits.gz`))
    expect(await pipeline.take(path)).toBe('')
  }
  expect(await versionsOf()).toBe(before)
  const { stars } = await latest(log)
  const { file, spectrumId } = stars.get('gaiaDr3:4')?.pixelSpectra?.[0] ?? {}
  expect(file).toBe('boss.fits.gz')
  await pipeline.take(spectrumFixture('nanFlux.fits.gz'))
  expect(await versionsOf()).toBe(before + 1)
  const [mended] = (await latest(log)).stars.get('gaiaDr3:4')?.pixelSpectra ?? []
  expect(mended.file).toBe('nanFlux.fits.gz')
  expect(mended.spectrumId).not.toBe(spectrumId)
})
