import { parseHTML } from 'linkedom'
import { expect, test } from 'vitest'
import { htmlPage } from '../../../ops/report/htmlPage.ts'
import { markdownPage } from '../../../ops/report/markdownPage.ts'
import { paragraph, type ReportDocument, sectionId, table, verdict } from '../../../ops/report/reportDocument.ts'

const svg = '<svg xmlns="http://www.w3.org/2000/svg" role="img"><title>t</title><desc>d</desc></svg>\n'
const document: ReportDocument = {
  title: 'A & B',
  lead: [verdict(false, 'Something is off.'), paragraph('Run `a | b` to see *all*.')],
  sections: [
    {
      title: 'First',
      blocks: [
        table(
          'Values',
          ['name', 'x|y'],
          [
            ['one_two', { text: '0.5', isPassed: false }],
            ['three', '0.1'],
          ],
        ),
        { kind: 'figure', name: 'one', svg, caption: 'A [figure]' },
        { kind: 'list', items: ['<b>not bold</b>'] },
      ],
    },
  ],
}

test('tables of the page have a caption, row and column headings, and failures told by more than colour', () => {
  const page = parseHTML(htmlPage(document)).document
  expect(page.querySelector('html')?.getAttribute('lang')).toBe('en')
  expect(page.querySelector('caption')?.textContent).toBe('Values')
  expect(page.querySelectorAll('th[scope=col]').length).toBe(2)
  expect(page.querySelectorAll('th[scope=row]').length).toBe(2)
  expect(page.querySelector('td.bad')?.textContent).toBe('0.5 \u2717')
  expect(page.querySelectorAll('h1').length).toBe(1)
  expect(page.querySelector('figure svg[role=img] title')).not.toBeNull()
  expect(page.querySelectorAll('b').length).toBe(0)
})

test('code in backquotes becomes code, and nothing else is read as markup', () => {
  expect(htmlPage(document)).toContain('<p>Run <code>a | b</code> to see *all*.</p>')
  expect(markdownPage(document, 'figures').text).toContain('Run `a | b` to see \\*all\\*.')
})

test('Markdown holds the table with its bars escaped and names the figures it needs', () => {
  const { text, figures } = markdownPage(document, 'figures')
  expect(text).toContain('| name | x\\|y |\n| --- | --: |\n| one\\_two | **0.5** \u2717 |')
  expect(text).toContain('![A figure')
  expect([...figures]).toEqual([['figures/one.svg', svg]])
  expect(text).toContain('> **Falls short.** Something is off.')
})

test('two figures of one name are refused', () => {
  const figure = { kind: 'figure', name: 'one', svg, caption: 'c' } as const
  const twice = { ...document, sections: [{ title: 's', blocks: [figure, figure] }] }
  expect(() => markdownPage(twice, 'figures')).toThrow(RangeError)
})

test('section ids hold only letters, digits and dashes and differ for equal titles', () => {
  expect(sectionId(0, 'no 2MASS, no AllWISE!')).toBe('1-no-2mass-no-allwise')
  expect(sectionId(1, 'no 2MASS, no AllWISE!')).toBe('2-no-2mass-no-allwise')
})
