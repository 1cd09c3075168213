// The state of one process on disk: for each partition of a compacted topic that it has asked about, its keys.
//   places : name of the partition -> its number here, of which log it is, and the mark
//   entries: number (4), key -> checksum (4), offset (6), whether the value is here (1), value
// One LMDB transaction holds entries and mark, so the snapshot is never ahead of itself or behind.
import { crc32 } from 'node:zlib'
import type { Database } from 'lmdb'
import { FusionError, publish } from '../../schemas/index.ts'
import { asReadError, asWriteError } from '../embedded/diskErrors.ts'
import { asBuffer } from '../embedded/lmdbKeys.ts'
import { newClaim } from '../embedded/processClaim.ts'
import { condemn, type DerivedFile, openDerivedFile } from './derivedFile.ts'
import type { KeyEntry, KeyMark, KeyStore } from './keyStore.ts'

interface StoredPlace {
  readonly number: number
  /** Cluster and topic: a log that was made anew under the same name is another one. */
  readonly identity: string
  readonly mark: KeyMark | null
}

const CHECKSUM_BYTES = 4
const OFFSET_BYTES = 6
const HEADER_BYTES = CHECKSUM_BYTES + OFFSET_BYTES + 1
const REMOVALS_AT_ONCE = 10_000
const ownerKey = Buffer.from('\0owner')
const nextKey = Buffer.from('\0next')

export class StateStore {
  readonly #file: DerivedFile
  readonly #places: Database<Buffer, Buffer>
  readonly #entries: Database<Buffer, Buffer>
  /** Whoever opened the file last. */
  readonly #token = newClaim().token

  /** @throws FusionError LOG_FULL or LOG_UNAVAILABLE where the file cannot be written */
  constructor(path: string) {
    this.#file = openDerivedFile(path)
    if (this.#file.isRenewed) tell(`The state in ${path} was damaged`)
    try {
      const { root } = this.#file
      const binary = { encoding: 'binary', keyEncoding: 'binary' } as const
      this.#places = root.openDB<Buffer, Buffer>({ name: 'places', ...binary })
      this.#entries = root.openDB<Buffer, Buffer>({ name: 'entries', ...binary })
      // Nothing is returned: LMDB would wait for a promise, and never close.
      root.transactionSync(() => {
        this.#places.put(ownerKey, Buffer.from(this.#token))
      })
    } catch (cause) {
      condemn(this.#file)
      throw asWriteError(cause, path, path, 0)
    }
  }

  /**
   * The keys of one partition, empty where they are of another log.
   *
   * @param name of the partition
   * @param identity of the log that it is in
   */
  async keys(name: string, identity: string): Promise<KeyStore> {
    const stored = this.#readPlace(name)
    if (stored?.identity === identity) return new PlaceKeys(this, name, stored)
    if (stored !== null) tell(`The state of ${name} in ${this.#file.path} is of another log of that name`)
    const keys = new PlaceKeys(this, name, { number: -1, identity, mark: null })
    await keys.clear()
    if (stored !== null) await this.removeAll(stored.number)
    return keys
  }

  /** @throws FusionError LOG_DAMAGED */
  get(number: number, key: string): KeyEntry | null {
    const keyBytes = entryKey(number, key)
    let found: Buffer | undefined
    try {
      found = this.#entries.get(keyBytes)
    } catch (cause) {
      throw asReadError(cause, this.#file.path)
    }
    if (found === undefined) return null
    const bytes = asBuffer(found)
    if (bytes.length < HEADER_BYTES || checksumOf(keyBytes, bytes) !== bytes.readUInt32BE(0)) {
      throw new FusionError('LOG_DAMAGED', `The state in ${this.#file.path} is damaged; it is made anew from the log.`)
    }
    const offset = bytes.readUIntBE(CHECKSUM_BYTES, OFFSET_BYTES)
    return { offset, value: bytes[HEADER_BYTES - 1] === 1 ? new Uint8Array(bytes.subarray(HEADER_BYTES)) : null }
  }

  write(name: string, place: StoredPlace, changes: ReadonlyMap<string, KeyEntry | null>): Promise<void> {
    return this.#transact(() => {
      for (const [key, entry] of changes) {
        const keyBytes = entryKey(place.number, key)
        if (entry === null) this.#entries.remove(keyBytes)
        else this.#entries.put(keyBytes, entryBytes(keyBytes, entry))
      }
      this.#places.put(Buffer.from(name), Buffer.from(JSON.stringify(place)))
    })
  }

  /** A number that nothing was ever stored under. */
  async newNumber(name: string, identity: string): Promise<number> {
    let number = 0
    await this.#transact(() => {
      number = Number(this.#places.get(nextKey)?.toString() ?? 0)
      this.#places.put(nextKey, Buffer.from(String(number + 1)))
      this.#places.put(Buffer.from(name), Buffer.from(JSON.stringify({ number, identity, mark: null })))
    })
    return number
  }

  async removeAll(number: number): Promise<void> {
    for (let removed = REMOVALS_AT_ONCE; removed >= REMOVALS_AT_ONCE; ) {
      await this.#transact(() => {
        const range = { start: entryKey(number, ''), end: entryKey(number + 1, ''), limit: REMOVALS_AT_ONCE }
        const keys = [...this.#entries.getKeys(range)]
        for (const key of keys) this.#entries.remove(key)
        removed = keys.length
      })
    }
  }

  condemn(): void {
    condemn(this.#file)
  }

  close(): Promise<void> {
    return this.#file.close()
  }

  #readPlace(name: string): StoredPlace | null {
    try {
      const stored = this.#places.get(Buffer.from(name))
      return stored === undefined ? null : JSON.parse(stored.toString())
    } catch {
      this.condemn()
      return null
    }
  }

  async #transact(action: () => void): Promise<void> {
    const { root, path } = this.#file
    try {
      await root.transaction(() => {
        if (this.#places.get(ownerKey)?.toString() !== this.#token) throw taken(path)
        action()
      })
    } catch (cause) {
      throw asWriteError(cause, path, path, 0)
    }
    root.resetReadTxn()
  }
}

class PlaceKeys implements KeyStore {
  readonly mark: KeyMark | null
  readonly #store: StateStore
  readonly #name: string
  readonly #identity: string
  #number: number

  constructor(store: StateStore, name: string, { number, identity, mark }: StoredPlace) {
    this.#store = store
    this.#name = name
    this.#identity = identity
    this.#number = number
    this.mark = mark
  }

  get(key: string): KeyEntry | null {
    return this.#store.get(this.#number, key)
  }

  write(changes: ReadonlyMap<string, KeyEntry | null>, mark: KeyMark): Promise<void> {
    return this.#store.write(this.#name, { number: this.#number, identity: this.#identity, mark }, changes)
  }

  async clear(): Promise<void> {
    const before = this.#number
    this.#number = await this.#store.newNumber(this.#name, this.#identity)
    if (before >= 0) await this.#store.removeAll(before)
  }

  async condemn(): Promise<void> {
    this.#store.condemn()
    this.#number = await this.#store.newNumber(this.#name, this.#identity)
  }
}

function entryKey(number: number, key: string): Buffer {
  const bytes = Buffer.allocUnsafe(4 + Buffer.byteLength(key))
  bytes.writeUInt32BE(number, 0)
  bytes.write(key, 4)
  return bytes
}

function entryBytes(key: Buffer, { offset, value }: KeyEntry): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + (value?.length ?? 0))
  bytes.writeUIntBE(offset, CHECKSUM_BYTES, OFFSET_BYTES)
  bytes[HEADER_BYTES - 1] = value === null ? 0 : 1
  if (value !== null) bytes.set(value, HEADER_BYTES)
  bytes.writeUInt32BE(checksumOf(key, bytes), 0)
  return bytes
}

/** Of the key too: an entry that stands in another's place is damage. */
function checksumOf(key: Buffer, entry: Buffer): number {
  return crc32(entry.subarray(CHECKSUM_BYTES), crc32(key))
}

function tell(what: string): void {
  publish('notice', { room: 'streams', message: `${what}; it is read anew from the log.` })
}

function taken(path: string): FusionError {
  return new FusionError(
    'LOG_FENCED',
    `The state in ${path} was taken over by another process, which took this one for dead; ` +
      'give processes that cannot see one another, such as two containers, data folders of their own.',
    { detail: { path } },
  )
}
