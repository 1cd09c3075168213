// Saved filters by where a star can pass them: so that a star is held against few of ten thousand.
import {
  type CellRange,
  type CompiledFilter,
  classProbability,
  type FilteredPosterior,
  isFusionError,
  parseFilter,
  publish,
  type SampleColumns,
  SKY_ORDER,
  type Subscription,
  skyCell,
  starFeatures,
  watchedClasses,
  watchKey,
} from '../schemas/index.ts'

export interface KnownSubscription {
  readonly subscription: Subscription
  readonly filter: CompiledFilter
}

/** Cells of this order, 14 arcmin wide, and all coarser ones are looked up. */
const INDEX_ORDER = 8
const CELL_WIDTH = 4 ** (SKY_ORDER - INDEX_ORDER)
/** Filters that ask a class to be so probable wait where stars less probable do not come, in steps of one in so many. */
const CLASS_STEPS = 20
/** Where filters are that any star may pass. */
const ANYWHERE = 'anywhere'

export class SubscriptionIndex {
  readonly #known = new Map<string, KnownSubscription>()
  /** By the key of a watched star, the number of a cell, the step of a class, or anywhere. */
  readonly #places = new Map<string | number, Set<KnownSubscription>>()
  #watchingCount = 0

  get size(): number {
    return this.#known.size
  }

  /** True where some filter asks by which ids a star goes. */
  get isWatching(): boolean {
    return this.#watchingCount > 0
  }

  get(id: string): KnownSubscription | undefined {
    return this.#known.get(id)
  }

  /** A filter that cannot be read, of a newer birthline, is told and left out. */
  put(subscription: Subscription): void {
    this.remove(subscription.id)
    try {
      const known = { subscription, filter: parseFilter(subscription) }
      this.#known.set(subscription.id, known)
      if (known.filter.watched !== null) this.#watchingCount++
      for (const place of placesOf(known.filter)) {
        const there = this.#places.get(place)
        if (there === undefined) this.#places.set(place, new Set([known]))
        else there.add(known)
      }
    } catch (error) {
      if (!isFusionError(error)) throw error
      publish('notice', {
        room: 'actors',
        message: `subscription ${subscription.name} (${subscription.id}) is not followed: ${error.message}`,
      })
    }
  }

  remove(id: string): void {
    const known = this.#known.get(id)
    if (known === undefined) return
    this.#known.delete(id)
    if (known.filter.watched !== null) this.#watchingCount--
    for (const place of placesOf(known.filter)) {
      const there = this.#places.get(place)
      there?.delete(known)
      if (there?.size === 0) this.#places.delete(place)
    }
  }

  /** Those that the star may pass by its place, its names and its most probable classes, each once. */
  candidates(posterior: FilteredPosterior, aliases: readonly string[]): readonly KnownSubscription[] {
    const found: KnownSubscription[] = []
    const take = (place: string | number) => {
      for (const one of this.#places.get(place) ?? []) found.push(one)
    }
    take(ANYWHERE)
    for (const className of watchedClasses) {
      const highest = stepOf(classProbability(posterior, className))
      for (let step = 0; step <= highest; step++) take(classPlace(className, step))
    }
    const cell = Math.floor(skyCell(posterior.raDeg, posterior.decDeg) / CELL_WIDTH)
    // The cells of one filter share nothing: it is met in one of these orders at most.
    for (let order = INDEX_ORDER; order >= 0; order--) {
      take(cellNumber(order, Math.floor(cell / 4 ** (INDEX_ORDER - order))))
    }
    const keys = this.isWatching ? new Set(aliases.map(alias => watchKey(alias) ?? alias)) : []
    // Two names of a star may be on one list.
    const watching = new Set([...keys].flatMap(key => [...(this.#places.get(key) ?? [])]))
    return [...found, ...watching]
  }
}

/**
 * Holds a star against candidates. Samples are fetched once, and only where a filter passes in all but them.
 * @param findSamples resolves with `null` where they are gone
 */
export async function passedBy(
  candidates: Iterable<KnownSubscription>,
  posterior: FilteredPosterior,
  aliases: readonly string[],
  findSamples: () => Promise<SampleColumns | null>,
): Promise<readonly KnownSubscription[]> {
  const passed: KnownSubscription[] = []
  const waiting: KnownSubscription[] = []
  const features = starFeatures(posterior)
  for (const one of candidates) {
    if (one.filter.passes(posterior, aliases, features)) (one.filter.needsSamples ? waiting : passed).push(one)
  }
  if (waiting.length === 0) return passed
  const samples = await findSamples()
  for (const one of waiting) if (one.filter.agrees(samples)) passed.push(one)
  return passed
}

function placesOf({ watched, cells, leastProbable }: CompiledFilter): Iterable<string | number> {
  // A list of names is the narrowest, then a part of the sky.
  if (watched !== null) return watched
  if (cells !== null) return cellsOf(cells)
  return [leastProbable === null ? ANYWHERE : classPlace(leastProbable.className, stepOf(leastProbable.probability))]
}

function stepOf(probability: number): number {
  return Math.floor(probability * CLASS_STEPS)
}

function classPlace(className: string, step: number): string {
  return `${className} ${step}`
}

/** As few cells as hold the ranges, none finer than the index. */
function cellsOf(ranges: readonly CellRange[]): ReadonlySet<number> {
  const cells = new Set<number>()
  for (const { from, to } of ranges) {
    const end = Math.ceil(to / CELL_WIDTH)
    for (let at = Math.floor(from / CELL_WIDTH), order = INDEX_ORDER; at < end; order = INDEX_ORDER) {
      let width = 1
      while (order > 0 && at % (4 * width) === 0 && at + 4 * width <= end) {
        width *= 4
        order--
      }
      cells.add(cellNumber(order, at / width))
      at += width
    }
  }
  return cells
}

/** One number for cells of all orders (the unique numbering of the MOC standard). */
function cellNumber(order: number, cell: number): number {
  return 4 ** (order + 1) + cell
}
