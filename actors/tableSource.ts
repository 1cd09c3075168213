// The rows of a survey's table as raw records.
import { type Delivery, type RawRow, readSurvey, type Survey } from '../schemas/index.ts'
import {
  type BadRow,
  type BoundMap,
  type Output,
  openTable,
  type Row,
  type TableReader,
  type Value,
} from '../streams/index.ts'
import { outputOf } from './behavior.ts'
import type { DeliverySource, SourceBatch } from './deliverySource.ts'
import type { FileDelivery } from './fileFingerprint.ts'
import { fileLetter, MAX_ROW_BYTES } from './fileLetter.ts'
import { revisionOf } from './revision.ts'
import { bindSurveyMap } from './surveyTable.ts'

const DEFAULT_BATCH_ROWS = 1000

/** @throws FusionError SURVEY_UNKNOWN, FILE_UNREADABLE, CONFIG_INVALID */
export async function openTableSource(file: FileDelivery): Promise<DeliverySource> {
  const survey = readSurvey(file.survey)
  const table = await openTable(file.path, file.open)
  try {
    const map = file.map === undefined ? null : bindSurveyMap(file.map, table, survey)
    return {
      batches: (from, batchRows) => tableBatches(table, map, survey, from, batchRows ?? DEFAULT_BATCH_ROWS),
      fault: null,
      close: () => table.close(),
    }
  } catch (error) {
    await table.close()
    throw error
  }
}

async function* tableBatches(
  table: TableReader,
  map: BoundMap | null,
  survey: Survey,
  from: Delivery,
  batchRows: number,
): AsyncGenerator<SourceBatch, void, undefined> {
  for await (const batch of table.batches({ batchRows, ...startOf(from) })) {
    const { rows, badRows, nextRow, nextPlace } = batch
    const outputs = badRows.map(bad => letterOf(bad, from))
    rows.forEach((row, i) => {
      outputs.push(rowOutput(cellsOf(row, map), batch.rowNumbers[i], from, survey))
    })
    const isCounted = table.rowCount !== null
    yield {
      outputs,
      rowCount: rows.length,
      badRowCount: badRows.length,
      place: {
        nextRow: BigInt(nextRow),
        nextByte: nextPlace === null ? null : BigInt(nextPlace.byte),
        nextLine: BigInt(nextPlace?.line ?? 0),
      },
      isLast: false,
      progress: {
        done: isCounted ? nextRow - 1 : table.progress.bytesRead,
        total: table.rowCount ?? table.progress.bytesTotal,
        unit: isCounted ? 'rows' : 'bytes',
      },
    }
  }
}

function startOf({ nextRow, nextByte = null, nextLine = 0n }: Delivery) {
  const startPlace = nextByte === null ? null : { byte: Number(nextByte), line: Number(nextLine) }
  return { startRow: Number(nextRow), startPlace }
}

function rowOutput(cells: Record<string, string>, row: number, delivery: Delivery, survey: Survey): Output {
  const { file } = delivery
  let sizeBytes = 0
  for (const [column, text] of Object.entries(cells)) sizeBytes += column.length + text.length
  if (sizeBytes > MAX_ROW_BYTES) {
    const reason = `${file} row ${row} has ${sizeBytes} characters, and at most ${MAX_ROW_BYTES} are taken; leave out its long columns and deliver the file again.`
    const bytes = Buffer.from(JSON.stringify(cells))
    return letterOf({ row, code: 'RECORD_TOO_LARGE', reason, bytes }, delivery)
  }
  const revision = revisionOf(delivery.ordinal, row)
  return rawRowOutput({ survey: survey.name, file, row: BigInt(row), revision, cells })
}

export function rawRowOutput(row: RawRow): Output {
  const id = row.cells[readSurvey(row.survey).id.column] ?? ''
  return outputOf('raw', `${row.survey}:${id.slice(0, 100)}`, 'rawRow', row)
}

function letterOf({ row, code, reason, bytes }: BadRow, { file }: Delivery): Output {
  return fileLetter({ step: 'fileSource', origin: `${file} row ${row}`, code, reason, bytes, file: null })
}

export function cellsOf(row: Row, map: BoundMap | null): Record<string, string> {
  const cells: Record<string, string> = {}
  const add = (values: Row) => {
    for (const column in values) {
      const text = textOf(values[column])
      if (text === null) continue
      // That one name would set the record's prototype where it is decoded, and be lost.
      cells[column === '__proto__' ? 'file.__proto__' : column] = text
    }
  }
  if (map === null) add(row)
  else {
    const { values, extra } = map.apply(row)
    add(extra)
    add(values)
  }
  return cells
}

function textOf(value: Value | undefined): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  return typeof value === 'object'
    ? JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? `${one}` : one))
    : `${value}`
}
