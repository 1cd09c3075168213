// Looks over a page of texts that repeat what the one before them began with (Parquet "Encodings", DELTA_BYTE_ARRAY): a few
// bytes may stand for texts of any length, of which hyparquet makes whole ones.
import type { readPage } from 'hyparquet/src/column.js'
import { deltaBinaryUnpack } from 'hyparquet/src/delta.js'
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js'
import { getMaxDefinitionLevel } from 'hyparquet/src/schema.js'

type Header = Parameters<typeof readPage>[1]
type SchemaPath = Parameters<typeof readPage>[2]['schemaPath']

/** @throws RangeError when a text goes on from more than the one before it has, or when all are longer than the bound */
export function checkPrefixes(view: DataView, offset: number, valueCount: number, maxBytes: number): void {
  const reader = { view, offset }
  const [prefixes, suffixes] = [new Int32Array(valueCount), new Int32Array(valueCount)]
  for (const lengths of [prefixes, suffixes]) deltaBinaryUnpack(reader, valueCount, lengths)
  let [length, total] = [0, 0]
  for (let i = 0; i < valueCount; i++) {
    if (!(prefixes[i] >= 0 && prefixes[i] <= length && suffixes[i] >= 0)) throw new RangeError('a text of no beginning')
    length = prefixes[i] + suffixes[i]
    total += length
    if (total > maxBytes) throw new RangeError(`texts of more than ${maxBytes} bytes`)
  }
}

/** Values of a page that are no nulls: a page of the first version tells by the levels, which lie before the values. */
export function presentCount(header: Header, schemaPath: SchemaPath, view: DataView, levelsOffset: number): number {
  const { data_page_header: v1, data_page_header_v2: v2 } = header
  if (v2 !== undefined) return v2.num_values - v2.num_nulls
  const count = v1?.num_values ?? 0
  const max = getMaxDefinitionLevel(schemaPath)
  if (max === 0) return count
  const levels = new Array<number>(count)
  readRleBitPackedHybrid({ view, offset: levelsOffset }, 32 - Math.clz32(max), levels)
  return levels.reduce((sum, level) => sum + (level === max ? 1 : 0), 0)
}
