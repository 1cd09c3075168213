// Groups of variables that may trade places: what is estimated of one is estimated of all.
import type { Gaussian } from './jointGaussian.ts'

export type LikeGroups = readonly (readonly number[])[]

/** The variable and those that trade places with it. */
export function twinsOf(variable: number, alike: LikeGroups): readonly number[] {
  const place = alike.map(group => group.indexOf(variable)).find(at => at >= 0)
  return place === undefined ? [variable] : alike.map(group => group[place])
}

/** The mean of a Gaussian over all ways in which the groups trade places. */
export function evenOut({ mean, covariance }: Gaussian, alike: LikeGroups): Gaussian {
  const width = mean.length
  const groupOf = new Map(alike.flatMap((group, g) => group.map(i => [i, g] as const)))
  const firstOf = Array.from({ length: width }, (_, i) => twinsOf(i, alike)[0])
  /** Pairs that trade places with one another: within a group, or between two. */
  const kindOf = (i: number, j: number) => {
    const isWithin = groupOf.has(i) && groupOf.get(i) === groupOf.get(j)
    return `${isWithin ? 'within' : 'between'} ${firstOf[i]} ${firstOf[j]}`
  }
  const pairs = Array.from(covariance, (_, at) => kindOf(Math.floor(at / width), at % width))
  return {
    mean: averageAlike(
      mean,
      firstOf.map(first => `${first}`),
    ),
    covariance: averageAlike(covariance, pairs),
  }
}

/** Each number becomes the mean of those of its kind. */
function averageAlike(values: Float64Array, kinds: readonly string[]): Float64Array {
  const sums = new Map<string, { sum: number; count: number }>()
  values.forEach((value, i) => {
    const { sum, count } = sums.get(kinds[i]) ?? { sum: 0, count: 0 }
    sums.set(kinds[i], { sum: sum + value, count: count + 1 })
  })
  return values.map((_, i) => {
    const { sum, count } = sums.get(kinds[i]) ?? { sum: 0, count: 1 }
    return sum / count
  })
}
