// What a token opens: all of the server, or some of it so many times a minute.
import { isToken } from '../settings/httpSettings.ts'

/** `read`: what is known, lists, streams. `ask`: questions and SQL, which cost some time each. `write`: what changes the log. */
export const scopes = ['read', 'ask', 'write'] as const
export type Scope = (typeof scopes)[number]

export interface AccessToken {
  readonly text: string
  readonly scopes: readonly Scope[]
  /** `null` where it has the limit of all. */
  readonly requestsPerMinute: number | null
}

const MAX_QUOTA = 10_000_000

/** One that opens everything. */
export function fullToken(text: string): AccessToken {
  return { text, scopes, requestsPerMinute: null }
}

/**
 * @param line `TOKEN`, `TOKEN read+ask`, or `TOKEN read+ask 60` with its requests a minute
 * @returns what is wrong with it, without the token, where it is none
 */
export function parseTokenLine(line: string): AccessToken | string {
  const [text, opened = scopes.join('+'), quota, ...rest] = line.split(/\s+/)
  if (!isToken(text)) return 'is no token'
  const names = opened.split('+')
  const stray = names.find(name => !scopes.some(scope => scope === name))
  if (stray !== undefined) return `has no scopes behind its token: they are ${scopes.join(', ')}, joined by +`
  const isQuota = quota === undefined || (/^[1-9]\d{0,7}$/.test(quota) && Number(quota) <= MAX_QUOTA)
  if (!isQuota || rest.length > 0) return `has no requests a minute behind its scopes: a number from 1 to ${MAX_QUOTA}`
  const requestsPerMinute = quota === undefined ? null : Number(quota)
  return { text, scopes: scopes.filter(scope => names.includes(scope)), requestsPerMinute }
}
