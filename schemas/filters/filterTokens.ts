// The text of a filter, cut into words, numbers and signs, each with its place.
import { filterError, shown } from './filterError.ts'

export type TokenKind = 'word' | 'number' | 'sign' | 'end'

export interface Token {
  readonly kind: TokenKind
  readonly text: string
  /** Characters before it. */
  readonly at: number
}

const TOKEN = /\s*(?:([A-Za-z][\w:]*)|([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([<>]=?|[()]))/y

/**
 * @returns the tokens in order, and last one of kind `end`
 * @throws FusionError FILTER_INVALID for a character that no token begins with
 */
export function filterTokens(text: string): readonly Token[] {
  const tokens: Token[] = []
  const end = text.trimEnd().length
  TOKEN.lastIndex = 0
  for (let at = 0; at < end; at = TOKEN.lastIndex) {
    const match = TOKEN.exec(text)
    if (match === null) {
      const rest = text.slice(at).trimStart()
      throw filterError('filter', text.length - rest.length, `${shown(rest)} does not belong there`)
    }
    const [whole, word, number, sign] = match
    const kind = word !== undefined ? 'word' : number !== undefined ? 'number' : 'sign'
    const found = word ?? number ?? sign
    tokens.push({ kind, text: found, at: at + whole.length - found.length })
  }
  tokens.push({ kind: 'end', text: '', at: end })
  return tokens
}
