// The pipeline over HTTP, for whoever watches it: stages, topics and heartbeats; refused records, and the way back for them.
import type { FastifyInstance } from 'fastify'
import { readRefusals, redriveDeadLetters } from '../../actors/index.ts'
import { letterView } from '../stars/letterView.ts'
import { StatusReader } from '../status/pipelineStatus.ts'
import { parseMetrics } from '../status/serverNumbers.ts'
import { bodyProblemResponses, problemResponses, sendProblem } from './problem.ts'
import type { ServerParts } from './serverParts.ts'
import { refuseStrays } from './strayNames.ts'

const MAX_LETTERS = 200
/** A look reads the end of every topic: many readers at one time share it. */
const LOOK_MS = 1000

/** @param closing aborts when the server shuts down: a re-drive ends after the transaction at hand */
export function addPipelineRoutes(app: FastifyInstance, { log, metrics }: ServerParts, closing: AbortSignal): void {
  const reader = new StatusReader(log, () => performance.now())
  let look: Promise<unknown> | null = null
  let lookedMs = Number.NEGATIVE_INFINITY
  let isRedriving = false

  app.get('/v1/status', { schema: statusSchema }, () => {
    if (look === null || performance.now() - lookedMs > LOOK_MS) {
      lookedMs = performance.now()
      look = metrics.render().then(text => reader.look(parseMetrics(text)))
    }
    return look
  })

  app.get<{ Querystring: { readonly all?: boolean; readonly limit?: number } }>(
    '/v1/dead-letters',
    { schema: lettersSchema },
    async request => {
      const { all = false, limit = MAX_LETTERS } = request.query
      const letters: unknown[] = []
      let total = 0
      for await (const kept of readRefusals(log)) {
        if (!all && kept.state !== 'waiting') continue
        total++
        letters.push(letterView(kept))
        // The newest are what somebody looks for.
        if (letters.length > limit) letters.shift()
      }
      return { total, letters: letters.reverse() }
    },
  )

  app.post<{ Body: { readonly ids: readonly string[] } }>(
    '/v1/dead-letters/redrive',
    { schema: redriveSchema },
    async (request, reply) => {
      if (isRedriving) {
        return sendProblem(reply, 429, 'TOO_MANY_REQUESTS', 'Dead letters are being put back: ask again when they are.')
      }
      refuseStrays('A re-drive', 'field', request.body, redriveFields)
      isRedriving = true
      try {
        const ids = new Set(request.body.ids)
        const { redriven, skipped } = await redriveDeadLetters(log, {
          isWanted: ({ deadLetterId }) => ids.has(deadLetterId),
          signal: closing,
        })
        return { redriven, skipped }
      } finally {
        isRedriving = false
      }
    },
  )
}

const statusSchema = {
  summary: 'The pipeline as it stands: what waits at each stage, topics, rates, deliveries, heartbeats',
  tags: ['pipeline'],
  response: { 200: { type: 'object', additionalProperties: true }, ...problemResponses },
}

const lettersSchema = {
  summary: 'Refused records with their reasons, the newest first',
  tags: ['pipeline'],
  querystring: {
    type: 'object',
    properties: {
      all: { type: 'boolean', default: false, description: 'those that were put back or set aside too' },
      limit: { type: 'integer', minimum: 1, maximum: MAX_LETTERS, default: MAX_LETTERS, description: 'how many' },
    },
  },
  response: {
    200: {
      type: 'object',
      properties: {
        total: { type: 'integer', description: 'How many there are, shown or not.' },
        letters: { type: 'array', items: { type: 'object', additionalProperties: true } },
      },
      required: ['total', 'letters'],
    },
    ...problemResponses,
  },
}

const redriveFields = {
  ids: { type: 'array', items: { type: 'string', maxLength: 64 }, minItems: 1, maxItems: MAX_LETTERS },
}

const redriveSchema = {
  summary: 'Puts refused records back onto their way, each once',
  tags: ['pipeline'],
  body: { type: 'object', properties: redriveFields, required: ['ids'] },
  response: {
    200: {
      type: 'object',
      properties: {
        redriven: { type: 'integer', description: 'Records put back.' },
        skipped: { type: 'integer', description: 'Those that only a new delivery of their file helps.' },
      },
      required: ['redriven', 'skipped'],
    },
    ...bodyProblemResponses,
  },
}
