// Rows through graphs of fixed sizes on a device: full ones while there are many rows, a small one for a lone row; and less
// at a time where the device's memory ends.
import { FusionError } from '../../schemas/index.ts'
import { type Device, isOutOfMemory } from './devices.ts'

/** A graph opened for a number of rows. */
export interface BatchGraph<Row, Result> {
  /** @param rows as many as it was opened for */
  run(rows: readonly Row[]): Promise<readonly Result[]>
  close(): Promise<void>
}

/** From one size to the next: a row more than a size costs at most this many times as much. */
const GROWTH = 4

/**
 * Sizes of batches, from 1 up to what fits.
 *
 * @param rowBytes memory of the device that a row of a batch takes
 * @param mostRows of a batch, whatever fits
 */
export function batchSizes(rowBytes: number, budgetBytes: number, mostRows: number): readonly number[] {
  const sizes = [1]
  for (let size = GROWTH; size <= mostRows && size * rowBytes <= budgetBytes; size *= GROWTH) sizes.push(size)
  return sizes
}

export class BatchRunner<Row, Result> {
  private readonly device: Device
  private readonly open: (size: number) => Promise<BatchGraph<Row, Result>>
  /** Ascending. */
  private sizes: readonly number[]
  private readonly graphs = new Map<number, BatchGraph<Row, Result>>()

  /** @param sizes ascending, from 1; see `batchSizes` */
  constructor(device: Device, sizes: readonly number[], open: (size: number) => Promise<BatchGraph<Row, Result>>) {
    this.device = device
    this.sizes = sizes
    this.open = open
  }

  /** Rows of the largest batch that is tried: fewer once the device had no room. */
  get mostRows(): number {
    return this.sizes[this.sizes.length - 1]
  }

  /**
   * @returns one result a row, in order
   * @throws FusionError CONFIG_INVALID when the device has no room even for one row
   */
  async run(rows: readonly Row[]): Promise<readonly Result[]> {
    const results: Result[] = []
    while (results.length < rows.length) {
      const left = rows.slice(results.length, results.length + this.mostRows)
      const size = this.sizes.find(one => one >= left.length) ?? this.mostRows
      const some = await this.tryBatch(size, left)
      if (some !== null) results.push(...some)
    }
    return results
  }

  async close(): Promise<void> {
    for (const graph of this.graphs.values()) await graph.close()
    this.graphs.clear()
  }

  /** @returns null when the device had no room: the next try is of fewer rows */
  private async tryBatch(size: number, rows: readonly Row[]): Promise<readonly Result[] | null> {
    try {
      let graph = this.graphs.get(size)
      if (graph === undefined) {
        graph = await this.open(size)
        this.graphs.set(size, graph)
      }
      // A batch that is not full is filled with its last row over again.
      const filled = Array.from({ length: size }, (_, i) => rows[Math.min(i, rows.length - 1)])
      return (await graph.run(filled)).slice(0, rows.length)
    } catch (error) {
      if (!isOutOfMemory(error)) throw error
      await this.giveWay(size, error)
      return null
    }
  }

  /** What was taken by graphs as large goes back, and none as large is opened again. */
  private async giveWay(size: number, cause: unknown): Promise<void> {
    for (const [taken, graph] of this.graphs) {
      if (taken < size) continue
      this.graphs.delete(taken)
      await graph.close()
    }
    if (size === 1) {
      const message = `The device '${this.device}' has no memory for a single star; ask for fewer samples, use fewer workers, or choose the device 'cpu'.`
      throw new FusionError('CONFIG_INVALID', message, { cause, detail: { device: this.device } })
    }
    const half = Math.floor(size / 2)
    this.sizes = [...this.sizes.filter(one => one < half), half]
  }
}
