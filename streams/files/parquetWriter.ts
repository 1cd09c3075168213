// Parquet out: row groups as they fill, units and descriptions as VOParquet and as astropy keep them.
import type { SchemaElement } from 'hyparquet'
import { ByteWriter, type ColumnSource, ParquetWriter } from 'hyparquet-writer'
import type { Column, ColumnType, Value } from './table.ts'
import type { TableEncoder } from './tableEncoder.ts'
import type { TableSink } from './tableSink.ts'
import { printTableYaml } from './tableYaml.ts'
import { printVotableFields, VOPARQUET_CONTENT, VOPARQUET_VERSION } from './votableFields.ts'

/** A row group is in memory as a whole before it is written: bounded in rows and in values. */
const GROUP_ROWS = 65_536
const GROUP_VALUES = 2 ** 20
/** A reader holds one page of each column. */
const PAGE_BYTES = 256 * 1024

const physical: Readonly<Record<ColumnType, Partial<SchemaElement>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  boolean: { type: 'BOOLEAN' },
  int: { type: 'INT32' },
  long: { type: 'INT64' },
  // hyparquet-writer gives the logical type a bit width of four bytes, where readers want one: the older mark says as much.
  unsignedLong: { type: 'INT64', converted_type: 'UINT_64' },
  float: { type: 'FLOAT' },
  double: { type: 'DOUBLE' },
}

/** As Parquet has them: all may be missing, lists in three levels. */
export function schemaOf(columns: readonly Column[]): SchemaElement[] {
  const root: SchemaElement = { name: 'schema', num_children: columns.length }
  return [root, ...columns.flatMap(elementsOf)]
}

function elementsOf({ name, type, arraySize }: Column): SchemaElement[] {
  const leaf = { repetition_type: 'OPTIONAL', ...physical[type] } as const
  if (arraySize === null) return [{ name, ...leaf }]
  const list = { converted_type: 'LIST', logical_type: { type: 'LIST' } } as const
  return [
    { name, repetition_type: 'OPTIONAL', num_children: 1, ...list },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', ...leaf },
  ]
}

/** A dictionary of real numbers is seldom of use, and takes -0 for 0. */
function encodingOf(type: ColumnType): Pick<ColumnSource, 'encoding'> {
  return type === 'float' || type === 'double' ? { encoding: 'PLAIN' } : {}
}

/** hyparquet-writer fills a buffer; this one is emptied into the file after each row group. */
class FileBuffer extends ByteWriter {
  readonly #file: TableSink

  constructor(file: TableSink) {
    super(2 ** 20)
    this.#file = file
  }

  async flush(): Promise<void> {
    await this.#file.append(this.getBytes())
    this.index = 0
  }

  override async finish(): Promise<void> {
    await this.flush()
  }
}

/** Units and descriptions in the words of VOParquet and of astropy, and the facts about the table. */
export function fileFacts(
  columns: readonly Column[],
  meta: Readonly<Record<string, string>>,
  longest?: readonly number[],
): { key: string; value: string }[] {
  return [
    { key: VOPARQUET_VERSION, value: '1.0' },
    { key: VOPARQUET_CONTENT, value: printVotableFields(columns, meta, longest) },
    { key: 'table_meta_yaml', value: printTableYaml(columns, meta) },
    ...Object.entries(meta).map(([key, value]) => ({ key, value })),
  ]
}

export function createParquetEncoder(
  file: TableSink,
  columns: readonly Column[],
  meta: Readonly<Record<string, string>>,
): TableEncoder {
  const kvMetadata: ReturnType<typeof fileFacts> = []
  const writer = new ParquetWriter({
    writer: new FileBuffer(file),
    schema: schemaOf(columns),
    createdBy: 'birthline',
    kvMetadata,
  })
  const longest = columns.map(() => 1)
  let group: Value[][] = columns.map(() => [])
  let groupValues = 0

  const writeGroup = async () => {
    const columnData = columns.map(({ name, type }, i) => ({ name, data: group[i], ...encodingOf(type) }))
    await writer.write({ columnData, rowGroupSize: GROUP_ROWS, pageSize: PAGE_BYTES })
    group = columns.map(() => [])
    groupValues = 0
  }

  return {
    async begin() {},
    async append(cells, count) {
      for (let row = 0; row < count; row++) {
        for (let i = 0; i < columns.length; i++) {
          const cell = cells[i][row]
          group[i].push(cell)
          if (typeof cell === 'string') longest[i] = Math.max(longest[i], cell.length)
          groupValues += typeof cell === 'object' && cell !== null ? cell.length : 1
        }
        if (group[0].length >= GROUP_ROWS || groupValues >= GROUP_VALUES) await writeGroup()
      }
    },
    async finish() {
      if (group[0].length > 0) await writeGroup()
      // How long texts are is known only now; astropy sizes its columns by it, or else by reading them twice.
      kvMetadata.push(...fileFacts(columns, meta, longest))
      columns.forEach(({ name, type, arraySize }, i) => {
        const isText = (type === 'string' || type === 'text') && arraySize === null
        if (isText) kvMetadata.push({ key: `table::len::${name}`, value: String(longest[i]) })
      })
      await writer.finish()
    },
  }
}
