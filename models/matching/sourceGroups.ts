// Which sources are one star. A pure function of the set of sources: the order in which they came does not matter.
// Sources of the sharpest survey found stars. Then, survey by survey, each source claims the star it fits best; a star
// takes one source of a survey, the best; what joins no star founds one of its own.
import { logMatchPrior, normalizeWeights } from './crossMatch.ts'
import { type Edge, MAX_SEPARATION_ARCSEC, type SkySource } from './skySource.ts'
import { DENSITY_AREA_ARCSEC2, DENSITY_RADIUS_ARCSEC, type SourceField } from './sourceField.ts'
import { isSpectrumSource } from './spectrumSource.ts'
import { compareText } from './surveyLevels.ts'

/** Prior probability that a source of one survey has its counterpart in another, sharper one. */
export const COUNTERPART_FRACTION = 0.8
/** Prior probability that a source of a survey has its counterpart in another, less sharp one. */
export const DETECTED_FRACTION = 0.5
/** Prior probability that an id of another survey names the right source. */
export const LINK_RELIABILITY = 0.99
/** A source joins a star when it is more probable than not that one of those that may join it truly does. */
const MIN_JOIN_PROBABILITY = 0.5

export interface Attachment {
  readonly anchor: SkySource
  readonly matchedBy: 'id' | 'position'
  /** That it is this star: neither another one, nor none, nor that the star is another's. */
  readonly probability: number
  readonly separationArcsec: number
}

export interface GroupMember {
  readonly source: SkySource
  readonly attachment: Attachment
}

export interface SourceGroup {
  readonly anchor: SkySource
  /** By level; at most one of a survey. */
  readonly members: readonly GroupMember[]
  /** Spectra with pixels, any number. */
  readonly spectra: readonly GroupMember[]
}

/**
 * What a star depends on lies within this distance, so regions must know that much beyond their borders. A source of
 * level k claims among stars one step away; the rivals for that star are two steps away, and what they could claim
 * instead three; whether those are stars of their own depends on level k - 1. One more step leads from star to member.
 */
export function regionMarginArcsec(levelCount: number): number {
  const chain = DENSITY_RADIUS_ARCSEC + 3 * MAX_SEPARATION_ARCSEC * Math.max(0, levelCount - 2)
  return chain + MAX_SEPARATION_ARCSEC
}

/** Groups the sources of a field on demand, each question answered once. */
export class Grouping {
  readonly #field: SourceField
  readonly #hidden: SkySource | null
  readonly #claims = new Map<SkySource, Edge | null>()
  readonly #attachments = new Map<SkySource, Attachment | null>()

  /** @param hidden a source of the field that is taken not to be there */
  constructor(field: SourceField, hidden: SkySource | null = null) {
    this.#field = field
    this.#hidden = hidden
  }

  /** The source that founded the star which a source belongs to. */
  anchorOf(source: SkySource): SkySource {
    return this.attachmentOf(source)?.anchor ?? source
  }

  groupOf(anchor: SkySource): SourceGroup {
    const members = this.#edgesOf(anchor).flatMap(({ other }) => {
      const attachment = other.level > anchor.level ? this.attachmentOf(other) : null
      return attachment?.anchor === anchor ? [{ source: other, attachment }] : []
    })
    members.sort((a, b) => a.source.level - b.source.level)
    const isSpectrum = ({ source }: GroupMember) => isSpectrumSource(source)
    return { anchor, members: members.filter(one => !isSpectrum(one)), spectra: members.filter(isSpectrum) }
  }

  /** How a source joins a star; `null` when it founds its own. */
  attachmentOf(source: SkySource): Attachment | null {
    let attachment = this.#attachments.get(source)
    if (attachment === undefined) {
      attachment = this.#attach(source)
      this.#attachments.set(source, attachment)
    }
    return attachment
  }

  #attach(source: SkySource): Attachment | null {
    const claim = this.#claimOf(source)
    if (claim === null) return null
    // A star has as many spectra as were taken of it.
    const rivals = this.#edgesOf(claim.other).filter(
      edge =>
        !isSpectrumSource(source) &&
        edge.other !== source &&
        edge.other.level === source.level &&
        this.#claimOf(edge.other)?.other === claim.other,
    )
    const fit = this.#edgesOf(claim.other).find(edge => edge.other === source)
    if (fit === undefined) throw new RangeError('sourceGroups: an edge is missing in one direction')
    if (rivals.some(rival => compareEdges(rival, fit) < 0)) return null
    const candidates = this.#candidatesOf(source)
    const probabilities = this.#matchProbabilities(source, candidates, rivals)
    const noneProbability = probabilities[probabilities.length - 1]
    if (!claim.isLinked && noneProbability > 1 - MIN_JOIN_PROBABILITY) return null
    return {
      anchor: claim.other,
      matchedBy: claim.isLinked ? 'id' : 'position',
      probability: probabilities[candidates.findIndex(({ other }) => other === claim.other)],
      separationArcsec: claim.separationArcsec,
    }
  }

  /** The star that a source fits best. */
  #claimOf(source: SkySource): Edge | null {
    let claim = this.#claims.get(source)
    if (claim === undefined) {
      claim = this.#candidatesOf(source).reduce<Edge | null>(
        (best, edge) => (best === null || compareEdges(edge, best) < 0 ? edge : best),
        null,
      )
      this.#claims.set(source, claim)
    }
    return claim
  }

  #candidatesOf(source: SkySource): Edge[] {
    const edges = this.#edgesOf(source).filter(edge => edge.other.level < source.level)
    const candidates = edges.filter(edge => this.attachmentOf(edge.other) === null)
    if (!isSpectrumSource(source)) return candidates
    // A spectrum that names any source of a star names the star.
    const named = new Set(edges.flatMap(({ other, isLinked }) => (isLinked ? this.anchorOf(other) : [])))
    return candidates.map(edge => (named.has(edge.other) ? { ...edge, isLinked: true } : edge))
  }

  #edgesOf(source: SkySource): readonly Edge[] {
    const edges = this.#field.edgesOf(source)
    return this.#hidden === null ? edges : edges.filter(edge => edge.other !== this.#hidden)
  }

  /**
   * The hypotheses: the source is this or that candidate, a rival is the star it claims, or none of these is true.
   * @returns probabilities of the candidates, then of the rivals, then of none
   */
  #matchProbabilities(source: SkySource, candidates: readonly Edge[], rivals: readonly Edge[]): number[] {
    const linked = [...candidates, ...rivals].filter(edge => edge.isLinked).length
    const unlinkedShare = linked > 0 ? 1 - LINK_RELIABILITY : 1
    const counts = new Map<string, number>()
    for (const neighbor of this.#field.neighborsOf(source)) {
      if (neighbor === this.#hidden) continue
      const { survey } = neighbor.observation
      counts.set(survey, (counts.get(survey) ?? 0) + 1)
    }
    const weigh = (edge: Edge, anchor: SkySource) => {
      if (edge.isLinked) return Math.log(LINK_RELIABILITY / linked) + edge.logFactor
      // The mean of a Poisson rate after counting, the counterpart itself not counted: (n - 1 + 1) / area, at least 1.
      const count = Math.max(1, counts.get(anchor.observation.survey) ?? 0)
      const prior = logMatchPrior(COUNTERPART_FRACTION * unlinkedShare, count / DENSITY_AREA_ARCSEC2)
      return prior + edge.logFactor
    }
    const anchor = this.#claimOf(source)?.other ?? source
    return normalizeWeights([
      ...candidates.map(edge => weigh(edge, edge.other)),
      ...rivals.map(edge => weigh(edge, anchor)),
      // Unrelated, although close: the source has no counterpart, and the star it claims was not seen by its survey.
      Math.log((1 - COUNTERPART_FRACTION) * (1 - DETECTED_FRACTION) * unlinkedShare),
    ])
  }
}

/** An id before a position, the better fit before the worse, and the lesser id where all else is equal. */
function compareEdges(a: Edge, b: Edge): number {
  if (a.isLinked !== b.isLinked) return a.isLinked ? -1 : 1
  return b.logFactor - a.logFactor || compareText(a.other.id, b.other.id)
}
