// SHA256SUMS of a folder, as `sha256sum -c` reads it: written last, so that a folder that has it is whole.
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { FusionError } from '../../schemas/index.ts'
import { sha256OfFile, writeTextFile } from '../../streams/index.ts'

const SUMS = 'SHA256SUMS'

/** Sums of every file in the folder and below, by path. @throws FusionError FILE_UNWRITABLE */
export async function writeChecksums(folder: string): Promise<void> {
  const lines = []
  for (const path of await filesIn(folder)) lines.push(`${await sha256OfFile(join(folder, path))}  ${path}\n`)
  await writeTextFile(join(folder, SUMS), lines.join(''))
}

export interface FolderCheck {
  readonly fileCount: number
  /** A sentence each; none where every file is as it was written. */
  readonly faults: readonly string[]
}

/** @throws FusionError FILE_UNREADABLE when the folder has no sums */
export async function checkFolder(folder: string): Promise<FolderCheck> {
  let text: string
  try {
    text = await readFile(join(folder, SUMS), 'utf8')
  } catch (cause) {
    throw new FusionError(
      'FILE_UNREADABLE',
      `${folder} is no release that is whole, for it has no file ${SUMS} that can be read: give the folder that \`birthline release\` wrote.`,
      { cause },
    )
  }
  const listed = new Map(
    text.split('\n').flatMap(line => {
      const match = /^([\da-f]{64}) [ *](.+)$/.exec(line)
      return match === null ? [] : [[match[2], match[1]]]
    }),
  )
  const found = new Set(await filesIn(folder))
  const faults = [...found].filter(path => !listed.has(path)).map(path => `${path} is not of the release`)
  for (const [path, sum] of listed) {
    if (!found.has(path)) faults.push(`${path} is missing`)
    else if ((await sha256OfFile(join(folder, path))) !== sum) faults.push(`${path} has changed since it was written`)
  }
  return { fileCount: listed.size, faults }
}

/** Paths within the folder, with slashes, sorted; the sums themselves are left out. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => !entry.isDirectory())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter(path => path !== SUMS)
    .sort()
}
