// Stars over HTTP: by the id of any survey, their posterior as JSON or Arrow, and how it came to be.
import type { FastifyInstance, FastifyReply } from 'fastify'
import { findSamples } from '../../actors/index.ts'
import { encodePosterior, type Star } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { lostSamples } from '../stars/lostSamples.ts'
import { encodePosteriorTable } from '../stars/posteriorTable.ts'
import { samplesText } from '../stars/samplesText.ts'
import { findStars, latestPosterior } from '../stars/starFinder.ts'
import { starHistory } from '../stars/starHistory.ts'
import { posteriorView, starView } from '../stars/starView.ts'
import { answerFormat, mediaTypes } from './answerFormat.ts'
import { isKnown, notModified } from './entityTag.ts'
import { problemResponse, problemResponses, sendProblem } from './problem.ts'
import { type JsonSchema, recordJsonSchema } from './recordJsonSchema.ts'
import type { ServerParts } from './serverParts.ts'

const formats = ['json', 'arrow', 'parquet', 'votable', 'fits'] as const
/** A history longer than this comes in pages. */
const MAX_PAGE = 100

const posteriorSchema = recordJsonSchema('posterior', ['samples', 'samplesTopic'])
const starRecordSchema = recordJsonSchema('star', ['pixels'])
export const idParams: JsonSchema = {
  type: 'object',
  properties: {
    id: {
      type: 'string',
      minLength: 1,
      maxLength: 100,
      description: 'starId, or the id in any survey (Gaia source_id, 2MASS designation, ...), or survey:id',
    },
  },
  required: ['id'],
}

interface IdRequest {
  readonly Params: { readonly id: string }
}
interface PosteriorRequest extends IdRequest {
  readonly Querystring: { readonly format?: (typeof formats)[number]; readonly index?: number }
}
interface HistoryRequest extends IdRequest {
  readonly Querystring: { readonly after?: number; readonly limit?: number }
}

export function addStarRoutes(app: FastifyInstance, { log, version }: ServerParts): void {
  app.get<IdRequest>('/v1/stars/:id', { schema: starSchema }, async (request, reply) => {
    const star = await oneStar(log, request.params.id, reply)
    if (star === null) return reply
    const posterior = await latestPosterior(log, star.starId)
    const facts = [star.version, posterior?.posteriorId ?? '', String(posterior?.isReprocessed), version]
    return isKnown(request, reply, facts) ? reply : starView(star, posterior)
  })

  app.get<PosteriorRequest>('/v1/stars/:id/posterior', { schema: posteriorRouteSchema }, async (request, reply) => {
    const star = await oneStar(log, request.params.id, reply)
    if (star === null) return reply
    const { index } = request.query
    const posterior =
      index === undefined
        ? await latestPosterior(log, star.starId)
        : ((await starHistory(log, star)).find(entry => entry.index === index)?.posterior ?? null)
    if (posterior === null) {
      const why = star.isRetired ? 'it was merged into another star' : 'it was not inferred yet'
      const what = index === undefined ? `no posterior: ${why}` : `no posterior ${index} in its history`
      return sendProblem(reply, 404, 'POSTERIOR_UNKNOWN', `Star ${star.starId} has ${what}.`)
    }
    const samples = await findSamples(log, posterior)
    if (samples === null) return sendProblem(reply, 404, 'SAMPLES_UNKNOWN', lostSamples(posterior))
    const format = answerFormat(request, formats, request.query.format)
    const facts = [posterior.posteriorId, String(posterior.isReprocessed), format, version]
    if (isKnown(request, reply, facts)) return reply
    reply.type(mediaTypes[format])
    if (format === 'arrow') return reply.send(Buffer.from(encodePosterior(posterior, samples)))
    if (format !== 'json') return reply.send(await encodePosteriorTable(posterior, samples, format))
    return reply.send(`${JSON.stringify(posteriorView(posterior)).slice(0, -1)},"samples":${samplesText(samples)}}`)
  })

  app.get<HistoryRequest>('/v1/stars/:id/history', { schema: historySchema }, async (request, reply) => {
    const star = await oneStar(log, request.params.id, reply)
    if (star === null) return reply
    const { after = 0, limit = MAX_PAGE } = request.query
    const history = await starHistory(log, star)
    const later = history.filter(({ index }) => index > after)
    const entries = later
      .slice(0, limit)
      .map(({ index, posterior }) => ({ index, posterior: posteriorView(posterior) }))
    return { starId: star.starId, isMore: entries.length < later.length, entries }
  })
}

/** The star, or null once the reply says why there is none. */
export async function oneStar(log: Log, id: string, reply: FastifyReply): Promise<Star | null> {
  const found = await findStars(log, id)
  if (found.length === 1) return found[0].star
  const shown = JSON.stringify(id)
  if (found.length === 0)
    sendProblem(reply, 404, 'STAR_UNKNOWN', `No star is known by the id ${shown}: check it, or ingest its survey.`)
  else {
    const names = found.map(({ foundBy }) => foundBy).join(', ')
    sendProblem(
      reply,
      409,
      'STAR_AMBIGUOUS',
      `The id ${shown} stands for ${found.length} stars: ask for one of ${names}.`,
    )
  }
  return null
}

export const starErrors = { ...problemResponses, 409: problemResponse }

const starSchema = {
  summary: 'A star: its sources, its measurements, its newest posterior without the samples',
  tags: ['stars'],
  params: idParams,
  response: {
    200: {
      ...starRecordSchema,
      properties: {
        ...starRecordSchema.properties,
        posterior: { ...posteriorSchema, nullable: true },
      },
      required: [...(starRecordSchema.required ?? []), 'posterior'],
    },
    ...notModified,
    ...starErrors,
  },
}

const posteriorRouteSchema = {
  summary: 'The newest posterior, or one of the history, with its samples, as JSON, Arrow, Parquet, VOTable or FITS',
  tags: ['stars'],
  params: idParams,
  querystring: {
    type: 'object',
    properties: {
      format: { type: 'string', enum: formats, description: 'overrides the Accept header' },
      index: { type: 'integer', minimum: 1, description: 'of an earlier one in the history (default: the newest)' },
    },
  },
  response: {
    200: {
      description: 'The posterior.',
      content: {
        'application/json': {
          schema: {
            ...posteriorSchema,
            properties: {
              ...posteriorSchema.properties,
              samples: {
                type: 'object',
                description: 'Samples by quantity.',
                additionalProperties: { type: 'array', items: { type: 'number' } },
              },
            },
            required: [...(posteriorSchema.required ?? []), 'samples'],
          },
        },
        ...Object.fromEntries(
          formats
            .filter(format => format !== 'json')
            .map(format => [mediaTypes[format], { schema: { type: 'string', format: 'binary' } }]),
        ),
      },
    },
    ...notModified,
    ...starErrors,
  },
}

const historySchema = {
  summary: 'Every posterior of the star, oldest first, without the samples',
  tags: ['stars'],
  params: idParams,
  querystring: {
    type: 'object',
    properties: {
      after: { type: 'integer', minimum: 0, description: 'index of the last entry that is already known' },
      limit: { type: 'integer', minimum: 1, maximum: MAX_PAGE, default: MAX_PAGE, description: 'entries on a page' },
    },
  },
  response: {
    200: {
      type: 'object',
      properties: {
        starId: { type: 'string', description: 'The star.' },
        isMore: { type: 'boolean', description: 'True when another page follows the last index.' },
        entries: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              index: {
                type: 'integer',
                description:
                  'Its place among all posteriors the star had, from 1; the oldest of very many are left out.',
              },
              posterior: posteriorSchema,
            },
            required: ['index', 'posterior'],
          },
        },
      },
      required: ['starId', 'isMore', 'entries'],
    },
    ...starErrors,
  },
}
