// Step 2 of the walk: raw rows -> [ingest] -> observations, each sent to every region of the sky that must know it.
// Here it is decided which delivery of a source is in force: a newer release or a later delivery supersedes, a repeat
// changes nothing.
import { createHash } from 'node:crypto'
import { cellOf, type Footprint, footprintOf } from '../models/index.ts'
import {
  decode,
  encode,
  isFusionError,
  type Observation,
  readSurvey,
  rowOrigin,
  type SourceRoute,
  toObservation,
} from '../schemas/index.ts'
import type { LogRecord, Output } from '../streams/index.ts'
import type { ActorPlan } from './actor.ts'
import { type Behavior, emitOnly, outputOf, type StateView, type Step } from './behavior.ts'
import { refuseRecord } from './deadLetter.ts'
import { isSameDelivery } from './revision.ts'

export const INGEST = 'ingest'

export type IngestMessage =
  | {
      readonly kind: 'observed'
      readonly record: LogRecord
      /** `family:source`, the same for all releases of a survey. */
      readonly sourceKey: string
      readonly observation: Observation
      readonly digest: string
      readonly footprint: Footprint
    }
  | { readonly kind: 'refused'; readonly letter: Output }

/** Cells are numbers within a thread and 64-bit integers in records. */
const cellOfPosition = (raDeg: number, decDeg: number) => BigInt(cellOf(raDeg, decDeg))
const DIGEST_DIGITS = 32

/** A raw record -> what it says, or why it is refused. Pure. */
export function readRawRecord(record: LogRecord): IngestMessage {
  try {
    const row = decode('rawRow', record.value ?? new Uint8Array())
    const survey = readSurvey(row.survey)
    const outcome = toObservation(survey, row, cellOfPosition)
    if ('refusal' in outcome) {
      const { code, reason } = outcome.refusal
      return { kind: 'refused', letter: refuseRecord(record, INGEST, code, reason, rowOrigin(row)) }
    }
    const { observation } = outcome
    return {
      kind: 'observed',
      record,
      sourceKey: `${survey.family}:${observation.source}`,
      observation,
      digest: digestOf(observation),
      footprint: footprintOf(observation),
    }
  } catch (error) {
    if (!isFusionError(error)) throw error
    return { kind: 'refused', letter: refuseRecord(record, INGEST, error.code, error.message) }
  }
}

/** Of all that a delivery says, but not of when and in which file it said so. */
function digestOf(observation: Observation): string {
  const { origin: _, revision: __, ...content } = observation
  const text = JSON.stringify(content, (_key, value) => (typeof value === 'bigint' ? value.toString() : value))
  return createHash('sha256').update(text).digest('hex').slice(0, DIGEST_DIGITS)
}

export const ingest = {
  name: INGEST,
  keysOf: (message: IngestMessage) => (message.kind === 'observed' ? [message.sourceKey] : []),
  step(state: StateView<SourceRoute>, message: IngestMessage): Step<SourceRoute> {
    return message.kind === 'refused' ? emitOnly(message.letter) : stepObserved(state, message)
  },
} satisfies Behavior<IngestMessage, SourceRoute>

function stepObserved(
  state: StateView<SourceRoute>,
  message: Extract<IngestMessage, { kind: 'observed' }>,
): Step<SourceRoute> {
  const { sourceKey, observation, digest } = message
  const known = state.get(sourceKey)
  if (known !== null) {
    const isSuperseded =
      observation.releaseRank < known.releaseRank ||
      (observation.releaseRank === known.releaseRank && observation.revision < known.revision)
    if (isSuperseded) return emitOnly()
    if (observation.releaseRank === known.releaseRank) {
      if (digest === known.digest) return remember(sourceKey, { ...known, revision: observation.revision })
      if (observation.revision !== known.revision && isSameDelivery(observation.revision, known.revision)) {
        return emitOnly(refuseConflict(message, known))
      }
    }
  }
  return accept(message, known)
}

/** A repeat: nothing is sent on, but what comes later must be later than this. */
function remember(sourceKey: string, route: SourceRoute): Step<SourceRoute> {
  return { changes: new Map([[sourceKey, route]]), emit: [] }
}

function accept(
  { record, sourceKey, observation, digest, footprint }: Extract<IngestMessage, { kind: 'observed' }>,
  known: SourceRoute | null,
): Step<SourceRoute> {
  const home = BigInt(footprint.home)
  const homes = known === null ? [home] : known.homes.at(-1) === home ? known.homes : [...known.homes, home]
  const guests = footprint.regions.map(BigInt).filter(region => !homes.includes(region))
  const leftGuests = (known?.guests ?? []).filter(region => !homes.includes(region) && !guests.includes(region))
  const bytes = encode('observation', observation)
  const formerPatches = known?.patches ?? []
  // A source that moved to another region goes there by way of those it has left: only when they have let it go may
  // the new one speak for it, or the last word about its star would be a matter of chance.
  const ways = [homes, ...[...guests, ...leftGuests].sort(compareCells).map(region => [region])]
  const route: SourceRoute = {
    releaseRank: observation.releaseRank,
    revision: observation.revision,
    digest,
    origin: observation.origin,
    homes,
    guests,
    patches: footprint.patches.map(BigInt),
    rawOffset: BigInt(record.offset),
  }
  return {
    changes: new Map([[sourceKey, route]]),
    emit: ways.map(([region, ...handOver]) =>
      outputOf('observations', region.toString(), 'sighting', { observation: bytes, formerPatches, handOver }),
    ),
  }
}

function refuseConflict(
  { record, observation }: Extract<IngestMessage, { kind: 'observed' }>,
  known: SourceRoute,
): Output {
  return refuseRecord(
    record,
    INGEST,
    'SOURCE_CONFLICT',
    `${observation.origin}: source ${observation.source} of ${observation.survey} stands in this delivery twice with different values, ` +
      `and ${known.origin} came first; keep one of the two rows and deliver the file again.`,
    observation.origin,
  )
}

function compareCells(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}

export const ingestPlan: ActorPlan<IngestMessage, SourceRoute> = {
  behavior: ingest,
  topics: ['raw'],
  group: INGEST,
  read: records => records.map(readRawRecord),
  state: {
    topic: 'sources',
    decode: bytes => decode('sourceRoute', bytes),
    encode: route => encode('sourceRoute', route),
    weigh: () => 1,
    maxWeight: 20_000,
  },
  maxBatchRecords: 1000,
}
