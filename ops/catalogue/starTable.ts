// The newest posterior of every star in memory, one column for each number: what lists, cones and maps are answered from.
import {
  inferredNames,
  isProbeStar,
  type Posterior,
  type Star,
  type Summary,
  starClasses,
} from '../../schemas/index.ts'
import { CellLists } from './cellLists.ts'
import { IdIndex } from './idIndex.ts'
import { grown, TextColumn } from './textColumn.ts'
import { WordLists } from './wordLists.ts'

const FIRST_ROWS = 1024
const HAS_STAR = 1
const HAS_POSTERIOR = 2
const IS_LISTED = HAS_STAR | HAS_POSTERIOR

export const listedQuantiles = ['q16', 'q50', 'q84'] as const
export type ListedQuantile = (typeof listedQuantiles)[number]

const doubles = ['raDeg', 'decDeg', 'youngProbability', ...starClasses]
const quantileColumns = inferredNames.flatMap(name => listedQuantiles.map(quantile => `${name}.${quantile}`))
const floats = ['gMag', 'bpRpMag', ...quantileColumns]

/** NaN is a missing number here, and leaves as null. */
export type NumberColumn = Float64Array | Float32Array

/**
 * About 270 bytes a star. Positions and probabilities are doubles, quantiles and magnitudes floats.
 * A star is listed while it has a posterior and its record says that it is in force.
 */
export class StarTable {
  readonly #index = new IdIndex()
  readonly #posteriorIds = new TextColumn()
  readonly #numbers = new Map<string, NumberColumn>([
    ...doubles.map((name): [string, NumberColumn] => [name, new Float64Array(FIRST_ROWS)]),
    ...floats.map((name): [string, NumberColumn] => [name, new Float32Array(FIRST_ROWS)]),
  ])
  readonly #wordLists = new WordLists()
  #surveys = new Uint32Array(FIRST_ROWS)
  #flags = new Uint32Array(FIRST_ROWS)
  #bestClasses = new Uint8Array(FIRST_ROWS)
  #known = new Uint8Array(FIRST_ROWS)
  readonly #cells = new CellLists()
  readonly #free: number[] = []
  #rowCount = 0
  #listedCount = 0

  /** Stars that are listed. */
  get listedCount(): number {
    return this.#listedCount
  }

  /** One past the last row; some below may hold no star. */
  get rowCount(): number {
    return this.#rowCount
  }

  /** Memory of its columns. */
  get sizeBytes(): number {
    let sum = this.#index.sizeBytes + this.#posteriorIds.sizeBytes + this.#cells.sizeBytes
    for (const column of this.#numbers.values()) sum += column.byteLength
    for (const column of [this.#surveys, this.#flags, this.#bestClasses, this.#known]) sum += column.byteLength
    return sum
  }

  /** What the star's own record says; a retired one is not listed. */
  putStar(star: Star): void {
    if (star.isRetired || isProbeStar(star.starId)) {
      this.dropStar(star.starId)
      return
    }
    const row = this.#rowFor(star.starId)
    const [g, bp, rp] = ['gMag', 'bpMag', 'rpMag'].map(name => magnitudeOf(star, name))
    this.numbers('gMag')[row] = g
    this.numbers('bpRpMag')[row] = bp - rp
    this.#mark(row, this.#known[row] | HAS_STAR)
  }

  dropStar(starId: string): void {
    const row = this.#index.rowOf(starId)
    if (row >= 0) this.#mark(row, this.#known[row] & ~HAS_STAR)
  }

  putPosterior(posterior: Posterior): void {
    const row = this.#rowFor(posterior.starId)
    if ((this.#known[row] & HAS_POSTERIOR) !== 0) this.#leaveCell(row)
    this.#posteriorIds.set(row, posterior.posteriorId)
    this.numbers('raDeg')[row] = posterior.raDeg
    this.numbers('decDeg')[row] = posterior.decDeg
    this.numbers('youngProbability')[row] = posterior.youngProbability
    const probabilities = new Map(posterior.classes.map(one => [one.name, one.probability]))
    let best = 0
    for (const [i, name] of starClasses.entries()) {
      const probability = probabilities.get(name) ?? 0
      this.numbers(name)[row] = probability
      if (probability > this.numbers(starClasses[best])[row]) best = i
    }
    this.#bestClasses[row] = best
    const summaries = new Map(posterior.summaries.map(one => [one.parameter, one]))
    for (const name of inferredNames) {
      const summary = summaries.get(name)
      for (const quantile of listedQuantiles)
        this.numbers(`${name}.${quantile}`)[row] = summary?.[quantile] ?? Number.NaN
    }
    this.#surveys[row] = this.#wordLists.codeOf(posterior.surveys)
    this.#flags[row] = this.#wordLists.codeOf(posterior.flags)
    this.#cells.add(row, posterior.raDeg, posterior.decDeg)
    this.#mark(row, this.#known[row] | HAS_POSTERIOR)
  }

  dropPosterior(starId: string): void {
    const row = this.#index.rowOf(starId)
    if (row < 0 || (this.#known[row] & HAS_POSTERIOR) === 0) return
    this.#leaveCell(row)
    this.#mark(row, this.#known[row] & ~HAS_POSTERIOR)
  }

  /** -1 where no such star is listed. */
  listedRow(starId: string): number {
    const row = this.#index.rowOf(starId)
    return row >= 0 && this.isListed(row) ? row : -1
  }

  isListed(row: number): boolean {
    return this.#known[row] === IS_LISTED
  }

  /** Rows with a place in the cell; those of its neighbours are in others. */
  rowsIn(cell: number): Iterable<number> {
    return this.#cells.rowsIn(cell)
  }

  /**
   * Such as `raDeg`, `gMag`, `youngDisk`, `logAgeYr.q50`. Not to be kept: a table that grows takes another array.
   * @throws RangeError when there is no such column
   */
  numbers(name: string): NumberColumn {
    const column = this.#numbers.get(name)
    if (column === undefined) throw new RangeError(`StarTable: there is no column ${name}`)
    return column
  }

  starId(row: number): string {
    return this.#index.idOf(row)
  }

  /** Of the id: an order that no star chooses, and that stays. */
  hashAt(row: number): number {
    return this.#index.hashAt(row)
  }

  posteriorId(row: number): string {
    return this.#posteriorIds.get(row)
  }

  /** The most probable of `starClasses`, by its place there. */
  bestClass(row: number): number {
    return this.#bestClasses[row]
  }

  surveys(row: number): readonly string[] {
    return this.#wordLists.wordsOf(this.#surveys[row])
  }

  flags(row: number): readonly string[] {
    return this.#wordLists.wordsOf(this.#flags[row])
  }

  /** Quantiles of one parameter; null where the posterior has none. */
  quantiles(row: number, name: string): Pick<Summary, ListedQuantile> | null {
    const [q16, q50, q84] = listedQuantiles.map(quantile => this.numbers(`${name}.${quantile}`)[row])
    return Number.isNaN(q50) ? null : { q16, q50, q84 }
  }

  #rowFor(starId: string): number {
    const known = this.#index.rowOf(starId)
    if (known >= 0) return known
    const row = this.#free.pop() ?? this.#rowCount++
    this.#makeRoom(row)
    this.#index.add(starId, row)
    return row
  }

  #makeRoom(row: number): void {
    if (row < this.#known.length) return
    for (const [name, column] of this.#numbers) this.#numbers.set(name, grown(column, row + 1))
    this.#surveys = grown(this.#surveys, row + 1)
    this.#flags = grown(this.#flags, row + 1)
    this.#bestClasses = grown(this.#bestClasses, row + 1)
    this.#known = grown(this.#known, row + 1)
  }

  #leaveCell(row: number): void {
    this.#cells.remove(row, this.numbers('raDeg')[row], this.numbers('decDeg')[row])
  }

  /** Counts it where it is listed now, and gives its row away where nothing is known of it any more. */
  #mark(row: number, known: number): void {
    this.#listedCount += Number(known === IS_LISTED) - Number(this.isListed(row))
    this.#known[row] = known
    if (known !== 0) return
    this.#index.remove(row)
    this.#posteriorIds.set(row, '')
    this.#free.push(row)
  }
}

/** The measurement with the smallest error; NaN where there is none, or only a limit. */
function magnitudeOf({ measurements }: Star, name: string): number {
  const found = measurements.filter(one => one.quantity === name && !one.isLimit).sort((a, b) => a.err - b.err)
  return found[0]?.value ?? Number.NaN
}
