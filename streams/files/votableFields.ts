// The fields of a VOTable: the head of a document, and alone what VOParquet keeps in a Parquet file, so that units and UCDs travel with it.
import type { Column, ColumnType } from './table.ts'

/** A FIELD with what is needed to read its cells. */
export interface VotableField {
  readonly column: Column
  readonly datatype: string
  /** As written; `null` where there is none. */
  readonly arraysize: string | null
  /** What stands for a missing number, as written. */
  readonly missing: string | null
}

/** Keys of the file's metadata (IVOA Note VOParquet 1.0). */
export const VOPARQUET_CONTENT = 'IVOA.VOTable-Parquet.content'
export const VOPARQUET_VERSION = 'IVOA.VOTable-Parquet.version'

const datatypes: Readonly<Record<ColumnType, string>> = {
  text: 'unicodeChar',
  string: 'unicodeChar',
  boolean: 'boolean',
  int: 'int',
  long: 'long',
  // VOTable has no unsigned 64-bit integer; a reader takes the type from Parquet.
  unsignedLong: 'long',
  float: 'float',
  double: 'double',
}

const entities = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
])
const characters = new Map([...entities].map(([character, entity]) => [entity, character]))

// XML 1.0 has no way to write most control characters, not even as references.
const unwritable = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

/** Text with the entities of XML; characters that XML has not become U+FFFD. */
export function escaped(text: string): string {
  return text.replace(unwritable, '\ufffd').replace(/[&<>"']/g, character => entities.get(character) ?? character)
}

/** Text without the entities and character references of XML. */
export function unescaped(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-fA-F]+)|\w+);/g, (entity, decimal, hex) => {
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return code <= 0x10ffff ? String.fromCodePoint(code) : (characters.get(entity) ?? entity)
  })
}

function attribute(name: string, value: string | null): string {
  return value === null ? '' : ` ${name}="${escaped(value)}"`
}

interface HeadFacts {
  /** What stands for a missing element of an array. */
  readonly marks?: Partial<Record<ColumnType, string>>
  /** The longest text of each column, where that is known. */
  readonly longest?: readonly number[] | undefined
}

/** A VOTable 1.4 document with one table up to its last field. */
export function votableHead(
  columns: readonly Column[],
  meta: Readonly<Record<string, string>>,
  { marks = {}, longest }: HeadFacts = {},
): string {
  const params = Object.entries(meta).map(
    ([name, value]) => `<INFO name="${escaped(name)}" value="${escaped(value)}"/>`,
  )
  // No ID: astropy names its columns by them where there are any.
  const fields = columns.map(({ name, unit, description, ucd, type, arraySize }, i) => {
    const isText = type === 'string' || type === 'text'
    // An array of texts of any length has no arraysize: it is left to Parquet.
    const size = isText || arraySize === '*' ? '*' : arraySize === null ? null : String(arraySize)
    const most = isText && arraySize === null && longest !== undefined ? longest[i] : ''
    const attributes = [
      attribute('name', name),
      attribute('datatype', datatypes[type]),
      attribute('arraysize', size === '*' ? `${most}*` : size),
      attribute('unit', unit),
      attribute('ucd', ucd),
    ].join('')
    const mark = arraySize === null ? undefined : marks[type]
    const body =
      (description === null ? '' : `<DESCRIPTION>${escaped(description)}</DESCRIPTION>`) +
      (mark === undefined ? '' : `<VALUES null="${mark}"/>`)
    return `<FIELD${attributes}${body === '' ? '/>' : `>${body}</FIELD>`}`
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3">',
    '<RESOURCE type="results">',
    ...params,
    '<TABLE>',
    ...fields,
  ].join('\n')
}

/** What closes such a document. */
export const votableTail = ['</TABLE>', '</RESOURCE>', '</VOTABLE>'].join('\n')

/** A whole document without data. @param longest text of each column: astropy takes texts of unknown length for objects */
export function printVotableFields(
  columns: readonly Column[],
  meta: Readonly<Record<string, string>>,
  longest?: readonly number[],
): string {
  return `${votableHead(columns, meta, { longest })}\n${votableTail}`
}

/** The fields of such a document; types are left to the file itself. */
export function parseVotableFields(xml: string): Column[] {
  const fields = xml.matchAll(/<(?:\w+:)?FIELD\b((?:[^>"']|"[^"]*"|'[^']*')*?)(?:\/>|>([\s\S]*?)<\/(?:\w+:)?FIELD>)/g)
  return [...fields].map(([, attributes, body]) => {
    const attributeOf = (name: string) => {
      const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes)
      return unescaped(found?.[1] ?? found?.[2] ?? '') || null
    }
    const description = /<(?:\w+:)?DESCRIPTION\b[^>]*>([\s\S]*?)</.exec(body ?? '')
    return {
      name: attributeOf('name') ?? '',
      unit: attributeOf('unit'),
      description: unescaped(description?.[1].trim() ?? '') || null,
      ucd: attributeOf('ucd'),
      type: 'text',
      arraySize: null,
    }
  })
}
