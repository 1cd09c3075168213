import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { openProxy } from '../../../../ops/bench/proof/tcpProxy.ts'

/** An echo behind a proxy, and a client of it. */
async function openLine() {
  const echo = createServer(socket => {
    socket.on('error', () => {})
    socket.pipe(socket)
  })
  echo.listen(0, '127.0.0.1')
  await once(echo, 'listening')
  const proxy = await openProxy()
  const address = echo.address()
  proxy.target = typeof address === 'object' && address !== null ? address.port : 0
  const client = connect({ port: proxy.port, host: '127.0.0.1' })
  let heard = ''
  client.on('data', chunk => {
    heard += chunk.toString()
  })
  client.on('error', () => {})
  await once(client, 'connect')
  onTestFinished(async () => {
    client.destroy()
    await proxy.close()
    echo.close()
  })
  return { proxy, client, heard: () => heard }
}

/** Whatever the reason: `once` would reject for a reset. */
const closeOf = (socket: Socket) => new Promise<void>(resolve => socket.on('close', () => resolve()))

const until = (isTrue: () => boolean) => expect.poll(isTrue).toBe(true)

test('an open line passes everything on, a silent one nothing until it opens again, in order', async () => {
  const { proxy, client, heard } = await openLine()
  client.write('one ')
  await until(() => heard() === 'one ')
  proxy.set('silent')
  client.write('two ')
  await sleep(100)
  expect(heard()).toBe('one ')
  proxy.set('slow')
  client.write('three ')
  await until(() => heard() === 'one two three ')
  proxy.set('open')
  client.write('four')
  await until(() => heard() === 'one two three four')
})

test('a closed line resets what is open and whoever comes', async () => {
  const { proxy, client } = await openLine()
  const closed = closeOf(client)
  proxy.set('closed')
  await closed
  const late = connect({ port: proxy.port, host: '127.0.0.1' })
  late.on('error', () => {})
  await closeOf(late)
})
