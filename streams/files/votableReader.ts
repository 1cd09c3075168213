// VOTable, front to back: the first table of the document, as TABLEDATA, BINARY or BINARY2 (IVOA VOTable 1.4, section 5).
import type { ByteSource } from './byteSource.ts'
import { columnNames } from './columnNames.ts'
import type { BatchOptions, ColumnType, TableBatch, TableReader, Value } from './table.ts'
import { BatchBuilder, batchPlan, rowMaker } from './tableBatch.ts'
import { cellConverter } from './typedCells.ts'
import { tooLarge, unreadable } from './unreadableFile.ts'
import { type BinaryField, binaryField, binaryRow } from './votableBinary.ts'
import type { VotableField } from './votableFields.ts'
import { type XmlPiece, xmlPieces } from './xmlPieces.ts'

type Serialization = 'TABLEDATA' | 'BINARY' | 'BINARY2'

interface VotableHeader {
  readonly fields: readonly VotableField[]
  readonly serialization: Serialization
}

const types = new Map<string, ColumnType>([
  ['boolean', 'boolean'],
  ['unsignedByte', 'int'],
  ['short', 'int'],
  ['int', 'int'],
  ['long', 'long'],
  ['float', 'float'],
  ['double', 'double'],
  ['char', 'string'],
  ['unicodeChar', 'string'],
])

/** @throws FusionError FILE_UNREADABLE when the document holds no table, or one in a form that is not read here */
export async function openVotable(source: ByteSource): Promise<TableReader> {
  const pieces = xmlPieces(source.chunks(), source.path)
  const { fields } = await readHeader(pieces, source)
  await pieces.return()
  return {
    path: source.path,
    format: 'votable',
    columns: fields.map(field => field.column),
    rowCount: null,
    get progress() {
      return source.progress
    },
    batches: options => votableBatches(source, options),
    close: () => source.close(),
  }
}

type Pieces = AsyncGenerator<XmlPiece, void, undefined>

async function readHeader(pieces: Pieces, source: ByteSource): Promise<VotableHeader> {
  const { path, limits } = source
  const drafts: { attributes: ReadonlyMap<string, string>; missing: string | null; description: string }[] = []
  let isField = false
  let isDescription = false
  for (;;) {
    const { value: piece, done } = await pieces.next()
    if (done === true) throw unreadable(path, 'holds no table with data; check that it is complete and the one meant')
    if (piece.kind === 'text') {
      if (isField && isDescription) drafts[drafts.length - 1].description += piece.text
      continue
    }
    if (piece.name === 'DESCRIPTION') isDescription = piece.kind === 'open'
    if (piece.name === 'FIELD') isField = piece.kind === 'open'
    if (piece.kind === 'close') continue
    const { name, attributes } = piece
    if (name === 'FIELD') drafts.push({ attributes, missing: null, description: '' })
    else if (name === 'VALUES' && isField) drafts[drafts.length - 1].missing = attributes.get('null') ?? null
    else if (name === 'FITS') throw unreadable(path, 'holds its table as FITS within XML; save it as FITS alone')
    else if (name === 'TABLEDATA' || name === 'BINARY' || name === 'BINARY2') {
      if (drafts.length === 0) throw unreadable(path, 'has rows but no columns; check that it is complete')
      const names = columnNames(
        source,
        drafts.map(draft => draft.attributes.get('name') ?? draft.attributes.get('ID')),
      )
      return { fields: drafts.map((draft, i) => fieldOf(draft, names[i], path)), serialization: name }
    }
    if (drafts.length > limits.maxColumns) {
      throw tooLarge(path, `has more than ${limits.maxColumns} columns; leave out those that nobody needs`)
    }
  }
}

function fieldOf(
  draft: { readonly attributes: ReadonlyMap<string, string>; readonly missing: string | null; description: string },
  name: string,
  path: string,
): VotableField {
  const { attributes, missing } = draft
  const datatype = attributes.get('datatype') ?? ''
  const arraysize = attributes.get('arraysize') ?? null
  const type = types.get(datatype)
  const isText = type === 'string'
  if (type === undefined || (isText && /x/.test(arraysize ?? ''))) {
    throw unreadable(path, `has the column '${name}' of the type '${datatype}' that is not read here; leave it out`)
  }
  const arraySize = isText ? null : arraySizeOf(arraysize)
  const unit = attributes.get('unit') || null
  const ucd = attributes.get('ucd') || null
  const description = draft.description.trim() || null
  return { column: { name, unit, description, ucd, type, arraySize }, datatype, arraysize, missing }
}

/** As the other readers have it: an array of one is no array, and arrays of more dimensions are flat. */
function arraySizeOf(arraysize: string | null): number | '*' | null {
  if (arraysize === null || arraysize.trim() === '1' || arraysize.trim() === '') return null
  if (arraysize.includes('*')) return '*'
  const length = arraysize.split('x').reduce((product, axis) => product * Number(axis), 1)
  return Number.isSafeInteger(length) ? (length === 1 ? null : length) : '*'
}

async function* votableBatches(
  source: ByteSource,
  options: BatchOptions = {},
): AsyncGenerator<TableBatch, void, undefined> {
  const { path } = source
  const { batchRows, startRow } = batchPlan(options)
  const batch = new BatchBuilder(batchRows, startRow)
  const pieces = xmlPieces(source.chunks(), path)
  let failure: unknown = null
  let toSkip = startRow - 1
  try {
    const header = await readHeader(pieces, source)
    const makeRow = rowMaker(header.fields.map(field => field.column.name))
    const rows =
      header.serialization === 'TABLEDATA' ? textRows(pieces, header, source) : binaryRows(pieces, header, source)
    for (;;) {
      options.signal?.throwIfAborted()
      let next: IteratorResult<VotableRow, void>
      try {
        next = await rows.next()
      } catch (error) {
        failure = error
        break
      }
      if (next.done === true) break
      const { cells, text, sizeBytes } = next.value
      if (toSkip > 0) {
        toSkip--
        continue
      }
      if (cells === null) {
        const reason = `${path} has ${text.length} cells for ${header.fields.length} columns in row ${batch.nextRow}; repair the row and read it again.`
        batch.addBad({ code: 'FILE_UNREADABLE', reason, bytes: Buffer.from(text.join('\t')) })
      } else batch.add(makeRow(cells), sizeBytes)
      if (batch.isFull) yield batch.take()
    }
    if (!batch.isEmpty) yield batch.take()
    if (failure !== null) throw failure
    // Only the end of a gzip tells whether what came before was sound.
    if (source.isGzip) for await (const _ of pieces);
  } finally {
    await pieces.return()
  }
}

interface VotableRow {
  /** `null` where the row has too few or too many. */
  readonly cells: readonly Value[] | null
  readonly text: readonly string[]
  readonly sizeBytes: number
}

async function* textRows(
  pieces: Pieces,
  { fields }: VotableHeader,
  source: ByteSource,
): AsyncGenerator<VotableRow, void, undefined> {
  const { path, limits } = source
  const convert = fields.map(textConverter)
  let text: string[] = []
  let parts: string[] | null = null
  let sizeBytes = 0
  for (;;) {
    const { value: piece, done } = await pieces.next()
    if (done === true) throw unreadable(path, 'is cut short within its rows; fetch the file again')
    if (piece.kind === 'text') {
      if (parts === null) continue
      parts.push(piece.text)
      sizeBytes += piece.text.length
      if (sizeBytes > limits.maxRecordBytes) {
        throw tooLarge(path, `has a row of more than ${limits.maxRecordBytes} characters; leave out its widest columns`)
      }
    } else if (piece.name === 'TD') {
      if (piece.kind === 'open') parts = []
      else {
        text.push((parts ?? []).join(''))
        parts = null
      }
    } else if (piece.name === 'TR') {
      if (piece.kind === 'close') {
        const isWhole = text.length === fields.length
        yield { cells: isWhole ? text.map((cell, i) => convert[i](cell)) : null, text, sizeBytes }
      }
      text = []
      sizeBytes = 0
    } else if (piece.kind === 'close' && piece.name === 'TABLEDATA') return
  }
}

function textConverter({ column, missing }: VotableField): (text: string) => Value {
  const one = cellConverter({ ...column, arraySize: null })
  const words = new Map([
    ['T', 'true'],
    ['F', 'false'],
    ['?', 'null'],
  ])
  const convert = (text: string) =>
    text === missing ? null : one(column.type === 'boolean' ? (words.get(text.toUpperCase()) ?? text) : text)
  return cell => {
    const text = column.type === 'string' ? cell : cell.trim()
    if (text === '') return null
    return column.arraySize === null ? convert(text) : text.split(/\s+/).map(convert)
  }
}

async function* binaryRows(
  pieces: Pieces,
  { fields, serialization }: VotableHeader,
  source: ByteSource,
): AsyncGenerator<VotableRow, void, undefined> {
  const { path, limits } = source
  const layout: readonly BinaryField[] = fields.map(field => binaryField(field, path))
  const hasNulls = serialization === 'BINARY2'
  let isOpen = false
  let letters = ''
  let rest: Buffer = Buffer.alloc(0)
  for (;;) {
    const { value: piece, done } = await pieces.next()
    if (done === true) throw unreadable(path, 'is cut short within its rows; fetch the file again')
    if (piece.kind === 'open' && piece.name === 'STREAM') {
      if (piece.attributes.get('encoding') !== 'base64' || piece.attributes.has('href')) {
        throw unreadable(path, 'keeps its rows outside of the document or not in base64; save it with its data inside')
      }
      isOpen = true
    } else if (piece.kind === 'close') {
      if (piece.name !== serialization) continue
      if (rest.length > 0 || letters !== '') {
        throw unreadable(path, 'is damaged: its last row is not whole; fetch the file again')
      }
      return
    } else if (piece.kind === 'text' && isOpen) {
      letters += piece.text.replace(/\s+/g, '')
      const whole = letters.length - (letters.length % 4)
      rest = Buffer.concat([rest, Buffer.from(letters.slice(0, whole), 'base64')])
      letters = letters.slice(whole)
      let at = 0
      for (;;) {
        const row = binaryRow(rest, at, layout, hasNulls, limits.maxRecordBytes, path)
        if (row === null) break
        if (row.next <= at) throw unreadable(path, 'has rows without bytes; write it again')
        yield { cells: row.cells, text: [], sizeBytes: row.next - at }
        at = row.next
      }
      rest = rest.subarray(at)
    }
  }
}
