// Headers of FITS units: cards of 80 bytes in blocks of 2880 (FITS standard 4.0, sections 3 and 4).
import type { ByteCursor } from './byteCursor.ts'
import type { ByteSource } from './byteSource.ts'
import { tooLarge, unreadable } from './unreadableFile.ts'

export const FITS_BLOCK_BYTES = 2880
export const FITS_CARD_BYTES = 80

export interface FitsHeader {
  /** Texts without their quotes, numbers as written: a zero point may need more digits than a double has. */
  readonly values: ReadonlyMap<string, string>
  /** What stands behind the value of a card. */
  readonly remarks: ReadonlyMap<string, string>
  readonly comments: readonly string[]
}

export interface FitsUnit {
  readonly header: FitsHeader
  readonly dataStart: number
  /** Without the padding to whole blocks. */
  readonly dataBytes: number
}

/**
 * The unit at the cursor, which is left at its data.
 * @returns `null` at the end of the file
 * @throws FusionError FILE_UNREADABLE when the header is cut short or no FITS header
 */
export async function readFitsUnit(cursor: ByteCursor, source: ByteSource): Promise<FitsUnit | null> {
  const cards: string[] = []
  for (;;) {
    const { bytes, failure } = await cursor.read(FITS_BLOCK_BYTES)
    if (failure !== null) throw failure
    const block = bytes.toString('latin1')
    if (cards.length === 0 && !/^(SIMPLE {2}|XTENSION)=/.test(block)) {
      // Whatever follows the last unit that begins like one is to be passed over (section 3.5).
      return null
    }
    for (let at = 0; at + FITS_CARD_BYTES <= block.length; at += FITS_CARD_BYTES) {
      const card = block.slice(at, at + FITS_CARD_BYTES)
      if (/^END *$/.test(card)) {
        const header = parseCards(cards)
        return { header, dataStart: cursor.position, dataBytes: dataBytesOf(header, source.path) }
      }
      cards.push(card)
    }
    if (bytes.length < FITS_BLOCK_BYTES) {
      throw unreadable(source.path, 'is cut short: it ends within a FITS header; fetch the file again')
    }
    if (cards.length * FITS_CARD_BYTES > source.limits.maxHeaderBytes) {
      throw tooLarge(
        source.path,
        `has a header of more than ${source.limits.maxHeaderBytes} bytes; take out its comments and history, or check that it is the file you meant`,
      )
    }
  }
}

/** @returns the whole number of a card, or the fallback when there is no such card */
export function fitsInteger(header: FitsHeader, keyword: string, fallback: number, path: string): number {
  const text = header.values.get(keyword)
  if (text === undefined) return fallback
  const value = Number(text)
  if (!Number.isSafeInteger(value))
    throw unreadable(path, `has ${keyword} = '${text}', no whole number; write it again`)
  return value
}

function dataBytesOf(header: FitsHeader, path: string): number {
  const count = (keyword: string, fallback: number) => {
    const value = fitsInteger(header, keyword, fallback, path)
    if (value < 0) throw unreadable(path, `has ${keyword} = ${value}, below zero; write it again`)
    return value
  }
  const axes = Array.from({ length: Math.min(count('NAXIS', 0), 999) }, (_, i) => count(`NAXIS${i + 1}`, 0))
  if (axes.length === 0) return 0
  // Random groups announce themselves by a first axis of zero (section 6).
  const lengths = axes[0] === 0 && header.values.get('GROUPS') === 'T' ? axes.slice(1) : axes
  const elements = lengths.reduce((a, b) => a * b, 1)
  const elementBytes = Math.abs(fitsInteger(header, 'BITPIX', 8, path)) / 8
  return elementBytes * count('GCOUNT', 1) * (count('PCOUNT', 0) + elements)
}

function parseCards(cards: readonly string[]): FitsHeader {
  const values = new Map<string, string>()
  const remarks = new Map<string, string>()
  const comments: string[] = []
  let open: string | null = null
  for (const card of cards) {
    const keyword = card.slice(0, 8).trimEnd()
    if (keyword === 'COMMENT') comments.push(card.slice(8).trimEnd())
    const isContinued = keyword === 'CONTINUE' && open !== null
    if (!isContinued && card.slice(8, 10) !== '= ') continue
    const { value, remark } = parseValue(card.slice(isContinued ? 8 : 10))
    const name: string = isContinued && open !== null ? open : keyword
    const whole: string = isContinued ? (values.get(name) ?? '').slice(0, -1) + value : value
    values.set(name, whole)
    if (remark !== '') remarks.set(name, remark)
    // A text that ends with an ampersand goes on in the next card, if that is a CONTINUE (section 4.2.1.2).
    open = whole.endsWith('&') ? name : null
  }
  return { values, remarks, comments }
}

function parseValue(field: string): { readonly value: string; readonly remark: string } {
  const quoted = /^ *'((?:[^']|'')*)' *(?:\/ ?(.*))?/.exec(field)
  if (quoted !== null) {
    return { value: quoted[1].replaceAll("''", "'").trimEnd(), remark: (quoted[2] ?? '').trim() }
  }
  const slash = field.indexOf('/')
  const value = slash < 0 ? field : field.slice(0, slash)
  return { value: value.trim(), remark: slash < 0 ? '' : field.slice(slash + 1).trim() }
}
