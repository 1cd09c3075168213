// What a dead letter of spectra refused, read again: from its bytes, or where these are not all of it from the file.
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type DeadLetter, FusionError, isFusionError, type LetterFile } from '../schemas/index.ts'
import {
  type Log,
  type Output,
  openSpectra,
  readSpectrumRow,
  type SpectrumOutcome,
  sha256OfFile,
} from '../streams/index.ts'
import type { Turn } from './deliveryTurn.ts'
import { ingestInTurn } from './fileSource.ts'
import { numberOf } from './revision.ts'
import { SPECTRA, spectrumOutput } from './spectraSource.ts'

export interface SpectrumLetter extends DeadLetter {
  readonly file: LetterFile
}

/**
 * A file is delivered again in its turn, which marks its letter; a spectrum is for whoever marks its letter in the same
 * transaction, under the number that it has in its delivery.
 * @returns records for the log; `null` where it is refused as before
 * @throws FusionError FILE_UNREADABLE where the letter has not all of it, and the file is gone or has changed
 */
export async function readAgain(
  log: Log,
  turn: Turn,
  letter: SpectrumLetter,
  signal: AbortSignal,
): Promise<readonly Output[] | null> {
  const { revision } = letter.file
  if (numberOf(revision) === 0) {
    const control = { signal, waitForRoom: async () => {} }
    const take = (path: string) => ingestInTurn(log, turn, { path, survey: SPECTRA }, control)
    return (await withFileOf(letter, take)).delivery.isComplete ? [] : null
  }
  const outcome = await outcomeOf(letter)
  return outcome?.kind === 'spectrum' ? [spectrumOutput(outcome, revision)] : null
}

async function outcomeOf(letter: SpectrumLetter): Promise<SpectrumOutcome | null> {
  const { bytes, file } = letter
  const ofRow = file.row === null ? null : await readSpectrumRow({ ...file, row: Number(file.row) }, bytes)
  return ofRow ?? withFileOf(letter, path => nthOutcome(path, numberOf(file.revision)))
}

async function nthOutcome(path: string, number: number): Promise<SpectrumOutcome | null> {
  try {
    const file = await openSpectra(path)
    try {
      let i = 0
      for await (const outcome of file.spectra()) if (++i === number) return outcome
    } finally {
      await file.close()
    }
  } catch (error) {
    if (!isFusionError(error)) throw error
  }
  return null
}

/** Under its name: the bytes of the letter where they are all of it, else the file where it lay. */
async function withFileOf<T>({ origin, bytes, file }: SpectrumLetter, read: (path: string) => Promise<T>): Promise<T> {
  if (createHash('sha256').update(bytes).digest('hex') !== file.sha256) {
    await checkUnchanged(origin, file)
    return read(file.path)
  }
  const folder = await mkdtemp(join(tmpdir(), 'birthline-'))
  try {
    const path = join(folder, basename(file.path))
    await writeFile(path, bytes)
    return await read(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function checkUnchanged(origin: string, { path, sha256 }: LetterFile): Promise<void> {
  let found: string
  try {
    found = await sha256OfFile(path)
  } catch (cause) {
    const problem = `is not all in its letter, and ${path} cannot be read: put the file back there, and re-drive it again.`
    throw new FusionError('FILE_UNREADABLE', `${origin} ${problem}`, { cause, detail: { path } })
  }
  if (found === sha256) return
  const problem = `is not all in its letter, and ${path} has changed since: ingest it again, then close the letter.`
  throw new FusionError('FILE_UNREADABLE', `${origin} ${problem}`, { detail: { path } })
}
