// Where data files of the project lie, the same for the sources and for the compiled copy in dist/.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder)
    if (parent === folder) throw new RangeError('packageRoot: no package.json above the schemas room')
    folder = parent
  }
  return folder
}

export const packageRoot = findRoot()

/** Absolute path of a file of the project, from its path below the top level. */
export function packageFile(...parts: readonly string[]): string {
  return join(packageRoot, ...parts)
}
