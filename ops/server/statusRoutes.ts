// What machines ask a server: who are you, are you well, your numbers, your description.
import type { FastifyInstance } from 'fastify'
import { problemResponses, sendProblem } from './problem.ts'
import type { ServerParts } from './serverParts.ts'

export function addStatusRoutes(app: FastifyInstance, parts: ServerParts): void {
  const { log, metrics, version } = parts

  app.get('/health', { schema: healthSchema }, async (_request, reply) => {
    const trouble = parts.trouble()
    if (trouble !== null) return sendProblem(reply, 503, 'PIPELINE_ILL', trouble)
    const extents = await log.extents('posteriors')
    // Another may have been put in force since the server began.
    const { model } = parts
    return { status: 'ok', version, model, posteriors: extents.reduce((sum, { end }) => sum + end, 0) }
  })

  app.get('/metrics', { schema: metricsSchema }, async (_request, reply) => {
    const text = await metrics.render()
    return reply.type(metrics.contentType).send(text)
  })

  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
}

const healthSchema = {
  summary: 'Whether the server can read its log, and its pipeline is well',
  tags: ['status'],
  response: {
    200: {
      type: 'object',
      properties: {
        status: { type: 'string', enum: ['ok'] },
        version: { type: 'string' },
        model: { type: 'string', nullable: true, description: 'Fingerprint of the model in use.' },
        posteriors: { type: 'integer', description: 'Posteriors ever committed.' },
      },
      required: ['status', 'version', 'model', 'posteriors'],
    },
    ...problemResponses,
  },
}

const metricsSchema = {
  summary: 'Prometheus metrics',
  tags: ['status'],
  response: {
    200: { description: 'Text exposition format.', content: { 'text/plain': { schema: { type: 'string' } } } },
    ...problemResponses,
  },
}
