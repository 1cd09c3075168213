// From an id to its row: open addressing over the ids of a column, a few bytes for each.
import { grown, TextColumn } from './textColumn.ts'

const EMPTY = -1
const FIRST_SLOTS = 2048

/** FNV-1a over the code units, mixed at the end so that the low bits differ too. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}

export class IdIndex {
  readonly #ids = new TextColumn()
  #slots = new Int32Array(FIRST_SLOTS).fill(EMPTY)
  #hashes = new Uint32Array(FIRST_SLOTS)
  #count = 0

  get sizeBytes(): number {
    return this.#ids.sizeBytes + this.#slots.byteLength + this.#hashes.byteLength
  }

  /** -1 where the id has no row. */
  rowOf(id: string): number {
    const hash = hashOf(id)
    const mask = this.#slots.length - 1
    for (let slot = hash & mask; this.#slots[slot] !== EMPTY; slot = (slot + 1) & mask) {
      const row = this.#slots[slot]
      if (this.#hashes[row] === hash && this.#ids.get(row) === id) return row
    }
    return -1
  }

  idOf(row: number): string {
    return this.#ids.get(row)
  }

  hashAt(row: number): number {
    return this.#hashes[row]
  }

  /** @param row one without an id */
  add(id: string, row: number): void {
    if (2 * (this.#count + 1) > this.#slots.length) this.#rehash(2 * this.#slots.length)
    this.#hashes = grown(this.#hashes, row + 1)
    this.#hashes[row] = hashOf(id)
    this.#ids.set(row, id)
    this.#put(row)
    this.#count++
  }

  remove(row: number): void {
    const mask = this.#slots.length - 1
    let hole = this.#hashes[row] & mask
    while (this.#slots[hole] !== row) hole = (hole + 1) & mask
    // Those behind move up, unless that would put them before the slot where their search begins.
    for (let slot = (hole + 1) & mask; this.#slots[slot] !== EMPTY; slot = (slot + 1) & mask) {
      const home = this.#hashes[this.#slots[slot]] & mask
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue
      this.#slots[hole] = this.#slots[slot]
      hole = slot
    }
    this.#slots[hole] = EMPTY
    this.#ids.set(row, '')
    this.#count--
  }

  #put(row: number): void {
    const mask = this.#slots.length - 1
    let slot = this.#hashes[row] & mask
    while (this.#slots[slot] !== EMPTY) slot = (slot + 1) & mask
    this.#slots[slot] = row
  }

  #rehash(length: number): void {
    const rows = this.#slots.filter(row => row !== EMPTY)
    this.#slots = new Int32Array(length).fill(EMPTY)
    for (const row of rows) this.#put(row)
  }
}
