// Where the records of one topic lie in another log: 8 bytes for each offset, in a file for each partition, so that memory
// stays bounded however long the topic is.
import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { LogRecord, Position } from '../streams/index.ts'

const ENTRY_BYTES = 8
const PAGE_BYTES = 64 * 1024
/** Of all partitions together: 16 MiB. */
const MAX_PAGES = 256

export class OffsetMap {
  readonly #folder: string
  readonly #topic: string
  readonly #maxPages: number
  readonly #files = new Map<number, number>()
  /** By last use, the longest unused first. */
  readonly #pages = new Map<string, Buffer>()

  /** @param folder an empty one that belongs to whoever made it */
  constructor(folder: string, topic: string, maxPages = MAX_PAGES) {
    this.#folder = folder
    this.#topic = topic
    this.#maxPages = maxPages
  }

  /** @param records of one partition, in order; `places[i]` is where `records[i]` lies now */
  note(records: readonly LogRecord[], places: readonly Position[]): void {
    if (records.length === 0) return
    const [{ partition, offset: first }] = records
    // Offsets that nothing has stay zero, which no entry is.
    const bytes = Buffer.alloc((records[records.length - 1].offset - first + 1) * ENTRY_BYTES)
    records.forEach(({ offset }, i) => {
      const at = (offset - first) * ENTRY_BYTES
      bytes.writeUInt16BE(places[i].partition, at)
      bytes.writeUIntBE(places[i].offset + 1, at + 2, 6)
    })
    const file = this.#fileOf(partition)
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at, first * ENTRY_BYTES + at)
    this.#pages.clear()
  }

  /** `null` for an offset that no record had. */
  find(partition: number, offset: bigint): { readonly partition: number; readonly offset: number } | null {
    if (!this.#files.has(partition) || offset < 0n || offset > BigInt(Number.MAX_SAFE_INTEGER)) return null
    const place = Number(offset) * ENTRY_BYTES
    const page = this.#page(partition, Math.floor(place / PAGE_BYTES))
    const at = place % PAGE_BYTES
    const entry = page.readUIntBE(at + 2, 6)
    return entry === 0 ? null : { partition: page.readUInt16BE(at), offset: entry - 1 }
  }

  close(): void {
    for (const file of this.#files.values()) closeSync(file)
    this.#files.clear()
    this.#pages.clear()
  }

  #fileOf(partition: number): number {
    let file = this.#files.get(partition)
    if (file === undefined) {
      file = openSync(join(this.#folder, `${this.#topic}.${partition}.offsets`), 'w+')
      this.#files.set(partition, file)
    }
    return file
  }

  #page(partition: number, number: number): Buffer {
    const name = `${partition}/${number}`
    let page = this.#pages.get(name)
    this.#pages.delete(name)
    if (page === undefined) {
      page = Buffer.alloc(PAGE_BYTES)
      readSync(this.#fileOf(partition), page, 0, PAGE_BYTES, number * PAGE_BYTES)
    }
    this.#pages.set(name, page)
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= this.#maxPages) break
      this.#pages.delete(oldest)
    }
    return page
  }
}
