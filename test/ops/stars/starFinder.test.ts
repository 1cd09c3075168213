import { afterAll, beforeAll, expect, test } from 'vitest'
import { findStars, possibleAliases } from '../../../ops/stars/starFinder.ts'
import { starHistory } from '../../../ops/stars/starHistory.ts'
import {
  makePosterior,
  makeStar,
  openTemporaryLog,
  posteriorOutputs,
  starOutputs,
  type TemporaryLog,
} from '../starRecords.ts'

let temporary: TemporaryLog
beforeAll(async () => {
  temporary = await openTemporaryLog()
  const outputs = [
    ...starOutputs(makeStar('star-a', '9007199254740993', '03464081+2431513')),
    ...starOutputs(makeStar('star-b', '9007199254740992')),
    ...posteriorOutputs(makePosterior('star-a', 0.2, 1)),
    ...posteriorOutputs(makePosterior('star-b', 0.3, 1)),
    ...posteriorOutputs(makePosterior('star-a', 0.9, 2)),
  ]
  await temporary.log.transact({ outputs })
})
afterAll(() => temporary.remove())

for (const id of [
  'star-a',
  'gaiaDr3:9007199254740993',
  '9007199254740993',
  'Gaia DR3 9007199254740993',
  '03464081+2431513',
  '2MASS J03464081+2431513',
  'twoMass:03464081+2431513',
]) {
  test(`the star is found by ${id}`, async () => {
    const found = await findStars(temporary.log, id)
    expect(found.map(({ star }) => star.starId)).toEqual(['star-a'])
  })
}

test('ids that differ only past 2^53 are told apart', async () => {
  const [{ star }] = await findStars(temporary.log, '9007199254740992')
  expect(star.starId).toBe('star-b')
})

for (const id of ['', ' ', '1', 'gaiaDr3:', 'gaiaDr3:star-a', 'nosuchsurvey:9007199254740993', '9'.repeat(500)]) {
  test(`nothing is found by ${JSON.stringify(id.slice(0, 40))}`, async () => {
    expect(await findStars(temporary.log, id)).toEqual([])
  })
}

test('an id that two surveys share is looked up in both', () => {
  const aliases = possibleAliases('123')
  expect(aliases).toContain('gaiaDr3:123')
  expect(aliases).toContain('gaiaDr2:123')
})

test('the history of a star is every posterior of it and of no other, oldest first', async () => {
  const seen: string[] = []
  for await (const { posterior } of starHistory(temporary.log, 'star-a')) seen.push(posterior.posteriorId)
  expect(seen).toEqual(['star-a-posterior-1', 'star-a-posterior-2'])
})

test('a star without posterior has an empty history', async () => {
  const seen: unknown[] = []
  for await (const entry of starHistory(temporary.log, 'star-c')) seen.push(entry)
  expect(seen).toEqual([])
})
