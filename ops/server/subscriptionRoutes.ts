// Saved filters over HTTP: kept in the log, each with a stream of the stars that enter it, are updated in it, and leave it.
import type { FastifyInstance } from 'fastify'
import { readSubscription, readSubscriptions, removeSubscription, saveSubscription } from '../../actors/index.ts'
import type { Subscription, SubscriptionEvent } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { startPositions } from '../stars/classFeed.ts'
import { formatCursor, parseCursor } from '../stars/cursor.ts'
import { openEventTails } from '../stars/eventTails.ts'
import { eventWriter, subscriptionView, type ToldEvent } from '../stars/subscriptionFeed.ts'
import { newSubscriptionId } from '../stars/subscriptionId.ts'
import { sendEvents } from './eventSocket.ts'
import { type StreamedEvent, streamEvents } from './eventStream.ts'
import { filterProperties, MAX_FILTER_BYTES } from './filterBody.ts'
import { bodyProblemResponses, problemResponse, problemResponses, RequestProblem } from './problem.ts'
import type { JsonSchema } from './recordJsonSchema.ts'
import { openSeats } from './seats.ts'
import type { ServerParts } from './serverParts.ts'
import { refuseStrays } from './strayNames.ts'
import { acceptSocket } from './upgrades.ts'

interface SubscriptionBody {
  readonly name: string
  readonly where?: string
  readonly moc?: string | null
  readonly watchlist?: readonly string[]
}
interface IdRequest {
  readonly Params: { readonly id: string }
}
interface EventsRequest extends IdRequest {
  readonly Querystring: { readonly from?: string }
  readonly Headers: { readonly 'last-event-id'?: string }
}

/** @param closing aborts when the server shuts down: open streams end, their clients resume elsewhere */
export function addSubscriptionRoutes(app: FastifyInstance, parts: ServerParts, closing: AbortSignal): void {
  const { log, limits } = parts
  const tails = openEventTails(log, limits.heartbeatMs)
  const textOf = eventWriter()
  const takeSeat = openSeats(
    limits.maxSubscribers,
    `All ${limits.maxSubscribers} subscribers are taken: try again later, or raise BIRTHLINE_MAX_SUBSCRIBERS.`,
  )
  // One after the other, so that two of one name cannot both be the first.
  let saving: Promise<unknown> = Promise.resolve()

  app.post<{ Body: SubscriptionBody }>(
    '/v1/subscriptions',
    { schema: saveSchema, bodyLimit: MAX_FILTER_BYTES },
    async (request, reply) => {
      const { name, where = '', moc = null, watchlist = [] } = request.body
      refuseStrays('A subscription', 'field', request.body, savedProperties)
      const wanted = { id: newSubscriptionId(), name, where, moc, watchlist }
      const saved = saving.then(() => saveSubscription(log, { ...wanted, createdMs: BigInt(Date.now()) }))
      saving = saved.catch(() => undefined)
      return reply.status(201).send(subscriptionView(await saved))
    },
  )

  app.get('/v1/subscriptions', { schema: listSchema }, async () => ({
    subscriptions: (await readSubscriptions(log)).map(subscriptionView),
  }))

  app.get<IdRequest>('/v1/subscriptions/:id', { schema: oneSchema }, async request =>
    subscriptionView(await findSubscription(log, request.params.id)),
  )

  app.delete<IdRequest>('/v1/subscriptions/:id', { schema: removeSchema }, async (request, reply) => {
    if (await removeSubscription(log, request.params.id)) return reply.status(204).send()
    throw unknown(request.params.id)
  })

  app.get<EventsRequest>('/v1/subscriptions/:id/events', { schema: eventsSchema }, async (request, reply) => {
    const { params, query, headers } = request
    // While an answer can still say what is wrong: a client that meets an empty stream comes back for ever.
    const { start, events } = await findEvents(params.id, headers['last-event-id'] ?? query.from)
    const leave = takeSeat()
    try {
      await streamEvents(reply, parts, events, { start, closing, isWanted: () => isThere(params.id) })
    } finally {
      leave()
    }
    return reply
  })

  app.get<EventsRequest>('/v1/subscriptions/:id/socket', { schema: socketSchema }, async (request, reply) => {
    const { params, query } = request
    const events = async function* (signal: AbortSignal) {
      const found = await findEvents(params.id, query.from)
      const leave = takeSeat()
      try {
        yield { cursor: found.start, name: '', data: null }
        yield* found.events(signal)
      } finally {
        leave()
      }
    }
    const options = { closing, isWanted: () => isThere(params.id) }
    return acceptSocket(request, reply, socket => void sendEvents(socket, parts, events, options))
  })

  const isThere = async (id: string) => (await readSubscription(log, id)) !== null

  async function findEvents(id: string, place = 'latest') {
    const found = await findSubscription(log, id)
    const given = place === 'earliest' || place === 'latest' ? place : parseCursor(place, found.topic)
    const from = await startPositions(log, given, found.topic)
    const events = (signal: AbortSignal) => streamed(tails.follow(found, from, signal), textOf)
    return { start: formatCursor(from), events }
  }
}

async function findSubscription(log: Log, id: string): Promise<Subscription> {
  const found = await readSubscription(log, id)
  if (found === null) throw unknown(id)
  return found
}

function unknown(id: string): RequestProblem {
  const detail = `There is no subscription ${JSON.stringify(id)}: /v1/subscriptions lists those that there are.`
  return new RequestProblem(404, 'SUBSCRIPTION_UNKNOWN', detail)
}

async function* streamed(
  events: AsyncIterable<ToldEvent>,
  textOf: (event: SubscriptionEvent) => string,
): AsyncGenerator<StreamedEvent> {
  for await (const { cursor, event } of events) {
    yield event === null ? { cursor, name: '', data: null } : { cursor, name: event.kind, data: textOf(event) }
  }
}

const idParams: JsonSchema = {
  type: 'object',
  properties: { id: { type: 'string', minLength: 1, maxLength: 40, description: 'id of the subscription' } },
  required: ['id'],
}

const savedProperties: Readonly<Record<string, JsonSchema>> = {
  name: { type: 'string', maxLength: 100, description: 'what people call it; taken once' },
  ...filterProperties,
}

const subscriptionSchema: JsonSchema = {
  type: 'object',
  properties: {
    id: { type: 'string', description: 'given once and never again' },
    ...savedProperties,
    topic: { type: 'string', description: 'topic of its events; keys begin with the id' },
    eventsUrl: { type: 'string', description: 'its event stream' },
    createdMs: { type: 'integer', description: 'when it was saved, milliseconds since 1970' },
  },
  required: ['id', 'name', 'where', 'moc', 'watchlist', 'topic', 'eventsUrl', 'createdMs'],
}

const saveSchema = {
  summary: 'Save a filter, and be told of its stars from now on',
  description:
    'The stars that are known already are told too. What can be asked is in docs/filters.md; a filter that cannot be read is answered with the place in its text.',
  tags: ['subscriptions'],
  body: { type: 'object', properties: savedProperties, required: ['name'] },
  response: { 201: subscriptionSchema, ...bodyProblemResponses },
}

const listSchema = {
  summary: 'All saved filters, the oldest first',
  tags: ['subscriptions'],
  response: {
    200: {
      type: 'object',
      properties: { subscriptions: { type: 'array', items: subscriptionSchema } },
      required: ['subscriptions'],
    },
    ...problemResponses,
  },
}

const oneSchema = {
  summary: 'A saved filter',
  tags: ['subscriptions'],
  params: idParams,
  response: { 200: subscriptionSchema, ...problemResponses },
}

const removeSchema = {
  summary: 'End a subscription',
  description: 'Its open streams end with their next heartbeat, and its events are forgotten.',
  tags: ['subscriptions'],
  params: idParams,
  response: { 204: { type: 'null', description: 'It is gone.' }, ...problemResponses },
}

const fromQuery: JsonSchema = {
  type: 'object',
  properties: {
    from: {
      type: 'string',
      maxLength: 2000,
      default: 'latest',
      description: 'earliest, latest, or the id of an event',
    },
  },
}

const eventsSchema = {
  summary: 'Stars that enter a filter, are updated in it, or leave it, as server-sent events',
  description:
    'Events are named entered, updated and left; the data is {eventId, starId, posterior}, without a posterior where the star left. Each has an id to resume from: sent as Last-Event-ID, it goes on after it. From earliest on the newest event of each star comes first.',
  tags: ['subscriptions'],
  params: idParams,
  querystring: fromQuery,
  response: {
    200: { description: 'The stream.', content: { 'text/event-stream': { schema: { type: 'string' } } } },
    ...problemResponses,
  },
}

const socketSchema = {
  summary: 'The same events over a WebSocket',
  description:
    'Each message is {cursor, event, data}; one whose event is null moves the cursor alone. What is wrong with the request is told as the socket closes, with 4000 and the status that it has over HTTP. A page sends its token as the protocol bearer.TOKEN, in base64url, beside birthline.v1.',
  tags: ['subscriptions'],
  params: idParams,
  querystring: fromQuery,
  response: {
    101: { type: 'null', description: 'The socket is open.' },
    403: problemResponse,
    426: problemResponse,
    ...problemResponses,
  },
}
