// Reads a packed table of this folder: a JSON header beside 16-bit codes, differenced and deflated.
import { readFileSync } from 'node:fs'
import { inflateSync } from 'node:zlib'
import { packageFile } from '../../schemas/index.ts'
import type { Grid } from '../math/grid.ts'

interface PackedHeader {
  readonly axes: readonly { readonly name: string; readonly values: readonly (number | string)[] }[]
  /** A value is offset + step x its code. */
  readonly quantities: readonly { readonly name: string; readonly offset: number; readonly step: number }[]
}

const UNDEFINED = 65_535
const unpacked = new Map<string, Grid>()

/**
 * The table whole in memory; an axis with names counts 0, 1, 2, ...
 * @throws RangeError when the codes are damaged or do not fill the axes of the header
 */
export function loadPackedGrid(name: string): Grid {
  const known = unpacked.get(name)
  if (known !== undefined) return known
  const header = JSON.parse(readFileSync(packageFile('models', 'grids', `${name}.json`), 'utf8')) as PackedHeader
  const axes = header.axes.map(axis => Float64Array.from(axis.values, (v, i) => (typeof v === 'string' ? i : v)))
  const values = unpackCodes(name, readFileSync(packageFile('models', 'grids', `${name}.bin`)), axes, header.quantities)
  const grid = { axes, width: header.quantities.length, values }
  unpacked.set(name, grid)
  return grid
}

/**
 * Values, row-major with the quantities last, NaN where undefined.
 * @throws RangeError when the bytes are damaged or do not fill the axes
 */
export function unpackCodes(
  name: string,
  packed: Uint8Array,
  axes: readonly ArrayLike<number>[],
  quantities: PackedHeader['quantities'],
): Float32Array {
  const nodes = axes.reduce((product, axis) => product * axis.length, 1)
  const count = nodes * quantities.length
  const bytes = inflate(name, packed, count * 2)
  const values = new Float32Array(count)
  for (let q = 0; q < quantities.length; q++) {
    const { offset, step } = quantities[q]
    let code = 0
    for (let i = 0; i < nodes; i++) {
      const at = q * nodes + i
      code = (code + bytes[at] + 256 * bytes[count + at]) & UNDEFINED
      values[i * quantities.length + q] = code === UNDEFINED ? Number.NaN : offset + step * code
    }
  }
  return values
}

function inflate(name: string, packed: Uint8Array, sizeBytes: number): Uint8Array {
  let bytes: Uint8Array
  try {
    bytes = inflateSync(packed, { maxOutputLength: sizeBytes + 1 })
  } catch {
    throw new RangeError(`loadPackedGrid: ${name}.bin is cut short or damaged; restore it from the repository`)
  }
  if (bytes.length !== sizeBytes)
    throw new RangeError(`loadPackedGrid: ${name}.bin holds ${bytes.length} bytes, its header says ${sizeBytes}`)
  return bytes
}
