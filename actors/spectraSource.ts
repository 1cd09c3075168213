// The spectra of a file as records of the topic `spectra`. A file that is none, or is cut short, is told by a dead letter
// and ends nothing else: a folder of them goes on.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename, resolve } from 'node:path'
import { type Delivery, encode, type FusionError, isFusionError, type LetterFile } from '../schemas/index.ts'
import { type Output, openSpectra, type SpectrumFile, type SpectrumOutcome } from '../streams/index.ts'
import { createDeadLetter, deadLetterOutput } from './deadLetter.ts'
import type { DeliverySource, SourceBatch } from './deliverySource.ts'
import type { FileDelivery } from './fileFingerprint.ts'
import { fileLetter, KEPT_BYTES, keptNote, MAX_ROW_BYTES } from './fileLetter.ts'
import { numberOf, revisionOf } from './revision.ts'

/** Stands where the survey of a table would: a folder may hold files of many, and each record names its own. */
export const SPECTRA = 'spectra'
const STEP = 'spectraSource'
const DEFAULT_BATCH_SPECTRA = 256
/** Of outputs in a transaction, so that memory does not grow with the file; one more output may go beyond. */
const BATCH_BYTES = 4 * 2 ** 20

/**
 * @param signal ends the batches
 * @throws FusionError SURVEY_UNKNOWN; FILE_UNREADABLE or FILE_UNWRITABLE where the system refuses, which says nothing of the file
 */
export async function openSpectraSource(delivery: FileDelivery, signal: AbortSignal): Promise<DeliverySource> {
  const { path, spectraOf } = delivery
  let fault: FusionError | null = null
  const asFault = (error: unknown) => {
    if (!isFusionError(error) || !isOfFile(error)) throw error
    fault = error
    return null
  }
  const file = await openSpectra(path, spectraOf === undefined ? {} : { survey: spectraOf }).catch(asFault)
  return {
    async *batches(from, batchRows) {
      if (file === null) return
      try {
        yield* spectrumBatches(file, from, batchRows ?? DEFAULT_BATCH_SPECTRA, signal)
      } catch (error) {
        asFault(error)
      }
    },
    get fault() {
      return fault
    },
    async close() {
      await file?.close()
    },
  }
}

/** Whether the last run of this delivery ended in a fault: its letter is counted, and stands at no place of the file. */
export function isFaultTold({ nextRow, rowCount, badRowCount }: Delivery): boolean {
  return rowCount + badRowCount >= nextRow
}

async function* spectrumBatches(
  file: SpectrumFile,
  from: Delivery,
  batchSpectra: number,
  signal: AbortSignal,
): AsyncGenerator<SourceBatch, void, undefined> {
  let [number, rowCount, badRowCount, sizeBytes] = [0, 0, 0, 0]
  let outputs: Output[] = []
  const take = (isLast: boolean): SourceBatch => {
    const batch = {
      ...{ outputs, rowCount, badRowCount, isLast },
      place: { nextRow: BigInt(number + 1), nextByte: null, nextLine: 0n },
      progress: { done: number, total: null, unit: 'spectra' },
    }
    outputs = []
    rowCount = badRowCount = sizeBytes = 0
    return batch
  }
  try {
    for await (const outcome of file.spectra()) {
      if (signal.aborted) return
      number++
      // What an earlier run has brought in is read again, and left out.
      if (number < from.nextRow) continue
      const revision = revisionOf(from.ordinal, number)
      const output =
        outcome.kind === 'spectrum' ? spectrumOutput(outcome, revision) : await refusalLetter(file, outcome, revision)
      outputs.push(output)
      sizeBytes += output.value?.length ?? 0
      if (outcome.kind === 'spectrum') rowCount++
      else badRowCount++
      if (outputs.length >= batchSpectra || sizeBytes >= BATCH_BYTES) yield take(false)
    }
  } catch (error) {
    // The whole spectra before the fault.
    if (outputs.length > 0) yield take(false)
    throw error
  }
  if (outputs.length > 0) yield take(true)
}

export function spectrumOutput(
  { spectrum }: SpectrumOutcome & { readonly kind: 'spectrum' },
  revision: bigint,
): Output {
  // A key takes so much, and no half of a character; the record has all of the id.
  const source = spectrum.source.slice(0, 100).replace(/\p{Surrogate}/gu, '?')
  return { topic: 'spectra', key: `${spectrum.survey}:${source}`, value: encode('spectrum', { ...spectrum, revision }) }
}

/** With the row of a table; of a row among images only the file's hash; of an only spectrum the file. */
async function refusalLetter(
  { path, sha256, format }: SpectrumFile,
  { error, bytes }: SpectrumOutcome & { readonly kind: 'refusal' },
  revision: bigint,
): Promise<Output> {
  const origin = `${basename(path)} spectrum ${numberOf(revision)}`
  const file = { path: resolve(path), sha256, format, row: null, revision }
  const { row } = error.detail
  if (bytes !== null) return letterOf(origin, error, { bytes, note: '' }, { ...file, row: BigInt(row) })
  if (row === undefined) return letterOf(origin, error, await keptOfFile(path), file)
  return letterOf(origin, error, { bytes: new Uint8Array(), note: ` It stays in the file (sha256 ${sha256}).` }, file)
}

/** Under the name that the file had when it was delivered first: the same fault is the same letter. */
export async function faultLetter(path: string, { file, ordinal }: Delivery, error: FusionError): Promise<Output> {
  const kept = await keptOfFile(path)
  const from = { path: resolve(path), sha256: kept.sha256, format: '', row: null, revision: revisionOf(ordinal, 0) }
  return letterOf(file, error, kept, from)
}

/** Takes that letter off the list of what waits. */
export async function faultMark(path: string, { file }: Delivery): Promise<Output> {
  const { bytes } = await keptOfFile(path)
  const refused = {
    step: STEP,
    code: 'FILE_UNREADABLE',
    reason: '',
    origin: file,
    topic: '',
    key: null,
    bytes,
  } as const
  const reason = `${file} could be read since.`
  return deadLetterOutput({
    ...createDeadLetter(refused),
    reason,
    bytes: new Uint8Array(),
    isRedriven: true,
    outcome: 'redriven',
  })
}

interface Kept {
  readonly bytes: Uint8Array
  readonly note: string
}

function letterOf(origin: string, { code, message }: FusionError, { bytes, note }: Kept, file: LetterFile): Output {
  return fileLetter({ step: STEP, origin, code, reason: message + note, bytes, file })
}

/** All of a file, or of a large one its beginning. */
export async function keptOfFile(path: string): Promise<Kept & { readonly sha256: string }> {
  const hash = createHash('sha256')
  const head: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of createReadStream(path)) {
    if (sizeBytes <= MAX_ROW_BYTES) head.push(chunk)
    hash.update(chunk)
    sizeBytes += chunk.length
  }
  const bytes = Buffer.concat(head)
  const sha256 = hash.digest('hex')
  if (sizeBytes <= MAX_ROW_BYTES) return { bytes, note: '', sha256 }
  return { bytes: bytes.subarray(0, KEPT_BYTES), note: keptNote(sizeBytes, sha256), sha256 }
}

/** Whether the file is at fault, and not the system that reads it or unpacks it, or whoever names the survey. */
function isOfFile({ code, cause }: FusionError): boolean {
  const isOfSystem = cause instanceof Error && 'syscall' in cause
  return !isOfSystem && code !== 'FILE_UNWRITABLE' && code !== 'SURVEY_UNKNOWN'
}
