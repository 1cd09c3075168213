// What stands in the folder of a simulation beside its shards: a journal while it is under way, a manifest once it is whole.
// A shard is in the journal only after it is on disk under its name, so what a killed process has done is known.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { FusionError } from '../../schemas/index.ts'
import { notWritten, type WrittenFile, writeTextFile } from '../../streams/index.ts'

const JOURNAL = 'unfinished.jsonl'
const MANIFEST = 'manifest.json'

/** What must be the same for a shard to be the same. */
export interface SimulationIdentity {
  readonly program: string
  readonly recipeName: string
  readonly recipeSha256: string
  readonly seed: number
  readonly starCount: number
  readonly shardStars: number
}

export interface ShardPlace {
  readonly file: string
  readonly firstStar: number
  readonly starCount: number
}

export interface Shard extends ShardPlace, WrittenFile {}

export interface ManifestColumn {
  readonly name: string
  readonly type: string
  readonly unit: string | null
  readonly description: string | null
  /** Numbers in a cell; `null` where it is one value. */
  readonly arraySize: number | '*' | null
}

export interface Manifest extends SimulationIdentity {
  readonly recipe: unknown
  readonly classes: readonly string[]
  readonly columns: readonly ManifestColumn[]
  /** What else is to be known of them, by name. */
  readonly facts?: Readonly<Record<string, unknown>>
  readonly shards: readonly Shard[]
}

export interface SimulationJournal {
  /** Those of an earlier run that are still as they were written. */
  readonly done: readonly Shard[]
  append(shard: Shard): Promise<void>
  /** Writes the manifest, and takes the journal away. */
  finish(manifest: Manifest): Promise<void>
  close(): Promise<void>
}

/** Shards of a simulation, in order. */
export function shardPlaces({ starCount, shardStars }: SimulationIdentity): readonly ShardPlace[] {
  return Array.from({ length: Math.ceil(starCount / shardStars) }, (_, i) => ({
    file: `stars-${String(i).padStart(5, '0')}.parquet`,
    firstStar: i * shardStars,
    starCount: Math.min(shardStars, starCount - i * shardStars),
  }))
}

/** @returns `null` where the folder has none. @throws FusionError FILE_UNREADABLE where it is none */
export async function readManifest(folder: string): Promise<Manifest | null> {
  const text = await readIfThere(join(folder, MANIFEST))
  if (text === null) return null
  const manifest = parsed(text) as Manifest | null
  if (manifest === null || !Array.isArray(manifest.shards) || !Array.isArray(manifest.columns)) {
    throw new FusionError(
      'FILE_UNREADABLE',
      `${join(folder, MANIFEST)} is no manifest of a simulation; remove it or name another folder.`,
    )
  }
  return manifest
}

/**
 * Opens the folder for a simulation, and goes on where one of the same identity was cut off.
 * @throws FusionError CONFIG_INVALID where it holds another simulation or shards of none that is known
 * @throws FusionError FILE_UNWRITABLE
 */
export async function openJournal(
  folder: string,
  identity: SimulationIdentity,
  signal: AbortSignal,
): Promise<SimulationJournal> {
  await attempt(folder, () => mkdir(folder, { recursive: true }))
  const places = shardPlaces(identity)
  const manifest = await readManifest(folder)
  const lines = manifest === null ? await readJournal(folder) : null
  const known = manifest ?? lines?.identity ?? null
  if (known === null) await checkEmpty(folder)
  else checkSame(folder, known, identity)
  const written = new Map((manifest?.shards ?? lines?.shards ?? []).map(shard => [shard.file, shard]))
  const done: Shard[] = []
  for (const place of places) {
    signal.throwIfAborted()
    const shard = written.get(place.file)
    if (shard !== undefined && (await isIntact(join(folder, place.file), shard)))
      done.push({ ...place, ...kept(shard) })
  }
  const path = join(folder, JOURNAL)
  // What was torn by a kill is left out, and so is what was lost since.
  await writeTextFile(path, [identity, ...done].map(line => `${JSON.stringify(line)}\n`).join(''))
  await rm(join(folder, MANIFEST), { force: true })
  const handle = await attempt(path, () => open(path, 'a'))
  return new OpenJournal(folder, handle, done)
}

class OpenJournal implements SimulationJournal {
  readonly done: readonly Shard[]
  readonly #folder: string
  #handle: FileHandle | null

  constructor(folder: string, handle: FileHandle, done: readonly Shard[]) {
    this.#folder = folder
    this.#handle = handle
    this.done = done
  }

  async append(shard: Shard): Promise<void> {
    const handle = this.#handle
    if (handle === null) throw new TypeError('simulationJournal: it is closed')
    await attempt(join(this.#folder, JOURNAL), async () => {
      await handle.appendFile(`${JSON.stringify(shard)}\n`)
      await handle.sync()
    })
  }

  async finish(manifest: Manifest): Promise<void> {
    await writeTextFile(join(this.#folder, MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`)
    await this.close()
    await rm(join(this.#folder, JOURNAL), { force: true })
  }

  async close(): Promise<void> {
    await this.#handle?.close()
    this.#handle = null
  }
}

function kept({ sizeBytes, sha256 }: WrittenFile): WrittenFile {
  return { sizeBytes, sha256 }
}

interface JournalLines {
  readonly identity: SimulationIdentity
  readonly shards: readonly Shard[]
}

async function readJournal(folder: string): Promise<JournalLines | null> {
  const path = join(folder, JOURNAL)
  const text = await readIfThere(path)
  if (text === null) return null
  const [identity, ...shards] = text.split('\n').map(parsed)
  if (identity === null || identity === undefined) {
    throw new FusionError(
      'FILE_UNREADABLE',
      `${path} is no journal of a simulation; remove the folder or name another.`,
    )
  }
  // A kill may have torn the last line.
  return { identity: identity as SimulationIdentity, shards: shards.filter(shard => shard !== null) as Shard[] }
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' ? value : null
  } catch {
    return null
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null
    throw cause
  }
}

async function checkEmpty(folder: string): Promise<void> {
  const stray = (await readdir(folder)).find(file => /^stars-\d+\.parquet$/.test(file))
  if (stray === undefined) return
  throw new FusionError(
    'CONFIG_INVALID',
    `${folder} holds ${stray} of a simulation that nothing is known of; name another folder.`,
  )
}

const words: readonly (readonly [keyof SimulationIdentity, string])[] = [
  ['recipeName', 'the recipe'],
  ['seed', 'the seed'],
  ['starCount', 'the number of stars'],
  ['shardStars', 'the number of stars in a shard'],
  ['program', 'the version of birthline'],
  ['recipeSha256', 'the content of the recipe, with SHA-256'],
]

function checkSame(folder: string, known: SimulationIdentity, wanted: SimulationIdentity): void {
  const other = words.find(([key]) => known[key] !== wanted[key])
  if (other === undefined) return
  const [key, what] = other
  throw new FusionError(
    'CONFIG_INVALID',
    `${folder} holds another simulation: ${what} there is ${known[key]}, and ${wanted[key]} is asked for; name another folder or ask for the same.`,
  )
}

async function isIntact(path: string, { sizeBytes, sha256 }: WrittenFile): Promise<boolean> {
  const hash = createHash('sha256')
  let size = 0
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(chunk)
      size += chunk.length
    }
  } catch {
    return false
  }
  return size === sizeBytes && hash.digest('hex') === sha256
}

async function attempt<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (cause) {
    throw notWritten(path, cause)
  }
}
