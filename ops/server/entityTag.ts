// Tags that tell whether an answer is still what a client has: it need not be made and sent again then.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { fingerprintOf } from '../../schemas/index.ts'

/**
 * Names the answer, and sends 304 where the client has it already. The tag is weak: the same content may come compressed.
 * @param parts what the content follows from
 * @returns whether the reply is sent
 */
export function isKnown(request: FastifyRequest, reply: FastifyReply, parts: readonly string[]): boolean {
  const tag = fingerprintOf(parts)
  // For the client's own memory alone, and never without asking.
  reply.header('etag', `W/"${tag}"`).header('cache-control', 'private, no-cache')
  const known = request.headers['if-none-match']
  if (known === undefined) return false
  const tags = known.split(',').map(one => one.trim().replace(/^W\//, ''))
  if (!tags.includes(`"${tag}"`) && !tags.includes('*')) return false
  reply.status(304).send()
  return true
}

/** How a route's description names it. */
export const notModified = { 304: { description: 'What the client has is still right.', type: 'null' } } as const
