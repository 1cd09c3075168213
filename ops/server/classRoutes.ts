// Live subscription over HTTP: stars of a class as server-sent events, resumed by Last-Event-ID.
import type { FastifyInstance } from 'fastify'
import { watchedClasses } from '../../schemas/index.ts'
import { classFeed, type FeedEvent, parseCondition, startPositions } from '../stars/classFeed.ts'
import { formatCursor, parseCursor } from '../stars/cursor.ts'
import { posteriorView } from '../stars/starView.ts'
import { type StreamedEvent, streamEvents } from './eventStream.ts'
import { problemResponses } from './problem.ts'
import { openSeats } from './seats.ts'
import type { ServerParts } from './serverParts.ts'

/** Each reads the log by itself, which the events of subscriptions do not. */
const MAX_STREAMS = 64

interface StreamRequest {
  readonly Params: { readonly className: string }
  readonly Querystring: { readonly above?: string; readonly from?: string }
  readonly Headers: { readonly 'last-event-id'?: string }
}

/** @param closing aborts when the server shuts down: open streams end, their clients resume elsewhere */
export function addClassRoutes(app: FastifyInstance, parts: ServerParts, closing: AbortSignal): void {
  const { log, limits } = parts
  const most = Math.min(limits.maxSubscribers, MAX_STREAMS)
  const takeSeat = openSeats(
    most,
    `All ${most} streams of classes are taken: try again later, or subscribe with a filter, as by POST /v1/subscriptions.`,
  )

  app.get('/v1/classes', { schema: classesSchema }, async () => ({ classes: watchedClasses }))

  app.get<StreamRequest>('/v1/classes/:className/stream', { schema: streamSchema }, async (request, reply) => {
    const condition = parseCondition(request.params.className, request.query.above ?? '0.5')
    const place = request.headers['last-event-id'] ?? request.query.from ?? 'latest'
    // Looked up while an answer can still say what is wrong with it: a client that meets an empty stream comes back for ever.
    const from = await startPositions(
      log,
      place === 'earliest' || place === 'latest' ? place : parseCursor(place, 'posteriors'),
    )
    const leave = takeSeat()
    try {
      const events = (signal: AbortSignal) => streamedPosteriors(classFeed(log, { ...condition, from }, signal))
      await streamEvents(reply, parts, events, { start: formatCursor(from), closing })
    } finally {
      leave()
    }
    return reply
  })
}

async function* streamedPosteriors(events: AsyncIterable<FeedEvent>): AsyncGenerator<StreamedEvent> {
  for await (const { cursor, posterior, probability } of events) {
    const data = posterior === null ? null : JSON.stringify({ probability, posterior: posteriorView(posterior) })
    yield { cursor, name: 'posterior', data }
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
