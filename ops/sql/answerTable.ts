// The answer to a query as a file: types as the formats know them, 64-bit integers exact, what is missing as null.
import { type ColumnField, ColumnTableWriter, FusionError } from '../../schemas/index.ts'
import { encodeTable, type Value, type WritableColumn } from '../../streams/index.ts'
import type { SqlAnswer, SqlCell } from './sqlJob.ts'

export type SqlFormat = 'arrow' | 'parquet' | 'votable' | 'csv'

interface TypedColumn {
  readonly name: string
  readonly type: 'boolean' | 'int' | 'long' | 'double' | 'string'
  readonly values: readonly Value[]
}

/** Columns of an answer have neither units nor UCDs: who computes them knows which. @throws FusionError QUESTION_INVALID */
export async function encodeSqlAnswer(
  answer: SqlAnswer,
  format: SqlFormat,
  meta: Readonly<Record<string, string>>,
): Promise<Uint8Array> {
  const columns = typedColumns(answer)
  if (format === 'arrow') return arrowFile(columns, meta)
  const written: WritableColumn[] = columns.map(({ name, type }) => ({ name, type }))
  const values = Object.fromEntries(columns.map(({ name, values }) => [name, values]))
  try {
    return await encodeTable('answer', format, written, values, meta)
  } catch (cause) {
    throw new FusionError('QUESTION_INVALID', `The answer cannot be a ${format}: ask for it as JSON.`, { cause })
  }
}

function typedColumns({ columns, rows }: SqlAnswer): readonly TypedColumn[] {
  return columns.map(({ name, type }, i) => {
    if (name === '' || columns.findIndex(one => one.name === name) < i) {
      throw new FusionError(
        'QUESTION_INVALID',
        `A table cannot have two columns ${JSON.stringify(name)}: name them apart with AS.`,
      )
    }
    return {
      name,
      ...typedValues(
        type,
        rows.map(row => row[i]),
      ),
    }
  })
}

const LONG = 2n ** 63n

function typedValues(type: string, cells: readonly SqlCell[]): Omit<TypedColumn, 'name'> {
  const map = (make: (cell: SqlCell) => Value) => cells.map(cell => (cell === null ? null : make(cell)))
  if (type === 'BOOLEAN') return { type: 'boolean', values: map(cell => cell === true) }
  if (/^(U?TINYINT|U?SMALLINT|INTEGER)$/.test(type)) return { type: 'int', values: map(Number) }
  if (/^(UINTEGER|U?BIGINT|U?HUGEINT)$/.test(type)) {
    const values = map(cell => BigInt(String(cell)))
    const isLong = values.every(value => typeof value !== 'bigint' || (value >= -LONG && value < LONG))
    if (isLong) return { type: 'long', values }
  }
  if (/^(FLOAT|DOUBLE|DECIMAL.*)$/.test(type)) return { type: 'double', values: map(Number) }
  return { type: 'string', values: map(cell => (typeof cell === 'object' ? JSON.stringify(cell) : String(cell))) }
}

function arrowFile(columns: readonly TypedColumn[], meta: Readonly<Record<string, string>>): Uint8Array {
  const fields = columns.map(({ name, type }): ColumnField => {
    const arrowType = type === 'string' ? 'optionalText' : type === 'int' ? 'long' : type
    return { name, type: arrowType, unit: null, description: name }
  })
  const writer = new ColumnTableWriter(fields, new Map(Object.entries(meta)))
  const length = columns[0].values.length
  const batch = columns.map(({ name, type, values }) => {
    if (type === 'double') return [name, Float64Array.from(values, value => Number(value ?? Number.NaN))]
    return [name, type === 'int' ? values.map(value => (value === null ? null : BigInt(Number(value)))) : values]
  })
  if (length > 0) writer.write(Object.fromEntries(batch), length)
  return writer.finish()
}
