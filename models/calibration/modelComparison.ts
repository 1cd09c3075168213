// What another model says of the same stars: medians in units of sigma, widths, classes. Memory does not grow with the stars.
import type { Posterior } from '../../schemas/index.ts'
import { BinnedMedian } from '../math/binnedMedian.ts'

export type ComparedPosterior = Pick<
  Posterior,
  'starId' | 'observables' | 'summaries' | 'classes' | 'youngProbability' | 'sampleCount'
>

/** 16%, 50% and 84% quantile over the stars; `null` where there are none. */
export type Spread = readonly [number | null, number | null, number | null]

export interface ParameterShift {
  readonly parameter: string
  /** Median after less median before, in units of half the 68% interval before. */
  readonly sigmas: Spread
  /** Fraction of the stars whose median moved by more than one of these units. */
  readonly beyondOne: number
  /** 68% interval after over that before. */
  readonly widthRatios: Spread
}

export interface GroupShift {
  readonly starCount: number
  readonly parameters: readonly ParameterShift[]
  /** Stars whose most probable class is another. */
  readonly otherClassCount: number
  /** Mean of the absolute change of P(young). */
  readonly meanYoungChange: number
}

export interface PatternShift extends GroupShift {
  /** Observables of the stars; `null` for all patterns beyond the first sixty-four that were met. */
  readonly given: readonly string[] | null
}

export interface ChangedStar {
  readonly starId: string
  /** The parameter that moved most. */
  readonly parameter: string
  readonly sigma: number
  readonly classBefore: string
  readonly classAfter: string
  readonly youngBefore: number
  readonly youngAfter: number
}

export interface ModelComparison extends GroupShift {
  /** Most stars first. */
  readonly patterns: readonly PatternShift[]
  readonly classChanges: readonly { readonly before: string; readonly after: string; readonly starCount: number }[]
  /** Those whose median of some parameter moved most, farthest first. */
  readonly mostChanged: readonly ChangedStar[]
  /** Standard deviation by which samples alone move medians, in the same units, for normal posteriors. */
  readonly chanceSigma: number
}

const MAX_PATTERNS = 64

export class ComparisonTally {
  readonly #all = new GroupTally()
  readonly #patterns = new Map<string, { readonly given: readonly string[] | null; readonly tally: GroupTally }>()
  readonly #classChanges = new Map<string, { before: string; after: string; starCount: number }>()
  readonly #mostChanged: ChangedStar[] = []
  readonly #limit: number
  #variances = 0

  /** @param limit how many of the most changed stars are kept */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** @param before and after are of the same version of one star */
  add(before: ComparedPosterior, after: ComparedPosterior): void {
    const shifts = shiftsOf(before, after)
    const [classBefore, classAfter] = [likeliest(before), likeliest(after)]
    const change = { shifts, hasOtherClass: classBefore !== classAfter, young: youngChange(before, after) }
    this.#all.add(change)
    this.#pattern(before.observables).add(change)
    // Variance of a sample's median is pi / 2 sigma^2 / n, of both together the sum.
    this.#variances += (Math.PI / 2) * (1 / before.sampleCount + 1 / after.sampleCount)
    if (change.hasOtherClass) {
      const key = `${classBefore} ${classAfter}`
      const found = this.#classChanges.get(key) ?? { before: classBefore, after: classAfter, starCount: 0 }
      found.starCount++
      this.#classChanges.set(key, found)
    }
    const [largest] = [...shifts].sort((a, b) => Math.abs(b.sigma) - Math.abs(a.sigma))
    if (largest !== undefined) {
      this.#keep({
        ...{ starId: before.starId, parameter: largest.parameter, sigma: largest.sigma, classBefore, classAfter },
        ...{ youngBefore: before.youngProbability, youngAfter: after.youngProbability },
      })
    }
  }

  result(): ModelComparison {
    const { starCount } = this.#all
    return {
      ...this.#all.result(),
      patterns: Array.from(this.#patterns.values(), ({ given, tally }) => ({ given, ...tally.result() })).sort(
        (a, b) => b.starCount - a.starCount,
      ),
      classChanges: [...this.#classChanges.values()].sort((a, b) => b.starCount - a.starCount),
      mostChanged: [...this.#mostChanged],
      chanceSigma: starCount === 0 ? 0 : Math.sqrt(this.#variances / starCount),
    }
  }

  #pattern(observables: readonly string[]): GroupTally {
    const own = [...observables].sort().join(' ')
    const isKept = this.#patterns.has(own) || this.#patterns.size < MAX_PATTERNS
    const key = isKept ? own : 'others'
    let found = this.#patterns.get(key)
    if (found === undefined) {
      found = { given: isKept ? observables : null, tally: new GroupTally() }
      this.#patterns.set(key, found)
    }
    return found.tally
  }

  #keep(star: ChangedStar): void {
    const size = Math.abs(star.sigma)
    const after = this.#mostChanged.findIndex(({ sigma }) => Math.abs(sigma) < size)
    if (after >= 0) this.#mostChanged.splice(after, 0, star)
    else this.#mostChanged.push(star)
    if (this.#mostChanged.length > this.#limit) this.#mostChanged.pop()
  }
}

interface Shift {
  readonly parameter: string
  readonly sigma: number
  readonly widthRatio: number
}

interface Change {
  readonly shifts: readonly Shift[]
  readonly hasOtherClass: boolean
  readonly young: number
}

class GroupTally {
  starCount = 0
  #otherClassCount = 0
  #young = 0
  readonly #parameters = new Map<
    string,
    { count: number; beyond: number; sigmas: BinnedMedian; ratios: BinnedMedian }
  >()

  add({ shifts, hasOtherClass, young }: Change): void {
    this.starCount++
    if (hasOtherClass) this.#otherClassCount++
    this.#young += young
    for (const { parameter, sigma, widthRatio } of shifts) {
      let found = this.#parameters.get(parameter)
      if (found === undefined) {
        found = { count: 0, beyond: 0, sigmas: new BinnedMedian(), ratios: new BinnedMedian() }
        this.#parameters.set(parameter, found)
      }
      found.count++
      if (Math.abs(sigma) > 1) found.beyond++
      found.sigmas.add(sigma)
      found.ratios.add(widthRatio)
    }
  }

  result(): GroupShift {
    return {
      starCount: this.starCount,
      parameters: Array.from(this.#parameters, ([parameter, { count, beyond, sigmas, ratios }]) => ({
        parameter,
        sigmas: spread(sigmas),
        beyondOne: beyond / count,
        widthRatios: spread(ratios),
      })),
      otherClassCount: this.#otherClassCount,
      meanYoungChange: this.starCount === 0 ? 0 : this.#young / this.starCount,
    }
  }
}

function spread(values: BinnedMedian): Spread {
  return [values.quantile(0.16), values.quantile(0.5), values.quantile(0.84)]
}

/** Of parameters that both have, with a width before. */
function shiftsOf(before: ComparedPosterior, after: ComparedPosterior): readonly Shift[] {
  const others = new Map(after.summaries.map(summary => [summary.parameter, summary]))
  return before.summaries.flatMap(({ parameter, q16, q50, q84 }) => {
    const other = others.get(parameter)
    const sigma = (q84 - q16) / 2
    if (other === undefined || !(sigma > 0)) return []
    return [{ parameter, sigma: (other.q50 - q50) / sigma, widthRatio: (other.q84 - other.q16) / (q84 - q16) }]
  })
}

function likeliest({ classes }: ComparedPosterior): string {
  return classes.reduce((best, one) => (one.probability > best.probability ? one : best)).name
}

function youngChange(before: ComparedPosterior, after: ComparedPosterior): number {
  return Math.abs(after.youngProbability - before.youngProbability)
}
