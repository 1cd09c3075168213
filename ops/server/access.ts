// Who may ask: bearer tokens, compared in a time that tells nothing of them.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AccessToken, Scope } from './accessToken.ts'
import { isPageRequest } from './pageRoutes.ts'
import { sendProblem } from './problem.ts'
import { offeredToken } from './upgrades.ts'

export interface Access {
  /** With none, everybody is answered. */
  readonly tokens: readonly AccessToken[]
  /** Whether `/health` answers without a token. */
  readonly health: 'open' | 'closed'
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a token must open; `read` where nothing is sent, else `write`. */
    readonly scope?: Scope
  }
}

export interface Client {
  /** For the rate limit: a token that is known, or an address. */
  readonly name: string
  /** `null` where it has the limit of all. */
  readonly requestsPerMinute: number | null
}

export type ClientOf = (request: FastifyRequest) => Client

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Refuses those without a token, before anything of the request is read but its head. */
export function guardAccess(app: FastifyInstance, { tokens, health }: Access): ClientOf {
  const known = tokens.map(token => ({ ...token, digest: digest(token.text) }))
  // Asked several times of each request, and hashed once.
  const found = new WeakMap<FastifyRequest, (typeof known)[number] | null>()
  const tokenOf = (request: FastifyRequest) => {
    const before = found.get(request)
    if (before !== undefined) return before
    const token = find(request)
    found.set(request, token)
    return token
  }
  const find = (request: FastifyRequest) => {
    const given = /^bearer +(\S{1,512})$/i.exec(request.headers.authorization ?? '')?.[1] ?? offeredToken(request)
    if (given === null) return null
    const asked = digest(given)
    // All are compared, so that neither which one fits nor how far one fits can be timed.
    const fitting = known.filter(one => timingSafeEqual(one.digest, asked))
    return fitting.at(0) ?? null
  }
  // After the rate limit, which is an earlier hook: guessing is limited too.
  app.addHook('preParsing', async (request, reply) => {
    if (known.length === 0 || (health === 'open' && request.routeOptions.url === '/health')) return
    // It asks its reader for the token, who could not send one with an address that is typed.
    if (isPageRequest(request)) return
    const token = tokenOf(request)
    const scope = scopeOf(request)
    if (token?.scopes.includes(scope) === true) return
    if (token !== null) {
      reply.header('www-authenticate', `Bearer realm="birthline", error="insufficient_scope", scope="${scope}"`)
      const detail = `This token does not open what was asked, which needs the scope ${scope}: ask whoever runs the server for one that does.`
      return sendProblem(reply, 403, 'SCOPE_MISSING', detail)
    }
    const isGiven = request.headers.authorization !== undefined || offeredToken(request) !== null
    reply.header('www-authenticate', `Bearer realm="birthline"${isGiven ? ', error="invalid_token"' : ''}`)
    const detail = isGiven
      ? 'The Authorization header carries no token that this server knows: ask whoever runs it for one.'
      : 'This server asks for a token: send it as `Authorization: Bearer TOKEN`.'
    return sendProblem(reply, 401, 'UNAUTHORIZED', detail)
  })
  return request => {
    const token = known.length === 0 ? null : tokenOf(request)
    if (token === null) return { name: `address ${request.ip}`, requestsPerMinute: null }
    const { requestsPerMinute } = token
    return { name: `token ${token.digest.toString('hex')}`, requestsPerMinute }
  }
}

function scopeOf({ method, routeOptions }: FastifyRequest): Scope {
  return routeOptions.config?.scope ?? (['GET', 'HEAD', 'OPTIONS'].includes(method) ? 'read' : 'write')
}
