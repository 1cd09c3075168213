import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { compareRegistry, pushSubjects } from '../../ops/registryClient.ts'
import { startServer } from '../../ops/server/server.ts'
import { registrySubjects } from '../../streams/index.ts'
import { smallServerParts } from './server/smallServer.ts'
import { openTemporaryLog } from './starRecords.ts'

interface Registered {
  readonly id: number
  readonly version: number
  readonly schema: string
}

/** A registry that obeys Confluent's rules of modes and ids, as its documentation has them. */
async function openRegistry(options: { readonly isFixed?: boolean; readonly login?: string } = {}) {
  const subjects = new Map<string, Registered[]>()
  const modes = new Map<string, string>()
  const rules = new Map<string, string>()
  const byId = (id: number) => [...subjects.values()].flat().find(one => one.id === id)
  const answer = (method: string, path: string, body: Record<string, unknown>): readonly [number, unknown] => {
    const [, kind, subject, , last] = path.split('?')[0].split('/').map(decodeURIComponent)
    if (kind === 'schemas') {
      const found = byId(Number(last ?? path.split('/')[3]))
      return found === undefined ? [404, { error_code: 40403 }] : [200, { schema: found.schema }]
    }
    if (kind === 'mode') {
      if (options.isFixed === true) return [422, { error_code: 42205, message: 'Mode changes are not allowed' }]
      if (method === 'DELETE') modes.delete(subject)
      else modes.set(subject, String(body.mode))
      return [200, {}]
    }
    if (kind === 'config') {
      rules.set(subject, String(body.compatibility))
      return [200, {}]
    }
    const versions = subjects.get(subject) ?? []
    if (method === 'GET') {
      const found = versions.find(({ version }) => version === Number(last))
      return found === undefined ? [404, { error_code: 40402 }] : [200, { subject, ...found }]
    }
    const { id, version, schema } = body as unknown as Registered
    const known = byId(id)
    const isFree = known === undefined || known.schema === schema
    if (modes.get(subject) !== 'IMPORT' || !isFree) return [422, { error_code: 42205, message: 'Not in import mode' }]
    subjects.set(subject, [...versions, { id, version, schema }])
    return [200, { id }]
  }
  const server = createServer(async (request, reply) => {
    let text = ''
    for await (const bytes of request) text += bytes
    const expected = options.login === undefined ? undefined : `Basic ${Buffer.from(options.login).toString('base64')}`
    const isKnown = request.headers.authorization === expected
    const body = text === '' ? {} : JSON.parse(text)
    const [status, answered] = isKnown ? answer(request.method ?? '', request.url ?? '', body) : [401, {}]
    reply.writeHead(status).end(JSON.stringify(answered))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, subjects, modes, rules }
}

const ours = registrySubjects('birthline.')
const count = ours.reduce((sum, { versions }) => sum + versions.length, 0)

test('every version is put there under our id, once, and the subjects are left as any other', async () => {
  const { url, subjects, modes, rules } = await openRegistry()
  expect((await compareRegistry(url, ours)).every(({ presence }) => presence === 'missing')).toBe(true)
  expect(await pushSubjects(url, ours)).toBe(count)
  expect([...subjects].map(([name, versions]) => ({ name, versions }))).toEqual(ours)
  expect(modes.size).toBe(0)
  expect(new Set(rules.values())).toEqual(new Set(['FORWARD_TRANSITIVE']))
  expect(await pushSubjects(url, ours)).toBe(0)
  expect((await compareRegistry(url, ours)).every(({ presence }) => presence === 'same')).toBe(true)
})

test('an id that another schema has is told before anything is written', async () => {
  const { url, subjects } = await openRegistry()
  const [{ versions }] = ours
  subjects.set('other-value', [{ id: versions[0].id, version: 1, schema: '"string"' }])
  await expect(pushSubjects(url, ours)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining(`holds another schema as id ${versions[0].id}, or as version 1`),
  })
  expect(subjects.size).toBe(1)
})

test('a registry that keeps its mode, one that asks for a login, and what is none are each a sentence', async () => {
  const fixed = await openRegistry({ isFixed: true })
  await expect(pushSubjects(fixed.url, ours)).rejects.toThrow(
    /refused the mode IMPORT \(422: Mode changes are not allowed\)/,
  )
  const guarded = await openRegistry({ login: 'me:swordfish' })
  await expect(compareRegistry(guarded.url, ours)).rejects.toThrow(/asks for a login \(401\)/)
  expect(await pushSubjects(guarded.url.replace('//', '//me:swordfish@'), ours)).toBe(count)
  const wrong = await compareRegistry(guarded.url.replace('//', '//me:swordfish-x@'), ours).catch(
    (thrown: unknown) => thrown,
  )
  expect(String(wrong)).toMatch(/asks for a login/)
  expect(String(wrong)).not.toContain('swordfish')
  await expect(compareRegistry('http://127.0.0.1:1', ours)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' })
})

test('our own server holds all of it, and takes nothing', async () => {
  const temporary = await openTemporaryLog()
  const server = await startServer(smallServerParts(temporary.log, 'birthline.'), '127.0.0.1', 0)
  onTestFinished(async () => {
    await server.close()
    await temporary.remove()
  })
  expect((await compareRegistry(server.url, ours)).every(({ presence }) => presence === 'same')).toBe(true)
  expect(await pushSubjects(server.url, ours)).toBe(0)
  await expect(pushSubjects(server.url, registrySubjects('x.'))).rejects.toThrow(/refused the mode IMPORT/)
})
