// Samples above a threshold: how pure, how complete, and who is in them that should not be.
import { createRng, type JudgedKind, type SampleQuality, sampleQuality } from '../../models/index.ts'
import type { MixedSky, SkyStar } from './mixedSky.ts'
import { type SkyKind, skyKinds } from './skyKinds.ts'

export interface ScoredMethod {
  readonly name: string
  /** [N] of the stars of the sky; null for a star that the method has not judged. */
  readonly scores: readonly (number | null)[]
}

export interface ThresholdQuality extends SampleQuality {
  readonly threshold: number
}

export interface KindLeft {
  readonly name: string
  readonly title: string
  readonly isYoung: boolean
  readonly share: number
  readonly count: number
  readonly passed: number
}

export interface JudgedMethod {
  readonly name: string
  readonly byThreshold: readonly ThresholdQuality[]
  /** Purity where the sample holds this share of the young, null where no threshold gives so many. */
  readonly byCompleteness: readonly { readonly completeness: number; readonly purity: number | null }[]
  /** At `SHOWN_THRESHOLD`. */
  readonly left: readonly KindLeft[]
}

export const thresholds: readonly number[] = [
  0.02,
  0.05,
  ...Array.from({ length: 9 }, (_, k) => (k + 1) / 10),
  0.95,
  0.99,
]
export const SHOWN_THRESHOLD = 0.5
const completenesses = [0.1, 0.2, 0.3, 0.4, 0.5]

/** Stars that a method has not judged are in none of its samples: kinds are counted by those that it has. */
export function judgeMethod(sky: MixedSky, { name, scores }: ScoredMethod, seed: number): JudgedMethod {
  const kinds = skyKinds.filter(kind => sky.stars.some((star, i) => star.kind === kind && scores[i] !== null))
  const leftAt = (threshold: number) => kinds.map(kind => leftOf(sky, scores, kind, threshold))
  return {
    name,
    byThreshold: thresholds.map((threshold, t) => {
      return { threshold, ...sampleQuality(leftAt(threshold).map(toJudged), createRng(seed, t)) }
    }),
    byCompleteness: purityAt(sky, scores),
    left: leftAt(SHOWN_THRESHOLD),
  }
}

const toJudged = ({ isYoung, ...counts }: KindLeft): JudgedKind => ({ isWanted: isYoung, ...counts })

function leftOf(sky: MixedSky, scores: ScoredMethod['scores'], kind: SkyKind, threshold: number): KindLeft {
  let [count, passed] = [0, 0]
  sky.stars.forEach((star, i) => {
    const score = scores[i]
    if (star.kind !== kind || score === null) return
    count++
    if (score >= threshold) passed++
  })
  const { name, title, isYoung } = kind
  return { name, title, isYoung, share: sky.shares.get(name) ?? 0, count, passed }
}

/** Goes down the stars by their scores until the sample holds enough of the young. */
function purityAt(sky: MixedSky, scores: ScoredMethod['scores']): JudgedMethod['byCompleteness'] {
  const known = sky.stars.flatMap((star, i) => {
    const score = scores[i]
    return score === null ? [] : [{ star, score }]
  })
  const weightOf = kindWeights(
    sky,
    known.map(({ star }) => star),
  )
  const ranked = known.toSorted((a, b) => b.score - a.score)
  const youngSum = ranked.reduce((sum, { star }) => (star.kind.isYoung ? sum + weightOf(star) : sum), 0)
  return completenesses.map(completeness => {
    let [young, all] = [0, 0]
    for (let at = 0; at < ranked.length; ) {
      const { score } = ranked[at]
      // Equal scores pass a threshold together.
      for (; at < ranked.length && ranked[at].score === score; at++) {
        const weight = weightOf(ranked[at].star)
        all += weight
        if (ranked[at].star.kind.isYoung) young += weight
      }
      if (young >= completeness * youngSum) return { completeness, purity: young / all }
    }
    return { completeness, purity: null }
  })
}

/** Of each star: how much of the sky it stands for, among these. */
export function kindWeights({ shares }: MixedSky, stars: readonly SkyStar[]): (star: SkyStar) => number {
  const counts = new Map<string, number>()
  for (const { kind } of stars) counts.set(kind.name, (counts.get(kind.name) ?? 0) + 1)
  return ({ kind }) => (shares.get(kind.name) ?? 0) / (counts.get(kind.name) ?? 1)
}
