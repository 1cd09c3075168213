import { afterAll, beforeAll, expect, test } from 'vitest'
import { KEPT_PLACES } from '../../../actors/publishActor.ts'
import { findStars } from '../../../ops/stars/starFinder.ts'
import { starHistory } from '../../../ops/stars/starHistory.ts'
import { idsOfStar } from '../../../ops/stars/starIds.ts'
import { encode, possibleAliases } from '../../../schemas/index.ts'
import {
  makePosterior,
  makeStar,
  openTemporaryLog,
  posteriorOutputs,
  publishPosteriors,
  starOutputs,
  type TemporaryLog,
} from '../starRecords.ts'

const A = '9007199254740993'
const B = '9007199254740992'

let temporary: TemporaryLog
beforeAll(async () => {
  temporary = await openTemporaryLog()
  const star = makeStar(A, '03464081+2431513')
  const outputs = [
    ...posteriorOutputs(makePosterior('twoMass:03464081+2431513', 0.1)),
    ...posteriorOutputs(makePosterior(`gaiaDr2:${A}`, 0.2)),
    ...starOutputs(star),
    ...starOutputs(makeStar(B)),
    ...posteriorOutputs(makePosterior(star.starId, 0.3, 1)),
    ...posteriorOutputs(makePosterior(`gaiaDr3:${B}`, 0.4, 1)),
    ...posteriorOutputs(makePosterior(star.starId, 0.9, 2)),
    { topic: 'posteriors', key: 'twoMass:03464081+2431513', value: null },
    { topic: 'star-ids', key: `gaiaDr2:${A}`, value: aliasOf(`gaiaDr2:${A}`) },
  ]
  await temporary.log.transact({ outputs })
  await publishPosteriors(temporary.log)
})
afterAll(() => temporary.remove())

/** What the release that was superseded left behind: a word on a star that is no more. */
const aliasOf = (starId: string) => encode('starAlias', { survey: 'gaiaDr2', source: A, starId })

for (const id of [
  A,
  `gaiaDr3:${A}`,
  `gaiaDr3 ${A}`,
  `Gaia DR3 ${A}`,
  '03464081+2431513',
  '2MASS J03464081+2431513',
  'twoMass:03464081+2431513',
  `gaiaDr2:${A}`,
  `Gaia DR2 ${A}`,
]) {
  test(`the star is found by ${id}`, async () => {
    const found = await findStars(temporary.log, id)
    expect(found.map(({ star }) => star.starId)).toEqual([`gaiaDr3:${A}`])
  })
}

test('ids that differ only past 2^53 are told apart', async () => {
  const [{ star }] = await findStars(temporary.log, B)
  expect(star.starId).toBe(`gaiaDr3:${B}`)
})

for (const id of ['', ' ', '1', 'gaiaDr3:', 'gaiaDr3:star-a', `nosuchsurvey:${A}`, '9'.repeat(500)]) {
  test(`nothing is found by ${JSON.stringify(id.slice(0, 40))}`, async () => {
    expect(await findStars(temporary.log, id)).toEqual([])
  })
}

test('an id that two surveys share is looked up in both', () => {
  const aliases = possibleAliases('123')
  expect(aliases).toContain('gaiaDr3:123')
  expect(aliases).toContain('gaiaDr2:123')
})

test('ids that a star may have had come before the one it has, superseded releases before what took their place', () => {
  const ids = idsOfStar(makeStar(A, '03464081+2431513'))
  expect(ids).toEqual(['twoMass:03464081+2431513', `gaiaDr2:${A}`, `gaiaDr3:${A}`])
})

test('the history of a star is every posterior it had under any of its ids and of no other star, oldest first', async () => {
  const history = await starHistory(temporary.log, makeStar(A, '03464081+2431513'))
  expect(history.map(({ posterior }) => posterior.youngProbability)).toEqual([0.1, 0.2, 0.3, 0.9])
})

test('a history goes on where it was when more is published', async () => {
  const { log, remove } = await openTemporaryLog()
  try {
    for (const [turn, probability] of [0.1, 0.5, 0.7].entries()) {
      const others = [1, 2, 3].map(i => makePosterior(`gaiaDr3:${i}`, 0.2, turn))
      const outputs = [...others, makePosterior(`gaiaDr3:${A}`, probability, turn)].flatMap(posteriorOutputs)
      await log.transact({ outputs })
      await publishPosteriors(log)
      const history = await starHistory(log, makeStar(A))
      expect(history.map(one => one.posterior.youngProbability)).toEqual([0.1, 0.5, 0.7].slice(0, turn + 1))
    }
  } finally {
    await remove()
  }
})

test('of very many posteriors the newest are found, under the numbers they always had', async () => {
  const { log, remove } = await openTemporaryLog()
  try {
    const count = KEPT_PLACES + 7
    const versions = Array.from({ length: count }, (_, i) => makePosterior(`gaiaDr3:${A}`, i / count, i))
    await log.transact({ outputs: versions.flatMap(posteriorOutputs) })
    await publishPosteriors(log)
    const history = await starHistory(log, makeStar(A))
    expect(history.map(({ index }) => index)).toEqual(Array.from({ length: KEPT_PLACES }, (_, i) => i + 8))
    expect(history.map(({ posterior }) => posterior.youngProbability)).toEqual(
      versions.slice(7).map(({ youngProbability }) => youngProbability),
    )
  } finally {
    await remove()
  }
})

test('a star without posterior has an empty history', async () => {
  expect(await starHistory(temporary.log, makeStar('5'))).toEqual([])
})
