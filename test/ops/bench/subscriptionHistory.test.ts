import { expect, test } from 'vitest'
import { saveSubscription } from '../../../actors/index.ts'
import { historyTopics, judgeSubscriptions } from '../../../ops/bench/subscriptionHistory.ts'
import { encode, type Posterior } from '../../../schemas/index.ts'
import { openLog } from '../../../streams/index.ts'
import { temporaryFolder } from '../../actors/logFolder.ts'
import { makePosterior, posteriorOutputs } from '../starRecords.ts'

const [first, second, old] = [makePosterior('s1', 0.95, 1), makePosterior('s1', 0.97, 2), makePosterior('s1', 0.2, 3)]

/** What is found wrong where these were told, and the last of them is believed. */
async function faultsOf(believed: Posterior, told: readonly (readonly [string, string, Posterior | null])[]) {
  const log = await openLog({ kind: 'embedded', folder: await temporaryFolder(), topics: historyTopics })
  const wanted = { id: 'a', name: 'young', where: 'young > 0.9', moc: null, watchlist: [], createdMs: 1n }
  const { topic } = await saveSubscription(log, wanted)
  const outputs = told.map(([eventId, kind, one]) => {
    const posterior = one === null ? new Uint8Array() : encode('posterior', one)
    const event = { eventId, subscriptionId: 'a', starId: 's1', kind, posterior }
    return { topic, key: 'a/s1', value: encode('subscriptionEvent', event) }
  })
  await log.transact({ outputs: [...posteriorOutputs(believed), ...outputs] })
  const { faults } = await judgeSubscriptions(log)
  await log.close()
  return faults
}

test('a whole story has no fault', async () => {
  expect(
    await faultsOf(old, [
      ['1', 'entered', first],
      ['2', 'updated', second],
      ['3', 'left', null],
    ]),
  ).toEqual([])
})

for (const [what, believed, told, fault] of [
  ['nothing', first, [], 'young: of s1 none was told last, and s1-posterior-1 is right'],
  [
    'an old posterior',
    second,
    [['1', 'entered', first]],
    'young: of s1 s1-posterior-1 was told last, and s1-posterior-2 is right',
  ],
  [
    'a star that is out',
    old,
    [['1', 'entered', first]],
    'young: of s1 s1-posterior-1 was told last, and none is right',
  ],
  [
    'an entrance twice',
    second,
    [
      ['1', 'entered', first],
      ['2', 'entered', second],
    ],
    'young: s1 entered, and s1-posterior-1 was told before',
  ],
  [
    'a posterior twice',
    first,
    [
      ['1', 'entered', first],
      ['2', 'updated', first],
    ],
    'young: s1 was told twice of s1-posterior-1',
  ],
  ['a leaving without an entrance', old, [['1', 'left', null]], 'young: s1 left, and was not in'],
  [
    'an id twice',
    second,
    [
      ['1', 'entered', first],
      ['1', 'updated', second],
    ],
    'an id of an event is there twice',
  ],
] as const) {
  test(`${what} told is a fault`, async () => expect(await faultsOf(believed, told)).toEqual([fault]))
}
