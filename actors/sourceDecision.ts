// Which delivery of a source is in force: a newer release or a later delivery supersedes, a repeat changes nothing, and
// what is taken back gives way to what stood before it. Pure: the route of the source and a row -> its new route.
import type { Footprint } from '../models/index.ts'
import { encode, type Observation, type SourceClaim, type SourceRoute } from '../schemas/index.ts'
import type { LogRecord, Output } from '../streams/index.ts'
import { outputOf } from './behavior.ts'
import { refuseRecord } from './deadLetter.ts'
import type { Outcome } from './deliveryTally.ts'
import { isSameDelivery, ordinalOf } from './revision.ts'
import { claimsOf, compareClaims, withClaim, withoutClaim } from './sourceClaims.ts'

/** A row that was read. */
export interface ObservedRow {
  readonly record: LogRecord
  /** `family:source`, the same for all releases of a survey. */
  readonly sourceKey: string
  readonly observation: Observation
  readonly digest: string
  readonly footprint: Footprint
  /** What a row of a rollback says beyond its cells; `null` for a delivered one. */
  readonly takesBack: TakesBack | null
}

export interface TakesBack {
  /** Number of the delivery that is taken back. */
  readonly ordinal: bigint
  /** Of the source, when it was looked at. */
  readonly turn: bigint
}

export interface Decision {
  /** `null` where there was nothing to decide. */
  readonly outcome: Outcome | null
  /** `null` where it stays as it is. */
  readonly route: SourceRoute | null
  readonly emit: readonly Output[]
}

type Standing = 'inForce' | 'restored' | 'withdrawn'

/** @param step name of the actor, for its dead letters */
export function decideSource(known: SourceRoute | null, row: ObservedRow, step: string): Decision {
  if (row.takesBack !== null) return takeBack(known, row, row.takesBack, step)
  if (known === null || known.isWithdrawn === true) return accept(known, row, 'new')
  const { observation, digest } = row
  if (compareClaims(observation, known) < 0) return claimOnly('superseded', known, claimOf(row))
  if (observation.releaseRank === known.releaseRank) {
    if (digest === known.digest) {
      const repeat = { ...claimOf(row), rawOffset: known.rawOffset ?? null }
      return claimOnly('unchanged', { ...known, revision: observation.revision }, repeat)
    }
    if (observation.revision !== known.revision && isSameDelivery(observation.revision, known.revision)) {
      return { outcome: 'refused', route: null, emit: [refuseConflict(known, row, step)] }
    }
  }
  return accept(known, row, 'changed')
}

/** Nothing is sent on, but a repeat is later than what it repeats, and taking another back may lead to this row. */
function claimOnly(outcome: Outcome, route: SourceRoute, claim: SourceClaim): Decision {
  const claims = withClaim(claimsOf(route), claim, { isMended: false })
  return { outcome, route: { ...route, claims: [...claims], turn: nextTurn(route) }, emit: [] }
}

function accept(known: SourceRoute | null, row: ObservedRow, outcome: Outcome): Decision {
  const claims = withClaim(claimsOf(known), claimOf(row), { isMended: true })
  return sendOn(known, row, { outcome, standing: 'inForce', claims, rawOffset: BigInt(row.record.offset) })
}

function takeBack(known: SourceRoute | null, row: ObservedRow, { ordinal, turn }: TakesBack, step: string): Decision {
  const before = claimsOf(known)
  const claims = withoutClaim(before, ordinal)
  const isDone = known === null || known.isWithdrawn === true || claims.length === before.length
  if (isDone) return { outcome: null, route: null, emit: [] }
  if ((known.turn ?? 0n) !== turn)
    return { outcome: 'refused', route: null, emit: [refuseOvertaken(row, ordinal, step)] }
  const { observation, digest } = row
  if (ordinalOf(observation.revision) === ordinal) {
    return sendOn(known, row, { outcome: 'withdrawn', standing: 'withdrawn', claims, rawOffset: null })
  }
  const rawOffset = claims.find(one => one.revision === observation.revision)?.rawOffset ?? BigInt(row.record.offset)
  if (digest !== known.digest)
    return sendOn(known, row, { outcome: 'restored', standing: 'restored', claims, rawOffset })
  const { releaseRank, revision, origin } = observation
  const route = { ...known, releaseRank, revision, origin, rawOffset, claims: [...claims], turn: nextTurn(known) }
  return { outcome: 'restored', route, emit: [] }
}

interface Sending {
  readonly outcome: Outcome
  readonly standing: Standing
  readonly claims: readonly SourceClaim[]
  /** Of the row in force from now on. */
  readonly rawOffset: bigint | null
}

function sendOn(known: SourceRoute | null, row: ObservedRow, sending: Sending): Decision {
  const { observation, footprint, digest } = row
  const { outcome, standing, claims, rawOffset } = sending
  const isWithdrawn = standing === 'withdrawn'
  const home = BigInt(footprint.home)
  const homes = known === null ? [home] : known.homes.at(-1) === home ? known.homes : [...known.homes, home]
  const guests = footprint.regions.map(BigInt).filter(region => !homes.includes(region))
  const leftGuests = (known?.guests ?? []).filter(region => !homes.includes(region) && !guests.includes(region))
  const bytes = encode('observation', observation)
  const formerPatches = known?.patches ?? []
  const turn = nextTurn(known)
  // A source that moved to another region goes there by way of those it has left: only when they have let it go may
  // the new one speak for it, or the last word about its star would be a matter of chance.
  const ways = [homes, ...[...guests, ...leftGuests].sort(compareCells).map(region => [region])]
  const route: SourceRoute = {
    releaseRank: observation.releaseRank,
    revision: observation.revision,
    digest: isWithdrawn ? '' : digest,
    origin: observation.origin,
    homes,
    guests: isWithdrawn ? [] : guests,
    patches: isWithdrawn ? [] : footprint.patches.map(BigInt),
    rawOffset,
    turn,
    isWithdrawn,
    claims: [...claims],
  }
  const emit = ways.map(([region, ...handOver]) =>
    outputOf('observations', region.toString(), 'sighting', {
      observation: bytes,
      formerPatches,
      handOver,
      turn,
      standing,
    }),
  )
  return { outcome, route, emit }
}

function claimOf({ observation, record }: ObservedRow): SourceClaim {
  const { releaseRank, revision } = observation
  return { releaseRank, revision, rawOffset: BigInt(record.offset) }
}

function nextTurn(route: SourceRoute | null): bigint {
  return (route?.turn ?? 0n) + 1n
}

function refuseConflict(known: SourceRoute, { record, observation }: ObservedRow, step: string): Output {
  return refuseRecord(
    record,
    step,
    'SOURCE_CONFLICT',
    `${observation.origin}: source ${observation.source} of ${observation.survey} stands in this delivery twice with different values, ` +
      `and ${known.origin} came first; keep one of the two rows and deliver the file again.`,
    observation.origin,
  )
}

/** Only where several processes write one log: within one, deliveries and rollbacks follow one another. */
function refuseOvertaken({ record, observation }: ObservedRow, ordinal: bigint, step: string): Output {
  return refuseRecord(
    record,
    step,
    'SOURCE_CONFLICT',
    `Source ${observation.source} of ${observation.survey} was delivered anew while delivery ${ordinal} was rolled back: ` +
      `close this record, and roll ${ordinal} back again.`,
    observation.origin,
  )
}

function compareCells(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
