// Columns of a Parquet file: each leaf of its schema, with the units that astropy or VOParquet left in the metadata.
import { type FileMetaData, parquetSchema, type SchemaElement, type SchemaTree } from 'hyparquet'
import type { Column, ColumnType } from './table.ts'
import { foldMasks, type MaskedColumns, parseTableYaml } from './tableYaml.ts'
import { parseVotableFields, VOPARQUET_CONTENT } from './votableFields.ts'

export interface ParquetLeaf {
  readonly column: Column
  /** From the root, which counts, to the leaf. */
  readonly schemaPath: readonly SchemaTree[]
  readonly pathInSchema: readonly string[]
}

/** In the order of the column chunks of every row group. A leaf within groups is named by its path. */
export function parquetLeaves(metadata: FileMetaData): readonly ParquetLeaf[] {
  const leaves: ParquetLeaf[] = []
  const described = descriptions(metadata)
  const visit = (schemaPath: readonly SchemaTree[], name: string) => {
    const node = schemaPath[schemaPath.length - 1]
    for (const child of node.children) visit([...schemaPath, child], nameOf(schemaPath, child, name))
    if (node.children.length > 0 || schemaPath.length === 1) return
    const isRepeated = schemaPath.some(({ element }) => element.repetition_type === 'REPEATED')
    const known = described.get(name)
    const arraySize = isRepeated ? (known?.arraySize ?? ('*' as const)) : null
    const { unit = null, description = null, ucd = null } = known ?? {}
    const column = { name, unit, description, ucd, type: typeOf(node.element), arraySize }
    leaves.push({ column, schemaPath, pathInSchema: node.path })
  }
  visit([parquetSchema(metadata)], '')
  return leaves
}

/** The groups that make up a list or a map are notation and no part of a name. */
function nameOf(parents: readonly SchemaTree[], child: SchemaTree, name: string): string {
  const parent = parents[parents.length - 1]
  const isWrapper = (node: SchemaTree | undefined) =>
    /^(LIST|MAP)/.test(node?.element.converted_type ?? node?.element.logical_type?.type ?? '')
  const isElement = isWrapper(parents[parents.length - 2]) && parent.children.length === 1
  if (isWrapper(parent) || isElement) return name
  return name === '' ? child.element.name : `${name}.${child.element.name}`
}

function typeOf(element: SchemaElement): ColumnType {
  const { type, logical_type: logical } = element
  const converted = element.converted_type ?? ''
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') return 'double'
  if (logical?.type === 'FLOAT16') return 'float'
  // Moments and days are delivered as ISO 8601 text.
  if (/^(DATE|TIMESTAMP)/.test(converted) || logical?.type === 'DATE' || logical?.type === 'TIMESTAMP') return 'string'
  const isUnsigned = (bits: number) =>
    converted === `UINT_${bits}` || (logical?.type === 'INTEGER' && logical.bitWidth === bits && !logical.isSigned)
  switch (type) {
    case 'BOOLEAN':
      return 'boolean'
    case 'INT32':
      return isUnsigned(32) ? 'long' : 'int'
    case 'INT64':
      return isUnsigned(64) ? 'unsignedLong' : 'long'
    case 'FLOAT':
      return 'float'
    case 'DOUBLE':
      return 'double'
    default:
      return 'string'
  }
}

function keyValue(metadata: FileMetaData, key: string): string | undefined {
  return metadata.key_value_metadata?.find(entry => entry.key === key)?.value
}

function descriptions(metadata: FileMetaData): ReadonlyMap<string, Column> {
  const votable = parseVotableFields(keyValue(metadata, VOPARQUET_CONTENT) ?? '')
  const yaml = parseTableYaml(keyValue(metadata, 'table_meta_yaml') ?? '')?.columns ?? []
  return new Map([...votable, ...yaml].map(column => [column.name, column]))
}

export function foldParquetMasks(metadata: FileMetaData, columns: readonly Column[]): MaskedColumns {
  const yaml = parseTableYaml(keyValue(metadata, 'table_meta_yaml') ?? '')
  return yaml === null ? { columns } : foldMasks(columns, yaml.masks)
}
