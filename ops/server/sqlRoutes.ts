// SQL over HTTP, read-only: each query in a process of its own, few at one time, on the newest snapshot of the stars.
import type { FastifyInstance } from 'fastify'
import { encodeSqlAnswer } from '../sql/answerTable.ts'
import { newestSnapshot } from '../sql/snapshot.ts'
import { MAX_QUERY_CHARACTERS, runQuery } from '../sql/sqlJob.ts'
import { answerFormat, mediaTypes } from './answerFormat.ts'
import { bodyProblemResponses, sendProblem } from './problem.ts'
import type { JsonSchema } from './recordJsonSchema.ts'
import type { ServerParts } from './serverParts.ts'
import { refuseStrays } from './strayNames.ts'

const formats = ['json', 'arrow', 'parquet', 'votable', 'csv'] as const
/** Queries at one time, with two threads each: more are turned away, so that they do not keep the pipeline from its stars. */
const MAX_AT_ONCE = 2
const MEMORY_MB = 512
const DEFAULT_ROWS = 1000
const MAX_ROWS = 100_000
const DEFAULT_SECONDS = 10
const MAX_SECONDS = 30

interface SqlRequest {
  readonly Body: { readonly query: string; readonly limit?: number; readonly seconds?: number }
  readonly Querystring: { readonly format?: (typeof formats)[number] }
}

/** @param closing aborts when the server shuts down: queries end */
export function addSqlRoutes(
  app: FastifyInstance,
  { dataFolder }: Pick<ServerParts, 'dataFolder'>,
  closing: AbortSignal,
): void {
  let underWay = 0

  app.post<SqlRequest>('/v1/sql', { schema: sqlSchema, config: { scope: 'ask' } }, async (request, reply) => {
    const { query, limit = DEFAULT_ROWS, seconds = DEFAULT_SECONDS } = request.body
    refuseStrays('A query', 'field', request.body, bodyProperties)
    if (underWay >= MAX_AT_ONCE) {
      reply.header('retry-after', '5')
      const detail = `${MAX_AT_ONCE} queries are being answered: ask again in some seconds.`
      return sendProblem(reply, 503, 'TOO_MANY_QUERIES', detail)
    }
    const gone = new AbortController()
    reply.raw.once('close', () => gone.abort())
    underWay++
    try {
      const snapshot = await newestSnapshot(dataFolder)
      if (snapshot === null) {
        const detail =
          'There is no snapshot of the stars to ask yet: `birthline sql "SELECT 1"`, with the data folder of this server, makes one.'
        return sendProblem(reply, 404, 'SNAPSHOT_MISSING', detail)
      }
      const limits = { timeoutMs: 1000 * seconds, memoryMb: MEMORY_MB, rows: limit }
      const answer = await runQuery(snapshot, query, [], limits, AbortSignal.any([closing, gone.signal]))
      const madeAt = new Date(snapshot.madeMs).toISOString()
      const format = answerFormat(request, formats, request.query.format)
      if (format === 'json') return { madeAt, ...answer }
      const file = await encodeSqlAnswer(answer, format, { madeAt, isMore: String(answer.isMore) })
      return reply.type(mediaTypes[format]).send(Buffer.from(file))
    } catch (error) {
      // Nobody is there to be told.
      if (gone.signal.aborted) return reply.hijack()
      if (!closing.aborted) throw error
      return sendProblem(reply, 503, 'CLOSING', 'The server is closing: ask again when it is back.')
    } finally {
      underWay--
    }
  })
}

const bodyProperties: Readonly<Record<keyof SqlRequest['Body'], JsonSchema>> = {
  query: {
    type: 'string',
    minLength: 1,
    maxLength: MAX_QUERY_CHARACTERS,
    description: 'one SELECT of DuckDB over the table stars and cone(ra, dec, radius), in degrees',
  },
  limit: { type: 'integer', minimum: 1, maximum: MAX_ROWS, default: DEFAULT_ROWS, description: 'rows at most' },
  seconds: {
    type: 'integer',
    minimum: 1,
    maximum: MAX_SECONDS,
    default: DEFAULT_SECONDS,
    description: 'after which the query is stopped',
  },
}

const answerSchema: JsonSchema = {
  type: 'object',
  properties: {
    madeAt: { type: 'string', description: 'As of when the stars are, ISO 8601.' },
    columns: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          name: { type: 'string', description: 'As the query calls it.' },
          type: { type: 'string', description: 'As DuckDB calls it.' },
        },
        required: ['name', 'type'],
      },
    },
    rows: {
      type: 'array',
      items: { type: 'array', items: {} },
      description: 'Cells in the order of the columns; 64-bit integers are texts, NaN is null.',
    },
    isMore: { type: 'boolean', description: 'True when there are more rows than the limit.' },
  },
  required: ['madeAt', 'columns', 'rows', 'isMore'],
}

const binary = { schema: { type: 'string', format: 'binary' } }
const sqlSchema = {
  summary: 'One SELECT over the newest snapshot of the stars',
  description:
    'Each query runs in a process of its own, without any file but the snapshot, with bounds of time, memory and rows.',
  tags: ['stars'],
  body: { type: 'object', properties: bodyProperties, required: ['query'] },
  querystring: {
    type: 'object',
    properties: { format: { type: 'string', enum: formats, description: 'overrides the Accept header' } },
  },
  response: {
    200: {
      description: 'The answer; tables tell madeAt and isMore in their metadata, a CSV has no place for them.',
      content: {
        [mediaTypes.json]: { schema: answerSchema },
        [mediaTypes.arrow]: binary,
        [mediaTypes.parquet]: binary,
        [mediaTypes.votable]: { schema: { type: 'string' } },
        'text/csv': { schema: { type: 'string' } },
      },
    },
    ...bodyProblemResponses,
  },
}
