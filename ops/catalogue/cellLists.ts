// Which stars lie in a cell of the sky: a chain of rows for each, four bytes a star.
import { cellOf } from '../../models/index.ts'
import { grown } from './textColumn.ts'

/** Cells of 0.46 degrees. */
export const LIST_ORDER = 7
const END = -1

export class CellLists {
  readonly #first = new Int32Array(12 * 4 ** LIST_ORDER).fill(END)
  #next = new Int32Array(1024)

  get sizeBytes(): number {
    return this.#first.byteLength + this.#next.byteLength
  }

  add(row: number, raDeg: number, decDeg: number): void {
    const cell = cellOf(raDeg, decDeg, LIST_ORDER)
    this.#next = grown(this.#next, row + 1)
    this.#next[row] = this.#first[cell]
    this.#first[cell] = row
  }

  /** @param raDeg, decDeg the place that it was added with */
  remove(row: number, raDeg: number, decDeg: number): void {
    const cell = cellOf(raDeg, decDeg, LIST_ORDER)
    if (this.#first[cell] === row) {
      this.#first[cell] = this.#next[row]
      return
    }
    let before = this.#first[cell]
    while (this.#next[before] !== row) before = this.#next[before]
    this.#next[before] = this.#next[row]
  }

  *rowsIn(cell: number): Generator<number, void, undefined> {
    for (let row = this.#first[cell]; row !== END; row = this.#next[row]) yield row
  }
}
