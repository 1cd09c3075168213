// Guards Arrow's decoder, which believes every count in the metadata of a message: a damaged one keeps it busy for ever, or
// eats the memory. What lists of fields, nodes and buffers there are is walked first, and must fit into the bytes.
//
//   message = 0xffffffff (4), length of its metadata (4), metadata, body; or, as older writers have it, without the first
//   file    = "ARROW1" and two zeros, messages, footer, length of the footer (4), "ARROW1"
//
// Metadata and footer are flatbuffers: a table begins with the distance back to its vtable, which holds, from its third entry on,
// where each field lies in the table; a list is the distance forward to its length. All numbers are little endian.

const FILE_MAGIC = 'ARROW1'
const CONTINUATION = 0xffffffff
const SCHEMA = 1
const DICTIONARY = 2
const BATCH = 3
/** Of a node and a buffer: two 64-bit numbers; of a block: three. */
const PAIR_BYTES = 16
const BLOCK_BYTES = 24
const OFFSET_BYTES = 4
/** Far more than any table here has, children of children included. */
const MAX_FIELDS = 10_000
const MAX_DEPTH = 32

/** @throws RangeError when counts and places in the metadata do not fit into the bytes */
export function checkArrow(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const isFile =
    Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(6, bytes.length)).toString('latin1') === FILE_MAGIC
  if (isFile) checkFile(view)
  else checkStream(view)
}

function checkStream(view: DataView): void {
  for (let at = 0; at + OFFSET_BYTES <= view.byteLength; ) {
    const next = checkMessage(view, at)
    if (next === null) return
    at = next
  }
}

function checkFile(view: DataView): void {
  const lengthAt = view.byteLength - FILE_MAGIC.length - OFFSET_BYTES
  const footerAt = lengthAt - view.getInt32(lengthAt, true)
  const footer = tableAt(view, footerAt)
  const fields = { count: 0 }
  const schema = childOf(footer, 1)
  if (schema !== null) checkSchema(schema, fields)
  for (const field of [2, 3]) {
    const blocks = listOf(footer, field, BLOCK_BYTES)
    for (let i = 0; i < blocks.length; i++) checkMessage(view, longAt(view, blocks.at + i * BLOCK_BYTES))
  }
}

/** @returns where the next one begins; `null` after the last */
function checkMessage(view: DataView, start: number): number | null {
  const hasMark = view.getUint32(start, true) === CONTINUATION
  const lengthAt = hasMark ? start + OFFSET_BYTES : start
  const metadataAt = lengthAt + OFFSET_BYTES
  const metadataBytes = view.getInt32(lengthAt, true)
  if (metadataBytes === 0) return null
  const bodyAt = metadataAt + metadataBytes
  if (metadataBytes < 0 || bodyAt > view.byteLength) throw outside('metadata')
  const metadata = new DataView(view.buffer, view.byteOffset + metadataAt, metadataBytes)
  const message = tableAt(metadata, 0)
  const bodyField = fieldOf(message, 3)
  const bodyBytes = bodyField === null ? 0 : longAt(metadata, bodyField)
  if (bodyBytes < 0 || bodyBytes > view.byteLength - bodyAt) throw outside('body')
  listOf(message, 4, OFFSET_BYTES)
  const typeField = fieldOf(message, 1)
  const type = typeField === null ? 0 : metadata.getUint8(typeField)
  const header = childOf(message, 2)
  if (header === null) throw new RangeError('arrow: a message has no header')
  if (type === SCHEMA) {
    checkSchema(header, { count: 0 })
    // The decoder would take a body that a schema has, or a message of a kind it does not know, for the next message.
    if (bodyBytes > 0) throw outside('schema')
  } else if (type === BATCH) checkBatch(header, bodyBytes)
  else if (type === DICTIONARY) {
    const batch = childOf(header, 1)
    if (batch !== null) checkBatch(batch, bodyBytes)
  } else throw new RangeError(`arrow: no kind of message is ${type}`)
  return bodyAt + bodyBytes
}

interface Table {
  readonly view: DataView
  readonly at: number
}

function checkSchema(schema: Table, seen: { count: number }): void {
  listOf(schema, 2, OFFSET_BYTES)
  checkFields(schema, 1, seen, 0)
}

function checkFields(owner: Table, field: number, seen: { count: number }, depth: number): void {
  const list = listOf(owner, field, OFFSET_BYTES)
  seen.count += list.length
  if (seen.count > MAX_FIELDS || depth > MAX_DEPTH) throw new RangeError('arrow: more fields than any table has')
  for (let i = 0; i < list.length; i++) {
    const child = tableAt(owner.view, list.at + i * OFFSET_BYTES)
    listOf(child, 6, OFFSET_BYTES)
    checkFields(child, 5, seen, depth + 1)
  }
}

function checkBatch(batch: Table, bodyBytes: number): void {
  const { view } = batch
  const lengthField = fieldOf(batch, 0)
  // Every value takes a bit at least.
  const checkRows = (rows: number) => {
    if (rows < 0 || rows > 8 * bodyBytes) throw outside('rows')
  }
  checkRows(lengthField === null ? 0 : longAt(view, lengthField))
  const nodes = listOf(batch, 1, PAIR_BYTES)
  for (let i = 0; i < nodes.length; i++) checkRows(longAt(view, nodes.at + i * PAIR_BYTES))
  const buffers = listOf(batch, 2, PAIR_BYTES)
  for (let i = 0; i < buffers.length; i++) {
    const [from, length] = [longAt(view, buffers.at + i * PAIR_BYTES), longAt(view, buffers.at + i * PAIR_BYTES + 8)]
    if (from < 0 || length < 0 || from + length > bodyBytes) throw outside('buffers')
  }
}

/** The table that the distance at `place` leads to. */
function tableAt(view: DataView, place: number): Table {
  return { view, at: place + view.getUint32(place, true) }
}

/** Where a field lies; `null` where it has its default. */
function fieldOf({ view, at }: Table, field: number): number | null {
  const vtable = at - view.getInt32(at, true)
  const entry = OFFSET_BYTES + 2 * field
  if (entry >= view.getUint16(vtable, true)) return null
  const distance = view.getUint16(vtable + entry, true)
  return distance === 0 ? null : at + distance
}

function childOf(table: Table, field: number): Table | null {
  const place = fieldOf(table, field)
  return place === null ? null : tableAt(table.view, place)
}

function listOf(table: Table, field: number, itemBytes: number): { readonly at: number; readonly length: number } {
  const place = fieldOf(table, field)
  if (place === null) return { at: 0, length: 0 }
  const { view } = table
  const start = place + view.getUint32(place, true)
  const length = view.getUint32(start, true)
  if (length * itemBytes > view.byteLength - start - OFFSET_BYTES) throw outside('list')
  return { at: start + OFFSET_BYTES, length }
}

/** Beyond 2^53 it is rounded, which is outside of any file. */
function longAt(view: DataView, at: number): number {
  return Number(view.getBigInt64(at, true))
}

function outside(what: string): RangeError {
  return new RangeError(`arrow: ${what} reach beyond the bytes`)
}
