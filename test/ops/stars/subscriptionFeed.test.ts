import { expect, test } from 'vitest'
import { createRng } from '../../../models/index.ts'
import { eventView, eventWriter } from '../../../ops/stars/subscriptionFeed.ts'
import { encode } from '../../../schemas/index.ts'
import { makePosterior } from '../starRecords.ts'

test('the JSON of an event is that of its view, whatever was written before it', () => {
  const textOf = eventWriter()
  const rng = createRng(2)
  for (let i = 0; i < 3000; i++) {
    // Some stars come again and again, with another posterior now and then; most are forgotten meanwhile.
    const starId = `gaiaDr3:"${rng.integer(rng.integer(2) === 0 ? 20 : 2000)}`
    const version = rng.integer(3)
    const posterior = version === 0 ? new Uint8Array() : encode('posterior', makePosterior(starId, 0.9, version))
    const event = { eventId: `e${i}`, subscriptionId: 'a', starId, kind: 'updated', posterior }
    expect(textOf(event)).toBe(JSON.stringify(eventView(event)))
  }
})
