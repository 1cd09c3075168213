// Looks a Parquet page over before hyparquet decodes it, which writes out runs as long as a damaged page claims they
// are: a length of two billion would end the process. Format: Parquet "Encodings", RLE / bit-packed hybrid.
import type { readPage } from 'hyparquet/src/column.js'
import { decompressPage } from 'hyparquet/src/datapage.js'
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js'
import { checkPrefixes, presentCount } from './parquetPrefixes.ts'

type Header = Parameters<typeof readPage>[1]
type Decoder = Parameters<typeof readPage>[2]

/** Packed values come by eight, and some writers fill a last block with more that mean nothing. */
const PADDING_VALUES = 4096

export interface PlainPage {
  readonly body: Uint8Array
  /** As if the page had never been compressed. */
  readonly header: Header
}

/**
 * Unpacks a page and checks that none of its runs is longer than the page has values.
 * @param maxBytes of its values, where they may be longer than the page
 * @throws RangeError when one is, or when the lengths of its parts make no sense
 */
export function plainPage(body: Uint8Array, header: Header, decoder: Decoder, maxBytes: number): PlainPage {
  const page = unpacked(body, header, decoder)
  const plain = { ...header, compressed_page_size: page.length, uncompressed_page_size: page.length }
  const { data_page_header: v1, data_page_header_v2: v2 } = header
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength)
  const repetitionBits = bitsFor(getMaxRepetitionLevel(decoder.schemaPath))
  const definitionBits = bitsFor(getMaxDefinitionLevel(decoder.schemaPath))
  const checkTexts = (encoding: string, levels: number, values: number) => {
    if (encoding !== 'DELTA_BYTE_ARRAY') return
    checkPrefixes(view, values, presentCount(header, decoder.schemaPath, view, levels), maxBytes)
  }
  if (v1 !== undefined) {
    const definitions = prefixed(view, 0, repetitionBits, v1.num_values)
    const values = prefixed(view, definitions, definitionBits, v1.num_values)
    checkValues(view, values, v1.encoding, decoder, v1.num_values)
    checkTexts(v1.encoding, definitions, values)
  }
  if (v2 !== undefined) {
    const definitions = v2.repetition_levels_byte_length
    const values = definitions + v2.definition_levels_byte_length
    checkRuns(view, 0, definitions, repetitionBits, v2.num_values)
    checkRuns(view, definitions, values, definitionBits, v2.num_values)
    checkValues(view, values, v2.encoding, decoder, v2.num_values)
    checkTexts(v2.encoding, definitions, values)
    return { body: page, header: { ...plain, data_page_header_v2: { ...v2, is_compressed: false } } }
  }
  return { body: page, header: plain }
}

function unpacked(body: Uint8Array, header: Header, { codec, compressors }: Decoder): Uint8Array {
  const { data_page_header_v2: v2, uncompressed_page_size: sizeBytes } = header
  if (v2 === undefined) return decompressPage(body, sizeBytes, codec, compressors)
  // Only the values of such a page are compressed, and not always those.
  const levelBytes = v2.repetition_levels_byte_length + v2.definition_levels_byte_length
  if (!(levelBytes >= 0 && levelBytes <= Math.min(sizeBytes, body.length)))
    throw new RangeError('levels beyond the page')
  if (v2.is_compressed === false || codec === 'UNCOMPRESSED') return body
  const values = decompressPage(body.subarray(levelBytes), sizeBytes - levelBytes, codec, compressors)
  const page = new Uint8Array(sizeBytes)
  page.set(body.subarray(0, levelBytes))
  page.set(values, levelBytes)
  return page
}

function bitsFor(maxLevel: number): number {
  return 32 - Math.clz32(maxLevel)
}

/** @returns where the runs end that a length of four bytes goes before */
function prefixed(view: DataView, offset: number, bits: number, count: number): number {
  if (bits === 0) return offset
  const start = offset + 4
  const end = start + view.getUint32(offset, true)
  checkRuns(view, start, end, bits, count)
  return end
}

function checkValues(view: DataView, offset: number, encoding: string, decoder: Decoder, count: number): void {
  if (offset >= view.byteLength) return
  if (decoder.type === 'BOOLEAN' && encoding === 'RLE') prefixed(view, offset, 1, count)
  else if (encoding === 'RLE' || encoding.endsWith('_DICTIONARY')) {
    checkRuns(view, offset + 1, view.byteLength, view.getUint8(offset), count)
  }
}

function checkRuns(view: DataView, start: number, end: number, bits: number, count: number): void {
  if (!(start >= 0 && end <= view.byteLength)) throw new RangeError('runs beyond the page')
  let offset = start
  for (let seen = 0; seen < count && offset < end; ) {
    let header = 0
    for (let shift = 0; ; shift += 7) {
      const byte = view.getUint8(offset++)
      header += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    const isPacked = header % 2 === 1
    const length = isPacked ? (header - 1) * 4 : header / 2
    if (length > count - seen + (isPacked ? PADDING_VALUES : 0))
      throw new RangeError(`a run of ${length} values among ${count}`)
    offset += isPacked ? (length / 8) * bits : Math.ceil(bits / 8)
    seen += length
  }
}
