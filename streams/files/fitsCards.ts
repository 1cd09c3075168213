// FITS headers out: cards of 80 ASCII characters, in blocks (FITS standard 4.0, section 4).
import { FITS_BLOCK_BYTES, FITS_CARD_BYTES } from './fitsHeader.ts'

type CardValue = string | number | bigint | boolean

/** Longest text in one card, quotes not counted. */
const TEXT_CHARACTERS = 67

/** A keyword and its value; a long text goes on in CONTINUE cards, and what is not ASCII becomes a question mark. */
export function fitsCard(keyword: string, value: CardValue, remark = ''): string[] {
  if (typeof value !== 'string') {
    const text = typeof value === 'boolean' ? (value ? 'T' : 'F') : String(value)
    return [cut(`${keyword.padEnd(8)}= ${text.padStart(20)}${remark === '' ? '' : ` / ${remark}`}`)]
  }
  const pieces = textPieces(fitsAscii(value).replaceAll("'", "''"))
  return pieces.map((piece, i) => {
    const text = `'${(i < pieces.length - 1 ? `${piece}&` : piece).padEnd(8)}'`
    return i === 0 ? cut(`${keyword.padEnd(8)}= ${text}`) : cut(`CONTINUE  ${text}`)
  })
}

function textPieces(text: string): string[] {
  const pieces: string[] = []
  let rest = text
  while (rest.length > TEXT_CHARACTERS + 1) {
    // A doubled quote must not be torn apart.
    const quotes = /'*$/.exec(rest.slice(0, TEXT_CHARACTERS))?.[0].length ?? 0
    const length = TEXT_CHARACTERS - (quotes % 2)
    pieces.push(rest.slice(0, length))
    rest = rest.slice(length)
  }
  return [...pieces, rest]
}

/** Printable ASCII: the micro sign and accents lose themselves, all else beyond it is a question mark. */
export function fitsAscii(text: string): string {
  return text
    .replaceAll(/[\u00b5\u03bc]/g, 'u')
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\x20-\x7e]/gu, '?')
}

/** Lines of any length as comments that astropy joins again: pieces of 70 characters, a mark behind those that go on. */
export function fitsComments(lines: readonly string[]): string[] {
  return lines.flatMap(line => {
    const pieces = line.match(/.{1,70}/g) ?? ['']
    return pieces.map((piece, i) => cut(`COMMENT ${piece}${i < pieces.length - 1 ? '\\' : ''}`))
  })
}

/** What `fitsComments` made of lines, as lines again. */
export function joinFitsComments(comments: readonly string[]): string[] {
  const lines: string[] = []
  let goesOn = false
  for (const comment of comments) {
    const piece = comment.slice(0, 70)
    if (goesOn) lines[lines.length - 1] += piece
    else lines.push(piece)
    goesOn = comment.length === 71
  }
  return lines
}

function cut(card: string): string {
  return card.slice(0, FITS_CARD_BYTES).padEnd(FITS_CARD_BYTES)
}

/** Cards, END and blanks up to a whole block. */
export function fitsHeaderBytes(cards: readonly string[]): Buffer {
  const text = [...cards, cut('END')].join('')
  return Buffer.from(text.padEnd(Math.ceil(text.length / FITS_BLOCK_BYTES) * FITS_BLOCK_BYTES), 'latin1')
}
