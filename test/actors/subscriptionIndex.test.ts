import fc from 'fast-check'
import { expect, test } from 'vitest'
import { passedBy, SubscriptionIndex } from '../../actors/index.ts'
import { subscribe } from '../../schemas/index.ts'
import { madeSamples, makePosterior } from '../ops/starRecords.ts'

const saved = (id: string, where: string, moc: string | null = null, watchlist: readonly string[] = []) => ({
  ...{ id, name: id, where, moc, watchlist },
  ...{ topic: 'subscription-events.00', createdMs: 1n },
})
const raDeg = fc.double({ min: 0, max: 360, noNaN: true })
const decDeg = fc.double({ min: -90, max: 90, noNaN: true })
const cone = fc
  .tuple(fc.constantFrom('0.001', '0.3', '5', '70', '170'), raDeg, decDeg)
  .map(([radius, ra, dec]): [string, string | null, string[]] => [`within ${radius} deg of ${ra} ${dec}`, null, []])
const region = fc
  .integer({ min: 0, max: 12 })
  .chain(order => fc.nat(12 * 4 ** order - 1).map((cell): [string, string, string[]] => ['', `${order}/${cell}`, []]))
const list = fc
  .array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 })
  .map((ids): [string, string | null, string[]] => ['young > 0.2', null, ids.map(id => `gaiaDr3:${id}`)])
const anywhere = fc.constantFrom<[string, string | null, string[]]>(
  ['young > 0.5', null, []],
  ['P(av < 1) >= 0.5', null, []],
)

test('a star passes by the index what it passes by asking every filter', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(cone, region, list, anywhere), { minLength: 1, maxLength: 30 }),
      fc.array(fc.tuple(raDeg, decDeg, fc.integer({ min: 1, max: 20 })), { minLength: 10, maxLength: 10 }),
      async (filters, stars) => {
        const index = new SubscriptionIndex()
        for (const [i, [where, moc, watchlist]] of filters.entries()) index.put(saved(`f${i}`, where, moc, watchlist))
        for (const [ra, dec, id] of stars) {
          const star = { ...makePosterior(`gaiaDr3:${id}`, id / 20), raDeg: ra, decDeg: dec }
          const aliases = [star.starId]
          const passed = await passedBy(index.candidates(star, aliases), star, aliases, async () => madeSamples)
          const asked = filters.flatMap((_, i) =>
            index.get(`f${i}`)?.filter.matches(star, () => madeSamples) === true ? [`f${i}`] : [],
          )
          expect(passed.map(({ subscription }) => subscription.id).sort()).toEqual(asked.sort())
        }
        for (const i of filters.keys()) index.remove(`f${i}`)
        expect(index.size).toBe(0)
        const [ra, dec] = stars[0]
        const someStar = { ...makePosterior('gaiaDr3:1', 1), raDeg: ra, decDeg: dec }
        expect([...index.candidates(someStar, ['gaiaDr3:1'])]).toEqual([])
      },
    ),
    { seed: 83, numRuns: 60 },
  )
})

test('samples are fetched once, and not where nobody waits for them', async () => {
  const index = new SubscriptionIndex()
  for (const i of [1, 2, 3]) index.put(saved(`f${i}`, `P(av < ${i}) > 0.1 and young > 0.5`))
  let fetched = 0
  const fetch = async () => {
    fetched++
    return madeSamples
  }
  const star = makePosterior('gaiaDr3:1', 0.4)
  expect(await passedBy(index.candidates(star, []), star, [], fetch)).toEqual([])
  expect(fetched).toBe(0)
  const young = makePosterior('gaiaDr3:1', 0.9)
  expect(await passedBy(index.candidates(young, []), young, [], fetch)).toHaveLength(3)
  expect(fetched).toBe(1)
})

test('a filter that cannot be read is told and left out', () => {
  const notices: string[] = []
  const stop = subscribe('notice', ({ message }) => notices.push(message))
  const index = new SubscriptionIndex()
  index.put(saved('f', 'a word of the future'))
  stop()
  expect(index.size).toBe(0)
  expect(index.isWatching).toBe(false)
  expect(notices).toEqual([expect.stringContaining('is not followed')])
})
