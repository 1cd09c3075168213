// Which deliveries have a source, so that one of them can be taken back: what ingest adds to its route, and what a
// rollback reads out of it.
import type { SourceClaim, SourceRoute } from '../schemas/index.ts'
import { isSameDelivery, ordinalOf } from './revision.ts'

/** Of one source; the least are dropped. */
export const MAX_CLAIMS = 8

/** The least first. What was written before claims were kept has one: what is in force. */
export function claimsOf(route: SourceRoute | null): readonly SourceClaim[] {
  if (route === null) return []
  const { releaseRank, revision, rawOffset = null, turn = 0n, claims = [] } = route
  return turn === 0n ? [{ releaseRank, revision, rawOffset }] : claims
}

/** A delivery has one claim: the first that it made, unless `isNewer` says that it was mended. */
export function withClaim(
  claims: readonly SourceClaim[],
  claim: SourceClaim,
  { isMended }: { readonly isMended: boolean },
): readonly SourceClaim[] {
  const known = claims.find(one => isSameDelivery(one.revision, claim.revision))
  if (known !== undefined && !isMended) return claims
  return [...claims.filter(one => one !== known), claim].sort(compareClaims).slice(-MAX_CLAIMS)
}

export function withoutClaim(claims: readonly SourceClaim[], ordinal: bigint): readonly SourceClaim[] {
  return claims.filter(one => ordinalOf(one.revision) !== ordinal)
}

/** A newer release before a later delivery. */
export function compareClaims(a: Omit<SourceClaim, 'rawOffset'>, b: Omit<SourceClaim, 'rawOffset'>): number {
  if (a.releaseRank !== b.releaseRank) return a.releaseRank - b.releaseRank
  return a.revision < b.revision ? -1 : a.revision > b.revision ? 1 : 0
}

export type TakingBack =
  /** The delivery has no part in what is in force: nothing is written. */
  | { readonly kind: 'untouched' }
  /** What stood before it is not known: it is left in force. */
  | { readonly kind: 'unknown' }
  /** The row in force is withdrawn, and nothing takes its place. */
  | { readonly kind: 'withdrawn'; readonly claim: SourceClaim; readonly rawOffset: bigint }
  /** The row of another delivery comes into force again. */
  | { readonly kind: 'restored'; readonly claim: SourceClaim; readonly rawOffset: bigint }

/** @param isTakenBack whether the delivery of this number was taken back, or is being taken back now */
export function takeBack(
  route: SourceRoute | null,
  ordinal: bigint,
  isTakenBack: (ordinal: bigint) => boolean,
): TakingBack {
  const claims = claimsOf(route)
  const claim = claims.find(one => ordinalOf(one.revision) === ordinal)
  if (route === null || route.isWithdrawn === true || claim === undefined) return { kind: 'untouched' }
  const best = claims.filter(one => !isTakenBack(ordinalOf(one.revision))).at(-1)
  const inForce = route.rawOffset ?? null
  if (inForce === null) return { kind: 'unknown' }
  if (best === undefined) {
    return claims.length >= MAX_CLAIMS ? { kind: 'unknown' } : { kind: 'withdrawn', claim, rawOffset: inForce }
  }
  const rawOffset = best.rawOffset ?? null
  if (rawOffset === null) return { kind: 'unknown' }
  return rawOffset === inForce ? { kind: 'untouched' } : { kind: 'restored', claim: best, rawOffset }
}
