// `birthline dead-letters`: what was refused, why, and back onto its way after a fix.
import { type DeadLetter, decode, FusionError, isFusionError, type RecordName, toJson } from '../../schemas/index.ts'
import { topics } from '../../streams/index.ts'
import { openStarLog } from '../stars/openStarLog.ts'
import { type Refused, readRefusals } from '../stars/refusals.ts'
import { renderTable } from '../terminal/textTable.ts'
import { type CommandCode, exitCodes } from './commandLine.ts'

const SHORT_ID = 12
/** A table of more rows than this is read by programs, not people. */
const MAX_SHOWN = 1000

export const listDeadLetters: CommandCode = async (line, _args, values) => {
  const { terminal } = line
  const log = await openStarLog(line.config)
  try {
    const rows: string[][] = []
    let count = 0
    for await (const refused of readRefusals(log)) {
      const { letter, isRedriven } = refused
      if (isRedriven && values.all !== true) continue
      if (typeof values.code === 'string' && letter.code !== values.code) continue
      count++
      if (terminal.isJson) await terminal.print(JSON.stringify(letterView(refused)))
      else if (count <= MAX_SHOWN)
        rows.push([letter.deadLetterId.slice(0, SHORT_ID), letter.code, letter.origin, letter.reason])
    }
    if (terminal.isJson) return exitCodes.ok
    if (count === 0) await terminal.print('No record was refused.')
    else {
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
