// The folder that a command writes its results into.
import { mkdir } from 'node:fs/promises'
import { notWritten } from '../../streams/index.ts'

/** Makes it, and those above, where they are not there yet. @throws FusionError FILE_UNWRITABLE */
export async function makeOutFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (cause) {
    throw notWritten(folder, cause)
  }
}
