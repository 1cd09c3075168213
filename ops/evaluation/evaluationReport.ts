// What an evaluation on real stars found, as plain data: the page and the JSON are written from it.
import type { AgeInterval, ClusterAge, LabelComparison, LabelPoint, RocCurve } from '../../models/index.ts'
import type { LiteratureAge } from '../figures/clusterPlot.ts'
import type { Split } from './causes.ts'
import type { DwarfColours } from './dwarfColours.ts'
import type { LabelledQuantity } from './realStar.ts'

export interface EvaluationReport {
  readonly title: string
  /** The command that makes it again. */
  readonly command: string
  readonly modelFingerprint: string
  readonly seed: string
  readonly sampleCount: number
  /** Probability that a star is young before any data. */
  readonly youngPrior: number
  /** Half of the middle 68% of each quantity before any data. */
  readonly priorErrs: Readonly<Record<LabelledQuantity, number>>
  readonly groups: readonly GroupFacts[]
  readonly labels: readonly LabelReport[]
  readonly distances: DistanceReport | null
  readonly clusters: readonly ClusterReport[]
  readonly simulated: readonly SimulatedReport[]
  readonly youth: YouthReport
  readonly dwarfColours: DwarfColours | null
}

export interface GroupFacts {
  readonly name: string
  readonly title: string
  readonly surveys: readonly string[]
  readonly reference: string
  readonly starCount: number
  readonly leftOut: readonly { readonly reason: string; readonly count: number }[]
}

/** One quantity of one group of stars against its labels. */
export interface LabelReport {
  readonly group: string
  readonly title: string
  readonly quantity: LabelledQuantity
  readonly comparison: LabelComparison
  readonly splits: readonly Split[]
  /** The same stars with all their data, and without what is saturated. */
  readonly saturation: { readonly withAll: LabelComparison; readonly without: LabelComparison } | null
  readonly points: readonly LabelPoint[]
}

/** Log distance inferred without the parallax against that from the parallax. */
export interface DistanceReport {
  readonly comparison: LabelComparison
  readonly groups: readonly { readonly title: string; readonly comparison: LabelComparison }[]
  readonly splits: readonly Split[]
  readonly points: readonly LabelPoint[]
}

export interface ClusterReport {
  readonly group: string
  readonly title: string
  readonly surveys: readonly string[]
  readonly mixture: AgeInterval
  readonly age: ClusterAge
  /** From members cooler and hotter than the limit of the causes, where there are enough of both. */
  readonly cool: ClusterAge | null
  readonly hot: ClusterAge | null
  readonly literature: readonly LiteratureAge[]
  readonly logAgeYrRange: readonly [low: number, high: number] | null
  /** Median over members of the median extinction. */
  readonly avMag: number
  readonly avMagRange: readonly [low: number, high: number] | null
}

export interface SimulatedReport {
  readonly logAgeYr: number
  readonly mixture: AgeInterval
  readonly age: ClusterAge
}

export type YouthKind = 'young' | 'border' | 'old'

export interface YouthReport {
  readonly groups: readonly YouthGroup[]
  readonly curves: readonly { readonly title: string; readonly curve: RocCurve }[]
}

export interface YouthGroup {
  readonly title: string
  readonly kind: YouthKind
  readonly starCount: number
  readonly medianProbability: number
  /** Shares of stars with P(young) above these. */
  readonly aboveHalf: number
  readonly aboveNinety: number
}

/** As JSON, single stars left out. */
export function reportJson(report: EvaluationReport): string {
  const dropped = new Set(['points', 'falseShares', 'trueShares'])
  const digits = (value: number) => Number(value.toPrecision(6))
  const text = JSON.stringify(
    report,
    (key, value: unknown) => (dropped.has(key) ? undefined : typeof value === 'number' ? digits(value) : value),
    1,
  )
  return `${text}\n`
}
