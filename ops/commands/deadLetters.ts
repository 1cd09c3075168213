// `birthline dead-letters`: what was refused, why, and back onto its way after a fix.
import {
  type DeadLetter,
  decode,
  errorCodes,
  FusionError,
  isFusionError,
  type RecordName,
  subscribe,
  toJson,
} from '../../schemas/index.ts'
import { type Log, nearestNames, topics } from '../../streams/index.ts'
import { openStarLog } from '../stars/openStarLog.ts'
import { type Refused, readRefusals } from '../stars/refusals.ts'
import { renderTable } from '../terminal/textTable.ts'
import { type CommandCode, exitCodes, type OptionValues } from './commandLine.ts'
import { UsageError } from './failure.ts'

const SHORT_ID = 12
/** A table of more rows than this is read by programs, not people. */
const MAX_SHOWN = 1000

export const listDeadLetters: CommandCode = async (line, _args, values) => {
  const { terminal } = line
  const code = codeOption(values)
  const log = await openStarLog(line.config)
  try {
    const rows: string[][] = []
    let count = 0
    let otherCount = 0
    for await (const refused of readRefusals(log)) {
      const { letter, isRedriven } = refused
      if (isRedriven && values.all !== true) continue
      if (code !== null && letter.code !== code) {
        otherCount++
        continue
      }
      count++
      if (terminal.isJson) await terminal.print(JSON.stringify(letterView(refused)))
      else if (count <= MAX_SHOWN)
        rows.push([letter.deadLetterId.slice(0, SHORT_ID), letter.code, letter.origin, letter.reason])
    }
    if (terminal.isJson) return exitCodes.ok
    if (count === 0) {
      const others = otherCount === 0 ? '' : ` with ${code}, ${otherCount} with other codes`
      await terminal.print(`No record was refused${others}.`)
    } else {
      const titles = ['Id', 'Code', 'Origin', 'Reason'].map(title => ({ title }))
      for (const text of renderTable(titles, rows)) await terminal.print(text)
      if (count > MAX_SHOWN) terminal.note(`... and ${count - MAX_SHOWN} more: --json lists all, --code narrows down`)
    }
    return exitCodes.ok
  } finally {
    await log.close()
  }
}

export const showDeadLetter: CommandCode = async (line, args) => {
  const { terminal } = line
  const log = await openStarLog(line.config)
  try {
    const refused = oneOf(args[0], await matching(readRefusals(log), args[0]))
    const content = contentOf(refused.letter)
    if (terminal.isJson) {
      await terminal.print(JSON.stringify({ ...letterView(refused), content }))
      return exitCodes.ok
    }
    const { deadLetterId, step, code, reason, origin, topic, bytes } = refused.letter
    for (const text of [
      `Dead letter ${deadLetterId}`,
      `Refused by ${step} with ${code}: ${reason}`,
      `Origin: ${origin}`,
      `A re-drive puts it on the topic ${topic}${refused.isRedriven ? ' (done)' : ''}.`,
      '',
      content === null
        ? `${bytes.length} bytes: ${JSON.stringify(Buffer.from(bytes.subarray(0, 500)).toString('latin1'))}`
        : JSON.stringify(content, null, 2),
    ]) {
      await terminal.print(text)
    }
    return exitCodes.ok
  } finally {
    await log.close()
  }
}

export const redriveDeadLetters: CommandCode = async (line, args, values) => {
  const { runPipeline, settle } = await import('../runs/pipelineRun.ts')
  const { redriveDeadLetters: redrive } = await import('../../actors/index.ts')
  const wantedCode = codeOption(values)
  return runPipeline(line, async ({ log, pipeline }) => {
    const refusals = args.length === 0 ? [] : await lettersOf(log, args)
    const wanted = new Set(refusals.map(({ letter }) => letter.deadLetterId))
    const isWanted = ({ deadLetterId, code }: DeadLetter) =>
      (args.length === 0 || wanted.has(deadLetterId)) && (wantedCode === null || code === wantedCode)
    let refusedAgain = 0
    const stopCounting = subscribe('batch', ({ refused }) => {
      refusedAgain += refused
    })
    const { redriven, skipped } = await redrive(log, isWanted, line.signal)
    await settle(line, pipeline)
    stopCounting()
    const { terminal } = line
    if (terminal.isJson) await terminal.print(JSON.stringify({ redriven, skipped, refusedAgain }))
    else {
      await terminal.print(`${redriven} records put back, ${refusedAgain} of them refused again.`)
      if (skipped > 0)
        await terminal.print(`${skipped} lie in their file as before: mend the file and ingest it again.`)
    }
    return line.signal.aborted ? exitCodes.interrupted : exitCodes.ok
  })
}

/** @throws UsageError for a code that no record can be refused with */
function codeOption({ code }: OptionValues): string | null {
  if (typeof code !== 'string') return null
  if (errorCodes.some(known => known === code)) return code
  const shown = JSON.stringify(code.slice(0, 60))
  throw new UsageError(`No code is named ${shown}: nearest are ${nearestNames(code, errorCodes).join(', ')}.`)
}

async function lettersOf(log: Log, ids: readonly string[]): Promise<readonly Refused[]> {
  const found: Refused[] = []
  for (const id of ids) found.push(oneOf(id, await matching(readRefusals(log), id)))
  return found
}

function letterView({ letter, isRedriven }: Refused) {
  const { bytes, ...rest } = letter
  return { ...(toJson(rest) as Record<string, unknown>), isRedriven, sizeBytes: bytes.length }
}

/** The record as it came, where its bytes are one. */
function contentOf(letter: DeadLetter): unknown {
  const record: RecordName | undefined = topics.find(({ name }) => name === letter.topic)?.record
  if (record === undefined) return null
  try {
    return toJson(decode(record, letter.bytes))
  } catch (error) {
    if (isFusionError(error)) return null
    throw error
  }
}

async function matching(refusals: AsyncIterable<Refused>, prefix: string): Promise<readonly Refused[]> {
  const found: Refused[] = []
  for await (const refused of refusals) if (refused.letter.deadLetterId.startsWith(prefix)) found.push(refused)
  return found
}

function oneOf(prefix: string, found: readonly Refused[]): Refused {
  if (found.length === 1) return found[0]
  const shown = JSON.stringify(prefix.slice(0, 64))
  throw new FusionError(
    'QUESTION_INVALID',
    found.length === 0
      ? `No dead letter has an id that begins with ${shown}: \`birthline dead-letters list --all\` shows them.`
      : `${found.length} dead letters have an id that begins with ${shown}: give more of it.`,
  )
}
