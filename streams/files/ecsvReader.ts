// ECSV (astropy's CSV with a YAML header): declared types, units, descriptions, and what is missing.
import type { ByteSource } from './byteSource.ts'
import { columnNames } from './columnNames.ts'
import { csvRecords, splitCells } from './csvRecords.ts'
import { delimitedReader } from './delimitedReader.ts'
import type { TableReader } from './table.ts'
import { foldMasks, parseTableYaml } from './tableYaml.ts'
import { cellConverter } from './typedCells.ts'
import { tooLarge, unreadable } from './unreadableFile.ts'

/** @throws FusionError FILE_UNREADABLE when the YAML header is broken or names other columns than the line of names */
export async function openEcsv(source: ByteSource): Promise<TableReader> {
  const { path } = source
  const { yaml, namesLine } = await readHeader(source)
  const description = parseTableYaml(yaml)
  if (description === null) throw unreadable(path, 'has a broken ECSV header; repair the YAML after %ECSV')
  const { delimiter } = description
  if (delimiter.length !== 1) throw unreadable(path, `has the delimiter '${delimiter}'; ECSV knows space and comma`)
  const declared = columnNames(
    source,
    description.columns.map(column => column.name),
  )
  const named = splitCells(namesLine, delimiter, namesLine.includes('"'))?.map(name => name?.trim() ?? '')
  if (named === undefined || named.length !== declared.length || named.some((name, i) => name !== declared[i])) {
    throw unreadable(
      path,
      `declares the columns ${declared.slice(0, 5).join(', ')}... but its line of names reads '${namesLine.slice(0, 80)}'; repair one of them`,
    )
  }
  const { columns, finish } = foldMasks(description.columns, description.masks)
  return delimitedReader(source, {
    format: 'ecsv',
    dialect: { delimiter, comments: 'all' },
    columns,
    headerRecords: 1,
    width: declared.length,
    convert: description.columns.map(cellConverter),
    ...(finish === undefined ? {} : { finish }),
  })
}

interface EcsvHeader {
  /** Without comment marks, version line and `---`. */
  readonly yaml: string
  readonly namesLine: string
}

async function readHeader(source: ByteSource): Promise<EcsvHeader> {
  const { path, limits } = source
  const lines: string[] = []
  let sizeBytes = 0
  // Read as records that no delimiter cuts and nothing comments out, a header is its lines.
  const dialect = { delimiter: '\x1f', comments: 'none' } as const
  const bound = { maxRecordBytes: limits.maxHeaderBytes, beyond: 'refuse' } as const
  for await (const records of csvRecords(source.chunks(), dialect, path, bound)) {
    for (const { bytes } of records) {
      sizeBytes += bytes.length
      if (sizeBytes > limits.maxHeaderBytes) {
        throw tooLarge(
          path,
          `has a header of more than ${limits.maxHeaderBytes} bytes; take the descriptions and meta out that nobody needs`,
        )
      }
      const line = bytes.toString('utf8')
      if (!line.startsWith('#')) {
        return {
          yaml: lines
            .slice(1)
            .filter(text => text.trim() !== '---')
            .join('\n'),
          namesLine: line,
        }
      }
      lines.push(line.replace(/^# ?/, ''))
    }
  }
  throw unreadable(path, 'is cut short: it ends within its ECSV header; fetch the file again')
}
