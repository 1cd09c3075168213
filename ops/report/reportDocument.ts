// Reports: what a report says, apart from how it is written down (as a web page or as Markdown).

export interface ReportColumn {
  readonly heading: string
  /** Numbers stand to the right. */
  readonly isNumber: boolean
}

export interface ReportCell {
  readonly text: string
  /** Whether it meets its limit; absent where there is none. */
  readonly isPassed?: boolean
}

export interface ReportTable {
  readonly caption: string
  readonly columns: readonly ReportColumn[]
  /** The first cell of a row names it. */
  readonly rows: readonly (readonly (string | ReportCell)[])[]
}

export type ReportBlock =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'verdict'; readonly isPassed: boolean; readonly text: string }
  | { readonly kind: 'table'; readonly table: ReportTable }
  | { readonly kind: 'figure'; readonly name: string; readonly svg: string; readonly caption: string }

export interface ReportSection {
  readonly title: string
  readonly blocks: readonly ReportBlock[]
}

export interface ReportDocument {
  readonly title: string
  /** What a hurried reader must know. */
  readonly lead: readonly ReportBlock[]
  readonly sections: readonly ReportSection[]
}

export function paragraph(text: string): ReportBlock {
  return { kind: 'paragraph', text }
}

export function verdict(isPassed: boolean, text: string): ReportBlock {
  return { kind: 'verdict', isPassed, text }
}

/** Columns with numbers everywhere but in the first. */
export function table(
  caption: string,
  headings: readonly string[],
  rows: readonly (readonly (string | ReportCell)[])[],
): ReportBlock {
  return {
    kind: 'table',
    table: { caption, columns: headings.map((heading, k) => ({ heading, isNumber: k > 0 })), rows },
  }
}

/** Text and mark of a cell, whichever way it was given. */
export function cellOf(cell: string | ReportCell): ReportCell {
  return typeof cell === 'string' ? { text: cell } : cell
}

/** Id of a section within its page, from its place and title: `2-no-allwise`. */
export function sectionId(index: number, title: string): string {
  const words = title.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  return `${index + 1}-${words}`.replace(/-+$/, '')
}
