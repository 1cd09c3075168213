// Which losses bring simulated and real embeddings together, how much each counts at each step, and how plans are found.
import { ramp } from '../math/ramp.ts'
import { type CostKind, costKinds } from './groundCost.ts'

/** Each can be on alone. The middle four are transport, each by a plan of its own. */
export const alignmentTerms = ['contrastive', 'exact', 'sinkhorn', 'gromov', 'keypoint', 'pairs'] as const
export type AlignmentTerm = (typeof alignmentTerms)[number]
export const transportTerms = ['exact', 'sinkhorn', 'gromov', 'keypoint'] as const
export type TransportTerm = (typeof transportTerms)[number]

/** A ramp is 0 up to `fromStep`, its weight from `toStep` on, and straight between. */
export type Schedule =
  | { readonly kind: 'off' }
  | { readonly kind: 'constant'; readonly weight: number }
  | { readonly kind: 'ramp'; readonly weight: number; readonly fromStep: number; readonly toStep: number }

export interface AlignmentRecipe {
  readonly schedules: Readonly<Record<AlignmentTerm, Schedule>>
  readonly costKind: CostKind
  /** The contrastive loss's temperature; where it is learnt this is the start. */
  readonly contrastiveSoftness: number
  readonly isTemperatureLearnt: boolean
  /** Sinkhorn's entropy, in shares of the mean cost: it follows the embeddings' scale. */
  readonly entropyShare: number
  /** What missed masses cost Sinkhorn, in shares of the mean cost; null where they are met. For populations that differ. */
  readonly slackShare: number | null
  /** The keypoint relations' temperature. */
  readonly keypointSoftness: number
  /** Share of the plain cost in the keypoints' cost, each over its largest: 0 is KPG-RL, more is KPG-RL-KP. */
  readonly plainShare: number
}

const off: Schedule = { kind: 'off' }

/** All off; what a recipe does not say is as here. */
export const alignmentDefaults: AlignmentRecipe = {
  schedules: { contrastive: off, exact: off, sinkhorn: off, gromov: off, keypoint: off, pairs: off },
  costKind: 'squaredEuclidean',
  contrastiveSoftness: 0.1,
  isTemperatureLearnt: true,
  entropyShare: 0.05,
  slackShare: null,
  keypointSoftness: 0.1,
  plainShare: 0,
}

/** How much a loss counts at a step of the training. */
export function weightAt(schedule: Schedule, step: number): number {
  if (schedule.kind === 'off') return 0
  if (schedule.kind === 'constant') return schedule.weight
  const { weight, fromStep, toStep } = schedule
  return weight * ramp(step, fromStep, toStep)
}

/** The terms that count at some step, in the order of `alignmentTerms`. */
export const activeTerms = ({ schedules }: AlignmentRecipe): AlignmentTerm[] =>
  alignmentTerms.filter(term => schedules[term].kind !== 'off')

/** The weights of the active terms at a step, for the graph. */
export const weightsAt = (recipe: AlignmentRecipe, step: number): Float32Array =>
  Float32Array.from(activeTerms(recipe), term => weightAt(recipe.schedules[term], step))

/** @throws RangeError when a weight, a step or a share cannot be */
export function checkAlignment(recipe: AlignmentRecipe): void {
  for (const term of alignmentTerms) {
    const schedule = recipe.schedules[term]
    if (schedule.kind === 'off') continue
    if (!(schedule.weight >= 0 && Number.isFinite(schedule.weight)))
      throw new RangeError(`alignment: the weight of ${term} is ${schedule.weight}, not a finite number >= 0`)
    if (schedule.kind === 'ramp' && !(schedule.fromStep >= 0 && schedule.toStep > schedule.fromStep))
      throw new RangeError(`alignment: the ramp of ${term} goes from step ${schedule.fromStep} to ${schedule.toStep}`)
  }
  const { contrastiveSoftness, entropyShare, slackShare, keypointSoftness, plainShare } = recipe
  for (const [name, value] of Object.entries({ contrastiveSoftness, entropyShare, slackShare, keypointSoftness }))
    if (value !== null && !(value > 0 && Number.isFinite(value)))
      throw new RangeError(`alignment: ${name} is ${value}, not a finite number above 0`)
  if (!(plainShare >= 0 && plainShare <= 1))
    throw new RangeError(`alignment: plainShare is ${plainShare}, not from 0 to 1`)
  if (!costKinds.includes(recipe.costKind)) throw new RangeError(`alignment: there is no cost "${recipe.costKind}"`)
}
