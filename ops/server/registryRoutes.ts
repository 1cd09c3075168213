// Our schemas over the REST API of Confluent's Schema Registry, to be read only: any client of it decodes our topics.
import type { FastifyInstance, FastifyReply } from 'fastify'
import { checkCompatibility } from '../../schemas/index.ts'
import { comparedWith, type Subject, type SubjectVersion } from '../../streams/index.ts'
import { bodyProblemResponses } from './problem.ts'
import type { JsonSchema } from './recordJsonSchema.ts'
import type { ServerParts } from './serverParts.ts'

const MEDIA_TYPE = 'application/vnd.schemaregistry.v1+json'
const COMPATIBILITY = 'FORWARD_TRANSITIVE'

/** Confluent's numbers; the first three digits are the HTTP status. */
const errorNumbers = {
  subject: 40401,
  version: 40402,
  schema: 40403,
  invalidSchema: 42201,
  invalidVersion: 42202,
} as const
const READ_ONLY = 42205

interface SubjectRequest {
  readonly Params: { readonly subject: string }
  readonly Body: { readonly schema: string; readonly schemaType?: string }
}
interface VersionRequest extends SubjectRequest {
  readonly Params: { readonly subject: string; readonly version: string }
}
interface IdRequest {
  readonly Params: { readonly id: number }
}

export function addRegistryRoutes(app: FastifyInstance, { subjects }: ServerParts): void {
  // In a scope of its own: here errors are Confluent's, not problem details.
  app.register(async routes => {
    routes.addContentTypeParser(MEDIA_TYPE, { parseAs: 'string' }, routes.getDefaultJsonParser('error', 'error'))
    routes.setErrorHandler((error: { readonly statusCode?: number; readonly message: string }, _request, reply) => {
      const status = error.statusCode ?? 500
      if (status >= 500) throw error
      return refuse(reply, status, error.message)
    })
    addReadingRoutes(routes, subjects)
    addAskingRoutes(routes, subjects)
  })
}

function addReadingRoutes(app: FastifyInstance, subjects: readonly Subject[]): void {
  const get = described

  app.get('/subjects', get('subjects, one for each topic'), async () => subjects.map(({ name }) => name))

  app.get<SubjectRequest>('/subjects/:subject/versions', get('versions of a subject'), async (request, reply) => {
    const subject = find(subjects, request.params.subject, reply)
    return subject === null ? reply : subject.versions.map(({ version }) => version)
  })

  app.get<VersionRequest>('/subjects/:subject/versions/:version', get('one version'), async (request, reply) => {
    const found = findVersion(subjects, request.params, reply)
    return found === null ? reply : { subject: request.params.subject, ...found }
  })

  app.get<VersionRequest>(
    '/subjects/:subject/versions/:version/schema',
    get('its schema alone'),
    async (request, reply) => {
      const found = findVersion(subjects, request.params, reply)
      return found === null ? reply : JSON.parse(found.schema)
    },
  )

  app.get<IdRequest>('/schemas/ids/:id', get('the schema with an id', idParams), async (request, reply) => {
    const [found] = holders(subjects, request.params.id)
    return found === undefined
      ? refuse(reply, errorNumbers.schema, noSchema(request.params.id))
      : { schema: found.schema }
  })

  app.get<IdRequest>('/schemas/ids/:id/versions', get('where an id is used', idParams), async (request, reply) => {
    const found = holders(subjects, request.params.id)
    if (found.length === 0) return refuse(reply, errorNumbers.schema, noSchema(request.params.id))
    return found.map(({ subject, version }) => ({ subject, version }))
  })

  app.get('/schemas/types', get('kinds of schemas'), async () => ['AVRO'])
  app.get('/mode', get('what may be done'), async () => ({ mode: 'READONLY' }))
  app.get('/config', get('rule of compatibility'), async () => ({ compatibilityLevel: COMPATIBILITY }))
  app.get<SubjectRequest>('/config/:subject', get('rule of a subject'), async (request, reply) =>
    find(subjects, request.params.subject, reply) === null ? reply : { compatibilityLevel: COMPATIBILITY },
  )
}

function addAskingRoutes(app: FastifyInstance, subjects: readonly Subject[]): void {
  const post = (what: string) =>
    ({ schema: { ...described(what).schema, body: schemaBody }, config: { scope: 'read' } }) as const

  app.post<SubjectRequest>('/subjects/:subject', post('which version a schema is'), async (request, reply) => {
    const subject = find(subjects, request.params.subject, reply)
    if (subject === null) return reply
    const found = sameSchema(subject, request.body.schema)
    if (found === undefined) return refuse(reply, errorNumbers.schema, 'This subject has no such schema.')
    return { subject: subject.name, ...found }
  })

  // A producer that registers before it writes is told the id of what is there already.
  app.post<SubjectRequest>('/subjects/:subject/versions', post('the id of a known schema'), async (request, reply) => {
    const subject = find(subjects, request.params.subject, reply)
    if (subject === null) return reply
    const found = sameSchema(subject, request.body.schema)
    if (found !== undefined) return { id: found.id }
    return refuse(reply, READ_ONLY, 'This registry is read-only: it holds the schemas of birthline.')
  })

  app.post<VersionRequest>(
    '/compatibility/subjects/:subject/versions/:version',
    post('whether a schema may follow a version'),
    async (request, reply) => {
      const found = findVersion(subjects, request.params, reply)
      return found === null ? reply : judge(request.body.schema, () => [found], reply)
    },
  )

  app.post<SubjectRequest>(
    '/compatibility/subjects/:subject/versions',
    post('whether a schema may follow all versions of its major version'),
    async (request, reply) => {
      const subject = find(subjects, request.params.subject, reply)
      const { schema } = request.body
      return subject === null ? reply : judge(schema, () => comparedWith(subject.versions, schema), reply)
    },
  )
}

function judge(schema: string, versions: () => readonly SubjectVersion[], reply: FastifyReply): unknown {
  try {
    const messages = checkCompatibility(
      schema,
      versions().map(one => one.schema),
    )
    return { is_compatible: messages.length === 0, messages }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return refuse(reply, errorNumbers.invalidSchema, error.message)
  }
}

function find(subjects: readonly Subject[], name: string, reply: FastifyReply): Subject | null {
  const found = subjects.find(subject => subject.name === name)
  if (found !== undefined) return found
  refuse(reply, errorNumbers.subject, `Subject ${JSON.stringify(name)} is not known: GET /subjects lists them.`)
  return null
}

function findVersion(
  subjects: readonly Subject[],
  { subject: name, version }: VersionRequest['Params'],
  reply: FastifyReply,
): SubjectVersion | null {
  const subject = find(subjects, name, reply)
  if (subject === null) return null
  if (!/^(?:latest|-1|[1-9]\d{0,8})$/.test(version)) {
    refuse(reply, errorNumbers.invalidVersion, 'A version is a number from 1, or latest.')
    return null
  }
  const found = subject.versions.at(version === 'latest' || version === '-1' ? -1 : Number(version) - 1)
  if (found !== undefined) return found
  refuse(
    reply,
    errorNumbers.version,
    `Subject ${name} has ${subject.versions.length} versions, and no version ${version}.`,
  )
  return null
}

function holders(subjects: readonly Subject[], id: number): readonly (SubjectVersion & { readonly subject: string })[] {
  return subjects.flatMap(({ name, versions }) =>
    versions.filter(one => one.id === id).map(one => ({ subject: name, ...one })),
  )
}

/** Clients write the same schema with other spaces, and keys in another order. */
function sameSchema(subject: Subject, schema: string): SubjectVersion | undefined {
  const wanted = inOrder(schema)
  return subject.versions.find(one => inOrder(one.schema) === wanted)
}

function inOrder(json: string): string | null {
  try {
    return JSON.stringify(JSON.parse(json), (_key, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    )
  } catch {
    return null
  }
}

const noSchema = (id: number) =>
  `No schema has the id ${id}${id < 10_000 ? ': records written before ids told records apart are read by birthline alone' : ''}.`

/** @param number Confluent's, or an HTTP status */
function refuse(reply: FastifyReply, number: number, message: string): FastifyReply {
  const status = Number(String(number).slice(0, 3))
  return reply.status(status).type(MEDIA_TYPE).serializer(JSON.stringify).send({ error_code: number, message })
}

const idParams: JsonSchema = {
  type: 'object',
  properties: { id: { type: 'integer', minimum: 0, maximum: 2 ** 31 - 1 } },
  required: ['id'],
}

const schemaBody = {
  type: 'object',
  properties: { schema: { type: 'string' }, schemaType: { type: 'string', enum: ['AVRO'] } },
  required: ['schema'],
}

const errorResponse = {
  description: "An error of Confluent's.",
  content: {
    [MEDIA_TYPE]: {
      schema: {
        type: 'object',
        properties: { error_code: { type: 'integer' }, message: { type: 'string' } },
        required: ['error_code', 'message'],
      },
    },
  },
}

function described(summary: string, params?: JsonSchema) {
  return {
    schema: {
      summary: `Schema registry: ${summary}`,
      description: "As Confluent's Schema Registry answers.",
      tags: ['registry'],
      ...(params !== undefined && { params }),
      response: {
        200: { description: 'The answer.' },
        ...bodyProblemResponses,
        ...{ 400: errorResponse, 404: errorResponse, 413: errorResponse, 415: errorResponse, 422: errorResponse },
      },
    },
  }
}
