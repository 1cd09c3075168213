// Server-sent events, resumable and with a bounded memory: of each subscriber one event at a time is on its way.
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { FastifyReply } from 'fastify'
import { safeHeaders } from './safeHeaders.ts'
import type { ServerParts } from './serverParts.ts'

/** What goes out; `null` data raises no event, and only moves the id that the client resumes from. */
export interface StreamedEvent {
  readonly cursor: string
  readonly name: string
  /** JSON, ready to be sent. */
  readonly data: string | null
}

export interface StreamOptions {
  /** Where the stream begins: told at once, so that a connection that breaks before the first event loses none. */
  readonly start: string
  /** Aborts when the server shuts down. */
  readonly closing: AbortSignal
  /** Looked at with each heartbeat: false ends the stream. */
  readonly isWanted?: () => Promise<boolean>
}

/** Streams until the client goes, the server closes, or nobody wants it any more. */
export async function streamEvents(
  reply: FastifyReply,
  { limits, report, tls }: ServerParts,
  events: (signal: AbortSignal) => AsyncIterable<StreamedEvent>,
  { start, closing, isWanted }: StreamOptions,
): Promise<void> {
  reply.hijack()
  const { raw } = reply
  const gone = new AbortController()
  raw.on('close', () => gone.abort())
  const signal = AbortSignal.any([closing, gone.signal])
  try {
    raw.writeHead(200, {
      ...safeHeaders(tls !== null),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    const look = async () => {
      if ((await isWanted?.()) === false) gone.abort()
    }
    const onHeartbeat = () => look().catch(report)
    await writeEvents(raw, events(signal), { start, heartbeatMs: limits.heartbeatMs, signal, onHeartbeat })
  } catch (error) {
    if (!signal.aborted) report(error)
  } finally {
    raw.end()
  }
}

interface WriteOptions {
  readonly start: string
  readonly heartbeatMs: number
  readonly signal: AbortSignal
  readonly onHeartbeat: () => void
}

/** Asks for the next event only when the last is on its way: a slow subscriber is waited for, never buffered for. */
async function writeEvents(
  raw: ServerResponse,
  events: AsyncIterable<StreamedEvent>,
  { start, heartbeatMs, signal, onHeartbeat }: WriteOptions,
): Promise<void> {
  let cursor = start
  // A line without data raises no event, but keeps the connection open and moves the id that the client resumes from.
  const heartbeat = setInterval(() => {
    if (!raw.writableNeedDrain) raw.write(`id: ${cursor}\n\n`)
    onHeartbeat()
  }, heartbeatMs)
  try {
    raw.write(`retry: 2000\nid: ${start}\n\n`)
    for await (const event of events) {
      cursor = event.cursor
      if (event.data === null) continue
      const hasRoom = raw.write(`id: ${cursor}\nevent: ${event.name}\ndata: ${event.data}\n\n`)
      if (!hasRoom) await once(raw, 'drain', { signal })
    }
  } finally {
    clearInterval(heartbeat)
  }
}
