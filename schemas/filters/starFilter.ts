// A filter of stars, compiled: what is asked of a posterior, the cheap conditions first, samples only where needed.
import type { WatchedClass } from '../classBands.ts'
import type { ClassProbability, Posterior, Summary } from '../records.ts'
import type { SampleColumns } from '../samples.ts'
import { spectrumSurveys } from '../spectrumSurveys.ts'
import { readSurvey, surveyNames } from '../surveys.ts'
import { RAD_PER_DEG } from '../units.ts'
import {
  angleUnitsDeg,
  type FilterBound,
  type FilterCondition,
  parseConditions,
  printConditions,
  type Sign,
} from './filterGrammar.ts'
import { parseMoc } from './mocText.ts'
import { fractionOf } from './sampleTails.ts'
import { type CellRange, commonRanges, coneRanges, rangesHold, skyCell } from './skyRanges.ts'
import { classFeature, FeatureBounds, summaryFeature } from './starFeatures.ts'
import { watchKey, watchKeys } from './watchlist.ts'

export interface StarFilter {
  /** Conditions joined by `and`; empty for all stars. */
  readonly where: string
  /** A region as an ASCII or JSON MOC, ICRS. */
  readonly moc: string | null
  /** Ids as any survey writes them; empty where no list is watched. */
  readonly watchlist: readonly string[]
}

/** What a filter looks at. */
export interface FilteredPosterior
  extends Pick<Posterior, 'starId' | 'raDeg' | 'decDeg' | 'surveys' | 'flags' | 'youngProbability'> {
  readonly classes: readonly Pick<ClassProbability, 'name' | 'probability'>[]
  readonly summaries: readonly FilteredSummary[]
}

type FilteredSummary = Pick<Summary, 'parameter' | 'q16' | 'q50' | 'q84'>

export interface CompiledFilter {
  /** The conditions as they could be typed again. */
  readonly where: string
  /** Cells of `SKY_ORDER` outside of which nothing matches; `null` where a star may be anywhere. */
  readonly cells: readonly CellRange[] | null
  /** Keys, as of `watchKey`, one of which a star must go by; `null` where any star may match. */
  readonly watched: ReadonlySet<string> | null
  /** A class that must be at least so probable, the steepest where there are several; `null` where there is none. */
  readonly leastProbable: { readonly className: WatchedClass; readonly probability: number } | null
  readonly needsSamples: boolean
  /**
   * Everything but the conditions on samples, as of `matches`.
   * @param features the star's, as of `starFeatures`: worth it where it is held against many filters
   */
  passes(posterior: FilteredPosterior, aliases: readonly string[], features?: Float64Array): boolean
  /** The conditions on samples alone; `null` where they are gone. */
  agrees(samples: SampleColumns | null): boolean
  /**
   * What is not known matches nothing: a quantity without summary or samples fails every condition on it.
   * @param samples asked for at most once, and only where everything else matches; `null` where they are gone
   * @param aliases every `survey:source` that the star goes by, for watchlists; by default its own id alone
   */
  matches(posterior: FilteredPosterior, samples: () => SampleColumns | null, aliases?: readonly string[]): boolean
}

/** @throws FusionError FILTER_INVALID, one sentence with the place in the text */
export function parseFilter({ where, moc, watchlist }: StarFilter): CompiledFilter {
  const conditions = parseConditions(where)
  const cones = conditions.filter(one => one.kind === 'cone')
  const region = moc === null ? null : parseMoc(moc)
  const watched = watchlist.length === 0 ? null : watchKeys(watchlist)
  const bounds = new FeatureBounds(conditions.flatMap(boundsOf))
  const others = conditions.flatMap(testsOf)
  const chances = conditions.flatMap(one => (one.kind === 'chance' ? [chanceOf(one)] : []))
  const passes = (posterior: FilteredPosterior, aliases: readonly string[], features?: Float64Array) => {
    if (watched !== null && !aliases.some(alias => watched.has(watchKey(alias) ?? alias))) return false
    if (!bounds.hold(posterior, features) || !others.every(test => test(posterior))) return false
    return region === null || rangesHold(region, skyCell(posterior.raDeg, posterior.decDeg))
  }
  const agrees = (samples: SampleColumns | null) =>
    chances.length === 0 || (samples !== null && chances.every(test => test(samples)))
  return {
    where: printConditions(conditions),
    cells: [
      ...(region === null ? [] : [region]),
      ...cones.map(({ raDeg, decDeg, radius: [value, unit] }) =>
        coneRanges(raDeg, decDeg, value * angleUnitsDeg[unit]),
      ),
    ].reduce<readonly CellRange[] | null>((all, one) => (all === null ? one : commonRanges(all, one)), null),
    watched,
    leastProbable: conditions
      .flatMap(one => (one.kind === 'class' && (one.sign === '>' || one.sign === '>=') ? [one] : []))
      .reduce<CompiledFilter['leastProbable']>(
        (most, one) => (most !== null && most.probability >= one.probability ? most : one),
        null,
      ),
    needsSamples: chances.length > 0,
    passes,
    agrees,
    matches(posterior, samples, aliases = [posterior.starId]) {
      return passes(posterior, aliases) && (chances.length === 0 || agrees(samples()))
    },
  }
}

type PosteriorTest = (posterior: FilteredPosterior) => boolean

/** Bounds on classes and summaries. */
function boundsOf(condition: FilterCondition): readonly (readonly [feature: number, sign: Sign, value: number])[] {
  switch (condition.kind) {
    case 'class':
      return [[classFeature(condition.className), condition.sign, condition.probability]]
    case 'median': {
      const { bound } = condition
      return [[summaryFeature(bound.quantity.quantity, 'median'), bound.sign, heldValue(bound)]]
    }
    case 'width': {
      const { quantity, sign, value, unit } = condition.bound
      const isLinear = quantity.isPlain && unit !== 'dex'
      const feature = summaryFeature(quantity.quantity, isLinear ? 'linearWidth' : 'width')
      return [[feature, sign, value * 10 ** unitDex(condition.bound)]]
    }
    default:
      return []
  }
}

/** What is no bound on a number: places, surveys and flags. */
function testsOf(condition: FilterCondition): readonly PosteriorTest[] {
  switch (condition.kind) {
    case 'cone':
      return [inCone(condition.raDeg, condition.decDeg, condition.radius[0] * angleUnitsDeg[condition.radius[1]])]
    case 'survey': {
      const { name, isThere } = condition
      const names = new Set(
        [...surveyNames(), ...spectrumSurveys].filter(one => one === name || familyOf(one) === name),
      )
      return [({ surveys }) => surveys.some(one => names.has(one)) === isThere]
    }
    case 'flag': {
      const { name, isThere } = condition
      return [({ flags }) => flags.includes(name) === isThere]
    }
    default:
      return []
  }
}

function familyOf(survey: string): string {
  return surveyNames().includes(survey) ? readSurvey(survey).family : survey
}

function inCone(raDeg: number, decDeg: number, radiusDeg: number): PosteriorTest {
  const center = direction(raDeg, decDeg)
  // Half the chord is exact for small angles, where a cosine is not.
  const maxHalfChord = Math.sin((radiusDeg * RAD_PER_DEG) / 2)
  return posterior => {
    const [x, y, z] = direction(posterior.raDeg, posterior.decDeg)
    return Math.hypot(x - center[0], y - center[1], z - center[2]) / 2 <= maxHalfChord
  }
}

function direction(raDeg: number, decDeg: number): readonly [number, number, number] {
  const ra = raDeg * RAD_PER_DEG
  const dec = decDeg * RAD_PER_DEG
  return [Math.cos(dec) * Math.cos(ra), Math.cos(dec) * Math.sin(ra), Math.sin(dec)]
}

function chanceOf({
  bound,
  sign,
  probability,
}: Extract<FilterCondition, { readonly kind: 'chance' }>): (samples: SampleColumns) => boolean {
  const value = heldValue(bound)
  const isIn = comparison(sign, probability)
  return samples => {
    const fraction = fractionOf(samples, bound.quantity.quantity, bound.sign, value)
    return fraction !== null && isIn(fraction)
  }
}

function unitDex({ quantity, unit }: FilterBound): number {
  return quantity.units[unit] ?? 0
}

/** The bound as the vocabulary holds the quantity. */
function heldValue(bound: FilterBound): number {
  return bound.quantity.isPlain ? Math.log10(bound.value) + unitDex(bound) : bound.value
}

function comparison(sign: Sign, bound: number): (value: number) => boolean {
  switch (sign) {
    case '<':
      return value => value < bound
    case '<=':
      return value => value <= bound
    case '>':
      return value => value > bound
    case '>=':
      return value => value >= bound
  }
}
