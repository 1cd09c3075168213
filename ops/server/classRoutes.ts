// Live subscription over HTTP: stars of a class as server-sent events, resumed by Last-Event-ID.
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { watchedClasses } from '../../schemas/index.ts'
import { classFeed, type FeedEvent, parseCondition, startPositions } from '../stars/classFeed.ts'
import { parseCursor } from '../stars/cursor.ts'
import { posteriorView } from '../stars/starView.ts'
import { problemResponses, sendProblem } from './problem.ts'
import { safeHeaders } from './safeHeaders.ts'
import type { ServerParts } from './serverParts.ts'

interface StreamRequest {
  readonly Params: { readonly className: string }
  readonly Querystring: { readonly above?: string; readonly from?: string }
  readonly Headers: { readonly 'last-event-id'?: string }
}

/** @param closing aborts when the server shuts down: open streams end, their clients resume elsewhere */
export function addClassRoutes(app: FastifyInstance, parts: ServerParts, closing: AbortSignal): void {
  const { log, limits, report } = parts
  let subscriberCount = 0

  app.get('/v1/classes', { schema: classesSchema }, async () => ({ classes: watchedClasses }))

  app.get<StreamRequest>('/v1/classes/:className/stream', { schema: streamSchema }, async (request, reply) => {
    const condition = parseCondition(request.params.className, request.query.above ?? '0.5')
    const place = request.headers['last-event-id'] ?? request.query.from ?? 'latest'
    // Looked up while an answer can still say what is wrong with it: a client that meets an empty stream comes back for ever.
    const from = await startPositions(
      log,
      place === 'earliest' || place === 'latest' ? place : parseCursor(place, 'posteriors'),
    )
    if (subscriberCount >= limits.maxSubscribers) {
      const detail = `All ${limits.maxSubscribers} subscriptions are taken: try again later, or raise BIRTHLINE_MAX_SUBSCRIBERS.`
      return sendProblem(reply, 503, 'TOO_MANY_SUBSCRIBERS', detail)
    }
    reply.hijack()
    const { raw } = reply
    const gone = new AbortController()
    raw.on('close', () => gone.abort())
    const signal = AbortSignal.any([closing, gone.signal])
    subscriberCount += 1
    try {
      raw.writeHead(200, {
        ...safeHeaders(parts.tls !== null),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      await writeEvents(raw, classFeed(log, { ...condition, from }, signal), limits.heartbeatMs, signal)
    } catch (error) {
      if (!signal.aborted) report(error)
    } finally {
      subscriberCount -= 1
      raw.end()
    }
    return reply
  })
}

/** Asks for the next event only when the last is on its way: a slow subscriber is waited for, never buffered for. */
async function writeEvents(
  raw: ServerResponse,
  events: AsyncIterable<FeedEvent>,
  heartbeatMs: number,
  signal: AbortSignal,
): Promise<void> {
  let cursor: string | null = null
  // A line without data raises no event, but keeps the connection open and moves the id that the client resumes from.
  const heartbeat = setInterval(() => {
    if (!raw.writableNeedDrain) raw.write(cursor === null ? ': waiting\n\n' : `id: ${cursor}\n\n`)
  }, heartbeatMs)
  try {
    raw.write('retry: 2000\n\n')
    for await (const event of events) {
      cursor = event.cursor
      if (event.posterior === null) continue
      const data = JSON.stringify({ probability: event.probability, posterior: posteriorView(event.posterior) })
      const hasRoom = raw.write(`id: ${event.cursor}\nevent: posterior\ndata: ${data}\n\n`)
      if (!hasRoom) await once(raw, 'drain', { signal })
    }
  } finally {
    clearInterval(heartbeat)
  }
}

const classesSchema = {
  summary: 'What can be subscribed to',
  tags: ['classes'],
  response: {
    200: {
      type: 'object',
      properties: { classes: { type: 'array', items: { type: 'string' } } },
      required: ['classes'],
    },
    ...problemResponses,
  },
}

const streamSchema = {
  summary: 'Posteriors of a class as server-sent events, as they are committed',
  description:
    'Each event has the name posterior and an id to resume from; its data is {probability, posterior}. Sending that id as Last-Event-ID goes on after it, with nothing lost and nothing twice.',
  tags: ['classes'],
  params: {
    type: 'object',
    properties: { className: { type: 'string', maxLength: 60, description: `one of ${watchedClasses.join(', ')}` } },
    required: ['className'],
  },
  querystring: {
    type: 'object',
    properties: {
      above: {
        type: 'string',
        maxLength: 20,
        default: '0.5',
        description: 'smallest probability of the class, from 0 to 1',
      },
      from: {
        type: 'string',
        maxLength: 2000,
        default: 'latest',
        description: 'earliest, latest, or the id of an event',
      },
    },
  },
  response: {
    200: { description: 'The stream.', content: { 'text/event-stream': { schema: { type: 'string' } } } },
    ...problemResponses,
  },
}
