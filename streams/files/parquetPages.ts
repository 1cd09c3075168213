// One column chunk of a Parquet file, page by page: a row group of any size is never held as a whole.
// The pages themselves are decoded by hyparquet, whose public face reads nothing smaller than a chunk.
import type { ColumnMetaData, DecodedArray } from 'hyparquet'
import { parquetHeader, readPage } from 'hyparquet/src/column.js'
import { convert } from 'hyparquet/src/convert.js'
import { isFusionError } from '../../schemas/index.ts'
import type { ByteSource } from './byteSource.ts'
import { ByteWindow } from './byteWindow.ts'
import type { ParquetLeaf } from './parquetColumns.ts'
import { plainPage } from './parquetRuns.ts'
import { pageDecoder, parquetValue } from './parquetValues.ts'
import type { Value } from './table.ts'
import { tooLarge, unreadable } from './unreadableFile.ts'

type PageHeader = ReturnType<typeof parquetHeader>

const WINDOW_BYTES = 64 * 1024
/** A header carries statistics, and with them values of the column. */
const FIRST_HEADER_BYTES = 1024

export class ParquetPages {
  readonly #source: ByteSource
  readonly #leaf: ParquetLeaf
  readonly #window: ByteWindow
  readonly #decoder: ReturnType<typeof pageDecoder>
  readonly #isRepeated: boolean
  readonly #end: number
  #position: number
  #dictionary: DecodedArray | undefined
  /** Rows of the newest page, and how many of them are dealt with. */
  #decoded: DecodedArray = []
  #taken = 0
  #nextRow: number

  /** @param firstRow number of the chunk's first row in the table, for messages */
  constructor(source: ByteSource, leaf: ParquetLeaf, chunk: ColumnMetaData, firstRow: number) {
    this.#source = source
    this.#nextRow = firstRow
    this.#leaf = leaf
    this.#window = new ByteWindow(source, WINDOW_BYTES)
    this.#decoder = pageDecoder(leaf, chunk, source)
    this.#isRepeated = leaf.schemaPath.some(({ element }) => element.repetition_type === 'REPEATED')
    this.#position = Number(chunk.dictionary_page_offset || chunk.data_page_offset)
    this.#end = this.#position + Number(chunk.total_compressed_size)
    if (!(this.#position >= 0 && this.#end >= this.#position && Number.isSafeInteger(this.#end))) {
      throw this.#damaged('no place in the file')
    }
  }

  /** The next rows of the column, exactly so many. */
  async read(count: number): Promise<Value[]> {
    const values: Value[] = []
    while (values.length < count) {
      const part = Math.min(this.#available(), count - values.length)
      for (let i = 0; i < part; i++) values.push(parquetValue(this.#decoded[this.#taken + i], this.#leaf))
      this.#taken += part
      this.#nextRow += part
      if (values.length < count) await this.#nextPage(0)
    }
    return values
  }

  /** Passes over rows, without decoding pages that hold none but these. */
  async skip(count: number): Promise<void> {
    let missing = count
    while (missing > 0) {
      const part = Math.min(this.#available(), missing)
      this.#taken += part
      const passed = part + (missing > part ? await this.#nextPage(missing - part) : 0)
      this.#nextRow += passed
      missing -= passed
    }
  }

  /** A row that repeats may go on in the next page, so the last one is ready only with the last page. */
  #available(): number {
    const isOpen = this.#isRepeated && this.#position < this.#end
    return Math.max(0, this.#decoded.length - this.#taken - (isOpen ? 1 : 0))
  }

  /**
   * Moves on by a page.
   * @param toSkip rows at its beginning nobody wants
   * @returns how many rows were passed over with it undecoded
   */
  async #nextPage(toSkip: number): Promise<number> {
    if (this.#position >= this.#end) throw this.#damaged('no more pages')
    const { header, headerBytes } = await this.#readHeader()
    const { sizeBytes, rowCount } = this.#checkPage(header, this.#end - this.#position - headerBytes)
    const bodyStart = this.#position + headerBytes
    this.#position = bodyStart + sizeBytes
    const isWhole = this.#taken >= this.#decoded.length
    if (isWhole && rowCount > 0 && rowCount <= toSkip) return rowCount
    const body = await this.#window.read(bodyStart, sizeBytes, this.#end)
    if (body.length < sizeBytes) throw this.#damaged('a page beyond the end of the file')
    this.#decode(body, header)
    return 0
  }

  /** Numbers of a header may be anything, of any type, in a file that is damaged. */
  #checkPage(header: PageHeader, room: number): { readonly sizeBytes: number; readonly rowCount: number } {
    const { path, limits } = this.#source
    const { data_page_header: v1, data_page_header_v2: v2, dictionary_page_header: dictionary } = header
    const sizeBytes = header.compressed_page_size
    const unpackedBytes = header.uncompressed_page_size
    // A header may describe its page twice: hyparquet goes by one of them, so that both must hold.
    const counts = [v1, v2, dictionary].flatMap(part => (part === undefined ? [] : [part.num_values]))
    const [nullCount, v2Rows] = [v2?.num_nulls ?? 0, v2?.num_rows ?? 0]
    const numbers = [sizeBytes, unpackedBytes, ...counts, nullCount, v2Rows]
    const makeSense = numbers.every(number => Number.isSafeInteger(number) && number >= 0)
    const valueCount = makeSense ? Math.max(0, ...counts) : 0
    if (!makeSense || sizeBytes > room || nullCount > valueCount) {
      throw this.#damaged('a page header that makes no sense')
    }
    const rowCount = this.#isRepeated ? v2Rows : dictionary === undefined ? valueCount : 0
    if (valueCount > limits.maxPageValues || unpackedBytes > limits.maxPageBytes) {
      throw tooLarge(
        path,
        `has a page of ${valueCount} values and ${unpackedBytes} bytes in column '${this.#leaf.column.name}', more than ${limits.maxPageValues} or ${limits.maxPageBytes}; write the file again with smaller pages and row groups`,
      )
    }
    return { sizeBytes, rowCount }
  }

  async #readHeader(): Promise<{ readonly header: PageHeader; readonly headerBytes: number }> {
    const room = this.#end - this.#position
    for (let length = FIRST_HEADER_BYTES; ; length *= 16) {
      const bytes = await this.#window.read(this.#position, Math.min(length, room), this.#end)
      const reader = { view: viewOf(bytes), offset: 0 }
      try {
        return { header: parquetHeader(reader), headerBytes: reader.offset }
      } catch (error) {
        if (length >= room || length > this.#source.limits.maxHeaderBytes)
          throw this.#damaged('a broken page header', error)
      }
    }
  }

  #decode(compressed: Buffer, compressedHeader: PageHeader): void {
    try {
      const { body, header } = plainPage(compressed, compressedHeader, this.#decoder, this.#source.limits.maxPageBytes)
      const reader = { view: viewOf(body), offset: 0 }
      const decoder = { ...this.#decoder, codec: 'UNCOMPRESSED' as const }
      if (header.type === 'DICTIONARY_PAGE') {
        const { data } = readPage(reader, header, decoder, undefined, undefined, 0)
        this.#dictionary = data && convert(data, decoder)
        return
      }
      const rest = this.#isRepeated ? Array.prototype.slice.call(this.#decoded, this.#taken) : undefined
      const { data } = readPage(reader, header, decoder, this.#dictionary, rest, 0)
      this.#decoded = data ?? []
      this.#taken = 0
    } catch (error) {
      throw isFusionError(error) ? error : this.#damaged('a page that does not decode', error)
    }
  }

  #damaged(problem: string, cause?: unknown): Error {
    const { path } = this.#source
    const reason = cause instanceof Error ? ` (${cause.message})` : ''
    return unreadable(
      path,
      `is damaged: column '${this.#leaf.column.name}' has ${problem} at row ${this.#nextRow}${reason}; fetch the file again`,
      cause,
      { row: this.#nextRow },
    )
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
