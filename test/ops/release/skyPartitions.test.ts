import { expect, test } from 'vitest'
import { skyPartitions } from '../../../ops/release/skyPartitions.ts'
import { SKY_ORDER } from '../../../schemas/index.ts'

async function* rowsOf(cells: readonly number[]) {
  for (const cell of cells) yield { cell }
}

async function partitionsOf(cells: readonly number[], mostRows: number) {
  const found = []
  for await (const { order, pixel, rows } of skyPartitions(rowsOf(cells), mostRows)) {
    found.push({ order, pixel, cells: rows.map(({ cell }) => cell) })
  }
  return found
}

const cellsOf = (order: number, pixel: number) => 4 ** (SKY_ORDER - order) * pixel

test('a pixel is halved twice where it holds too many, and only there', async () => {
  const few = [cellsOf(0, 0), cellsOf(0, 1) - 1]
  // Base cell 2: three stars in its first quarter of a quarter, one in its last quarter.
  const many = [cellsOf(2, 32), cellsOf(2, 32) + 1, cellsOf(2, 33) - 1, cellsOf(1, 11)]
  const last = [cellsOf(0, 12) - 1]
  expect(await partitionsOf([...few, ...many, ...last], 3)).toEqual([
    { order: 0, pixel: 0, cells: few },
    { order: 1, pixel: 8, cells: many.slice(0, 3) },
    { order: 1, pixel: 11, cells: many.slice(3) },
    { order: 0, pixel: 11, cells: last },
  ])
})

test('all rows come out once and in order, in pixels that hold them and whose parents would hold too many', async () => {
  let state = 7
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  // Half of them in a hundredth of a thousandth of the sky.
  const all = Array.from({ length: 3000 }, (_, i) => Math.floor(next() * cellsOf(0, 12) * (i % 2 === 0 ? 1 : 1e-5)))
  const cells = [...new Set(all)].sort((a, b) => a - b)
  const partitions = await partitionsOf(cells, 40)
  expect(partitions.flatMap(one => one.cells)).toEqual(cells)
  for (const { order, pixel, cells: held } of partitions) {
    expect(held.length).toBeLessThanOrEqual(40)
    expect(held.every(cell => Math.floor(cell / cellsOf(order, 1)) === pixel)).toBe(true)
    const parent = Math.floor(pixel / 4)
    const inParent = cells.filter(cell => Math.floor(cell / cellsOf(order - 1, 1)) === parent)
    if (order > 0) expect(inParent.length).toBeGreaterThan(40)
  }
  expect(new Set(partitions.map(({ order }) => order)).size).toBeGreaterThan(3)
})

test('more stars at one place than a file may hold are refused, and no star is no partition', async () => {
  await expect(partitionsOf([5, 5, 5], 2)).rejects.toThrow(RangeError)
  expect(await partitionsOf([], 2)).toEqual([])
})
