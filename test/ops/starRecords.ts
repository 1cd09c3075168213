// Stars and posteriors for the tests of ops: small, whole records in a log of their own.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runActor } from '../../actors/actor.ts'
import { PUBLISH, publishPlan } from '../../actors/publishActor.ts'
import {
  encode,
  encodeSamples,
  type Posterior,
  type SampleColumns,
  type Star,
  starClasses,
} from '../../schemas/index.ts'
import { type Log, type LogBatch, type Output, openLog } from '../../streams/index.ts'

export const BIG_ID = '9223372036854775807'

/** A star as the fusion writes it: its id is that of its anchor. */
export function makeStar(gaiaSource: string, twoMassSource: string | null = null): Star {
  const starId = `gaiaDr3:${gaiaSource}`
  const sources = [
    { survey: 'gaiaDr3', source: gaiaSource, matchedBy: 'anchor', separationArcsec: null },
    ...(twoMassSource === null
      ? []
      : [{ survey: 'twoMass', source: twoMassSource, matchedBy: 'position', separationArcsec: 0.11 }]),
  ]
  return {
    starId,
    version: `${starId}-version`,
    raDeg: 56.75,
    decDeg: 24.12,
    epochJyr: 2016,
    sources: sources.map(source => ({ ...source, matchProbability: 1, origin: 'table.csv row 1' })),
    measurements: [{ quantity: 'gMag', value: 12.5, err: 0.003, isLimit: false, survey: 'gaiaDr3' }],
    isAmbiguous: false,
    flags: [],
    isRetired: false,
  }
}

/** Of every posterior that `makePosterior` makes. */
export const madeSamples: SampleColumns = {
  names: ['logAgeYr', 'avMag'],
  count: 4,
  values: Float32Array.of(6.5, 7, 7.25, 7.5, 0, 0.5, 1, 2),
}

/** @param youngProbability all of it in the class youngDisk */
export function makePosterior(starId: string, youngProbability: number, version = 1): Posterior {
  return {
    posteriorId: `${starId}-posterior-${version}`,
    starId,
    starVersion: `${starId}-version`,
    raDeg: 56.75,
    decDeg: 24.12,
    surveys: ['gaiaDr3'],
    observables: ['gMag'],
    model: 'modelfingerprint',
    seed: 2n ** 63n - 1n,
    sampleCount: madeSamples.count,
    summaries: [{ parameter: 'logAgeYr', mean: 7.1, sd: 0.3, q025: 6.4, q16: 6.8, q50: 7, q84: 7.4, q975: 7.9 }],
    classes: starClasses.map((name, i) => ({
      name,
      probability: i === 0 ? youngProbability : (1 - youngProbability) / (starClasses.length - 1),
      prior: 1 / starClasses.length,
    })),
    youngProbability,
    sampleNames: madeSamples.names,
    samples: new Uint8Array(),
    flags: [],
    schemas: 'vocabulary',
    samplesTopic: 'samples',
  }
}

/** The records that the pipeline writes for a star, in one transaction. */
export function starOutputs(star: Star): readonly Output[] {
  const value = encode('star', star)
  const aliases = star.sources.map(({ survey, source }) => ({
    topic: 'star-ids',
    key: `${survey}:${source}`,
    value: encode('starAlias', { survey, source, starId: star.starId }),
  }))
  return [{ topic: 'stars', key: star.starId, value }, { topic: 'latest-stars', key: star.starId, value }, ...aliases]
}

export function posteriorOutputs(posterior: Posterior): readonly Output[] {
  const value = encode('posterior', posterior)
  return [
    { topic: 'samples', key: posterior.posteriorId, value: encodeSamples(posterior, madeSamples) },
    ...['posteriors', 'latest-posteriors'].map(topic => ({ topic, key: posterior.starId, value })),
  ]
}

/** Lets the pipeline's own publisher say where the posteriors of each star lie. */
export async function publishPosteriors(log: Log): Promise<void> {
  const done = new AbortController()
  let waiting = 0
  for (const { end } of await log.extents('posteriors')) waiting += end
  for (const { offset } of await log.committed(PUBLISH)) waiting -= offset
  const onCommit = ({ records }: LogBatch) => {
    waiting -= records.length
    if (waiting === 0) done.abort()
  }
  await runActor(publishPlan(log), { log, signal: done.signal, onCommit })
}

export interface TemporaryLog {
  readonly log: Log
  readonly dataFolder: string
  remove(): Promise<void>
}

export async function openTemporaryLog(): Promise<TemporaryLog> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'birthline-ops-'))
  const log = await openLog({ kind: 'embedded', folder: join(dataFolder, 'log') })
  const remove = async () => {
    await log.close()
    await rm(dataFolder, { recursive: true, force: true })
  }
  return { log, dataFolder, remove }
}
