import type { Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { KafkaClient } from '../../../streams/kafka/kafkaClient.ts'
import { type Answer, askFor, openScriptedBroker } from './scriptedBroker.ts'

const PATIENCE_MS = 2000

async function connect(answer: Answer): Promise<KafkaClient> {
  const broker = await openScriptedBroker(answer)
  onTestFinished(() => broker.close())
  const client = new KafkaClient({ brokers: [broker.address], tls: null, login: null, patienceMs: PATIENCE_MS })
  await client.connect([])
  return client
}

test('an answer that a lost connection left half said is not taken for the beginning of the next one', async () => {
  let asked = 0
  const client = await connect((frame, socket) => {
    asked += 1
    if (asked > 1) socket.write(frame)
    else socket.write(frame.subarray(0, 50), () => setTimeout(() => socket.resetAndDestroy(), 50))
  })
  expect(await askFor(client)).toHaveLength(100)
  expect(asked).toBe(2)
  await client.close()
})

test('a client that closes waits for a broker that does not answer only as long as its patience lasts', async () => {
  let isAsked = () => {}
  const asked = new Promise<void>(resolve => {
    isAsked = resolve
  })
  const client = await connect(() => isAsked())
  const answer = askFor(client)
  const refused = expect(answer).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' })
  await asked
  await client.close()
  await refused
  await expect(askFor(client)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' })
})

test('a connection that does not answer in time is given up, and the next request has one of its own', async () => {
  const sockets: Socket[] = []
  const client = await connect((frame, socket) => {
    sockets.push(socket)
    if (socket !== sockets[0]) socket.write(frame)
  })
  const answer = askFor(client)
  await expect.poll(() => sockets.length).toBe(1)
  const { now } = Date
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + 60_000)
  onTestFinished(() => clock.mockRestore())
  expect(await answer).toHaveLength(100)
  expect(sockets).toHaveLength(2)
  await client.close()
})

test('patience counts the time that a try takes, not only the pauses between tries', async () => {
  let asked = 0
  const client = await connect((_, socket) => {
    asked += 1
    setTimeout(() => socket.resetAndDestroy(), 900)
  })
  await expect(askFor(client)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' })
  // The first one, and those that begin within two seconds of its failure.
  expect(asked).toBeLessThanOrEqual(4)
  await client.close()
})

test('whoever is to end soon has its whole patience again each time that is said', async () => {
  const answers: (() => void)[] = []
  const client = await connect((frame, socket) => answers.push(() => socket.write(frame)))
  const answer = askFor(client)
  await expect.poll(() => answers.length).toBe(1)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  for (let turn = 0; turn < 3; turn++) {
    client.endSoon()
    vi.advanceTimersByTime(PATIENCE_MS - 1)
  }
  answers[0]()
  expect(await answer).toHaveLength(100)
  const late = expect(askFor(client)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' })
  vi.advanceTimersByTime(1)
  await late
  await client.close()
})
