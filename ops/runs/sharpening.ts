// How wide posteriors are, and how much narrower they became: what a newly arrived survey was worth.
import type { Posterior, Summary } from '../../schemas/index.ts'

/** Half of the 68% interval. */
export interface Widths {
  /** dex(yr) */
  readonly logAgeYr: number
  /** mag */
  readonly avMag: number
  /** dex(K) */
  readonly logTeffK: number
  /** dex(pc) */
  readonly logDistancePc: number
}

export const widthNames = ['logAgeYr', 'avMag', 'logTeffK', 'logDistancePc'] as const

export function widthsOf({ summaries }: Posterior): Widths {
  const half = (name: string) => {
    const found: Summary | undefined = summaries.find(one => one.parameter === name)
    return found === undefined ? 0 : (found.q84 - found.q16) / 2
  }
  return {
    logAgeYr: half('logAgeYr'),
    avMag: half('avMag'),
    logTeffK: half('logTeffK'),
    logDistancePc: half('logDistancePc'),
  }
}

/** The median of each width; `null` where there is none. */
export function typicalWidths(all: readonly Widths[]): Widths | null {
  if (all.length === 0) return null
  const median = (name: (typeof widthNames)[number]) => {
    const sorted = all.map(one => one[name]).sort((a, b) => a - b)
    return sorted[Math.floor(sorted.length / 2)]
  }
  return {
    logAgeYr: median('logAgeYr'),
    avMag: median('avMag'),
    logTeffK: median('logTeffK'),
    logDistancePc: median('logDistancePc'),
  }
}

/** How much narrower a star became from its first posterior to its last: the sum of the logarithms of the ratios. */
export function sharpeningOf(history: readonly Posterior[]): number {
  const [first, last] = [history.at(0), history.at(-1)]
  if (first === undefined || last === undefined) return 0
  const [before, after] = [widthsOf(first), widthsOf(last)]
  return widthNames.reduce((sum, name) => sum + Math.log(before[name] / after[name]), 0)
}

/** Widths of each star now and one posterior before, fed with posteriors in the order of the log. */
export class WidthBook {
  readonly #now = new Map<string, Widths>()

  has(starId: string): boolean {
    return this.#now.has(starId)
  }

  /**
   * @param earlierIds ids that the star may have had before
   * @returns the widths before, `null` for a star that is new
   */
  enter(posterior: Posterior, earlierIds: readonly string[]): Widths | null {
    const id = [posterior.starId, ...earlierIds].find(one => this.#now.has(one))
    const before = id === undefined ? null : (this.#now.get(id) ?? null)
    this.#now.set(posterior.starId, widthsOf(posterior))
    return before
  }
}
