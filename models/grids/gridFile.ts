// Reads one of the compact tables of this folder: a JSON header with the axes beside 32-bit floats.
import { readFileSync } from 'node:fs'
import { packageFile } from '../../schemas/index.ts'
import type { Grid } from '../math/grid.ts'

export interface GridFile extends Grid {
  /** Names of the leading axes, in order. */
  readonly axisNames: readonly string[]
  /** Labels of an axis whose nodes have names (bands, phases, quantities). */
  readonly labels: ReadonlyMap<string, readonly string[]>
}

interface Header {
  readonly shape: readonly number[]
  readonly axes: readonly { readonly name: string; readonly values: readonly (number | string)[] }[]
}

const loaded = new Map<string, GridFile>()

/**
 * The last axis of the file becomes the values of a node; an axis with names counts 0, 1, 2, ...
 * @throws RangeError when the numbers do not fill the shape of the header
 */
export function loadGrid(name: string): GridFile {
  const known = loaded.get(name)
  if (known !== undefined) return known
  const folder = (file: string) => packageFile('models', 'grids', file)
  const header = JSON.parse(readFileSync(folder(`${name}.json`), 'utf8')) as Header
  const bytes = readFileSync(folder(`${name}.bin`))
  const count = header.shape.reduce((product, length) => product * length, 1)
  if (bytes.byteLength !== count * 4)
    throw new RangeError(`loadGrid: ${name}.bin has ${bytes.byteLength} bytes, its header says ${count * 4}`)
  const values = new Float32Array(count)
  for (let i = 0; i < count; i++) values[i] = bytes.readFloatLE(i * 4)
  const leading = header.axes.slice(0, -1)
  const labels = new Map<string, readonly string[]>()
  for (const axis of header.axes) if (typeof axis.values[0] === 'string') labels.set(axis.name, axis.values.map(String))
  const grid: GridFile = {
    axes: leading.map(axis => Float64Array.from(axis.values, (v, i) => (typeof v === 'string' ? i : v))),
    axisNames: leading.map(axis => axis.name),
    labels,
    width: header.shape[header.shape.length - 1],
    values,
  }
  loaded.set(name, grid)
  return grid
}
