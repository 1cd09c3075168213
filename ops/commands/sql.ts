// `birthline sql`: questions about the catalogue as a whole.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { openTable, openTableWriter } from '../../streams/index.ts'
import { openSnapshot } from '../sql/snapshot.ts'
import { type JoinedFile, runQuery, type SqlAnswer, type SqlCell } from '../sql/sqlJob.ts'
import { openStarLog } from '../stars/openStarLog.ts'
import { renderTable } from '../terminal/textTable.ts'
import { type CommandCode, exitCodes } from './commandLine.ts'
import { UsageError } from './failure.ts'
import { wholeOption } from './numberOptions.ts'

export const sql: CommandCode = async (line, args, values) => {
  const { config, terminal, signal, workingFolder } = line
  const limits = {
    timeoutMs: 1000 * wholeOption(values, 'seconds', 1, 3600),
    memoryMb: wholeOption(values, 'memory', 64, 1_048_576),
    rows: wholeOption(values, 'limit', 1, 1_000_000),
  }
  const scratch = await mkdtemp(join(tmpdir(), 'birthline-sql-'))
  try {
    const named =
      typeof values.with === 'string' ? values.with.split(',').map(name => resolve(workingFolder, name)) : []
    const joined: JoinedFile[] = []
    for (const path of named) joined.push(await joinedFile(path, joined, scratch))
    const log = await openStarLog(config)
    let snapshot: Awaited<ReturnType<typeof openSnapshot>>
    try {
      snapshot = await openSnapshot(log, config.dataFolder, 0, Date.now(), signal)
    } finally {
      await log.close()
    }
    const answer = await runQuery(snapshot, args.join(' '), joined, limits, signal)
    const madeAt = new Date(snapshot.madeMs).toISOString()
    if (terminal.isJson) await terminal.print(JSON.stringify({ madeAt, ...answer }))
    else
      for (const text of values.csv === true ? csvLines(answer) : tableLines(answer, madeAt)) await terminal.print(text)
    return exitCodes.ok
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** DuckDB reads Parquet and CSV; any other table is made into Parquet first. */
async function joinedFile(path: string, others: readonly JoinedFile[], scratch: string): Promise<JoinedFile> {
  const table = basename(path).split('.')[0].replace(/\W/g, '_').toLowerCase()
  if (table === '' || table === 'stars' || others.some(other => other.table === table)) {
    throw new UsageError(
      `The table of ${path} would be called "${table}", as another one is: give the file another name.`,
    )
  }
  const reader = await openTable(path)
  try {
    if (
      reader.format === 'parquet' ||
      ((reader.format === 'csv' || reader.format === 'tsv') && /\.[ct]sv(\.gz)?$/i.test(path))
    )
      return { table, path }
    const copy = join(scratch, `${table}.parquet`)
    const writer = await openTableWriter(copy, reader.columns)
    for await (const { rows } of reader.batches()) await writer.write(rows)
    await writer.close()
    return { table, path: copy }
  } finally {
    await reader.close()
  }
}

function cellText(cell: SqlCell): string {
  return cell === null ? '' : typeof cell === 'object' ? JSON.stringify(cell) : String(cell)
}

function csvLines({ columns, rows }: SqlAnswer): readonly string[] {
  const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  return [columns.map(({ name }) => name), ...rows.map(row => row.map(cellText))].map(cells =>
    cells.map(quoted).join(','),
  )
}

function tableLines({ columns, rows, isMore }: SqlAnswer, madeAt: string): readonly string[] {
  const isNumber = (type: string) => /INT|DOUBLE|FLOAT|DECIMAL/.test(type)
  const titles = columns.map(({ name, type }) => ({ title: name, ...(isNumber(type) && { align: 'right' as const }) }))
  const more = isMore ? ', and more: --limit shows them' : ''
  return [
    ...renderTable(
      titles,
      rows.map(row => row.map(cellText)),
    ),
    `${rows.length} rows${more}; stars as of ${madeAt}.`,
  ]
}
