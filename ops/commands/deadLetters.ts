// `birthline dead-letters`: what was refused, why, and back onto its way after a fix, or aside for good.
import { resolve } from 'node:path'
import { closeDeadLetters as close, type KeptLetter, type RefusalState, readRefusals } from '../../actors/index.ts'
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
import { type Log, nearestNames, readColumnMap, topics } from '../../streams/index.ts'
import { letterView } from '../stars/letterView.ts'
import { openStarLog } from '../stars/openStarLog.ts'
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
    for await (const kept of readRefusals(log)) {
      const { letter, state } = kept
      if (state !== 'waiting' && values.all !== true) continue
      if (code !== null && letter.code !== code) {
        otherCount++
        continue
      }
      count++
      if (terminal.isJson) await terminal.print(JSON.stringify(letterView(kept)))
      else if (count <= MAX_SHOWN)
        rows.push([letter.deadLetterId.slice(0, SHORT_ID), state, letter.code, letter.origin, letter.reason])
    }
    if (terminal.isJson) return exitCodes.ok
    if (count === 0) {
      const others = otherCount === 0 ? '' : ` with ${code}, ${otherCount} with other codes`
      await terminal.print(
        values.all === true ? `No record was refused${others}.` : `No refused record waits${others}.`,
      )
    } else {
      const titles = ['Id', 'State', 'Code', 'Origin', 'Reason'].map(title => ({ title }))
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
    const [matches] = await matching(log, [args[0]])
    const kept = oneOf(args[0], matches)
    const content = contentOf(kept.letter)
    if (terminal.isJson) {
      await terminal.print(JSON.stringify({ ...letterView(kept), content }))
      return exitCodes.ok
    }
    const { deadLetterId, step, code, reason, origin, bytes } = kept.letter
    for (const text of [
      `Dead letter ${deadLetterId}`,
      `Refused by ${step} with ${code}: ${reason}`,
      `Origin: ${origin}`,
      `${stateWords[kept.state]} ${wayBack(kept.letter)}`,
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

function wayBack({ topic, file = null }: DeadLetter): string {
  if (topic !== '') return `A re-drive puts it on the topic ${topic}.`
  return file === null
    ? 'It cannot be re-driven: mend its file and ingest that again, then close it.'
    : `A re-drive reads it again, from these bytes where they are all of it, else from ${file.path}.`
}

const stateWords: Readonly<Record<RefusalState, string>> = {
  waiting: 'It waits.',
  redriven: 'It was put back.',
  superseded: 'A later delivery has spoken for its row.',
  closed: 'It was set aside.',
}

export const redriveDeadLetters: CommandCode = async (line, args, values) => {
  const { runPipeline, settle } = await import('../runs/pipelineRun.ts')
  const { redriveDeadLetters: redrive } = await import('../../actors/index.ts')
  const map = typeof values.map === 'string' ? await readColumnMap(resolve(line.workingFolder, values.map)) : undefined
  const wantedCode = codeOption(values)
  return runPipeline(line, async ({ log, pipeline }) => {
    const isChosen = await chosen(log, args)
    const isWanted = (letter: DeadLetter) =>
      (args.length === 0 || isChosen(letter)) && (wantedCode === null || letter.code === wantedCode)
    let refusedAgain = 0
    const stopCounting = subscribe('batch', ({ refused }) => {
      refusedAgain += refused
    })
    const result = await redrive(log, { isWanted, map, signal: line.signal })
    await settle(line, pipeline)
    stopCounting()
    const { terminal } = line
    const { redriven, skipped, unmended } = result
    if (terminal.isJson) await terminal.print(JSON.stringify({ ...result, refusedAgain }))
    else {
      await terminal.print(`${redriven} records put back, ${refusedAgain} of them refused again.`)
      const why = map === undefined ? 'they are refused for what they were' : 'the column map does not mend them'
      if (unmended > 0) await terminal.print(`${unmended} wait as before: ${why}.`)
      if (skipped > 0)
        await terminal.print(
          `${skipped} lie in their file as before: mend the file and ingest it again, then close them.`,
        )
    }
    return line.signal.aborted ? exitCodes.interrupted : exitCodes.ok
  })
}

export const closeDeadLetters: CommandCode = async (line, args) => {
  const { withWritableLog } = await import('../runs/pipelineRun.ts')
  return withWritableLog(line, async log => {
    const closed = await close(log, { isWanted: await chosen(log, args), signal: line.signal })
    const { terminal } = line
    await terminal.print(
      terminal.isJson
        ? JSON.stringify({ closed })
        : `${closed} dead letters set aside; they stay in the log, and list --all shows them.`,
    )
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

/** Letters by the first characters of their ids. */
async function chosen(log: Log, prefixes: readonly string[]): Promise<(letter: DeadLetter) => boolean> {
  const matches = await matching(log, prefixes)
  const ids = new Set(prefixes.map((prefix, i) => oneOf(prefix, matches[i]).letter.deadLetterId))
  return ({ deadLetterId }) => ids.has(deadLetterId)
}

/** The record as it came, where its bytes are one. */
function contentOf(letter: DeadLetter): unknown {
  const record: RecordName | null = topics.find(({ name }) => name === letter.topic)?.record ?? null
  if (record === null) return null
  try {
    return toJson(decode(record, letter.bytes))
  } catch (error) {
    if (isFusionError(error)) return null
    throw error
  }
}

/** For each prefix the letters whose ids begin with it, in one pass over the log. */
async function matching(log: Log, prefixes: readonly string[]): Promise<readonly (readonly KeptLetter[])[]> {
  const found = prefixes.map((): KeptLetter[] => [])
  if (prefixes.length === 0) return found
  for await (const kept of readRefusals(log)) {
    prefixes.forEach((prefix, i) => {
      if (kept.letter.deadLetterId.startsWith(prefix)) found[i].push(kept)
    })
  }
  return found
}

function oneOf(prefix: string, found: readonly KeptLetter[]): KeptLetter {
  if (found.length === 1) return found[0]
  const shown = JSON.stringify(prefix.slice(0, 64))
  throw new FusionError(
    'QUESTION_INVALID',
    found.length === 0
      ? `No dead letter has an id that begins with ${shown}: \`birthline dead-letters list --all\` shows them.`
      : `${found.length} dead letters have an id that begins with ${shown}: give more of it.`,
  )
}
