import { expect, test } from 'vitest'
import { buildServer } from '../../../ops/server/server.ts'
import { openTemporaryLog } from '../starRecords.ts'
import { smallServerParts } from './smallServer.ts'

test('an id that a body has as a number is refused, not rounded; an address means numbers by its text', async () => {
  const temporary = await openTemporaryLog()
  const app = await buildServer(smallServerParts(temporary.log))
  const post = (url: string, payload: string) =>
    app.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json' } })
  try {
    const saved = await post('/v1/subscriptions', '{"name":"one","watchlist":[6050352010777437953]}')
    expect(saved.statusCode).toBe(400)
    expect(saved.json().detail).toBe('body/watchlist/0 must be string.')
    expect((await post('/v1/dead-letters/redrive', '{"ids":[null]}')).statusCode).toBe(400)
    const stray = await post('/v1/dead-letters/redrive', '{"ids":["a"],"all":true}')
    expect(stray.json().detail).toBe('A re-drive has no field "all": known are ids.')
    expect((await app.inject('/v1/dead-letters?limit=5&all=true')).statusCode).toBe(200)
    expect((await app.inject('/v1/dead-letters?limit=five')).statusCode).toBe(400)
  } finally {
    await app.close()
    await temporary.remove()
  }
})
