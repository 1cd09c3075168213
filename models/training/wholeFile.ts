// Files that appear whole or not at all, and states of trainings: one line of JSON, then arrays of float32.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** A kill in the middle leaves what was there before. Makes the folder where it is not there. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.partial`, content)
  renameSync(`${path}.partial`, path)
}

/** @param arrays of `header.size` numbers each */
export function writeArrays(path: string, header: { readonly size: number }, arrays: readonly Float32Array[]): void {
  const body = arrays.map(array => Buffer.from(array.buffer, array.byteOffset, array.byteLength))
  writeWhole(path, Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), ...body]))
}

export interface ArrayFile<Header> {
  readonly header: Header
  /** Array k, as written. */
  at(k: number): Float32Array
  /** Arrays that the file holds; a fraction where it is cut short. */
  readonly count: number
}

/**
 * What `writeArrays` wrote, or null where there is no file.
 * @throws SyntaxError when its first line is no such header
 */
export function readArrays<Header extends { readonly size: number }>(path: string): ArrayFile<Header> | null {
  if (!existsSync(path)) return null
  const bytes = readFileSync(path)
  const start = bytes.indexOf(10) + 1
  const header = JSON.parse(bytes.subarray(0, Math.max(0, start - 1)).toString()) as Header
  if (typeof header?.size !== 'number') throw new SyntaxError(`${path} does not say how long its arrays are`)
  const arrayBytes = 4 * header.size
  return {
    header,
    count: (bytes.length - start) / arrayBytes,
    at(k) {
      const from = start + arrayBytes * k
      return new Float32Array(new Uint8Array(bytes.subarray(from, from + arrayBytes)).buffer)
    },
  }
}
