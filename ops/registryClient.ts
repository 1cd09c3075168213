// Our schemas in another registry, over the REST API of Confluent's: put there under our own ids, or compared with what is there.
import { FusionError } from '../schemas/index.ts'
import type { Subject } from '../streams/index.ts'

/** How the registry's schema of an id stands to ours. */
export type Presence = 'same' | 'missing' | 'other'

export interface SchemaPresence {
  readonly subject: string
  readonly version: number
  readonly id: number
  readonly presence: Presence
}

interface Answer {
  readonly status: number
  readonly body: unknown
}

const MEDIA_TYPE = 'application/vnd.schemaregistry.v1+json'
const TIMEOUT_MS = 15_000
const MAX_MESSAGE = 200

/**
 * For each version of each subject, whether the registry holds it under our id.
 *
 * @param url of the registry, which may hold `user:password@` and is never repeated with it
 * @throws FusionError LOG_UNAVAILABLE when the registry does not answer as one, CONFIG_INVALID when it asks for a login
 */
export async function compareRegistry(url: string, subjects: readonly Subject[]): Promise<readonly SchemaPresence[]> {
  const found: SchemaPresence[] = []
  for (const { name, versions } of subjects) {
    for (const { version, id, schema } of versions) {
      const byId = await ask(url, 'GET', `/schemas/ids/${id}`)
      const listed = await ask(url, 'GET', `/subjects/${encodeURIComponent(name)}/versions/${version}`)
      const isThere = isSchema(byId, schema)
      const isOther = (byId.status === 200 && !isThere) || (listed.status === 200 && !isSchema(listed, schema, id))
      const presence = isOther ? 'other' : isThere && listed.status === 200 ? 'same' : 'missing'
      found.push({ subject: name, version, id, presence })
    }
  }
  return found
}

/**
 * Puts every version that is missing under our id, which a registry allows in its mode IMPORT; the mode of a subject is
 * given back afterwards.
 *
 * @returns how many were put there
 * @throws FusionError CONFIG_INVALID when the registry refuses or holds another schema under one of our ids, and what
 * `compareRegistry` throws; nothing is written where an id is taken
 */
export async function pushSubjects(url: string, subjects: readonly Subject[]): Promise<number> {
  const before = await compareRegistry(url, subjects)
  const taken = before.find(({ presence }) => presence === 'other')
  if (taken !== undefined) {
    throw new FusionError(
      'CONFIG_INVALID',
      `The registry ${shown(url)} holds another schema as id ${taken.id}, or as version ${taken.version} of ${taken.subject}: use a registry, or a context of it, of birthline's own.`,
    )
  }
  let pushed = 0
  for (const { name, versions } of subjects) {
    const missing = versions.filter(({ version }) =>
      before.some(one => one.subject === name && one.version === version && one.presence === 'missing'),
    )
    if (missing.length === 0) continue
    const subject = encodeURIComponent(name)
    expectDone(url, await ask(url, 'PUT', `/mode/${subject}?force=true`, { mode: 'IMPORT' }), 'the mode IMPORT')
    try {
      for (const { version, id, schema } of missing) {
        const body = { schemaType: 'AVRO', schema, id, version }
        const answer = await ask(url, 'POST', `/subjects/${subject}/versions`, body)
        expectDone(url, answer, `version ${version} of ${name} as id ${id}`)
        pushed += 1
      }
    } finally {
      await ask(url, 'DELETE', `/mode/${subject}`)
    }
    const rule = { compatibility: 'FORWARD_TRANSITIVE' }
    expectDone(url, await ask(url, 'PUT', `/config/${subject}`, rule), 'the rule FORWARD_TRANSITIVE')
  }
  return pushed
}

function expectDone(url: string, { status, body }: Answer, what: string): void {
  if (status === 200) return
  const message = objectOf(body).message
  const said = typeof message === 'string' ? `: ${message.slice(0, MAX_MESSAGE)}` : ''
  throw new FusionError(
    'CONFIG_INVALID',
    `The registry ${shown(url)} refused ${what} (${status}${said}): it must allow its modes to be changed, and this user to write.`,
  )
}

function isSchema({ status, body }: Answer, schema: string, id?: number): boolean {
  const found = objectOf(body)
  if (status !== 200 || typeof found.schema !== 'string' || (id !== undefined && found.id !== id)) return false
  try {
    return JSON.stringify(JSON.parse(found.schema)) === JSON.stringify(JSON.parse(schema))
  } catch {
    return false
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/** The address without a password. */
function shown(url: string): string {
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`
}

async function ask(url: string, method: string, path: string, body?: unknown): Promise<Answer> {
  const { username, password } = new URL(url)
  const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')
  let status: number
  let text: string
  try {
    const answer = await fetch(`${shown(url).replace(/\/$/, '')}${path}`, {
      method,
      headers: {
        accept: MEDIA_TYPE,
        ...(username !== '' && { authorization: `Basic ${basic}` }),
        ...(body !== undefined && { 'content-type': MEDIA_TYPE }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    status = answer.status
    text = await answer.text()
  } catch (cause) {
    throw new FusionError(
      'LOG_UNAVAILABLE',
      `The registry ${shown(url)} cannot be reached: check its address, and that it runs.`,
      { cause },
    )
  }
  if (status === 401 || status === 403) {
    throw new FusionError(
      'CONFIG_INVALID',
      `The registry ${shown(url)} asks for a login (${status}): give it as https://USER:PASSWORD@HOST.`,
    )
  }
  try {
    return { status, body: JSON.parse(text) }
  } catch {
    if (method === 'DELETE') return { status, body: null }
    throw new FusionError(
      'LOG_UNAVAILABLE',
      `What answers at ${shown(url)} is no schema registry (${status}): check the address.`,
    )
  }
}
