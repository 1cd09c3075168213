import { parseHTML } from 'linkedom'
import { expect, test } from 'vitest'
import { htmlPage } from '../../../ops/report/htmlPage.ts'
import { sectionId } from '../../../ops/report/reportDocument.ts'
import { smallReport } from './smallReport.ts'

test('tables of the page have a caption, row and column headings, and failures told by more than colour', () => {
  const page = parseHTML(htmlPage(smallReport)).document
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
  expect(htmlPage(smallReport)).toContain('<p>Run <code>a | b</code> to see *all*.</p>')
})

test('section ids hold only letters, digits and dashes and differ for equal titles', () => {
  expect(sectionId(0, 'no 2MASS, no AllWISE!')).toBe('1-no-2mass-no-allwise')
  expect(sectionId(1, 'no 2MASS, no AllWISE!')).toBe('2-no-2mass-no-allwise')
})
