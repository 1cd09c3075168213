// Files that live as long as a test file: written to a folder of their own, which goes afterwards.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'birthline-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let count = 0

/** A path that nothing stands at; the name comes last, so that it keeps its ending. */
export function scratchPath(name: string): string {
  return join(folder, `${++count}-${name}`)
}

export function scratchFile(name: string, content: string | Uint8Array): string {
  const path = scratchPath(name)
  writeFileSync(path, content)
  return path
}
