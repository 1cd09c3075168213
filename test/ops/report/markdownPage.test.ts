import { expect, test } from 'vitest'
import { markdownPage } from '../../../ops/report/markdownPage.ts'
import { smallReport, svg } from './smallReport.ts'

test('signs of Markdown are kept from it, code in backquotes apart', () => {
  expect(markdownPage(smallReport, 'figures').text).toContain('Run `a | b` to see \\*all\\*.')
})

test('Markdown holds the table with its bars escaped and names the figures it needs', () => {
  const { text, figures } = markdownPage(smallReport, 'figures')
  expect(text).toContain('| name | x\\|y |\n| --- | --: |\n| one\\_two | **0.5** \u2717 |')
  expect(text).toContain('![A figure')
  expect([...figures]).toEqual([['figures/one.svg', svg]])
  expect(text).toContain('> **Falls short.** Something is off.')
})

test('two figures of one name are refused', () => {
  const figure = { kind: 'figure', name: 'one', svg, caption: 'c' } as const
  const twice = { ...smallReport, sections: [{ title: 's', blocks: [figure, figure] }] }
  expect(() => markdownPage(twice, 'figures')).toThrow(RangeError)
})
