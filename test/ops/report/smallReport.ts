// A report of every kind of block, with signs in it that HTML and Markdown would take for their own.
import { paragraph, type ReportDocument, table, verdict } from '../../../ops/report/reportDocument.ts'

export const svg = '<svg xmlns="http://www.w3.org/2000/svg" role="img"><title>t</title><desc>d</desc></svg>\n'
export const smallReport: ReportDocument = {
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
