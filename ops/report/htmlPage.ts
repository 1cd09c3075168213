// Reports: a document as one web page that needs nothing beside it; it can be mailed, archived and printed.
import { escapeXml } from '../figures/svg.ts'
import { cellOf, type ReportBlock, type ReportDocument, type ReportTable, sectionId } from './reportDocument.ts'

// Colours meet a contrast of 4.5 to 1 on both grounds; passed and failed are told by words too.
const styleSheet = `
:root { --ink: #1f2328; --muted: #59636e; --paper: #ffffff; --line: #d1d9e0; --good: #1a7f37; --bad: #b3261e; --link: #0969da; color-scheme: light dark; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --muted: #9198a1; --paper: #0d1117; --line: #3d444d; --good: #3fb950; --bad: #ff7b72; --link: #58a6ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 Helvetica, Arial, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 1rem; }
h2 { font-size: 1.3rem; margin: 3rem 0 .75rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
p, ul { max-width: 46rem; }
a { color: var(--link); }
code { font-size: .92em; overflow-wrap: anywhere; }
nav ul { columns: 18rem; padding-left: 1.2rem; }
.verdict { border-left: 4px solid; padding: .3rem .9rem; max-width: 46rem; }
.good { color: var(--good); } .bad { color: var(--bad); }
.scroll { overflow-x: auto; margin: 1.25rem 0; }
table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--muted); padding-bottom: .4rem; }
th, td { padding: .28rem .8rem .28rem 0; border-bottom: 1px solid var(--line); text-align: left; font-weight: normal; white-space: nowrap; }
thead th { color: var(--muted); vertical-align: bottom; }
.number { text-align: right; }
figure { margin: 1.5rem 0; }
figure svg { display: block; max-width: 100%; height: auto; border: 1px solid var(--line); border-radius: 6px; }
figcaption { color: var(--muted); font-size: .92rem; margin-top: .5rem; max-width: 46rem; }
@media print { body { font-size: 10.5pt; } main { max-width: none; padding: 0; } nav { display: none; } h2, figure, table { break-inside: avoid; } h2 { break-after: avoid; } .scroll { overflow: visible; } }
`.trim()

/** The whole page, self-contained: style inside, figures inline, no script, nothing fetched. */
export function htmlPage(document: ReportDocument): string {
  const contents = document.sections
    .map((section, k) => `<li><a href="#${sectionId(k, section.title)}">${escapeXml(section.title)}</a></li>`)
    .join('\n')
  const sections = document.sections.map((section, k) => {
    const id = sectionId(k, section.title)
    const inside = section.blocks.map(htmlBlock).join('\n')
    return `<section aria-labelledby="${id}">\n<h2 id="${id}">${escapeXml(section.title)}</h2>\n${inside}\n</section>`
  })
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeXml(document.title)}</title>
<style>
${styleSheet}
</style>
</head>
<body>
<main>
<h1>${escapeXml(document.title)}</h1>
${document.lead.map(htmlBlock).join('\n')}
<nav aria-label="Sections">
<ul>
${contents}
</ul>
</nav>
${sections.join('\n')}
</main>
</body>
</html>
`
}

function htmlBlock(block: ReportBlock): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${inline(block.text)}</p>`
    case 'list':
      return `<ul>\n${block.items.map(item => `<li>${inline(item)}</li>`).join('\n')}\n</ul>`
    case 'verdict':
      return `<p class="verdict ${markOf(block.isPassed)}">${inline(block.text)}</p>`
    case 'table':
      return htmlTable(block.table)
    case 'figure':
      return `<figure>\n${block.svg.trim()}\n<figcaption>${inline(block.caption)}</figcaption>\n</figure>`
  }
}

function htmlTable(table: ReportTable): string {
  const classOf = (k: number, mark: string) => {
    const names = [table.columns[k]?.isNumber === true ? 'number' : '', mark].filter(name => name !== '')
    return names.length === 0 ? '' : ` class="${names.join(' ')}"`
  }
  const head = table.columns
    .map((column, k) => `<th scope="col"${classOf(k, '')}>${inline(column.heading)}</th>`)
    .join('')
  const rows = table.rows.map(row => {
    const cells = row.map(cellOf).map(({ text, isPassed }, k) => {
      const mark = isPassed === undefined ? '' : markOf(isPassed)
      if (k === 0) return `<th scope="row"${classOf(k, mark)}>${inline(text)}</th>`
      return `<td${classOf(k, mark)}>${inline(text)}${isPassed === false ? ' \u2717' : ''}</td>`
    })
    return `<tr>${cells.join('')}</tr>`
  })
  return `<div class="scroll" role="region" aria-label="${escapeXml(table.caption)}" tabindex="0">
<table>
<caption>${inline(table.caption)}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</div>`
}

function markOf(isPassed: boolean): string {
  return isPassed ? 'good' : 'bad'
}

/** Text with `code` in backquotes; everything else is taken as it is. */
function inline(text: string): string {
  return escapeXml(text).replace(/`([^`]+)`/g, '<code>$1</code>')
}
