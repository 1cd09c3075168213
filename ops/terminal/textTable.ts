// Rows of text as an aligned table.

export interface TextColumn {
  readonly title: string
  readonly align?: 'left' | 'right'
}

/** Lines of the table: titles, a rule, the rows. Cells may hold any characters of single width. */
export function renderTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = columns.map((column, i) => Math.max(width(column.title), ...rows.map(row => width(row[i] ?? ''))))
  const line = (cells: readonly string[]) =>
    columns
      .map((column, i) => pad(cells[i] ?? '', widths[i], column.align ?? 'left'))
      .join('  ')
      .trimEnd()
  const rule = widths
    .map(n => '-'.repeat(n))
    .join('  ')
    .trimEnd()
  return [line(columns.map(column => column.title)), rule, ...rows.map(line)]
}

function width(text: string): number {
  return [...text].length
}

function pad(text: string, columns: number, align: 'left' | 'right'): string {
  const gap = ' '.repeat(Math.max(0, columns - width(text)))
  return align === 'left' ? text + gap : gap + text
}
