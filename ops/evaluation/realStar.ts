// Real stars that a model is judged on: what it is given of each, and what others have measured of the same star.
import { createHash } from 'node:crypto'
import type { StarInput } from '../../models/index.ts'
import { readSurvey, type StarMeasurement } from '../../schemas/index.ts'

/** What is compared with labels. Temperatures and gravities in the units that papers quote. */
export type LabelledQuantity = 'teffK' | 'loggDex' | 'logDistancePc' | 'logAgeYr'

/** A value that does not come from the data the model was given. */
export interface StarLabel {
  readonly quantity: LabelledQuantity
  readonly value: number
  /** 1 sigma, above zero. */
  readonly err: number
}

export interface RealStar {
  readonly input: StarInput
  /** Where it is on the sky. */
  readonly place?: { readonly raDeg: number; readonly decDeg: number }
  readonly labels: readonly StarLabel[]
  /** Magnitudes that the model is not given, of surveys that nothing is ingested from. */
  readonly bands?: ReadonlyMap<string, number>
  /** Quality flags of its sources, survey first. */
  readonly flags: readonly string[]
  /** Given magnitudes brighter than where their survey's detector saturates. */
  readonly saturated: readonly string[]
  /** Whether it counts as a member of its group's cluster. */
  readonly isMember: boolean
}

export interface StarGroup {
  readonly name: string
  readonly title: string
  /** Key of its cluster's facts; `null` where the stars are no cluster. */
  readonly cluster: string | null
  /** Surveys whose data the stars come with. */
  readonly surveys: readonly string[]
  readonly reference: string
  readonly stars: readonly RealStar[]
  /** Stars that were left out, by reason. */
  readonly leftOut: ReadonlyMap<string, number>
}

/** Names of measured magnitudes beyond the saturation limit that the survey's own file states. */
export function saturatedIn(measurements: readonly StarMeasurement[]): readonly string[] {
  return measurements.flatMap(({ quantity, value, survey }) => {
    const limitMag = readSurvey(survey).measurements.find(one => one.quantity === quantity)?.saturationMag ?? null
    return limitMag !== null && value < limitMag ? [quantity] : []
  })
}

/** At most `count` items, chosen by the hash of their key: the same ones in every run, whatever the order. */
export function sampleByHash<T>(items: readonly T[], count: number, keyOf: (item: T) => string): readonly T[] {
  if (items.length <= count) return items
  const hashes = new Map(items.map(item => [item, createHash('sha256').update(keyOf(item)).digest('hex')]))
  const hashOf = (item: T) => hashes.get(item) ?? ''
  const chosen = new Set([...items].sort((a, b) => (hashOf(a) < hashOf(b) ? -1 : 1)).slice(0, count))
  return items.filter(item => chosen.has(item))
}
