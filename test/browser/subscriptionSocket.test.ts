// A real browser: what its rules for WebSockets let a page do with a token, and what a page of another address is refused.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { saveSubscription } from '../../actors/index.ts'
import { fullToken } from '../../ops/server/accessToken.ts'
import { type RunningServer, startServer } from '../../ops/server/server.ts'
import { encode } from '../../schemas/index.ts'
import { smallServerParts } from '../ops/server/smallServer.ts'
import { makePosterior, openTemporaryLog, type TemporaryLog } from '../ops/starRecords.ts'
import { openVisit } from './browserVisit.ts'
import { openChromium } from './chromium.ts'

const TOKEN = 'a-token/with+all~that.a_token-may-have'

let browser: Browser
let temporary: TemporaryLog
let server: RunningServer
let elsewhere: Server
beforeAll(async () => {
  temporary = await openTemporaryLog()
  const { log } = temporary
  const wanted = { id: 'a', name: 'all', where: '', moc: null, watchlist: [], createdMs: 1n }
  const { topic } = await saveSubscription(log, wanted)
  const posterior = encode('posterior', makePosterior('s1', 0.95))
  const event = { eventId: 'e1', subscriptionId: 'a', starId: 's1', kind: 'entered', posterior }
  await log.transact({ outputs: [{ topic, key: 'a/s1', value: encode('subscriptionEvent', event) }] })
  const parts = { ...smallServerParts(log), access: { tokens: [fullToken(TOKEN)], health: 'open' as const } }
  server = await startServer(parts, '127.0.0.1', 0)
  // Without a policy of its own, which would hold the page back before the server could.
  elsewhere = createServer((_, reply) => reply.setHeader('content-type', 'text/html').end('<!doctype html>'))
  await new Promise<void>(resolve => elsewhere.listen(0, '127.0.0.1', resolve))
  browser = await openChromium()
})
afterAll(async () => {
  await browser?.close()
  await server.close()
  elsewhere.closeAllConnections()
  elsewhere.close()
  await temporary.remove()
})

/** What a page comes to with a socket: its first event, or the code of its end. */
async function firstOf(pageUrl: string, id: string, token: string): Promise<unknown> {
  const { page } = await openVisit(browser, pageUrl)
  return page.evaluate(
    async ([url, token]) => {
      const encoded = btoa(token).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
      const socket = new WebSocket(url, ['birthline.v1', `bearer.${encoded}`])
      return new Promise(resolve => {
        socket.onmessage = ({ data }) => {
          const message = JSON.parse(data)
          if (message.event !== null) resolve(message)
        }
        socket.onclose = ({ code }) => resolve(code)
      })
    },
    [`${server.url.replace('http', 'ws')}/v1/subscriptions/${id}/socket?from=earliest`, token] as const,
  )
}

test('a page opens a socket of its own server with its token, and is told why another is closed', async () => {
  expect(await firstOf(server.url, 'a', TOKEN)).toMatchObject({
    ...{ cursor: '0:1', event: 'entered', data: { eventId: 'e1', starId: 's1' } },
  })
  expect(await firstOf(server.url, 'b', TOKEN)).toBe(4404)
})

test('with another token, or from another address, it opens none', async () => {
  expect(await firstOf(server.url, 'a', 'another-token-of-some-length')).toBe(1006)
  const { port } = elsewhere.address() as AddressInfo
  expect(await firstOf(`http://127.0.0.1:${port}/`, 'a', TOKEN)).toBe(1006)
})
