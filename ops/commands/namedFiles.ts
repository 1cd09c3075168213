// The files that one command line names: what is written may be none of the others, whatever path leads there.
import { realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { FusionError } from '../../schemas/index.ts'

export interface NamedFile {
  /** What the command line calls it. */
  readonly what: string
  readonly path: string
  readonly isWritten: boolean
}

/** @throws FusionError CONFIG_INVALID where writing one would take away another */
export async function checkNamedFiles(files: readonly NamedFile[]): Promise<void> {
  const owners = new Map<string, NamedFile>()
  for (const file of files) {
    // A file is written under its temporary name first.
    const paths = file.isWritten ? [file.path, `${file.path}.part`] : [file.path]
    for (const place of await Promise.all(paths.map(placeOf))) {
      const other = owners.get(place)
      if (other !== undefined && (file.isWritten || other.isWritten)) {
        throw new FusionError(
          'CONFIG_INVALID',
          `${file.what} would write over ${other.what}, ${place}: give ${file.what} another path.`,
        )
      }
      owners.set(place, file)
    }
  }
}

/** Where a path leads in the end; a file that is not there yet lies in a folder that is. */
async function placeOf(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    return dirname(path) === path ? path : join(await placeOf(dirname(path)), basename(path))
  }
}
