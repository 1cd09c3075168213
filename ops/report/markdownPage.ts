// Reports: a document as Markdown with its figures as files beside it, for pages that are read in the repository.
import { cellOf, type ReportBlock, type ReportDocument, type ReportTable } from './reportDocument.ts'

export interface MarkdownPage {
  readonly text: string
  /** File name below the page's folder -> SVG. */
  readonly figures: ReadonlyMap<string, string>
}

/**
 * @param figureFolder folder of the figures, relative to the page, such as `figures`
 * @throws RangeError when two figures have one name
 */
export function markdownPage(document: ReportDocument, figureFolder: string): MarkdownPage {
  const figures = new Map<string, string>()
  const write = (block: ReportBlock): string => {
    switch (block.kind) {
      case 'paragraph':
        return plain(block.text)
      case 'list':
        return block.items.map(item => `- ${plain(item)}`).join('\n')
      case 'verdict':
        return `> **${block.isPassed ? 'Passed' : 'Falls short'}.** ${plain(block.text)}`
      case 'table':
        return markdownTable(block.table)
      case 'figure': {
        const file = `${figureFolder}/${block.name}.svg`
        if (figures.has(file)) throw new RangeError(`markdownPage: two figures are named ${block.name}`)
        figures.set(file, block.svg)
        return `![${plain(block.caption.replace(/[[\]]/g, ''))}](${file})\n\n*${plain(block.caption)}*`
      }
    }
  }
  const sections = document.sections.flatMap(section => [`## ${plain(section.title)}`, ...section.blocks.map(write)])
  const text = [`# ${plain(document.title)}`, ...document.lead.map(write), ...sections].join('\n\n')
  return { text: `${text}\n`, figures }
}

function markdownTable(table: ReportTable): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const head = line(table.columns.map(column => cell(column.heading)))
  const rule = line(table.columns.map(column => (column.isNumber ? '--:' : '---')))
  const rows = table.rows.map(row =>
    line(row.map(cellOf).map(({ text, isPassed }) => (isPassed === false ? `**${cell(text)}** \u2717` : cell(text)))),
  )
  return [`${plain(table.caption)}:`, '', head, rule, ...rows].join('\n')
}

function cell(text: string): string {
  return plain(text).replaceAll('|', '\\|')
}

/** Signs that Markdown would take for its own are kept from it, backquoted code apart. */
function plain(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part, k) => (k % 2 === 1 ? part : part.replace(/[\\*_<>[\]]/g, sign => `\\${sign}`)))
    .join('')
}
