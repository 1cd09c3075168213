import { expect, test } from 'vitest'
import { StarBatcher } from '../../../actors/workers/starBatcher.ts'
import type { InferOptions, StarInput, StarPosterior } from '../../../models/index.ts'

const options: InferOptions = { sampleCount: 8, seed: 1n }
const MAX = 16

const starsNamed = (name: string, count: number): StarInput[] =>
  Array.from({ length: count }, (_, i) => ({ key: `${name}${i}`, given: [] }))

const answerTo = ({ key }: StarInput): StarPosterior => ({
  ...{ key, sampleNames: [], samples: new Float32Array(), classProbabilities: [], classPrior: [] },
  ...{ observables: [], flags: [], familiarity: null, uncorrected: [] },
})

/** A card whose batches end when the test says so. */
function openCard(places = 1) {
  const batches: { readonly keys: string[]; readonly options: InferOptions; readonly end: () => Promise<void> }[] = []
  const run = (stars: readonly StarInput[], asked: InferOptions) =>
    new Promise<readonly StarPosterior[]>((resolve, reject) => {
      const end = async () => {
        const refused = stars.find(({ key }) => key.startsWith('refused'))
        if (refused === undefined) resolve(stars.map(answerTo))
        else reject(new RangeError(refused.key))
        // What follows from it comes about before the test looks.
        await new Promise(setImmediate)
      }
      batches.push({ keys: stars.map(({ key }) => key), options: asked, end })
    })
  return { batches, batcher: new StarBatcher(run, { places, maxStars: MAX }) }
}

const keysOf = async (answers: Promise<readonly StarPosterior[]>) => (await answers).map(({ key }) => key)

test('a lone star is asked of at once, alone', async () => {
  const { batches, batcher } = openCard()
  const answer = batcher.infer(starsNamed('lone', 1), options)
  expect(batches.map(({ keys }) => keys)).toEqual([['lone0']])
  await batches[0].end()
  expect(await keysOf(answer)).toEqual(['lone0'])
  expect(await batcher.infer([], options)).toEqual([])
})

test('a flood fills batches, and a star that comes in the midst of it is in the next one', async () => {
  const { batches, batcher } = openCard()
  const floods = ['a', 'b', 'c'].map(name => batcher.infer(starsNamed(name, 50), options))
  await batches[0].end()
  // The second batch is at work when it comes; it waits for that one and no longer.
  const lone = batcher.infer(starsNamed('lone', 1), options)
  await batches[1].end()
  expect(batches[2].keys).toContain('lone0')
  await batches[2].end()
  expect(await keysOf(lone)).toEqual(['lone0'])
  for (let i = 3; i < batches.length; i++) await batches[i].end()

  const sizes = batches.map(({ keys }) => keys.length)
  expect(sizes.slice(0, -1).every(size => size === MAX)).toBe(true)
  expect(sizes.reduce((sum, size) => sum + size)).toBe(151)
  // All get their own answers, in the order in which they asked.
  expect(await Promise.all(floods.map(keysOf))).toEqual(
    ['a', 'b', 'c'].map(name => starsNamed(name, 50).map(({ key }) => key)),
  )
})

test('however many floods there are, each advances with every batch', async () => {
  const { batches, batcher } = openCard()
  const floods = Array.from({ length: 8 }, (_, i) => batcher.infer(starsNamed(`${i}-`, 12), options))
  for (let i = 0; i < batches.length; i++) await batches[i].end()
  expect(await Promise.all(floods)).toHaveLength(8)
  // The first came alone; the eight share the second, two stars each but for the first's last.
  expect(new Set(batches[1].keys.map(key => key.split('-')[0])).size).toBeGreaterThanOrEqual(7)
})

test('as many batches are at work as there are places', async () => {
  const { batches, batcher } = openCard(2)
  const answers = batcher.infer(starsNamed('a', 40), options)
  expect(batches.map(({ keys }) => keys.length)).toEqual([16, 16])
  await batches[1].end()
  expect(batches).toHaveLength(3)
  await batches[2].end()
  await batches[0].end()
  expect(await keysOf(answers)).toEqual(starsNamed('a', 40).map(({ key }) => key))
})

test('what is asked with other options does not share a batch', async () => {
  const { batches, batcher } = openCard()
  const first = batcher.infer(starsNamed('first', 1), options)
  const other = batcher.infer(starsNamed('other', 2), { sampleCount: 8, seed: 2n })
  const alike = batcher.infer(starsNamed('alike', 2), { sampleCount: 8, seed: 2n })
  await batches[0].end()
  expect(batches[1]).toMatchObject({ keys: ['other0', 'other1', 'alike0', 'alike1'], options: { seed: 2n } })
  await batches[1].end()
  expect(await Promise.all([first, other, alike])).toHaveLength(3)
})

test('a request that is refused does not touch those that shared its batch', async () => {
  const { batches, batcher } = openCard()
  const first = batcher.infer(starsNamed('first', 1), options)
  const refused = batcher.infer([...starsNamed('good', 20), ...starsNamed('refused', 20)], options)
  const other = batcher.infer(starsNamed('other', 20), options)
  const seen = expect(refused).rejects.toThrow('refused0')
  for (let i = 0; i < batches.length; i++) await batches[i].end()
  await seen
  expect(await keysOf(other)).toHaveLength(20)
  expect(await keysOf(first)).toHaveLength(1)
  // Whoever asks again is not met by what was left of it.
  const again = batcher.infer(starsNamed('again', 1), options)
  expect(batches.at(-1)?.keys).toEqual(['again0'])
  await batches.at(-1)?.end()
  expect(await keysOf(again)).toEqual(['again0'])
})
