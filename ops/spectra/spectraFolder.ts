// A folder of spectra, as surveys deliver them: which files it has, and what pixels these hold.
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { GivenPixels } from '../../models/index.ts'
import { FusionError, isFusionError } from '../../schemas/index.ts'
import { openSpectra } from '../../streams/index.ts'

/** Regular files of it and of all folders below. What begins with a dot is hidden; links to folders are not followed. */
export async function filesOf(folder: string): Promise<readonly string[]> {
  const paths: string[] = []
  const entries = await readdir(folder, { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.name.startsWith('.')) continue
    if (entry.isDirectory()) paths.push(...(await filesOf(path)))
    else if (entry.isFile() || (await stat(path).catch(() => null))?.isFile() === true) paths.push(path)
  }
  return paths
}

export interface FolderPixels {
  readonly pixels: readonly GivenPixels[]
  /** Files, or spectra of files, that could not be read, each in a sentence. */
  readonly refusals: readonly string[]
}

/** Real spectra are held in memory, the encoders' numbers of them. */
const MOST_SPECTRA = 20_000

/**
 * Every spectrum with pixels of a folder; those of coefficients are passed over.
 * @throws FusionError RECORD_TOO_LARGE where there are too many; the signal's reason when it is aborted
 */
export async function pixelsOf(folder: string, signal: AbortSignal): Promise<FolderPixels> {
  const pixels: GivenPixels[] = []
  const refusals: string[] = []
  for (const path of await filesOf(folder)) {
    signal.throwIfAborted()
    await readInto(path, signal, pixels, refusals)
    if (pixels.length > MOST_SPECTRA) {
      throw new FusionError(
        'RECORD_TOO_LARGE',
        `${folder} holds over ${MOST_SPECTRA} spectra with pixels, which are held in memory: name a folder with fewer.`,
      )
    }
  }
  return { pixels, refusals }
}

async function readInto(path: string, signal: AbortSignal, pixels: GivenPixels[], refusals: string[]): Promise<void> {
  try {
    const file = await openSpectra(path, { signal })
    try {
      for await (const outcome of file.spectra()) {
        if (outcome.kind === 'refusal') refusals.push(outcome.error.message)
        else if (outcome.spectrum.segments.length > 0) {
          const { survey, segments } = outcome.spectrum
          pixels.push({ survey, segments })
        }
        if (pixels.length > MOST_SPECTRA) return
      }
    } finally {
      await file.close()
    }
  } catch (error) {
    if (!isFusionError(error)) throw error
    refusals.push(error.message)
  }
}
