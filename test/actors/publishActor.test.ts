import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { KEPT_PLACES, posteriorOf, publishLatest } from '../../actors/publishActor.ts'
import { decode, encode, type PosteriorPlaces, packageFile } from '../../schemas/index.ts'
import type { LogRecord } from '../../streams/index.ts'
import { makePosterior, openTemporaryLog, publishPosteriors } from '../ops/starRecords.ts'
import { readTopic } from './logFolder.ts'

const STAR = 'gaiaDr3:1'

/** @param youngProbability `null` is a tombstone */
function recordOf(youngProbability: number | null, offset = 0): LogRecord {
  const value = youngProbability === null ? null : encode('posterior', makePosterior(STAR, youngProbability, offset))
  return { topic: 'posteriors', partition: 2, offset, key: STAR, value }
}

function stepFrom(known: PosteriorPlaces | null, record: LogRecord, isStale = false) {
  const message = { record, posterior: posteriorOf(record), isStale }
  const outcome = publishLatest.step({ get: () => known, has: () => true }, message)
  if ('wants' in outcome) throw new RangeError('it wants more')
  const said = outcome.emit.map(({ topic, key, value }) => [topic, key, value === null ? 'gone' : 'held'])
  return { places: outcome.changes.get(STAR) ?? null, said, emit: outcome.emit }
}

test('a posterior goes to the newest and to the band of each of its classes, whole', () => {
  const record = recordOf(0.95)
  const { places, said, emit } = stepFrom(null, record)
  expect(said).toEqual([
    ['latest-posteriors', STAR, 'held'],
    ['subscription-work', `star:${STAR}`, 'held'],
    ['classes.young.above90', STAR, 'held'],
    ['classes.youngDisk.above90', STAR, 'held'],
  ])
  for (const { topic, value } of emit) if (topic !== 'subscription-work') expect(value).toBe(record.value)
  expect(places).toEqual({
    partition: 2,
    offsets: [0n],
    leftOut: 0,
    bands: ['classes.young.above90', 'classes.youngDisk.above90'],
  })
})

test('a star that moves between bands leaves the one and enters the other in one step; one that stays is written anew', () => {
  const { places } = stepFrom(null, recordOf(0.95))
  expect(stepFrom(places, recordOf(0.995, 1)).said).toEqual([
    ['latest-posteriors', STAR, 'held'],
    ['subscription-work', `star:${STAR}`, 'held'],
    ['classes.young.above90', STAR, 'gone'],
    ['classes.youngDisk.above90', STAR, 'gone'],
    ['classes.young.above99', STAR, 'held'],
    ['classes.youngDisk.above99', STAR, 'held'],
  ])
  expect(stepFrom(places, recordOf(0.96, 1)).said).toEqual([
    ['latest-posteriors', STAR, 'held'],
    ['subscription-work', `star:${STAR}`, 'held'],
    ['classes.young.above90', STAR, 'held'],
    ['classes.youngDisk.above90', STAR, 'held'],
  ])
  const below = stepFrom(places, recordOf(0.1, 1))
  expect(below.said.map(([topic, , what]) => `${topic} ${what}`)).toEqual([
    'latest-posteriors held',
    'subscription-work held',
    'classes.young.above90 gone',
    'classes.youngDisk.above90 gone',
  ])
  expect(below.places?.bands).toEqual([])
})

test('a posterior of a version that is not in force joins the history and moves the star nowhere', () => {
  const { places } = stepFrom(null, recordOf(0.95))
  const stale = stepFrom(places, recordOf(0.1, 1), true)
  expect(stale.said).toEqual([])
  expect(stale.places).toEqual({ ...places, offsets: [0n, 1n] })
})

test('a retired star leaves every band, and keeps its history', () => {
  const { places } = stepFrom(null, recordOf(0.95))
  const retired = stepFrom(places, recordOf(null, 1))
  expect(retired.said).toEqual([
    ['latest-posteriors', STAR, 'gone'],
    ['subscription-work', `star:${STAR}`, 'held'],
    ['classes.young.above90', STAR, 'gone'],
    ['classes.youngDisk.above90', STAR, 'gone'],
  ])
  expect(retired.places).toEqual({ partition: 2, offsets: [0n], leftOut: 0, bands: [] })
  expect(stepFrom(retired.places, recordOf(null, 2)).said).toEqual([
    ['latest-posteriors', STAR, 'gone'],
    ['subscription-work', `star:${STAR}`, 'held'],
  ])
})

test('places of an older birthline, without bands, are gone on from', () => {
  const old = decode('posteriorPlaces', new Uint8Array(readFileSync(fixture('posteriorPlaces.v1_0.bin'))))
  const { places, said } = stepFrom(old, recordOf(0.95, 9))
  expect(said).toHaveLength(4)
  expect(places).toMatchObject({ offsets: [...old.offsets, 9n], leftOut: 0, bands: { length: 2 } })
})

const fixture = (name: string) => packageFile('test', 'fixtures', 'records', name)

test('a posterior with its samples inside, of an older birthline, is published by its classes too', () => {
  const value = new Uint8Array(readFileSync(fixture('posterior.v1_1.bin')))
  expect(stepFrom(null, { ...recordOf(0), value }).said.map(([topic]) => topic)).toEqual([
    'latest-posteriors',
    'subscription-work',
    'classes.young.above50',
    'classes.youngDisk.above50',
  ])
})

test('the record of a newer birthline goes on as it is, and to no class', () => {
  const { places } = stepFrom(null, recordOf(0.95))
  const value = encode('posterior', makePosterior(STAR, 0.95))
  new DataView(value.buffer).setUint32(1, 50_200)
  const { said, emit } = stepFrom(places, { ...recordOf(0, 1), value })
  expect(emit[0].value).toBe(value)
  expect(said.slice(2).map(([topic, , what]) => `${topic} ${what}`)).toEqual([
    'classes.young.above90 gone',
    'classes.youngDisk.above90 gone',
  ])
})

test('of very many posteriors the newest places are kept, and how many there were before', () => {
  let places: PosteriorPlaces | null = null
  for (let offset = 0; offset < KEPT_PLACES + 5; offset++) places = stepFrom(places, recordOf(0.1, offset)).places
  expect(places?.offsets).toHaveLength(KEPT_PLACES)
  expect([places?.offsets[0], places?.offsets.at(-1), places?.leftOut]).toEqual([5n, BigInt(KEPT_PLACES + 4), 5])
})

test('in a log each star stands in the topics of its newest posterior and in no other', async () => {
  const { log, remove } = await openTemporaryLog()
  try {
    for (const probabilities of [
      [0.95, 0.6, 0.2],
      [0.999, 0.4, 0.3],
    ]) {
      const outputs = probabilities.map((probability, i) => {
        const starId = `gaiaDr3:${i}`
        return { topic: 'posteriors', key: starId, value: encode('posterior', makePosterior(starId, probability)) }
      })
      await log.transact({ outputs })
      await publishPosteriors(log)
    }
    const held = async (topic: string) => {
      const last = new Map((await readTopic(log, topic, 'posterior')).map(({ key, value }) => [key, value]))
      return [...last].flatMap(([key, value]) => (value === null ? [] : [key])).sort()
    }
    expect(await held('classes.young.above99')).toEqual(['gaiaDr3:0'])
    expect(await held('classes.young.above90')).toEqual([])
    expect(await held('classes.young.above50')).toEqual([])
    expect(await log.latest('classes.young.above90', 'gaiaDr3:0')).toBeNull()
    const places = await log.latest('posterior-places', 'gaiaDr3:0')
    expect(decode('posteriorPlaces', places?.value ?? new Uint8Array()).bands).toContain('classes.young.above99')
  } finally {
    await remove()
  }
})
