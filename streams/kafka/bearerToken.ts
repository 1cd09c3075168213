// Bearer tokens for brokers that ask for OAUTHBEARER: from the endpoint that issues them, or from a file that something else keeps fresh.
import { readFile } from 'node:fs/promises'
import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { FusionError } from '../../schemas/index.ts'

/** Client credentials, as OAuth 2 has them (RFC 6749, 4.4). */
export interface BearerClient {
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scope: string | null
  /** PEM of the authorities to trust instead of the system's. */
  readonly ca: string | null
}

const TOKEN = /^[\x21-\x7e]{1,65536}$/
const TIMEOUT_MS = 10_000
const MAX_ANSWER_BYTES = 65_536
/** A token is used for this part of its life, so that none runs out on the way. */
const USED_PART = 0.8
/**
 * What must be left of it, where it has as much: a login lasts as long as its token, is renewed two seconds before its end, and brokers
 * refuse to renew one within a second.
 */
const LEFT_MS = 10_000
/** What an endpoint may say was wrong (RFC 6749, 5.2): of all else it says, nothing is repeated. */
const knownErrors = [
  ...['invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client'],
  ...['unsupported_grant_type', 'invalid_scope'],
]

/**
 * Tokens for a client, each kept for most of its life.
 *
 * @param nowMs the system's clock
 * @returns a function that throws FusionError CONFIG_INVALID when the endpoint refuses, LOG_UNAVAILABLE when it does not answer
 */
export function createTokenSource(client: BearerClient, nowMs: () => number): () => Promise<string> {
  let kept: { readonly token: string; readonly untilMs: number } | null = null
  let pending: Promise<string> | null = null
  const renew = async () => {
    const askedMs = nowMs()
    const { token, lifetimeS } = await askForToken(client)
    const lifetimeMs = lifetimeS * 1000
    kept = { token, untilMs: askedMs + Math.min(lifetimeMs * USED_PART, lifetimeMs - LEFT_MS) }
    return token
  }
  return () => {
    if (kept !== null && nowMs() < kept.untilMs) return Promise.resolve(kept.token)
    pending ??= renew().finally(() => {
      pending = null
    })
    return pending
  }
}

/**
 * The token in a file, which is read anew each time.
 *
 * @throws FusionError CONFIG_INVALID where there is none, or it says that it has run out
 */
export async function readTokenFile(path: string, nowMs: () => number): Promise<string> {
  let text: string
  try {
    text = (await readFile(path, 'utf8')).trim()
  } catch {
    throw new FusionError('CONFIG_INVALID', `The token file ${path} cannot be read: name one that exists.`)
  }
  if (!TOKEN.test(text)) {
    throw new FusionError(
      'CONFIG_INVALID',
      `The file ${path} holds no token: it must be one line of text without spaces.`,
    )
  }
  const endMs = endOf(text)
  if (endMs !== null && endMs <= nowMs()) {
    const when = new Date(endMs).toISOString()
    throw new FusionError('CONFIG_INVALID', `The token in ${path} ran out at ${when}: have it renewed.`)
  }
  return text
}

/** When a token that is a JWT ends, in ms; `null` where it does not say. */
function endOf(token: string): number | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
    if (typeof claims !== 'object' || claims === null || !('exp' in claims)) return null
    const { exp } = claims
    return typeof exp === 'number' && Math.abs(exp) < 8e12 ? exp * 1000 : null
  } catch {
    return null
  }
}

async function askForToken(client: BearerClient): Promise<{ readonly token: string; readonly lifetimeS: number }> {
  const { url, scope } = client
  const { status, body } = await post(client, { grant_type: 'client_credentials', ...(scope !== null && { scope }) })
  const answer = objectOf(body)
  if (status === 200 && typeof answer.access_token === 'string' && TOKEN.test(answer.access_token)) {
    const lifetimeS = typeof answer.expires_in === 'number' && answer.expires_in > 0 ? answer.expires_in : 0
    return { token: answer.access_token, lifetimeS }
  }
  const error = knownErrors.find(known => known === answer.error)
  const said = `${status}${error === undefined ? '' : `, ${error}`}`
  if (status >= 500) throw unavailable(url, `it answered ${said}`)
  throw new FusionError(
    'CONFIG_INVALID',
    status === 200
      ? `The token endpoint ${url} gave no access_token: check that kafkaTokenUrl is the address of an OAuth 2 token endpoint.`
      : `The token endpoint ${url} refused the client (${said}): check its id and its secret in kafkaLogin.`,
  )
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {}
  } catch {
    return {}
  }
}

function post(
  { url, clientId, clientSecret, ca }: BearerClient,
  form: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly body: string }> {
  const send = url.startsWith('https:') ? secureRequest : plainRequest
  // Each part is encoded as a form is, before the two are joined (RFC 6749, 2.3.1).
  const pair = [clientId, clientSecret].map(part => new URLSearchParams([['', part]]).toString().slice(1)).join(':')
  const headers = {
    authorization: `Basic ${Buffer.from(pair).toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  }
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => reject(unavailable(url, reason))
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const asked = send(url, { method: 'POST', headers, signal, ...(ca !== null && { ca }) }, answer => {
      let body = ''
      answer.setEncoding('utf8')
      answer.on('data', (text: string) => {
        body += text
        if (body.length > MAX_ANSWER_BYTES) answer.destroy(new Error('its answer is too long'))
      })
      answer.on('error', error => fail(error.message))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }))
    })
    asked.on('error', error => fail(signal.aborted ? `it did not answer within ${TIMEOUT_MS} ms` : error.message))
    asked.end(new URLSearchParams(form).toString())
  })
}

function unavailable(url: string, reason: string): FusionError {
  return new FusionError(
    'LOG_UNAVAILABLE',
    `The token endpoint ${url} cannot be used: ${reason}. Check that it runs and can be reached, then try again.`,
  )
}
