// Rows that come in the order of the sky, cut into HEALPix pixels: the coarsest that hold no more than a file should.
import { SKY_ORDER } from '../../schemas/index.ts'

export interface SkyPartition<T> {
  readonly order: number
  /** Nested number of the pixel at that order. */
  readonly pixel: number
  readonly rows: readonly T[]
}

/**
 * Pixels that do not overlap and hold all rows, by rising cell; only pixels with rows. What is cut where depends on the
 * rows alone.
 * @param rows by rising `cell` of `SKY_ORDER`
 * @param mostRows of a pixel; one row more is held in memory
 */
export async function* skyPartitions<T extends { readonly cell: number }>(
  rows: AsyncIterable<T>,
  mostRows: number,
): AsyncGenerator<SkyPartition<T>, void, undefined> {
  let held: T[] = []
  /** Cells before it are done with. */
  let start = 0
  const cut = (isEnd: boolean): SkyPartition<T> | null => {
    for (let order = 0; order <= SKY_ORDER; order++) {
      const width = 4 ** (SKY_ORDER - order)
      const pixel = Math.floor(held[0].cell / width)
      if (pixel * width < start) continue
      const after = held.findIndex(({ cell }) => cell >= (pixel + 1) * width)
      const count = after === -1 ? held.length : after
      if (count > mostRows || (after === -1 && !isEnd)) continue
      const found = { order, pixel, rows: held.slice(0, count) }
      held = held.slice(count)
      start = (pixel + 1) * width
      return found
    }
    return null
  }
  for await (const row of rows) {
    held.push(row)
    if (held.length <= mostRows) continue
    const found = cut(false)
    if (found === null) throw new RangeError(`skyPartitions: more than ${mostRows} rows at one place of the sky`)
    yield found
  }
  while (held.length > 0) {
    const found = cut(true)
    if (found === null) throw new RangeError(`skyPartitions: more than ${mostRows} rows at one place of the sky`)
    yield found
  }
}
