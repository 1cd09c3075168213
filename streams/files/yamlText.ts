// YAML from strangers: nothing is printed, nothing is executed, and aliases that multiply without end are refused. So is
// nesting without end, on which the parser's stack would run out, now and then with the whole process.
import { CST, type Document, isMap, isNode, isScalar, isSeq, Lexer, LineCounter, parseDocument } from 'yaml'

/** Deeper than anything that is meant; a column of indentation may be a level. */
const MAX_DEPTH = 200

export interface PlacedYaml {
  readonly value: unknown
  /** Line of a node, or of the nearest one above it that is there; the first is 1. */
  lineOf(keys: readonly (string | number)[]): number
}

/**
 * Plain data out of YAML, of which JSON is a part; tags nobody knows are passed over.
 * @param onProblem told what is wrong with it
 * @returns `undefined` when it is broken
 */
export function parseYaml(text: string, version: '1.1' | '1.2', onProblem?: (problem: string) => void): unknown {
  return parsePlacedYaml(text, version, onProblem)?.value
}

/** The same, and where in the text each node stands. @returns `undefined` when it is broken */
export function parsePlacedYaml(
  text: string,
  version: '1.1' | '1.2',
  onProblem?: (problem: string) => void,
): PlacedYaml | undefined {
  if (isTooDeep(text)) {
    onProblem?.(`it is nested deeper than ${MAX_DEPTH} levels`)
    return undefined
  }
  const lineCounter = new LineCounter()
  // It would pass over a second document without a word where it is told to be silent.
  // The parser would look up the line of every error, each from the beginning of the text.
  const document = parseDocument(text, { logLevel: 'error', version, lineCounter, prettyErrors: false })
  const [first] = document.errors
  if (first !== undefined) {
    const { line, col } = lineCounter.linePos(first.pos[0])
    onProblem?.(`${first.message.split('\n')[0]} at line ${line}, column ${col}`)
    return undefined
  }
  try {
    const value: unknown = document.toJS()
    return { value, lineOf: keys => lineCounter.linePos(offsetOf(document, keys)).line }
  } catch (error) {
    onProblem?.(error instanceof Error ? error.message : String(error))
    return undefined
  }
}

function offsetOf(document: Document, keys: readonly (string | number)[]): number {
  let node: unknown = document.contents
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0
  for (const key of keys) {
    const pair = isMap(node) ? node.items.find(one => (isScalar(one.key) ? one.key.value : one.key) === key) : undefined
    const item: unknown = isSeq(node) && typeof key === 'number' ? node.items[key] : undefined
    const place = pair?.key ?? item
    if (!isNode(place)) break
    offset = place.range?.[0] ?? offset
    node = pair === undefined ? item : pair.value
  }
  return offset
}

function isTooDeep(text: string): boolean {
  let depth = 0
  /** How deep each bracket that is open began. */
  const brackets: number[] = []
  let isLineStart = true
  let isScalar = false
  for (const lexeme of new Lexer().lex(text)) {
    const type: string | null = isScalar ? 'scalar' : CST.tokenType(lexeme)
    // The mark of a scalar stands before it.
    isScalar = !isScalar && type === 'scalar'
    if (type === 'flow-seq-start' || type === 'flow-map-start') brackets.push(depth++)
    else if (type === 'flow-seq-end' || type === 'flow-map-end') depth = brackets.pop() ?? depth
    else if (type === 'comma') depth = (brackets.at(-1) ?? -1) + 1
    // Within a line each of these is a level below the one before it, were it right or wrong.
    else if (type === 'seq-item-ind' || type === 'explicit-key-ind' || type === 'map-value-ind') depth++
    else if (type === 'space' && isLineStart && brackets.length === 0) depth += lexeme.length
    else if (type === 'newline' && brackets.length === 0) depth = 0
    isLineStart = type === 'newline'
    if (depth > MAX_DEPTH) return true
  }
  return false
}
