// `birthline ingest`: one delivery of one survey into the log, and through the pipeline.
import { resolve } from 'node:path'
import { checkDelivery, type DeliveryResult, type FileDelivery, ingestFile, SPECTRA } from '../../actors/index.ts'
import { readSurvey, spectrumSurveys, subscribe, surveyNames } from '../../schemas/index.ts'
import { readColumnMap } from '../../streams/index.ts'
import { openGainCount } from '../runs/gainCount.ts'
import { runPipeline, settle, tellEnd, withWritableLog } from '../runs/pipelineRun.ts'
import { openProgress, type ProgressLine } from '../terminal/progressLine.ts'
import type { CommandCode, CommandLine, ExitCode } from './commandLine.ts'
import { readOption, UsageError } from './failure.ts'
import { ingestSpectra, isOfSpectra } from './ingestSpectra.ts'

export const ingest: CommandCode = async (line, args, values) => {
  if (isOfSpectra(values.survey)) return ingestSpectra(line, args, values)
  const file: FileDelivery = {
    path: resolve(line.workingFolder, args[0]),
    survey: surveyOption(String(values.survey)),
    ...(typeof values.map === 'string' ? { map: await readColumnMap(resolve(line.workingFolder, values.map)) } : {}),
  }
  // Before the log is opened and the model loaded: what is wrong here is known at once.
  await checkDelivery(file)
  return values.infer === false ? ingestOnly(line, file) : ingestAndInfer(line, file)
}

/** @throws UsageError that names the surveys of tables, and those of spectra */
function surveyOption(name: string): string {
  if (!surveyNames().includes(name)) {
    const known = `${surveyNames().join(', ')} for tables; ${[SPECTRA, ...spectrumSurveys].join(', ')} for spectra`
    throw new UsageError(
      `No survey is named ${JSON.stringify(name.slice(0, 60))}: there are ${known}.`,
      'SURVEY_UNKNOWN',
    )
  }
  return readOption(() => readSurvey(name)).name
}

function ingestOnly(line: CommandLine, file: FileDelivery): Promise<ExitCode> {
  return withWritableLog(line, async log => {
    const control = { signal: line.signal, waitForRoom: async () => {} }
    const result = await withReadingProgress(line, () => ingestFile(log, file, control))
    return report(line, result, null, true)
  })
}

function ingestAndInfer(line: CommandLine, file: FileDelivery): Promise<ExitCode> {
  return runPipeline(line, async ({ log, pipeline }) => {
    const gain = await openGainCount(log)
    const result = await withReadingProgress(line, () => pipeline.ingest(file, line.signal))
    const isSettled = await settle(line, pipeline)
    const gained = { posteriors: gain.posteriors, deadLetters: await gain.deadLetters() }
    gain.close()
    return report(line, result, gained, isSettled)
  })
}

const BYTES_PER_MB = 1e6

/** A file that is cut at its line ends does not tell how many rows it has: bytes are counted then. */
async function withReadingProgress<T>({ terminal, nowMs }: CommandLine, work: () => Promise<T>): Promise<T> {
  let progress = null as ProgressLine | null
  const stop = subscribe('progress', ({ done, total, unit }) => {
    const [noun, size] =
      unit !== 'bytes' ? [unit, 1] : (total ?? 0) < BYTES_PER_MB ? ['bytes', 1] : ['MB', BYTES_PER_MB]
    progress ??= openProgress(terminal, 'reading', noun, nowMs, done / size)
    progress.update(done / size, total === null ? null : total / size)
  })
  try {
    return await work()
  } finally {
    stop()
    progress?.end()
  }
}

async function report(
  line: CommandLine,
  { delivery, isRepeat }: DeliveryResult,
  gained: { readonly posteriors: number; readonly deadLetters: number } | null,
  isSettled: boolean,
): Promise<ExitCode> {
  const { terminal } = line
  const { file, survey, rowCount, badRowCount, isComplete } = delivery
  const { posteriors, deadLetters } = gained ?? { posteriors: null, deadLetters: null }
  if (terminal.isJson) {
    const counts = { rowCount: Number(rowCount), badRowCount: Number(badRowCount), posteriors, deadLetters }
    await terminal.print(JSON.stringify({ file, survey, isRepeat, isComplete, ...counts }))
  } else if (isRepeat) {
    await terminal.print(`${file} was taken in before: nothing was added.`)
  } else {
    const bad = badRowCount === 0n ? '' : `, ${badRowCount} rows were no rows`
    await terminal.print(`${rowCount} rows of ${file} are in the log as ${survey}${bad}.`)
  }
  if (!terminal.isJson && posteriors !== null) {
    await terminal.print(`${posteriors} posteriors were made, ${deadLetters ?? 0} records refused.`)
  }
  return tellEnd(line, { isComplete, isSettled })
}
