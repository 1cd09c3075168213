import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Pipeline, startPipeline } from '../../actors/index.ts'
import { closedForm, openPosteriorModel } from '../../ops/bench/closedFormModel.ts'
import type { Log } from '../../streams/index.ts'
import { readTopic, temporaryFolder, temporaryLog } from './logFolder.ts'

async function startOn(log: Log): Promise<Pipeline> {
  const model = await openPosteriorModel()
  const pipeline = startPipeline({ log, model, sampleCount: 32, seed: 1n })
  onTestFinished(() => pipeline.stop())
  return pipeline
}

async function writeTable(name: string, header: string, rows: readonly string[]): Promise<string> {
  const path = join(await temporaryFolder(), name)
  await writeFile(path, [header, ...rows, ''].join('\n'))
  return path
}

const gaiaHeader = 'source_id,ra,dec,ra_error,dec_error,pmra,pmdec,pmra_error,pmdec_error,phot_g_mean_mag'
const twoMassHeader = 'designation,ra,dec,j_m,j_msigcom'
const gaiaRow = (id: number, ra: number, dec: number) => `${id},${ra},${dec},0.02,0.02,-5,3,0.03,0.03,14`
const twoMassRow = (id: string, ra: number, dec: number) => `${id},${ra},${dec},12.5,0.03`

test('rows of two surveys become stars, and each version of a star has its posterior', async () => {
  const log = await temporaryLog()
  const pipeline = await startOn(log)
  const twoMass = await writeTable('a.csv', twoMassHeader, [twoMassRow('T1', 56, 24), twoMassRow('T2', 57, 25)])
  const gaia = await writeTable('b.csv', gaiaHeader, [gaiaRow(1, 56, 24), gaiaRow(3, 58, 26), 'x,1,2'])
  await pipeline.ingest({ path: twoMass, survey: 'twoMass' })
  await pipeline.idle()
  await pipeline.ingest({ path: gaia, survey: 'gaiaDr3' })
  await pipeline.idle()

  const stars = await readTopic(log, 'stars', 'star')
  const versions = stars.map(({ value }) => [value?.starId, value?.sources.length, value?.isRetired])
  expect(versions.sort()).toEqual([
    ['gaiaDr3:1', 2, false],
    ['gaiaDr3:3', 1, false],
    ['twoMass:T1', 0, true],
    ['twoMass:T1', 1, false],
    ['twoMass:T2', 1, false],
  ])
  const latest = await readTopic(log, 'latest-stars', 'star')
  expect(latest.flatMap(({ value }) => value?.starId ?? []).sort()).toEqual(['gaiaDr3:1', 'gaiaDr3:3', 'twoMass:T2'])

  const posteriors = await readTopic(log, 'posteriors', 'posterior')
  const ofVersions = posteriors.flatMap(({ value }) => value?.starVersion ?? []).sort()
  expect(ofVersions).toEqual(stars.flatMap(({ value }) => (value?.isRetired === false ? value.version : [])).sort())
  const newest = await readTopic(log, 'latest-posteriors', 'posterior')
  expect(newest.flatMap(({ value }) => value?.starId ?? []).sort()).toEqual(['gaiaDr3:1', 'gaiaDr3:3', 'twoMass:T2'])
  const one = newest.find(({ key }) => key === 'gaiaDr3:1')?.value
  const given = [
    { quantity: 'gMag', value: 14, err: 0.0038, isLimit: false },
    { quantity: 'jMag', value: 12.5, err: 0.032, isLimit: false },
  ]
  const { mean, sd } = closedForm({ key: '', given })
  // 32 samples: five standard errors.
  expect(Math.abs((one?.summaries[0].mean ?? 0) - mean)).toBeLessThan((5 * sd) / Math.sqrt(32))

  const alias = await log.latest('star-ids', 'twoMass:T1')
  expect(alias?.key).toBe('twoMass:T1')
  const letters = await readTopic(log, 'dead-letters', 'deadLetter')
  expect(letters.map(({ value }) => [value?.origin, value?.code])).toEqual([['b.csv row 3', expect.any(String)]])
  expect((await pipeline.status()).map(({ name, state, lag }) => [name, state, lag])).toEqual([
    ['ingest', 'running', 0],
    ['fuse', 'running', 0],
    ['infer', 'running', 0],
    ['publish', 'running', 0],
  ])
})
