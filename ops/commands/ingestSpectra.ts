// `birthline ingest` of spectra: the files of a folder, one after another in the order of their names, into the log and
// through the pipeline.
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type DeliveryResult, type FileDelivery, ingestFile, SPECTRA } from '../../actors/index.ts'
import { FusionError, isFusionError, spectrumSurveys, subscribe } from '../../schemas/index.ts'
import { openGainCount } from '../runs/gainCount.ts'
import { runPipeline, settle, tellEnd, withWritableLog } from '../runs/pipelineRun.ts'
import { filesOf } from '../spectra/spectraFolder.ts'
import { count, openProgress } from '../terminal/progressLine.ts'
import { type CommandCode, type CommandLine, type ExitCode, exitCodes } from './commandLine.ts'
import { UsageError } from './failure.ts'

/** Refused files that are told one by one; the dead letters have all. */
const TOLD_FILES = 20

/** Whether `--survey` names spectra: those of one instrument, or by the word `spectra` whatever the files hold. */
export function isOfSpectra(survey: unknown): boolean {
  return survey === SPECTRA || spectrumSurveys.some(name => name === survey)
}

export const ingestSpectra: CommandCode = async (line, args, values) => {
  if (values.map !== undefined) {
    throw new UsageError(
      'A column map is for tables of a survey, and spectra are taken in as they are: leave out --map.',
    )
  }
  const place = resolve(line.workingFolder, args[0])
  const isFolder = (await stat(place).catch(() => null))?.isDirectory() === true
  const paths = isFolder ? await filesOf(place) : [place]
  if (paths.length === 0) {
    throw new FusionError('FILE_UNREADABLE', `${place} holds no file: put spectra there, or name another folder.`)
  }
  const spectraOf = values.survey === SPECTRA ? {} : { spectraOf: String(values.survey) }
  const tally: Tally = { files: 0, repeats: 0, refusedFiles: 0, unreadFiles: 0, spectra: 0, refusedSpectra: 0 }
  const take = (ingest: Ingest) => takeAll(line, ingest, paths, { isFolder, ...spectraOf }, tally)
  if (values.infer === false) {
    return withWritableLog(line, async log => {
      const control = { signal: line.signal, waitForRoom: async () => {} }
      const isComplete = await take(file => ingestFile(log, file, control))
      return report(line, place, tally, { isComplete, isSettled: true, posteriors: null })
    })
  }
  return runPipeline(line, async ({ log, pipeline }) => {
    const gain = await openGainCount(log)
    const isComplete = await take(file => pipeline.ingest(file, line.signal))
    const isSettled = await settle(line, pipeline)
    const { posteriors } = gain
    gain.close()
    return report(line, place, tally, { isComplete, isSettled, posteriors })
  })
}

interface Tally {
  /** Looked at: those taken in before and those refused too. */
  files: number
  repeats: number
  /** Each with a dead letter of its own. */
  refusedFiles: number
  /** Those that the system did not let be read: nothing of them is in the log. */
  unreadFiles: number
  spectra: number
  refusedSpectra: number
}

type Ingest = (file: FileDelivery) => Promise<DeliveryResult>

interface Taking {
  readonly isFolder: boolean
  readonly spectraOf?: string
}

/** @returns whether it came to the end */
async function takeAll(
  line: CommandLine,
  ingest: Ingest,
  paths: readonly string[],
  { isFolder, ...claim }: Taking,
  tally: Tally,
): Promise<boolean> {
  const { signal, terminal } = line
  const progress = openProgress(terminal, 'reading', 'files', line.nowMs)
  const stop = subscribe('progress', ({ what, done }) => {
    progress.update(tally.files, paths.length, `, ${count(done)} spectra of ${what}`)
  })
  try {
    for (const path of paths) {
      if (signal.aborted) return false
      try {
        addTo(tally, await ingest({ path, survey: SPECTRA, ...claim }), line)
      } catch (error) {
        if (!isFolder || !isFusionError(error) || error.code !== 'FILE_UNREADABLE') throw error
        tally.unreadFiles++
        terminal.note(`birthline: ${error.message}`)
      }
      if (signal.aborted) return false
      tally.files++
      progress.update(tally.files, paths.length)
    }
    return true
  } finally {
    stop()
    progress.end()
  }
}

function addTo(tally: Tally, { delivery, isRepeat, fault }: DeliveryResult, { terminal }: CommandLine): void {
  if (isRepeat) {
    tally.repeats++
    return
  }
  tally.spectra += Number(delivery.rowCount)
  // The letter of the file is counted with those of its spectra.
  tally.refusedSpectra += Number(delivery.badRowCount) - (fault === undefined ? 0 : 1)
  if (fault === undefined) return
  tally.refusedFiles++
  if (tally.refusedFiles <= TOLD_FILES) terminal.note(`birthline: refused: ${fault.message}`)
}

interface Outcome {
  readonly isComplete: boolean
  readonly isSettled: boolean
  /** Made meanwhile; null where nothing was inferred. */
  readonly posteriors: number | null
}

async function report(line: CommandLine, place: string, tally: Tally, outcome: Outcome): Promise<ExitCode> {
  const { terminal } = line
  const { files, repeats, refusedFiles, unreadFiles, spectra, refusedSpectra } = tally
  const { isComplete, posteriors } = outcome
  if (terminal.isJson) await terminal.print(JSON.stringify({ place, isComplete, ...tally, posteriors }))
  else {
    await terminal.print(`${count(spectra)} spectra of ${count(files - repeats)} files are in the log.`)
    if (repeats > 0) await terminal.print(`${count(repeats)} files were taken in before: nothing was added of them.`)
    if (refusedSpectra + refusedFiles > 0) {
      const refused = `${count(refusedSpectra)} spectra and ${count(refusedFiles)} files were refused`
      await terminal.print(`${refused}: \`birthline dead-letters list\` tells why.`)
    }
    if (unreadFiles > 0) await terminal.print(`${count(unreadFiles)} files could not be read, and are not in the log.`)
    if (posteriors !== null) await terminal.print(`${count(posteriors)} posteriors were made.`)
  }
  const end = tellEnd(line, outcome)
  if (end !== exitCodes.ok) return end
  return unreadFiles > 0 || spectra + repeats === 0 ? exitCodes.failure : exitCodes.ok
}
