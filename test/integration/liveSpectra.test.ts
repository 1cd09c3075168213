// From the files of spectra to the posteriors of their stars, with the model that comes with the project.
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Pipeline, SPECTRA, startPipeline, WAITING_SPECTRA } from '../../actors/index.ts'
import { openPosteriorModel, type PosteriorModel } from '../../models/index.ts'
import { cellCenter } from '../../models/matching/skyCells.ts'
import { openPosteriorModel as openClosedForm } from '../../ops/bench/closedFormModel.ts'
import { packageFile } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { readTopic, temporaryFolder, temporaryLog } from '../actors/logFolder.ts'
import { spectrumFixture } from '../streams/spectra/spectraContents.ts'

const shared = packageFile('..', 'shared', 'data', 'spectra')

function start(log: Log, model: PosteriorModel): Pipeline {
  const pipeline = startPipeline({ log, model, sampleCount: 16, seed: 1n })
  onTestFinished(() => pipeline.stop())
  return pipeline
}

async function take(pipeline: Pipeline, ...files: readonly (readonly [path: string, survey: string])[]): Promise<void> {
  for (const [path, survey] of files) await pipeline.ingest({ path, survey })
  await pipeline.idle()
}

const starsOf = async (log: Log) => (await readTopic(log, 'latest-stars', 'star')).flatMap(({ value }) => value ?? [])
const posteriorsOf = async (log: Log) =>
  (await readTopic(log, 'latest-posteriors', 'posterior')).flatMap(({ value }) => value ?? [])

test('spectra before their stars, or after them, end with the same stars and posteriors', async () => {
  const model = await openPosteriorModel()
  onTestFinished(() => model.close())
  const gaia = [spectrumFixture('xpStars.gaiaDr3.csv'), 'gaiaDr3'] as const
  const xp = [spectrumFixture('xpStars.csv.gz'), SPECTRA] as const
  const ends = []
  for (const order of [[gaia], [xp]]) {
    const log = await temporaryLog()
    const pipeline = start(log, model)
    await take(pipeline, ...order)
    await take(pipeline, gaia, xp)
    const [stars, posteriors] = [await starsOf(log), await posteriorsOf(log)]
    ends.push({
      stars: new Map(stars.map(one => [one.starId, one])),
      posteriors: new Map(posteriors.map(one => [one.starId, one])),
    })
    expect((await readTopic(log, 'dead-letters', 'deadLetter')).length).toBe(0)
    const versions = (await readTopic(log, 'stars', 'star')).length
    expect(versions).toBe(order[0] === gaia ? 8 : 4)
    await pipeline.stop()
  }
  expect(ends[1]).toEqual(ends[0])
  const given = [...ends[0].posteriors.values()].map(one => one.spectra?.length)
  expect(given.sort()).toEqual([0, 1, 1, 1])
})

test('spectra of stars that are not known stop nothing, wait, and are in the log as they came', async () => {
  const log = await temporaryLog()
  const pipeline = start(log, await openClosedForm())
  const kinds = ['apVisit', 'apStar', 'aspcapStar', 'sdss', 'boss', 'lamostRows', 'lamostTable', 'mrs']
  const files = [...kinds.map(name => `${name}.fits.gz`), 'xpSampled.ecsv'].map(spectrumFixture)
  await take(pipeline, ...files.map(path => [path, SPECTRA] as const), [spectrumFixture('xpStars.csv.gz'), SPECTRA])
  const spectra = (await readTopic(log, 'spectra', 'spectrum')).flatMap(({ value }) => value ?? [])
  expect(new Set(spectra.map(({ survey }) => survey))).toEqual(
    new Set(['apogee', 'sdss', 'boss', 'lamostLrs', 'lamostMrs', 'gaiaXp']),
  )
  // Only of the one that the source refused: the row of apStar without a good pixel.
  const letters = (await readTopic(log, 'dead-letters', 'deadLetter')).flatMap(({ value }) => value ?? [])
  expect(letters.filter(({ step }) => step === 'fuse')).toEqual([])
  const waiting = (await readTopic(log, WAITING_SPECTRA, 'spectrum')).map(({ value }) => value?.spectrumId)
  // All but the sampled ones.
  expect(waiting.sort()).toEqual(
    spectra
      .filter(({ product }) => product !== 'xpSampled')
      .map(({ spectrumId }) => spectrumId)
      .sort(),
  )
  expect(await starsOf(log)).toEqual([])
  expect((await pipeline.status()).map(({ state, lag }) => [state, lag])).toEqual(Array(4).fill(['running', 0]))
})

test('of real spectra the bands that are there are read', async ({ skip }) => {
  const xp = join(shared, 'gaia_xp', 'XP_CONTINUOUS_RAW_with_missing_BP.csv')
  if (!existsSync(xp)) skip('needs ../shared/data/spectra')
  const model = await openPosteriorModel()
  onTestFinished(() => model.close())
  const log = await temporaryLog()
  const pipeline = start(log, model)
  const gaia = join(await temporaryFolder(), 'gaia.csv')
  // Proxima Centauri as Gaia has it; of the others only the cells that their ids name.
  const proxima = '5853498713190525696,217.39232147200883,-62.67607511676666,-3781.741,769.465,8.985,11.373,7.569'
  const others = ['5762406957886626816', '5405570973190252288'].map(id => {
    const { raDeg, decDeg } = cellCenter(Number(BigInt(id) >> 35n), 12)
    return `${id},${raDeg},${decDeg},0,0,14,14.5,13.4`
  })
  const header = 'source_id,ra,dec,pmra,pmdec,phot_g_mean_mag,phot_bp_mean_mag,phot_rp_mean_mag'
  await writeFile(gaia, [header, proxima, ...others, ''].join('\n'))
  await take(pipeline, [gaia, 'gaiaDr3'], [xp, SPECTRA])
  const bandsOf = (observables: readonly string[]) => observables.filter(name => name.endsWith('Spectrum'))
  const posteriors = await posteriorsOf(log)
  expect(new Map(posteriors.map(({ starId, observables }) => [starId, bandsOf(observables)]))).toEqual(
    new Map([
      ['gaiaDr3:5853498713190525696', ['bpSpectrum', 'rpSpectrum']],
      ['gaiaDr3:5762406957886626816', ['bpSpectrum', 'rpSpectrum']],
      ['gaiaDr3:5405570973190252288', ['rpSpectrum']],
    ]),
  )
  expect((await readTopic(log, WAITING_SPECTRA, 'spectrum')).filter(({ value }) => value !== null)).toEqual([])
})
