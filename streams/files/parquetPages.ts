// One column chunk of a Parquet file, page by page: a row group of any size is never held as a whole.
// The pages themselves are decoded by hyparquet, whose public face reads nothing smaller than a chunk.
import type { ColumnMetaData, DecodedArray } from 'hyparquet'
import { parquetHeader, readPage } from 'hyparquet/src/column.js'
import { convert } from 'hyparquet/src/convert.js'
import { isFusionError } from '../../schemas/index.ts'
import type { ByteSource } from './byteSource.ts'
import { ByteWindow } from './byteWindow.ts'
import type { ParquetLeaf } from './parquetColumns.ts'
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

  constructor(source: ByteSource, leaf: ParquetLeaf, chunk: ColumnMetaData) {
    this.#source = source
    this.#leaf = leaf
    this.#window = new ByteWindow(source, WINDOW_BYTES)
    this.#decoder = pageDecoder(leaf, chunk, source)
    this.#isRepeated = leaf.schemaPath.some(({ element }) => element.repetition_type === 'REPEATED')
    this.#position = Number(chunk.dictionary_page_offset || chunk.data_page_offset)
    this.#end = this.#position + Number(chunk.total_compressed_size)
  }

  /** The next rows of the column, exactly so many. */
  async read(count: number): Promise<Value[]> {
    const values: Value[] = []
    while (values.length < count) {
      const part = Math.min(this.#available(), count - values.length)
      for (let i = 0; i < part; i++) values.push(parquetValue(this.#decoded[this.#taken + i], this.#leaf))
      this.#taken += part
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
      missing -= part
      if (missing > 0) missing -= await this.#nextPage(missing)
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
    const { path, limits } = this.#source
    const { name } = this.#leaf.column
    if (this.#position >= this.#end)
      throw unreadable(path, `is damaged: column '${name}' ends before its rows do; fetch the file again`)
    const { header, headerBytes } = await this.#readHeader()
    const bodyStart = this.#position + headerBytes
    const sizeBytes = header.compressed_page_size
    if (!(sizeBytes >= 0 && bodyStart + sizeBytes <= this.#end))
      throw this.#damaged('a page that reaches beyond its column')
    this.#position = bodyStart + sizeBytes
    const values = header.data_page_header?.num_values ?? header.data_page_header_v2?.num_values ?? 0
    if (values > limits.maxPageValues || header.uncompressed_page_size > limits.maxPageBytes) {
      throw tooLarge(
        path,
        `has a page of ${values} values and ${header.uncompressed_page_size} bytes in column '${name}'; raise maxPageValues and maxPageBytes`,
      )
    }
    const rows = this.#isRepeated ? (header.data_page_header_v2?.num_rows ?? 0) : values
    const isWhole = this.#taken >= this.#decoded.length
    if (isWhole && rows > 0 && rows <= toSkip) return rows
    const body = await this.#window.read(bodyStart, sizeBytes, this.#end)
    if (body.length < sizeBytes) throw unreadable(path, `is cut short within column '${name}'; fetch the file again`)
    this.#decode(body, header)
    return 0
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

  #decode(body: Buffer, header: PageHeader): void {
    const reader = { view: viewOf(body), offset: 0 }
    try {
      if (header.type === 'DICTIONARY_PAGE') {
        const { data } = readPage(reader, header, this.#decoder, undefined, undefined, 0)
        this.#dictionary = data && convert(data, this.#decoder)
        return
      }
      const rest = this.#isRepeated ? Array.prototype.slice.call(this.#decoded, this.#taken) : undefined
      const { data } = readPage(reader, header, this.#decoder, this.#dictionary, rest, 0)
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
      `is damaged: column '${this.#leaf.column.name}' has ${problem}${reason}; fetch the file again`,
      cause,
    )
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
