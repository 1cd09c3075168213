// Tells of each answer, for the structured log and the metrics; ids of stars and tokens stay out of it.
import type { FastifyInstance } from 'fastify'
import { publish } from '../../schemas/index.ts'
import type { ClientOf } from './access.ts'

/** Enough to tell clients apart, and no way back to the token. */
const CLIENT_CHARACTERS = 45

export function tellAnswers(app: FastifyInstance, clientOf: ClientOf): void {
  app.addHook('onResponse', async (request, reply) => {
    publish('answer', {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? '',
      status: reply.statusCode,
      durationMs: reply.elapsedTime,
      client: shortOf(clientOf(request).name),
    })
  })
}

function shortOf(client: string): string {
  return client.startsWith('token ') ? client.slice(0, 14) : client.slice(0, CLIENT_CHARACTERS)
}
