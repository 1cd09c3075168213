import { expect, test } from 'vitest'
import {
  countDomain,
  drawWorldPairs,
  drawWorldStars,
  openDomainLoader,
} from '../../../models/adaptation/domainStars.ts'
import { openWorld } from '../../../models/adaptation/worldStars.ts'
import { simulatedWorld, skyWorld } from '../../../models/adaptation/worlds.ts'
import { latentScale, pilotFolder, readCheckpoint } from '../../../models/index.ts'
import { inventedDomain, inventedStars } from './inventedStars.ts'

test('the loader tells how many stars of each kind it has', () => {
  const domain = inventedDomain(30, 7)
  const counts = { simulated: 30, real: 30, paired: 7 }
  expect(countDomain(domain)).toEqual(counts)
  expect(openDomainLoader(domain, { stars: 4, pairs: 2 }, 1).counts).toEqual(counts)
  const unlike = { ...domain, pairs: { ...domain.pairs, real: inventedStars(6, 3, 0) } }
  expect(() => countDomain(unlike)).toThrow('7 simulated of pairs and 6 real')
  const none = { count: 0, columns: {} }
  expect(() => countDomain({ ...domain, real: none })).toThrow('no real stars')
  const unpaired = { ...domain, pairs: { simulated: none, real: none } }
  expect(openDomainLoader(unpaired, { stars: 4, pairs: 0 }, 1).batch(0).isReal).toHaveLength(8)
  expect(() => openDomainLoader(unpaired, { stars: 4, pairs: 2 }, 1)).toThrow('there are no pairs')
})

test('a batch holds simulated stars with truth, pairs twice, and real ones, and is the same whenever it is asked for', () => {
  const domain = inventedDomain(50, 9)
  const loader = openDomainLoader(domain, { stars: 5, pairs: 3 }, 2)
  const batch = loader.batch(4)
  expect([...batch.isReal]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1])
  const features = batch['photometry.features']
  const width = features.length / 16
  const ageOf = (row: number) => features[row * width + 8]
  // What the first feature tells is the truth of the simulated rows, and of a pair the same but for the shift.
  for (let row = 0; row < 5; row++) expect(6.9 + 0.5 * ageOf(row)).toBeCloseTo(batch.truths[3 * row], 5)
  for (let row = 5; row < 8; row++) expect(ageOf(row + 8) - ageOf(row)).toBeCloseTo(0.8, 5)
  loader.batch(9)
  expect(loader.batch(4)).toEqual(batch)
  expect(loader.batch(5)).not.toEqual(batch)
  expect(openDomainLoader(domain, { stars: 5, pairs: 3 }, 3).batch(4)).not.toEqual(batch)
})

test('stars of the worlds, and the same star in both', async () => {
  const scale = latentScale(readCheckpoint(pilotFolder).card)
  const [simulations, sky] = [simulatedWorld, skyWorld].map(world => openWorld(world, scale))
  const stars = await drawWorldStars(sky, { seed: 3, count: 20 })
  expect(stars.count).toBe(20)
  expect(stars.truths).toHaveLength(60)
  expect(stars.columns['photometry.features']).toHaveLength(20 * 12 * 8)
  const more = await drawWorldStars(sky, { seed: 3, count: 30 })
  expect(more.truths.slice(0, 60)).toEqual(stars.truths)
  const [own, other] = await drawWorldPairs([simulations, sky], { seed: 4, count: 40 })
  expect([own.count, other.count]).toEqual([40, 40])
  // Age and dust to the bit; temperature as near as the masses were looked for.
  for (let k = 0; k < 120; k++)
    expect(Math.abs(own.truths[k] - other.truths[k])).toBeLessThan(k % 3 === 1 ? 1e-4 : 1e-6)
  expect(own.columns['photometry.features']).not.toEqual(other.columns['photometry.features'])
  const aborted = AbortSignal.abort()
  await expect(drawWorldStars(sky, { seed: 3, count: 20, signal: aborted })).rejects.toThrow()
})
