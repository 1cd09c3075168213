// The probe as data: the row that is sent, and the posterior that must come of it. Pure but for the model.
import { createHash } from 'node:crypto'
import type { InferOptions, PosteriorModel, SurveyLevels } from '../models/index.ts'
import {
  decode,
  encode,
  isFusionError,
  type Posterior,
  PROBE_FILE,
  PROBE_SURVEY,
  probeSource,
  type Star,
} from '../schemas/index.ts'
import type { Output } from '../streams/index.ts'
import { fuse } from './fuseActor.ts'
import { readSighting } from './fuseMessage.ts'
import { toPosterior, toStarInput } from './inferActor.ts'
import { ingest, readRawRecord } from './ingestActor.ts'

/** In regions of their own, far from their borders; each process has a star at each of them. */
const places = [
  { ra: '45.1', dec: '12.3' },
  { ra: '130.2', dec: '-35.4' },
  { ra: '220.3', dec: '51.5' },
  { ra: '310.4', dec: '-8.6' },
] as const

/** Stars of one process: so many keys it has in compacted topics, however long it runs. */
export const PROBE_STARS = places.length
/** A prime above any interval in seconds: two probes of one star that follow one another are never the same. */
const VALUES = 8191
const NAME_DIGITS = 12

export interface ProbeStar {
  readonly starId: string
  readonly row: Output
}

/** @param number rises with every probe of the process, also from one run to the next */
export function probeStar(process: string, number: bigint, turn: number): ProbeStar {
  const digest = createHash('sha256').update(process).digest('hex').slice(0, NAME_DIGITS)
  const place = turn % PROBE_STARS
  const source = probeSource(`${digest}-${place}`)
  const { ra, dec } = places[place]
  const jMag = 11 + Number(number % BigInt(VALUES)) / VALUES
  const cells = {
    ...{ designation: source, ra, dec, j_m: jMag.toFixed(5), j_msigcom: '0.02' },
    ...{ h_m: (jMag - 0.45).toFixed(5), h_msigcom: '0.02', k_m: (jMag - 0.55).toFixed(5), k_msigcom: '0.02' },
  }
  const row = { survey: PROBE_SURVEY, file: PROBE_FILE, row: number, revision: number, cells }
  const starId = `${PROBE_SURVEY}:${source}`
  return { starId, row: { topic: 'raw', key: starId, value: encode('rawRow', row) } }
}

/**
 * What a pipeline must answer, made by its steps without its log.
 * @throws what the model throws; RangeError when the steps do not make one star of it
 */
export async function expectedPosterior(
  { row }: ProbeStar,
  levels: SurveyLevels,
  model: PosteriorModel,
  options: InferOptions,
): Promise<Posterior> {
  const star = starOf(row, levels)
  const [answer] = await model.infer([toStarInput(star, model)], options)
  return toPosterior(star, answer, { ...options, model: model.fingerprint })
}

const nothingKnown = { get: () => null, has: () => true }

function starOf(row: Output, levels: SurveyLevels): Star {
  const sent = ingest.step(nothingKnown, readRawRecord(recordOf(row)))
  const made = sent.emit.flatMap(output => {
    const step = fuse(levels).step(nothingKnown, readSighting(recordOf(output), levels))
    return 'wants' in step ? [] : step.emit
  })
  const [star] = made.flatMap(({ topic, value }) =>
    topic === 'stars' && value !== null ? [decode('star', value)] : [],
  )
  if (star === undefined) throw new RangeError('probeStar: the steps made no star of it')
  return star
}

function recordOf({ topic, key, value }: Output) {
  return { topic, partition: 0, offset: 0, key, value }
}

export type Verdict = 'right' | 'wrong'

/**
 * @param value as it was published
 * @returns null where it is the answer to another probe of the same star
 */
export function judge(value: Uint8Array, expected: Posterior): Verdict | null {
  let posterior: Posterior
  try {
    posterior = decode('posterior', value)
  } catch (error) {
    if (!isFusionError(error)) throw error
    return 'wrong'
  }
  if (posterior.starVersion !== expected.starVersion) return null
  return Buffer.compare(encode('posterior', expected), value) === 0 ? 'right' : 'wrong'
}
