// Temperatures, gravities, distances and ages of single stars against what others have measured.
import { compareLabels, createRng, type LabelledPosterior, labelPoints } from '../../models/index.ts'
import { type JudgedStar, splitByCause } from './causes.ts'
import type { DistanceReport, LabelReport } from './evaluationReport.ts'
import { distanceLabel, type InferredStar, samplesOfLabelled } from './inferredStar.ts'
import type { LabelledQuantity, StarGroup } from './realStar.ts'

const MIN_STARS = 10
const quantities: readonly LabelledQuantity[] = ['teffK', 'loggDex', 'logDistancePc', 'logAgeYr']

/** A report for each quantity that enough stars of the group have labels of. */
export function judgeLabels(group: StarGroup, stars: readonly InferredStar[], seed: number): readonly LabelReport[] {
  const own = stars.filter(star => star.group === group.name)
  return quantities.flatMap(quantity => {
    const judged = own.flatMap(star => labelOf(star, quantity, star.posterior))
    if (judged.length < MIN_STARS) return []
    return [
      {
        group: group.name,
        title: group.title,
        quantity,
        comparison: compareLabels(labelled(judged), createRng(seed)),
        splits: splitByCause(judged, seed),
        saturation: judgeSaturation(own, quantity, seed),
        points: labelPoints(labelled(judged)),
      },
    ]
  })
}

function labelOf(
  star: InferredStar,
  quantity: LabelledQuantity,
  posterior: InferredStar['withoutSaturated'],
): readonly JudgedStar[] {
  const label = star.labels.find(one => one.quantity === quantity)
  if (label === undefined || posterior === null) return []
  const samples = samplesOfLabelled(posterior, quantity)
  return [{ star, labelled: { samples, label: label.value, labelErr: label.err } }]
}

function judgeSaturation(
  stars: readonly InferredStar[],
  quantity: LabelledQuantity,
  seed: number,
): LabelReport['saturation'] {
  const both = stars.filter(star => star.withoutSaturated !== null)
  const without = both.flatMap(star => labelOf(star, quantity, star.withoutSaturated))
  const withAll = both.flatMap(star => labelOf(star, quantity, star.posterior))
  if (without.length < MIN_STARS) return null
  return {
    withAll: compareLabels(labelled(withAll), createRng(seed)),
    without: compareLabels(labelled(without), createRng(seed)),
  }
}

/** Distances of all groups together and one by one; `null` where no parallax is sure enough. */
export function judgeDistances(
  groups: readonly StarGroup[],
  stars: readonly InferredStar[],
  seed: number,
): DistanceReport | null {
  const judged = stars.flatMap((star): JudgedStar[] => {
    const label = distanceLabel(star)
    return label === null ? [] : [{ star, labelled: label }]
  })
  if (judged.length < MIN_STARS) return null
  return {
    comparison: compareLabels(labelled(judged), createRng(seed)),
    groups: groups.flatMap(({ name, title }) => {
      const own = judged.filter(({ star }) => star.group === name)
      return own.length < MIN_STARS ? [] : [{ title, comparison: compareLabels(labelled(own), createRng(seed)) }]
    }),
    splits: splitByCause(judged, seed),
    points: labelPoints(labelled(judged)),
  }
}

function labelled(judged: readonly JudgedStar[]): readonly LabelledPosterior[] {
  return judged.map(one => one.labelled)
}
