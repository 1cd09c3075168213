// Step 2 of the walk: raw rows -> [ingest] -> observations, each sent to every region of the sky that must know it.
// sourceDecision.ts decides which delivery of a source is in force.
import { createHash } from 'node:crypto'
import { cellOf, footprintOf } from '../models/index.ts'
import {
  type DeliveryTally,
  decode,
  encode,
  isFusionError,
  isProbeSource,
  type Observation,
  PROBE_FILE,
  type RawRow,
  readSurvey,
  rowOrigin,
  type SourceRoute,
  toObservation,
} from '../schemas/index.ts'
import type { LogRecord, Output } from '../streams/index.ts'
import type { ActorPlan } from './actor.ts'
import { type Behavior, emitOnly, outputOf, type StateView, type Step } from './behavior.ts'
import { refuseRecord } from './deadLetter.ts'
import { countOutcome, isTallyKey, type Outcome, TALLIES, tallyKey } from './deliveryTally.ts'
import { ordinalOf } from './revision.ts'
import { decideSource, type ObservedRow } from './sourceDecision.ts'

export const INGEST = 'ingest'

export type IngestMessage =
  | ({ readonly kind: 'observed' } & ObservedRow)
  /** Of no delivery: it is sent on, and nothing is remembered of it. */
  | { readonly kind: 'probe'; readonly emit: readonly Output[] }
  | {
      readonly kind: 'refused'
      readonly letter: Output
      /** Number of the delivery that it is counted for; `null` where the record could not be read. */
      readonly ordinal: bigint | null
    }

/** Routes of sources by `family:source`, and tallies of deliveries. */
export type IngestEntry = { readonly route: SourceRoute } | { readonly tally: DeliveryTally }

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
      const letter = refuseRecord(record, INGEST, code, reason, rowOrigin(row))
      return { kind: 'refused', letter, ordinal: ordinalCounted(row) }
    }
    const { observation } = outcome
    if (isProbeSource(observation.source)) return readProbe(record, row, observation)
    return {
      kind: 'observed',
      record,
      sourceKey: `${survey.family}:${observation.source}`,
      observation,
      digest: digestOf(observation),
      footprint: footprintOf(observation),
      takesBack: isDelivered(row) ? null : { ordinal: ordinalCounted(row), turn: row.turn ?? 0n },
    }
  } catch (error) {
    if (!isFusionError(error)) throw error
    return { kind: 'refused', letter: refuseRecord(record, INGEST, error.code, error.message), ordinal: null }
  }
}

/** The number of a probe rises: it is the turn of what is sent on. */
function readProbe(record: LogRecord, row: RawRow, observation: Observation): IngestMessage {
  if (row.file !== PROBE_FILE) {
    const reason = `${rowOrigin(row)}: ${observation.source} is a name that birthline keeps for its own probes; give the source another one.`
    const letter = refuseRecord(record, INGEST, 'VALUE_OUT_OF_RANGE', reason, rowOrigin(row))
    return { kind: 'refused', letter, ordinal: ordinalCounted(row) }
  }
  const footprint = footprintOf(observation)
  const sighting = {
    observation: encode('observation', observation),
    formerPatches: footprint.patches.map(BigInt),
    handOver: [],
    turn: row.revision,
    standing: 'inForce',
  }
  const emit = footprint.regions.map(region => outputOf('observations', region.toString(), 'sighting', sighting))
  return { kind: 'probe', emit }
}

/** Of all that a delivery says, but not of when and in which file it said so. */
function digestOf(observation: Observation): string {
  const { origin: _, revision: __, ...content } = observation
  const text = JSON.stringify(content, (_key, value) => (typeof value === 'bigint' ? value.toString() : value))
  return createHash('sha256').update(text).digest('hex').slice(0, DIGEST_DIGITS)
}

function isDelivered({ takesBack = 0n }: RawRow): boolean {
  return takesBack === 0n
}

/** The delivery whose tally counts the row: its own, or the one that it takes back. */
function ordinalCounted(row: RawRow): bigint {
  return isDelivered(row) ? ordinalOf(row.revision) : (row.takesBack ?? 0n)
}

export const ingest = {
  name: INGEST,
  keysOf(message: IngestMessage): readonly string[] {
    if (message.kind === 'probe') return []
    if (message.kind === 'observed') return [message.sourceKey, tallyKey(ordinalOfMessage(message))]
    return message.ordinal === null ? [] : [tallyKey(message.ordinal)]
  },
  step(state: StateView<IngestEntry>, message: IngestMessage): Step<IngestEntry> {
    if (message.kind === 'probe') return emitOnly(...message.emit)
    const changes = new Map<string, IngestEntry>()
    if (message.kind === 'refused') {
      if (message.ordinal !== null) addTally(changes, state, message.ordinal, 'refused')
      return { changes, emit: [message.letter] }
    }
    const known = state.get(message.sourceKey)
    const { outcome, route, emit } = decideSource(
      known !== null && 'route' in known ? known.route : null,
      message,
      INGEST,
    )
    if (route !== null) changes.set(message.sourceKey, { route })
    if (outcome !== null) addTally(changes, state, ordinalOfMessage(message), outcome)
    return { changes, emit }
  },
} satisfies Behavior<IngestMessage, IngestEntry>

function ordinalOfMessage({ takesBack, observation }: ObservedRow): bigint {
  return takesBack?.ordinal ?? ordinalOf(observation.revision)
}

function addTally(
  changes: Map<string, IngestEntry>,
  state: StateView<IngestEntry>,
  ordinal: bigint,
  outcome: Outcome,
): void {
  const key = tallyKey(ordinal)
  const known = state.get(key)
  changes.set(key, { tally: countOutcome(known !== null && 'tally' in known ? known.tally : null, outcome) })
}

export const ingestPlan: ActorPlan<IngestMessage, IngestEntry> = {
  behavior: ingest,
  topics: ['raw'],
  group: INGEST,
  read: records => records.map(readRawRecord),
  state: {
    topicOf: key => (isTallyKey(key) ? TALLIES : 'sources'),
    decode: (bytes, key) =>
      isTallyKey(key) ? { tally: decode('deliveryTally', bytes) } : { route: decode('sourceRoute', bytes) },
    encode: entry => ('tally' in entry ? encode('deliveryTally', entry.tally) : encode('sourceRoute', entry.route)),
    weigh: () => 1,
    maxWeight: 20_000,
  },
  maxBatchRecords: 1000,
}
