// Named places of subscriptions, as small files: a process that only reads the log can keep them too.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FusionError } from '../../schemas/index.ts'

/** @throws FusionError QUESTION_INVALID for a name that is no plain word */
export function readCursor(dataFolder: string, group: string): string | null {
  try {
    return readFileSync(cursorFile(dataFolder, group), 'utf8').trim()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

export function keepCursor(dataFolder: string, group: string, cursor: string): void {
  const file = cursorFile(dataFolder, group)
  mkdirSync(join(dataFolder, 'cursors'), { recursive: true })
  // A rename is whole or not at all.
  writeFileSync(`${file}.new`, `${cursor}\n`)
  renameSync(`${file}.new`, file)
}

function cursorFile(dataFolder: string, group: string): string {
  if (!/^[A-Za-z0-9_-]{1,60}$/.test(group)) {
    throw new FusionError(
      'QUESTION_INVALID',
      `The group ${JSON.stringify(group.slice(0, 60))} is no plain word: use letters, digits, - and _.`,
    )
  }
  return join(dataFolder, 'cursors', `${group}.txt`)
}
