// XML as a stream of tags and texts: as much of it as tables need, nothing resolved from outside, memory bounded.
import { tooLarge, unreadable } from './unreadableFile.ts'
import { unescaped } from './votableFields.ts'

export type XmlPiece =
  /** Without its namespace. */
  | { readonly kind: 'open'; readonly name: string; readonly attributes: ReadonlyMap<string, string> }
  | { readonly kind: 'close'; readonly name: string }
  /** Long texts come in several pieces. */
  | { readonly kind: 'text'; readonly text: string }

/** Longest tag, comment or CDATA section. */
const MAX_PIECE_CHARACTERS = 2 ** 20

/** What opens a piece that is no tag, and what ends it. Declarations are passed over: no entity is ever defined. */
const asides = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
  ['<!', '>'],
] as const

const wholeTag = /^<(?:[^>"']|"[^"]*"|'[^']*')*>/

/**
 * @throws FusionError FILE_UNREADABLE after the last whole piece of a document that ends within one
 * @throws FusionError RECORD_TOO_LARGE at a tag that does not end
 */
export async function* xmlPieces(
  chunks: AsyncIterable<Uint8Array>,
  path: string,
): AsyncGenerator<XmlPiece, void, undefined> {
  const decoder = new TextDecoder('utf-8')
  let rest = ''
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true })
    for (;;) {
      const { pieces, length } = nextPieces(rest)
      if (length === 0) break
      rest = rest.slice(length)
      yield* pieces
    }
    if (rest.length > MAX_PIECE_CHARACTERS) {
      throw tooLarge(path, `has an XML tag of over ${MAX_PIECE_CHARACTERS} characters; check that it is a VOTable`)
    }
  }
  if (rest.trim() !== '') throw unreadable(path, 'is cut short: it ends within an XML tag; fetch the file again')
}

/** The pieces at the beginning of a text, and how long they are there: 0 where more text is needed to tell. */
function nextPieces(text: string): { readonly pieces: readonly XmlPiece[]; readonly length: number } {
  if (text === '') return { pieces: [], length: 0 }
  if (text[0] !== '<') {
    const open = text.indexOf('<')
    const end = open >= 0 ? open : wholeCharacters(text)
    const piece = { kind: 'text', text: unescaped(text.slice(0, end)) } as const
    return { pieces: end === 0 ? [] : [piece], length: end }
  }
  for (const [begin, end] of asides) {
    if (begin.startsWith(text)) return { pieces: [], length: 0 }
    if (!text.startsWith(begin)) continue
    const at = text.indexOf(end, begin.length)
    if (at < 0) return { pieces: [], length: 0 }
    const isText = begin === '<![CDATA['
    const pieces = isText ? [{ kind: 'text', text: text.slice(begin.length, at) } as const] : []
    return { pieces, length: at + end.length }
  }
  const tag = wholeTag.exec(text)?.[0]
  return tag === undefined ? { pieces: [], length: 0 } : { pieces: piecesOf(tag), length: tag.length }
}

/** Up to where no entity has begun that goes on in the next chunk. */
function wholeCharacters(text: string): number {
  const entity = text.lastIndexOf('&')
  return entity >= 0 && text.length - entity < 12 && !text.includes(';', entity) ? entity : text.length
}

function piecesOf(tag: string): readonly XmlPiece[] {
  const name = /^<\/?\s*(?:[\w.-]+:)?([\w.-]+)/.exec(tag)?.[1] ?? ''
  if (tag[1] === '/') return [{ kind: 'close', name }]
  const attributes = new Map(
    Array.from(tag.matchAll(/\s([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g), ([, key, double, single]) => [
      key,
      unescaped(double ?? single ?? ''),
    ]),
  )
  const open = { kind: 'open', name, attributes } as const
  return tag.endsWith('/>') ? [open, { kind: 'close', name }] : [open]
}
