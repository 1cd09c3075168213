// The plan of a batch: which solver, from which start, for each transport loss.
import type { AlignmentRecipe, TransportTerm } from './alignmentRecipe.ts'
import { exactTransport } from './exactTransport.ts'
import { gromovWasserstein } from './gromovWasserstein.ts'
import { groundCost, relationMatrix } from './groundCost.ts'
import { keypointCost } from './keypointGuide.ts'
import { pairedMasses, pinnedTransport } from './pinnedPairs.ts'
import { sinkhorn } from './sinkhorn.ts'
import { type Matrix, type Pair, productPlan, type TransportPlan, uniformMasses } from './transportProblem.ts'

/**
 * How the simulated embeddings of a batch are brought onto the real ones. Every point weighs the same on its side; with
 * keypoints, pairs weigh the same on both.
 *
 * @param source [m, D] simulated @param target [n, D] real; for `gromov` the widths may differ, for `keypoint` where
 *   `plainShare` is 0
 * @param pairs rows known to be one star; only `keypoint` asks for them, and needs at least one
 * @returns the plan; `cost` is in units of what the solver minimised. It is told, not thrown, where it has not converged.
 * @throws RangeError when a value is not finite, widths do not fit, or pairs cannot be
 */
export function alignmentPlan(
  term: TransportTerm,
  source: Matrix,
  target: Matrix,
  pairs: readonly Pair[],
  recipe: AlignmentRecipe,
): TransportPlan {
  const masses = { sourceMasses: uniformMasses(source.rows), targetMasses: uniformMasses(target.rows) }
  if (term === 'gromov') {
    const relations = relationsOf(source, target, recipe)
    return gromovWasserstein({ ...relations, ...masses }, productPlan(masses.sourceMasses, masses.targetMasses))
  }
  if (term === 'keypoint') {
    const cost = keypointMixture(source, target, pairs, recipe)
    const problem = { cost, ...pairedMasses(source.rows, target.rows, pairs) }
    return pinnedTransport(problem, pairs, rest => exactTransport(rest))
  }
  const cost = groundCost(source, target, recipe.costKind)
  if (term === 'exact') return exactTransport({ cost, ...masses })
  // Points that all coincide cost nothing whatever the entropy.
  const mean = cost.values.reduce((sum, value) => sum + value, 0) / cost.values.length || 1
  const slack = recipe.slackShare === null ? Number.POSITIVE_INFINITY : recipe.slackShare * mean
  return sinkhorn(
    { cost, ...masses },
    // A plan that is right to a millionth is right enough for a slope in float32.
    { epsilon: recipe.entropyShare * mean, sourceSlack: slack, targetSlack: slack, tolerance: 1e-6 },
  )
}

const relationsOf = (source: Matrix, target: Matrix, { costKind }: AlignmentRecipe) => ({
  sourceRelations: relationMatrix(source, costKind),
  targetRelations: relationMatrix(target, costKind),
})

/** Keypoints' cost and plain cost, each over its largest, as Gu et al. 2022 mix them. */
function keypointMixture(source: Matrix, target: Matrix, pairs: readonly Pair[], recipe: AlignmentRecipe): Matrix {
  const { sourceRelations, targetRelations } = relationsOf(source, target, recipe)
  const guide = keypointCost(sourceRelations, targetRelations, pairs, recipe.keypointSoftness)
  const { plainShare } = recipe
  if (plainShare === 0) return guide
  const plain = groundCost(source, target, recipe.costKind)
  const largest = plain.values.reduce((most, value) => Math.max(most, value), 0) || 1
  const values = guide.values.map((value, k) => (1 - plainShare) * value + (plainShare * plain.values[k]) / largest)
  return { ...guide, values }
}
