// `birthline infer`: a whole table of stars to a table of posteriors, without a log and in constant memory.
import { resolve } from 'node:path'
import type { PosteriorModel, StarInput } from '../../models/index.ts'
import {
  openTable,
  openTableWriter,
  readColumnMap,
  type TableBatch,
  type TableReader,
  type TableWriter,
} from '../../streams/index.ts'
import { RejectFile } from '../stars/rejectFile.ts'
import { type ReadStar, resultColumns, resultRow } from '../stars/resultTable.ts'
import { openRowParser, type RowParser } from '../stars/tableStars.ts'
import { openProgress } from '../terminal/progressLine.ts'
import { type CommandCode, type CommandLine, exitCodes } from './commandLine.ts'
import { readOption } from './failure.ts'
import { checkNamedFiles } from './namedFiles.ts'

/** A batch keeps all workers busy, and is held in memory whole. */
const BATCH_ROWS = 256
/** Of the samples of a batch, where a card could do with more rows. */
const BATCH_BYTES = 128 * 2 ** 20
/** Of one sample: its columns and what they are moved in, roughly. */
const SAMPLE_BYTES = 64

interface Parts {
  readonly line: CommandLine
  readonly table: TableReader
  readonly parser: RowParser
  readonly model: PosteriorModel
  readonly writer: TableWriter
  readonly rejects: RejectFile
}

export const infer: CommandCode = async (line, args, values) => {
  const pathOf = (value: unknown) => resolve(line.workingFolder, String(value))
  const [tablePath, mapPath, outPath] = [args[0], values.map, values.out].map(pathOf)
  const rejectsPath = typeof values.rejects === 'string' ? pathOf(values.rejects) : `${outPath}.rejects.jsonl`
  await checkNamedFiles([
    { what: 'the table', path: tablePath, isWritten: false },
    { what: '--map', path: mapPath, isWritten: false },
    { what: '--out', path: outPath, isWritten: true },
    { what: '--rejects', path: rejectsPath, isWritten: true },
  ])
  const map = await readColumnMap(mapPath)
  const rejects = await RejectFile.open(rejectsPath)
  const table = await openTable(tablePath)
  try {
    const parser = readOption(() => openRowParser(map, table))
    const { openInferPool } = await import('../../actors/index.ts')
    const { modelFolder, device, workers, seed } = line.config
    const model = await openInferPool({ checkpointFolder: modelFolder, threads: workers, device })
    try {
      const meta = { title: 'birthline: posteriors', model: model.fingerprint, seed: String(seed) }
      const writer = await openTableWriter(outPath, resultColumns(table.columns), { meta })
      try {
        await inferTable({ line, table, parser, model, writer, rejects })
        await writer.close()
        await rejects.commit()
      } finally {
        await writer.abandon()
        await rejects.abandon()
      }
      await report(line, writer, rejects)
    } finally {
      await model.close()
    }
  } finally {
    await table.close()
  }
  return exitCodes.ok
}

async function inferTable(parts: Parts): Promise<void> {
  const { line, table } = parts
  const progress = openProgress(line.terminal, 'inferring', 'rows', line.nowMs)
  try {
    for await (const batch of table.batches({ batchRows: batchRowsOf(parts), signal: line.signal })) {
      await inferBatch(parts, batch)
      const done = batch.nextRow - 1
      const { bytesRead, bytesTotal } = table.progress
      // Where the file does not say how many rows it has, its bytes do, roughly.
      const total = table.rowCount ?? Math.max(done, Math.round((done * bytesTotal) / Math.max(1, bytesRead)))
      progress.update(done, total)
      line.signal.throwIfAborted()
    }
  } finally {
    progress.end()
  }
}

function batchRowsOf({ line: { config }, model }: Parts): number {
  const wanted = config.workers * (model.batchStars ?? 0)
  const fitting = Math.floor(BATCH_BYTES / (SAMPLE_BYTES * config.sampleCount))
  return Math.max(BATCH_ROWS, Math.min(wanted, fitting))
}

async function inferBatch({ line, table, parser, model, writer, rejects }: Parts, batch: TableBatch): Promise<void> {
  const stars: ReadStar[] = []
  const inputs: StarInput[] = []
  const refused = batch.badRows.map(({ row, code, reason }) => ({ row, code, reason }))
  for (const [i, row] of batch.rows.entries()) {
    const rowNumber = batch.rowNumbers[i]
    const reading = parser.parse(row, rowNumber)
    if ('reason' in reading) refused.push({ row: rowNumber, code: reading.code, reason: reading.reason })
    else {
      inputs.push(reading.input)
      stars.push({ rowNumber, row, key: reading.input.key, flags: reading.flags })
    }
  }
  await rejects.write(refused.sort((a, b) => a.row - b.row))
  const { sampleCount, seed } = line.config
  const answers = await model.infer(inputs, { sampleCount, seed })
  const drawing = { model: model.fingerprint, sampleCount, seed }
  await writer.write(stars.map((star, i) => resultRow(star, answers[i], drawing, table.columns)))
}

async function report({ terminal }: CommandLine, writer: TableWriter, rejects: RejectFile): Promise<void> {
  const refusedCount = rejects.count
  const rejectsPath = refusedCount === 0 ? null : rejects.path
  if (terminal.isJson) {
    await terminal.print(
      JSON.stringify({ out: writer.path, rowCount: writer.rowCount, refusedCount, rejects: rejectsPath }),
    )
    return
  }
  await terminal.print(`${writer.rowCount} posteriors in ${writer.path}`)
  if (rejectsPath !== null) await terminal.print(`${refusedCount} rows refused, with reasons in ${rejectsPath}`)
}
