// Gathers rows into batches that are bounded both in rows and in bytes.
import type { BadRow, BatchOptions, Row, RowPlace, TableBatch, Value } from './table.ts'

const DEFAULT_BATCH_ROWS = 1000
/** A batch ends once its rows took this much of the file. */
const BATCH_BYTES = 4 * 2 ** 20

/** @returns a maker of rows out of cells in the order of the names */
export function rowMaker(names: readonly string[]): (cells: ArrayLike<Value>) => Row {
  return cells => {
    // Without a prototype, a column named `__proto__` is a column like any other.
    const row: Record<string, Value> = Object.create(null)
    for (let i = 0; i < names.length; i++) row[names[i]] = cells[i]
    return row
  }
}

/** @throws RangeError when rows or starting row are not positive integers */
export function batchPlan(options: BatchOptions = {}): { readonly batchRows: number; readonly startRow: number } {
  const { batchRows = DEFAULT_BATCH_ROWS, startRow = 1 } = options
  for (const [name, value] of Object.entries({ batchRows, startRow })) {
    if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`batches: ${name} ${value} is not 1 or more`)
  }
  return { batchRows, startRow }
}

export class BatchBuilder {
  readonly #batchRows: number
  #firstRow: number
  #nextRow: number
  #bytes = 0
  #rows: Row[] = []
  #rowNumbers: number[] = []
  #badRows: BadRow[] = []

  constructor(batchRows: number, firstRow: number) {
    this.#batchRows = batchRows
    this.#firstRow = firstRow
    this.#nextRow = firstRow
  }

  /** The number of the row that is added next. */
  get nextRow(): number {
    return this.#nextRow
  }

  get isEmpty(): boolean {
    return this.#nextRow === this.#firstRow
  }

  get isFull(): boolean {
    return this.#nextRow - this.#firstRow >= this.#batchRows || this.#bytes >= BATCH_BYTES
  }

  add(row: Row, sizeBytes: number): void {
    this.#rows.push(row)
    this.#rowNumbers.push(this.#nextRow++)
    this.#bytes += sizeBytes
  }

  addBad(bad: Omit<BadRow, 'row'>): void {
    this.#badRows.push({ row: this.#nextRow++, ...bad })
    this.#bytes += bad.bytes.length
  }

  /** The rows so far as a batch; building goes on with the next row. */
  take(nextPlace: RowPlace | null = null): TableBatch {
    const batch = {
      firstRow: this.#firstRow,
      nextRow: this.#nextRow,
      rows: this.#rows,
      rowNumbers: this.#rowNumbers,
      badRows: this.#badRows,
      nextPlace,
    }
    this.#firstRow = this.#nextRow
    this.#bytes = 0
    this.#rows = []
    this.#rowNumbers = []
    this.#badRows = []
    return batch
  }
}
