import { readdirSync, readFileSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadGrid } from '../../../models/grids/gridFile.ts'
import { loadPackedGrid } from '../../../models/grids/packedGrid.ts'
import { packageFile } from '../../../schemas/index.ts'

const folder = packageFile('models', 'grids')
const names = readdirSync(folder)
  .filter(file => file.endsWith('.bin'))
  .map(file => file.slice(0, -4))
const isPacked = (name: string) =>
  readFileSync(packageFile('models', 'grids', `${name}.json`), 'utf8').includes('"quantities"')

test.each(names.filter(isPacked))('%s fills its packed header, with ascending axes', name => {
  const grid = loadPackedGrid(name)
  expect(grid.values).toHaveLength(grid.axes.reduce((product, axis) => product * axis.length, grid.width))
  for (const axis of grid.axes) expect(axis.every((x, i) => i === 0 || x > axis[i - 1])).toBe(true)
  expect(loadPackedGrid(name)).toBe(grid)
})

test.each(names.filter(name => !isPacked(name)))('%s fills the shape of its header, with ascending axes', name => {
  const grid = loadGrid(name)
  const nodes = grid.axes.reduce((product, axis) => product * axis.length, 1)
  expect(grid.values).toHaveLength(nodes * grid.width)
  for (const axis of grid.axes) expect(axis.every((x, i) => i === 0 || x > axis[i - 1])).toBe(true)
  expect(loadGrid(name)).toBe(grid)
})

test('every table is named in ORIGIN.md with the script that made it', () => {
  const origin = readFileSync(packageFile('models', 'grids', 'ORIGIN.md'), 'utf8')
  for (const name of names) expect(origin).toContain(name)
})

test('all tables together stay below 12 MB', () => {
  const bytes = readdirSync(folder).reduce((sum, file) => sum + statSync(packageFile('models', 'grids', file)).size, 0)
  expect(bytes).toBeLessThan(12e6)
})

test('a table that does not exist is an error', () => {
  expect(() => loadGrid('noSuchTable')).toThrow('noSuchTable')
})
