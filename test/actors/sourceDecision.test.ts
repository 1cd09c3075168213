import { expect, test } from 'vitest'
import { revisionOf } from '../../actors/revision.ts'
import { createRng, type Rng } from '../../models/index.ts'
import { cellOf } from '../../models/matching/skyCells.ts'
import type { Observation, Star } from '../../schemas/index.ts'
import { observe, offset, shuffle, simulateSky } from '../models/matching/simulatedSky.ts'
import { SkyWalk } from './skyWalk.ts'

type Delivery = readonly Observation[]

/** Where four regions meet, so that many sources are known in several and some move from one to another. */
const plan = { raDeg: 0, decDeg: 0, sizeArcsec: 60, starCount: 14, motionMasPerYr: 40 }

/**
 * Deliveries of one sky: releases of Gaia and two other surveys, each with sources left out, said again as they were,
 * changed, or moved up to two arcmin. No two say the same by chance.
 */
function randomDeliveries(count: number, rng: Rng): Delivery[] {
  const sky = simulateSky(plan, rng)
  const asDr2 = sky
    .filter(({ survey }) => survey === 'gaiaDr3')
    .map(one => observe({ ...one, survey: 'gaiaDr2', releaseRank: 2, links: [] }))
  const tables = [
    sky.filter(({ survey }) => survey === 'gaiaDr3'),
    asDr2,
    sky.filter(({ survey }) => survey === 'twoMass'),
  ]
  return Array.from({ length: count }, (_, i) => {
    const ordinal = BigInt(i + 1)
    const table = tables[rng.integer(tables.length)]
    const kept = table.filter(() => rng.uniform() < 0.8)
    const said = kept.map((one, row) => {
      const chance = rng.uniform()
      const place =
        chance < 0.3 ? offset(one.raDeg, one.decDeg, 240 * (rng.uniform() - 0.5), 240 * (rng.uniform() - 0.5)) : {}
      const measurements =
        chance > 0.6 ? one.measurements : [{ quantity: 'gMag', value: 10 + rng.uniform(), err: 0.01, isLimit: false }]
      const moved = { ...one, ...place, measurements }
      return {
        ...moved,
        cell: BigInt(cellOf(moved.raDeg, moved.decDeg)),
        revision: revisionOf(ordinal, row + 1),
        origin: `delivery ${ordinal} row ${row + 1}`,
      }
    })
    return shuffle(said, rng)
  })
}

function walkOf(deliveries: readonly Delivery[], rng: Rng): SkyWalk {
  const walk = new SkyWalk()
  for (const observation of deliveries.flat()) {
    walk.receive(observation)
    if (rng.uniform() < 0.5) walk.advance(rng)
  }
  return walk
}

/** What a repeat says is told with the origin of the first that said it. */
function withoutOrigins(stars: readonly Star[]) {
  return stars.map(star => ({ ...star, sources: star.sources.map(source => ({ ...source, origin: '' })) }))
}

test('what is left after the newest delivery was taken back is what would be there without it, whichever region is slow', () => {
  for (let seed = 0; seed < 25; seed++) {
    const rng = createRng(4000 + seed)
    const deliveries = randomDeliveries(2 + rng.integer(3), rng)
    const last = BigInt(deliveries.length)
    const walk = walkOf(deliveries, rng)
    if (rng.uniform() < 0.5) walk.settle(rng)
    walk.takeBack(last, () => rng.uniform() < 0.5 && walk.advance(rng))
    walk.settle(rng)
    const expected = walkOf(deliveries.slice(0, -1), rng)
    expected.settle(rng)
    expect(walk.sortedStars(), `seed ${seed}`).toEqual(expected.sortedStars())
    for (const [id, star] of expected.starOfSource) {
      // An id of a superseded release leads nowhere, with and without.
      if (expected.stars.has(star)) expect(walk.starOfSource.get(id), `seed ${seed}: ${id}`).toBe(star)
    }
    for (const [id, star] of walk.starOfSource) {
      if (walk.stars.has(star)) expect(expected.starOfSource.get(id), `seed ${seed}: ${id}`).toBe(star)
    }
  }
})

test('deliveries are taken back in any order, and one that comes again is taken in anew', () => {
  for (let seed = 0; seed < 25; seed++) {
    const rng = createRng(5000 + seed)
    const deliveries = randomDeliveries(4, rng)
    const ordinals = shuffle([1, 2, 3, 4], rng).slice(0, 1 + rng.integer(4))
    const walk = walkOf(deliveries, rng)
    for (const ordinal of ordinals) walk.takeBack(BigInt(ordinal), () => rng.uniform() < 0.5 && walk.advance(rng))
    walk.settle(rng)
    const rest = deliveries.filter((_, i) => !ordinals.includes(i + 1))
    const expected = walkOf(rest, rng)
    expected.settle(rng)
    expect(withoutOrigins(walk.sortedStars()), `seed ${seed}: ${ordinals}`).toEqual(
      withoutOrigins(expected.sortedStars()),
    )
    const again = deliveries[ordinals[0] - 1].map((one, row) => ({ ...one, revision: revisionOf(9n, row + 1) }))
    for (const one of [walk, expected]) {
      for (const observation of again) one.receive(observation)
      one.settle(rng)
    }
    expect(withoutOrigins(walk.sortedStars()), `seed ${seed}: again`).toEqual(withoutOrigins(expected.sortedStars()))
  }
})

test('taking back what has no part in what is in force writes nothing', () => {
  const rng = createRng(7)
  const [first] = randomDeliveries(1, rng)
  const repeat = first.map((one, row) => ({ ...one, revision: revisionOf(2n, row + 1) }))
  const walk = walkOf([first, repeat], rng)
  walk.settle(rng)
  const routes = new Map(walk.entries)
  walk.takeBack(2n)
  expect(walk.waiting).toBe(0)
  expect(walk.entries).toEqual(routes)
  // The repeat stands in for what it repeated, and goes with it.
  walk.takeBack(1n)
  walk.settle(rng)
  expect(walk.sortedStars()).toEqual([])
})
