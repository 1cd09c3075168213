// Many stars at once: lists by place and order, and all of them for a map.
import type { FastifyInstance } from 'fastify'
import { inferredNames, parseFilter, type StarFilter, starClasses } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { type FilterChoice, filterChoice } from '../catalogue/filterChoice.ts'
import { boxRegion, coneRegion, parseNumbers, type SkyRegion } from '../catalogue/skyRegion.ts'
import { type FilteredPage, listFiltered, MAX_JUDGED } from '../catalogue/starList.ts'
import { starMap } from '../catalogue/starMap.ts'
import { DEFAULT_ORDER, orderNames, parseOrder, parsePlace } from '../catalogue/starOrder.ts'
import { starSummary } from '../catalogue/starSummary.ts'
import { listedQuantiles, type StarTable } from '../catalogue/starTable.ts'
import { encodeSummaries } from '../catalogue/summaryTable.ts'
import type { FollowedTable } from '../catalogue/tableFollower.ts'
import { findStars } from '../stars/starFinder.ts'
import { answerFormat, mediaTypes } from './answerFormat.ts'
import { isKnown, notModified } from './entityTag.ts'
import { filterProperties, MAX_FILTER_BYTES, whereText } from './filterBody.ts'
import { bodyProblemResponses, problemResponses, sendProblem } from './problem.ts'
import { readyTable } from './readyTable.ts'
import type { JsonSchema } from './recordJsonSchema.ts'
import { number, texts } from './schemaParts.ts'
import type { ServerParts } from './serverParts.ts'
import { refuseStrays } from './strayNames.ts'

const formats = ['json', 'votable', 'csv'] as const
const MAX_LIST = 1000
const DEFAULT_LIST = 100
const PREVIEW = 20
const MAX_SKY = 2_000_000
const DEFAULT_SKY = 1_000_000
/** Maps that are made at one time: each may take 100 MB. */
const MAX_MAPS = 2

interface ChoiceQuery {
  readonly where?: string
  readonly cone?: string
  readonly box?: string
}
interface ListQuery extends ChoiceQuery {
  readonly sort?: string
  readonly limit?: number
  readonly after?: string
  readonly format?: (typeof formats)[number]
}
interface SkyQuery extends ChoiceQuery {
  readonly limit?: number
}

export function addCatalogueRoutes(
  app: FastifyInstance,
  { log, version }: Pick<ServerParts, 'log' | 'version'>,
  followed: FollowedTable,
): void {
  let mapsUnderWay = 0

  app.get<{ Querystring: ListQuery }>('/v1/stars', { schema: listSchema }, async (request, reply) => {
    const { query } = request
    refuseStrays('A list of stars', 'parameter', query, listQuery)
    const order = parseOrder(query.sort ?? DEFAULT_ORDER)
    const after = query.after === undefined ? null : parsePlace(order, query.after)
    const choiceIn = parseChoice(log, query)
    const table = await readyTable(followed, reply)
    if (table === null) return reply
    const { limit = DEFAULT_LIST } = query
    const format = answerFormat(request, formats, query.format)
    if (isKnown(request, reply, [followed.version, request.url, format, version])) return reply
    const { rows, ...page } = await listFiltered(table, { choice: choiceIn(table), order, limit, after })
    if (page.next !== null) reply.header('link', `<${nextAddress(request.url, page.next)}>; rel="next"`)
    reply.type(mediaTypes[format])
    if (format !== 'json') return reply.send(await encodeSummaries(table, rows, format, factsOf(page)))
    return { ...page, isMore: page.next !== null, stars: rows.map(row => starSummary(table, row)) }
  })

  app.get<{ Querystring: SkyQuery }>('/v1/sky', { schema: skySchema }, async (request, reply) => {
    const { query } = request
    refuseStrays('A map of stars', 'parameter', query, skyQuery)
    const choiceIn = parseChoice(log, query)
    const table = await readyTable(followed, reply)
    if (table === null) return reply
    if (mapsUnderWay >= MAX_MAPS) {
      const detail = `${MAX_MAPS} maps are being made: ask again in some seconds.`
      return sendProblem(reply, 429, 'TOO_MANY_REQUESTS', detail)
    }
    mapsUnderWay++
    try {
      return reply
        .type(mediaTypes.arrow)
        .send(Buffer.from(await starMap(table, choiceIn(table), query.limit ?? DEFAULT_SKY)))
    } finally {
      mapsUnderWay--
    }
  })

  const preview = { schema: previewSchema, bodyLimit: MAX_FILTER_BYTES, config: { scope: 'read' } } as const
  app.post<{ Body: Partial<StarFilter> }>('/v1/filters/preview', preview, async (request, reply) => {
    const { where = '', moc = null, watchlist = [] } = request.body
    refuseStrays('A filter', 'field', request.body, filterProperties)
    const filter = parseFilter({ where, moc, watchlist })
    const table = await readyTable(followed, reply)
    if (table === null) return reply
    const rows = filter.watched === null ? null : await rowsOf(log, table, watchlist)
    const choice = filterChoice(log, table, filter, [], rows)
    const order = parseOrder(DEFAULT_ORDER)
    const page = await listFiltered(table, { choice, order, limit: PREVIEW, after: null })
    const stars = page.rows.map(row => starSummary(table, row))
    return { total: table.listedCount, matched: page.total, isPartial: page.isPartial, stars }
  })
}

function factsOf({ total, isPartial, next }: Omit<FilteredPage, 'rows'>): Readonly<Record<string, string>> {
  return { total: String(total), isPartial: String(isPartial), ...(next !== null && { next }) }
}

/** The same list after another place, for the Link header (RFC 8288). */
function nextAddress(url: string, next: string): string {
  const { pathname, searchParams } = new URL(url, 'http://host')
  searchParams.set('after', next)
  return `${pathname}?${searchParams}`
}

/** Rows of the stars that ids stand for. */
async function rowsOf(log: Log, table: StarTable, ids: readonly string[]): Promise<readonly number[]> {
  const rows = new Set<number>()
  for (const id of ids) {
    for (const { star } of await findStars(log, id)) rows.add(table.listedRow(star.starId))
  }
  rows.delete(-1)
  return [...rows]
}

/** What a query asks for, checked before any star is looked at. */
function parseChoice(log: Log, { where = '', cone, box }: ChoiceQuery): (table: StarTable) => FilterChoice {
  const filter = parseFilter({ where, moc: null, watchlist: [] })
  const regions: SkyRegion[] = []
  if (cone !== undefined) {
    const [ra, dec, radius] = parseNumbers('cone', cone, ['ra', 'dec', 'radius'])
    regions.push(coneRegion(ra, dec, radius))
  }
  if (box !== undefined) {
    const [raMin, raMax, decMin, decMax] = parseNumbers('box', box, ['raMin', 'raMax', 'decMin', 'decMax'])
    regions.push(boxRegion(raMin, raMax, decMin, decMax))
  }
  return table => filterChoice(log, table, filter, regions)
}

const text = (description: string, maxLength: number): JsonSchema => ({ type: 'string', maxLength, description })

const choiceQuery = {
  where: whereText,
  cone: text('ra,dec,radius in degrees: stars not farther than the radius', 100),
  box: text('raMin,raMax,decMin,decMax in degrees; through 0 where raMin is the larger', 150),
}
const listQuery: Readonly<Record<string, JsonSchema>> = {
  ...choiceQuery,
  sort: {
    ...text(
      `one of ${orderNames.join(', ')}, with - before it for the largest first; a parameter stands for its median`,
      60,
    ),
    default: DEFAULT_ORDER,
  },
  limit: { type: 'integer', minimum: 1, maximum: MAX_LIST, default: DEFAULT_LIST, description: 'stars on a page' },
  after: text('`next` of the page before', 300),
  format: { type: 'string', enum: formats, description: 'overrides the Accept header' },
}
const skyQuery: Readonly<Record<string, JsonSchema>> = {
  ...choiceQuery,
  limit: {
    type: 'integer',
    minimum: 1,
    maximum: MAX_SKY,
    default: DEFAULT_SKY,
    description: 'stars at most; of more, a fair sample comes, always the same',
  },
}

const quantilesSchema: JsonSchema = {
  type: 'object',
  properties: Object.fromEntries(listedQuantiles.map(name => [name, number(`${name} of the marginal posterior`)])),
  required: [...listedQuantiles],
}

export const summarySchema: JsonSchema = {
  type: 'object',
  description: 'A star in a list; quantiles and magnitudes with five decimals.',
  properties: {
    starId: { type: 'string', description: 'The star.' },
    posteriorId: { type: 'string', description: 'Its newest posterior.' },
    raDeg: number('Right ascension, ICRS, degrees.'),
    decDeg: number('Declination, ICRS, degrees.'),
    youngProbability: number('Sum over the young classes.'),
    className: { type: 'string', enum: [...starClasses], description: 'The most probable class.' },
    classes: {
      type: 'object',
      description: 'Probability of each class.',
      properties: Object.fromEntries(starClasses.map(name => [name, number(`Probability of ${name}.`)])),
      required: [...starClasses],
    },
    surveys: texts('Surveys that were present.'),
    flags: texts('Warnings, such as outOfDistribution.'),
    summaries: {
      type: 'object',
      description: 'Quantiles by parameter, in the unit of its name.',
      properties: Object.fromEntries(inferredNames.map(name => [name, quantilesSchema])),
    },
    gMag: { ...number('Gaia G, Vega.'), nullable: true },
    bpRpMag: { ...number('Gaia BP - RP, Vega.'), nullable: true },
  },
  required: [
    ...['starId', 'posteriorId', 'raDeg', 'decDeg', 'youngProbability', 'className', 'classes', 'surveys', 'flags'],
    ...['summaries', 'gMag', 'bpRpMag'],
  ],
}

const partialSchema: JsonSchema = {
  type: 'boolean',
  description: `True where a condition on samples was asked of ${MAX_JUDGED} stars at most, and only those are counted.`,
}

const pageSchema: JsonSchema = {
  type: 'object',
  properties: {
    total: { type: 'integer', description: 'Stars on all pages together.' },
    isPartial: partialSchema,
    isMore: { type: 'boolean', description: 'True when another page follows.' },
    next: { type: 'string', nullable: true, description: 'What to give as `after` for the next page.' },
    stars: { type: 'array', items: summarySchema },
  },
  required: ['total', 'isPartial', 'isMore', 'next', 'stars'],
}

const listSchema = {
  summary: 'Stars by place, in an order, in pages',
  description:
    'Goes on after the last star of a page, so that stars which come in meanwhile push none onto another page; one whose value changes may be met twice or not at all.',
  tags: ['stars'],
  querystring: { type: 'object', properties: listQuery },
  response: {
    200: {
      description: 'The page; a VOTable has `total` and `next` as INFO, and a CSV leaves `next` to the Link header.',
      content: {
        [mediaTypes.json]: { schema: pageSchema },
        [mediaTypes.votable]: { schema: { type: 'string' } },
        'text/csv': { schema: { type: 'string' } },
      },
    },
    ...notModified,
    ...problemResponses,
  },
}

const previewSchema = {
  summary: 'What a filter would let through of the stars that are known',
  tags: ['filters'],
  body: { type: 'object', properties: filterProperties },
  response: {
    200: {
      type: 'object',
      properties: {
        total: { type: 'integer', description: 'Stars that are known.' },
        matched: { type: 'integer', description: 'Those that the filter lets through.' },
        isPartial: partialSchema,
        stars: {
          type: 'array',
          items: summarySchema,
          description: `The first ${PREVIEW}, the most probably young ones.`,
        },
      },
      required: ['total', 'matched', 'isPartial', 'stars'],
    },
    ...bodyProblemResponses,
  },
}

const skySchema = {
  summary: 'Many stars as an Arrow file: place, class, medians, magnitudes',
  description: 'Uncompressed, in batches of at most 65,536 rows; its metadata tell the total.',
  tags: ['stars'],
  querystring: { type: 'object', properties: skyQuery },
  response: {
    200: {
      description: 'The stars.',
      content: { [mediaTypes.arrow]: { schema: { type: 'string', format: 'binary' } } },
    },
    ...problemResponses,
  },
}
