// One open LMDB environment and its tables. A process opens a folder at most once and shares it:
// closing a second handle on LMDB's lock file would drop the locks that the first one holds.
import { realpathSync } from 'node:fs'
import { type Database, open, type RootDatabase } from 'lmdb'
import { FusionError } from '../../schemas/index.ts'
import { checkDataFile, checkRoomForNew } from './dataFileCheck.ts'
import { asReadError, asWriteError } from './diskErrors.ts'
import { asBuffer, partitionKey } from './lmdbKeys.ts'
import { checkManifest, dataFile, ensureManifest, syncFolder } from './logManifest.ts'
import { LogNews } from './logNews.ts'

export type Table = Database<Buffer, Buffer>

export interface LmdbStore {
  readonly folder: string
  readonly isReadOnly: boolean
  readonly root: RootDatabase<Buffer, Buffer>
  /** The topic table and the writer's claim. */
  readonly meta: Table
  /** Record key -> chunk. */
  readonly chunks: Table
  /** Partition -> head. */
  readonly heads: Table
  /** Key of a compacted topic -> place of its newest record. */
  readonly newest: Table
  /** Group and partition -> committed offset. */
  readonly committed: Table
  /** Record key of a tombstone -> time of its appending. */
  readonly tombstones: Table
  readonly news: LogNews
}

const opened = new Map<string, { store: LmdbStore; users: number }>()

/**
 * Opens the folder, creating what is missing unless `isReadOnly`.
 *
 * @throws FusionError as checkManifest; LOG_IN_USE when this process already reads the folder and now wants to write
 */
export function openStore(folder: string, isReadOnly: boolean): LmdbStore {
  if (!isReadOnly) ensureManifest(folder)
  checkManifest(folder)
  const path = realpathSync(folder)
  const shared = opened.get(path)
  if (shared !== undefined) {
    if (shared.store.isReadOnly && !isReadOnly) {
      throw new FusionError(
        'LOG_IN_USE',
        `The log in ${folder} is open for reading in this very process; close that one before writing to it.`,
        { detail: { folder, pid: process.pid } },
      )
    }
    shared.users += 1
    return shared.store
  }
  const store = openTables(path, isReadOnly)
  opened.set(path, { store, users: 1 })
  return store
}

export async function closeStore(store: LmdbStore): Promise<void> {
  const shared = opened.get(store.folder)
  if (shared === undefined || shared.store !== store) return
  shared.users -= 1
  if (shared.users > 0) return
  opened.delete(store.folder)
  await store.root.close()
}

function openTables(folder: string, isReadOnly: boolean): LmdbStore {
  const file = dataFile(folder)
  if (!isReadOnly) checkRoomForNew(file, folder)
  checkDataFile(file, folder, isReadOnly)
  const binary = { encoding: 'binary', keyEncoding: 'binary' } as const
  try {
    // overlappingSync off: a commit returns when its pages, and then the page that points to them, are on the disk.
    const root: RootDatabase<Buffer, Buffer> = open({
      path: file,
      readOnly: isReadOnly,
      overlappingSync: false,
      ...binary,
    })
    const table = (name: string): Table => {
      const found: Table | undefined = root.openDB<Buffer, Buffer>({ name, ...binary })
      if (found === undefined) throw new Error(`its table ${name} is not there yet`)
      return found
    }
    const store: LmdbStore = {
      folder,
      isReadOnly,
      root,
      meta: table('meta'),
      chunks: table('chunks'),
      heads: table('heads'),
      newest: table('newest'),
      committed: table('committed'),
      tombstones: table('tombstones'),
      news: new LogNews(),
    }
    if (!isReadOnly) syncFolder(folder)
    return store
  } catch (cause) {
    throw isReadOnly ? asReadError(cause, folder) : asWriteError(cause, folder, file, 0)
  }
}

/** What a partition holds: offsets from `first` on, up to but without `end`. */
export interface Head {
  readonly first: number
  readonly end: number
  /** Bytes of its chunks. */
  readonly sizeBytes: number
}

const emptyHead: Head = { first: 0, end: 0, sizeBytes: 0 }

export function readHead(store: LmdbStore, topicId: number, partition: number): Head {
  const stored = store.heads.get(partitionKey(topicId, partition))
  if (stored === undefined) return emptyHead
  const bytes = asBuffer(stored)
  return { first: bytes.readUIntBE(0, 6), end: bytes.readUIntBE(6, 6), sizeBytes: bytes.readUIntBE(12, 6) }
}

/** Inside a transaction only. */
export function writeHead(store: LmdbStore, topicId: number, partition: number, head: Head): void {
  const bytes = Buffer.allocUnsafe(18)
  bytes.writeUIntBE(head.first, 0, 6)
  bytes.writeUIntBE(head.end, 6, 6)
  bytes.writeUIntBE(head.sizeBytes, 12, 6)
  store.heads.put(partitionKey(topicId, partition), bytes)
}
