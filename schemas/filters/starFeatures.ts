// The numbers of a posterior that filters ask for, in one order: read once for a star that is held against many filters.
import { classProbability, type WatchedClass, watchedClasses } from '../classBands.ts'
import { inferredNames } from '../quantities.ts'
import type { ClassProbability, Posterior, Summary } from '../records.ts'
import type { Sign } from './filterGrammar.ts'

/** `linearWidth` is half of the 68% interval of ten to the power of the quantity. */
export type SummaryNumber = 'median' | 'width' | 'linearWidth'

const summaryNumbers: readonly SummaryNumber[] = ['median', 'width', 'linearWidth']
const featureCount = watchedClasses.length + summaryNumbers.length * inferredNames.length

/** Where the probability of a class stands. */
export function classFeature(className: WatchedClass): number {
  return watchedClasses.indexOf(className)
}

/** Where a number of the summary of a parameter or a derived quantity stands. */
export function summaryFeature(quantityName: string, number: SummaryNumber): number {
  const place = summaryNumbers.length * inferredNames.indexOf(quantityName) + summaryNumbers.indexOf(number)
  return watchedClasses.length + place
}

interface Believed extends Pick<Posterior, 'youngProbability'> {
  readonly classes: readonly Pick<ClassProbability, 'name' | 'probability'>[]
  readonly summaries: readonly Pick<Summary, 'parameter' | 'q16' | 'q50' | 'q84'>[]
}

/** One of them; what the posterior does not tell is not a number, and passes no bound. */
function featureOf(posterior: Believed, feature: number): number {
  if (feature < watchedClasses.length) return classProbability(posterior, watchedClasses[feature])
  const place = feature - watchedClasses.length
  const name = inferredNames[Math.floor(place / summaryNumbers.length)]
  const summary = posterior.summaries.find(({ parameter }) => parameter === name)
  if (summary === undefined) return Number.NaN
  const { q16, q50, q84 } = summary
  const number = summaryNumbers[place % summaryNumbers.length]
  return number === 'median' ? q50 : (number === 'width' ? q84 - q16 : 10 ** q84 - 10 ** q16) / 2
}

/** [features] All of them, for a star that many filters ask about. */
export function starFeatures(posterior: Believed): Float64Array {
  return Float64Array.from({ length: featureCount }, (_, feature) => featureOf(posterior, feature))
}

const signs: readonly Sign[] = ['<', '<=', '>', '>=']

/** Bounds on features, as numbers: for each where it stands, its sign and its value. */
export class FeatureBounds {
  readonly #numbers: Float64Array

  constructor(bounds: readonly (readonly [feature: number, sign: Sign, value: number])[]) {
    this.#numbers = Float64Array.from(bounds.flatMap(([feature, sign, value]) => [feature, signs.indexOf(sign), value]))
  }

  /** @param features of `starFeatures`; without them only what is asked for is read */
  hold(posterior: Believed, features?: Float64Array): boolean {
    const numbers = this.#numbers
    for (let i = 0; i < numbers.length; i += 3) {
      const value = features === undefined ? featureOf(posterior, numbers[i]) : features[numbers[i]]
      const sign = numbers[i + 1]
      const bound = numbers[i + 2]
      if (!(sign === 0 ? value < bound : sign === 1 ? value <= bound : sign === 2 ? value > bound : value >= bound)) {
        return false
      }
    }
    return true
  }
}
