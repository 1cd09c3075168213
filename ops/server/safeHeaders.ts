// Headers that keep a browser from doing with an answer what it is not for.
import type { FastifyInstance } from 'fastify'

const always = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const

const YEAR_S = 31_536_000

/** Of every answer, also those that are written by hand. */
export function safeHeaders(isTls: boolean): Readonly<Record<string, string>> {
  return isTls ? { ...always, 'strict-transport-security': `max-age=${YEAR_S}` } : always
}

/** What a token opened must not lie in a cache that others share. */
export function addSafeHeaders(app: FastifyInstance, isTls: boolean): void {
  const headers = { ...safeHeaders(isTls), 'cache-control': 'no-store' }
  app.addHook('onRequest', async (_request, reply) => void reply.headers(headers))
}
