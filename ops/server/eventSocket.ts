// Events over a WebSocket, with what the event stream has: the same events and cursors, one at a time on its way.
import type { WebSocket } from 'ws'
import type { StreamedEvent, StreamOptions } from './eventStream.ts'
import { problemFor } from './problem.ts'
import type { ServerParts } from './serverParts.ts'

/** Closing codes of RFC 6455; what a problem over HTTP has as its status is 4000 and that status. */
const DONE = 1000
const GOING_AWAY = 1001
const NOT_ALLOWED = 1008
const PROBLEM = 4000

/** Heartbeats without a sign of life, after which a client is given up. */
const PATIENCE = 4
/** Pings and pongs of a client between two heartbeats; of sixty that it does not take answers to, ws breaks the connection. */
const MAX_FRAMES = 50
const MAX_REASON_BYTES = 123

/** @param events throws what is wrong with the request; the first tells where they begin, and is sent though it holds none */
export async function sendEvents(
  socket: WebSocket,
  { limits, report }: ServerParts,
  events: (signal: AbortSignal) => AsyncIterable<StreamedEvent>,
  { closing, isWanted }: Omit<StreamOptions, 'start'>,
): Promise<void> {
  const gone = new AbortController()
  const signal = AbortSignal.any([closing, gone.signal])
  let [silentBeats, frameCount, isSending] = [0, 0, false]
  let cursor: string | null = null
  let toldCursor: string | null = null
  const end = (code: number, reason: string) => {
    gone.abort()
    socket.close(code, fitting(reason))
    // Who does not answer the goodbye is not waited for.
    setTimeout(() => socket.terminate(), limits.closeGraceMs).unref()
  }
  const hear = () => {
    silentBeats = 0
    frameCount += 1
    if (frameCount === MAX_FRAMES) end(NOT_ALLOWED, 'Too many pings came: one in a while is enough.')
  }
  socket.on('pong', hear).on('ping', hear)
  socket.on('message', () => end(NOT_ALLOWED, 'Nothing can be sent here: what is asked is in the address.'))
  // Frames against the rules: ws closes with the code that they have.
  socket.on('error', () => gone.abort())
  socket.on('close', () => gone.abort())
  /** Resolves once it is on its way, and so the next is read no sooner. */
  const send = async (sent: StreamedEvent) => {
    isSending = true
    const { name, data } = sent
    const text = `{"cursor":"${sent.cursor}","event":${data === null ? null : JSON.stringify(name)},"data":${data}}`
    await new Promise<void>(resolve => socket.send(text, () => resolve()))
    isSending = false
    toldCursor = sent.cursor
  }
  const look = async () => {
    if ((await isWanted?.()) === false) end(DONE, 'The subscription was removed.')
  }
  const heartbeat = setInterval(() => {
    frameCount = 0
    // Counted, not timed: a server that was busy itself has not heard anybody.
    silentBeats += 1
    if (silentBeats > PATIENCE) return socket.terminate()
    look().catch(report)
    if (isSending || signal.aborted) return
    socket.ping()
    // As an id without an event in the stream: who comes back need not read the stretch again.
    if (cursor !== null && cursor !== toldCursor) void send({ cursor, name: '', data: null })
  }, limits.heartbeatMs)
  try {
    for await (const event of events(signal)) {
      cursor = event.cursor
      if (event.data === null && toldCursor !== null) continue
      await send(event)
      silentBeats = 0
    }
  } catch (error) {
    if (!signal.aborted) {
      const { status, code, detail } = problemFor(error, report)
      end(PROBLEM + status, `${code}: ${detail}`)
    }
  } finally {
    clearInterval(heartbeat)
    if (closing.aborted) end(GOING_AWAY, 'The server closes: come back with the last cursor.')
  }
}

/** No more than a closing frame holds. */
function fitting(reason: string): string {
  const bytes = Buffer.from(reason)
  if (bytes.length <= MAX_REASON_BYTES) return reason
  // In a stream, the decoder keeps back a character that was cut.
  return `${new TextDecoder().decode(bytes.subarray(0, MAX_REASON_BYTES - 3), { stream: true })}…`
}
