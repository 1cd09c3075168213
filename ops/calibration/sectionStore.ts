// What a calibration has judged so far, on disk: one that was stopped goes on from there.
import { readFile, rm } from 'node:fs/promises'
import type { PatternCalibration } from '../../models/index.ts'
import { writeTextFile } from '../../streams/index.ts'

export interface SectionStore {
  /** Sections of a step, or null where it is still to be done. */
  find(step: string): readonly PatternCalibration[] | null
  keep(step: string, sections: readonly PatternCalibration[]): Promise<void>
  /** Forgets all: the report is written. */
  clear(): Promise<void>
}

interface StoredSections {
  readonly identity: string
  readonly steps: Readonly<Record<string, readonly PatternCalibration[]>>
}

/** @param identity all that the numbers depend on: what was kept under another one is not used */
export async function openSectionStore(path: string, identity: string): Promise<SectionStore> {
  let stored = await readStored(path)
  if (stored?.identity !== identity) stored = { identity, steps: {} }
  let current = stored
  return {
    find: step => (Object.hasOwn(current.steps, step) ? current.steps[step] : null),
    async keep(step, sections) {
      current = { identity, steps: { ...current.steps, [step]: sections } }
      await writeTextFile(path, `${JSON.stringify(current)}\n`)
    },
    clear: () => rm(path, { force: true }),
  }
}

async function readStored(path: string): Promise<StoredSections | null> {
  try {
    const stored = JSON.parse(await readFile(path, 'utf8')) as StoredSections | null
    return typeof stored?.steps === 'object' && stored.steps !== null ? stored : null
  } catch {
    // None is there, or a kill cut it off: the work is done again.
    return null
  }
}
