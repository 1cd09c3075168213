// How probably a star is of a class, in bands: each has a topic of its own, so that who wants few stars reads few.
import { type StarClass, starClasses } from './quantities.ts'
import type { ClassProbability, Posterior } from './records.ts'

/** `young` is the sum of the young classes. */
export type WatchedClass = StarClass | 'young'

export const watchedClasses: readonly WatchedClass[] = ['young', ...starClasses]

export interface ClassBand {
  readonly name: string
  /** Smallest probability in it. */
  readonly from: number
  /** Smallest probability above it. The highest band has no end: rounding may carry a sum a little beyond 1. */
  readonly below: number
}

/** A star below the lowest is in none; the others follow one another without gaps. */
export const classBands: readonly ClassBand[] = [
  { name: 'above50', from: 0.5, below: 0.9 },
  { name: 'above90', from: 0.9, below: 0.99 },
  { name: 'above99', from: 0.99, below: Number.POSITIVE_INFINITY },
]

type ClassProbabilities = Pick<Posterior, 'youngProbability'> & {
  readonly classes: readonly Pick<ClassProbability, 'name' | 'probability'>[]
}

export function classProbability({ youngProbability, classes }: ClassProbabilities, className: WatchedClass): number {
  return className === 'young' ? youngProbability : (classes.find(({ name }) => name === className)?.probability ?? 0)
}

/** Where a class and a band are published. */
export function bandTopic(className: WatchedClass, band: ClassBand): string {
  return `classes.${className}.${band.name}`
}

/** One for each class and band. */
export const bandTopics: readonly string[] = watchedClasses.flatMap(name =>
  classBands.map(band => bandTopic(name, band)),
)

/** Where a posterior belongs: at most one for each class. */
export function bandTopicsOf(posterior: ClassProbabilities): readonly string[] {
  return watchedClasses.flatMap(name => {
    const probability = classProbability(posterior, name)
    const band = classBands.find(({ from, below }) => probability >= from && probability < below)
    return band === undefined ? [] : [bandTopic(name, band)]
  })
}
