// Who may ask: bearer tokens, compared in a time that tells nothing of them.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isPageRequest } from './pageRoutes.ts'
import { sendProblem } from './problem.ts'
import { offeredToken } from './upgrades.ts'

export interface Access {
  /** Any of them opens the server; with none, everybody is answered. */
  readonly tokens: readonly string[]
  /** Whether `/health` answers without a token. */
  readonly health: 'open' | 'closed'
}

/** Who a request is of, for the rate limit: a token that is known, or an address. */
export type ClientOf = (request: FastifyRequest) => string

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Refuses those without a token, before anything of the request is read but its head. */
export function guardAccess(app: FastifyInstance, { tokens, health }: Access): ClientOf {
  const known = tokens.map(digest)
  const tokenOf = (request: FastifyRequest): string | null => {
    const given = /^bearer +(\S{1,512})$/i.exec(request.headers.authorization ?? '')?.[1] ?? offeredToken(request)
    if (given === null) return null
    const asked = digest(given)
    // All are compared, so that neither which one fits nor how far one fits can be timed.
    const fitting = known.filter(one => timingSafeEqual(one, asked))
    return fitting.length > 0 ? asked.toString('hex') : null
  }
  // After the rate limit, which is an earlier hook: guessing is limited too.
  app.addHook('preParsing', async (request, reply) => {
    if (known.length === 0 || (health === 'open' && request.routeOptions.url === '/health')) return
    // It asks its reader for the token, who could not send one with an address that is typed.
    if (isPageRequest(request)) return
    if (tokenOf(request) !== null) return
    const isGiven = request.headers.authorization !== undefined || offeredToken(request) !== null
    reply.header('www-authenticate', `Bearer realm="birthline"${isGiven ? ', error="invalid_token"' : ''}`)
    const detail = isGiven
      ? 'The Authorization header carries no token that this server knows: ask whoever runs it for one.'
      : 'This server asks for a token: send it as `Authorization: Bearer TOKEN`.'
    return sendProblem(reply, 401, 'UNAUTHORIZED', detail)
  })
  return request => {
    const token = known.length === 0 ? null : tokenOf(request)
    return token === null ? `address ${request.ip}` : `token ${token}`
  }
}
