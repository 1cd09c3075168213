// IVOA Simple Cone Search 1.03: what TOPCAT, Aladin and pyvo ask for. Its errors are VOTables too, as the standard wants.
import type { FastifyInstance, FastifyReply } from 'fastify'
import { FusionError, isFusionError } from '../../schemas/index.ts'
import { printVotable } from '../../streams/index.ts'
import { coneRegion } from '../catalogue/skyRegion.ts'
import { listStars } from '../catalogue/starList.ts'
import { parseOrder } from '../catalogue/starOrder.ts'
import { type Detail, encodeCone } from '../catalogue/summaryTable.ts'
import type { FollowedTable } from '../catalogue/tableFollower.ts'
import { mediaTypes } from './answerFormat.ts'
import { problemResponses } from './problem.ts'
import { readyTable } from './readyTable.ts'
import { text } from './schemaParts.ts'

const MAX_ROWS = 10_000

export function addConeSearchRoutes(app: FastifyInstance, followed: FollowedTable): void {
  app.get<{ Querystring: Readonly<Record<string, unknown>> }>(
    '/v1/conesearch',
    { schema: coneSchema, attachValidation: true },
    async (request, reply) => {
      try {
        const { raDeg, decDeg, radiusDeg, detail } = readCone(request.query)
        const region = coneRegion(raDeg, decDeg, radiusDeg)
        const table = await readyTable(followed, reply)
        if (table === null) return reply
        const choice = { regions: [region], accepts: null }
        const order = parseOrder('-youngProbability')
        // A radius of zero asks for the columns alone.
        const none = { rows: [], next: null }
        const { rows, next } =
          radiusDeg === 0 ? none : await listStars(table, { choice, order, limit: MAX_ROWS, after: null })
        // DALI's words for an answer that was cut.
        const status = { QUERY_STATUS: next === null ? 'OK' : 'OVERFLOW' }
        return reply.type(mediaTypes.votable).send(await encodeCone(table, rows, detail, status))
      } catch (error) {
        if (isFusionError(error) && error.code === 'QUESTION_INVALID') return sendConeError(reply, error.message)
        throw error
      }
    },
  )
}

interface ConeRequest {
  readonly raDeg: number
  readonly decDeg: number
  readonly radiusDeg: number
  readonly detail: Detail
}

/** Names of any case, as clients have them; others are passed over, as the standard wants. */
function readCone(query: Readonly<Record<string, unknown>>): ConeRequest {
  const texts = new Map(Object.entries(query).map(([name, text]) => [name.toUpperCase(), text]))
  const numberOf = (name: string): number => {
    const text = texts.get(name)
    const number = typeof text === 'string' && text.trim() !== '' ? Number(text) : Number.NaN
    if (Number.isFinite(number)) return number
    const shown = JSON.stringify(text ?? '').slice(0, 60)
    throw new FusionError(
      'QUESTION_INVALID',
      `${name} is ${shown}: give one number, in degrees, such as RA=56.75&DEC=24.12&SR=1.`,
    )
  }
  const verbosity = texts.get('VERB') ?? '2'
  if (verbosity !== '1' && verbosity !== '2' && verbosity !== '3') {
    throw new FusionError('QUESTION_INVALID', `VERB is ${JSON.stringify(verbosity).slice(0, 60)}: give 1, 2 or 3.`)
  }
  return {
    raDeg: numberOf('RA'),
    decDeg: numberOf('DEC'),
    radiusDeg: numberOf('SR'),
    detail: Number(verbosity) as Detail,
  }
}

/** With status 200: clients look for the error within the document, and some read none that comes with another. */
function sendConeError(reply: FastifyReply, sentence: string): FastifyReply {
  const noRows = printVotable([{ name: 'star_id', type: 'string', ucd: 'ID_MAIN' }], [], { Error: sentence })
  return reply.type(mediaTypes.votable).send(noRows)
}

const coneSchema = {
  summary: 'IVOA Simple Cone Search 1.03',
  description: `A VOTable of the stars within SR of a place, the most probably young ones first, at most ${MAX_ROWS}: its QUERY_STATUS is OVERFLOW where there are more. What is wrong stands in an INFO named Error.`,
  tags: ['stars'],
  querystring: {
    type: 'object',
    properties: {
      RA: text('right ascension, ICRS, degrees'),
      DEC: text('declination, ICRS, degrees'),
      SR: text('radius, degrees; 0 asks for the columns alone'),
      VERB: text('1 for ids and places, 2 (default) for medians too, 3 for all columns'),
    },
    required: ['RA', 'DEC', 'SR'],
  },
  response: {
    200: { description: 'The stars.', content: { [mediaTypes.votable]: { schema: { type: 'string' } } } },
    ...problemResponses,
  },
}
