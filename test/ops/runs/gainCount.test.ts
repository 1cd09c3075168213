import { expect, test } from 'vitest'
import { openGainCount } from '../../../ops/runs/gainCount.ts'
import { publish } from '../../../schemas/index.ts'
import { temporaryLog } from '../../actors/logFolder.ts'
import { output } from '../../streams/logRecords.ts'

test('only what came since it was opened is counted', async () => {
  const log = await temporaryLog()
  const batch = (topic: string, count: number) =>
    publish('batch', {
      ...{ actor: 'infer', consumed: 9, refused: 9, emitted: count + 9 },
      emittedTo: new Map([
        [topic, count],
        ['samples', 9],
      ]),
      place: { topic: 'stars', partition: 0, firstOffset: 0, nextOffset: 9 },
      ...{ readMs: 0, stepMs: 0, commitMs: 0, durationMs: 1 },
    })
  batch('posteriors', 100)
  await log.transact({ outputs: [output('dead-letters', 'a', 'before')] })
  const gain = await openGainCount(log)
  batch('posteriors', 3)
  batch('stars', 50)
  batch('posteriors', 4)
  await log.transact({ outputs: [output('dead-letters', 'a', 'x'), output('dead-letters', 'b', 'y')] })
  expect(gain.posteriors).toBe(7)
  expect(await gain.deadLetters()).toBe(2)
  gain.close()
  batch('posteriors', 5)
  expect(gain.posteriors).toBe(7)
})
