// The domain gap as a report.
import type { DomainGap, Separator } from '../../models/index.ts'
import {
  paragraph,
  type ReportBlock,
  type ReportColumn,
  type ReportDocument,
  type ReportSection,
} from '../report/reportDocument.ts'
import type { PopulationGap } from './gapRun.ts'

/** Features named as what separates most. */
const NAMED = 2

export function gapDocument(found: readonly PopulationGap[], command: string): ReportDocument {
  const of = (isYoung: boolean) => found.filter(({ population }) => population.isYoung === isYoung)
  const sections: ReportSection[] = [
    { title: 'Young stars', blocks: of(true).map(blockOf) },
    { title: 'Field stars and old clusters', blocks: of(false).map(blockOf) },
  ]
  return {
    title: 'How far simulated stars lie from real ones',
    lead: [
      paragraph(
        'A fixed classifier (two hidden layers, five folds, three seeds) is taught to tell real stars from simulated ones of the recipe that should look like them. ' +
          'Its accuracy on stars it has not seen is the domain gap: 0.5 is none, 1 is one that shows in every star. What separates most is told beside it: ' +
          'the features that differ most by themselves, with simulated less real in the median.',
      ),
      paragraph(
        'The score holds all that differs: models of evolution and atmospheres, but also the list that real stars were taken from, its members, limits and blends, and ' +
          'the mass function. The range of magnitudes is cut to that of the real stars; within it their distribution is not matched.',
      ),
      paragraph(`Made by \`${command}\`.`),
    ],
    sections: sections.filter(({ blocks }) => blocks.length > 0),
  }
}

function blockOf({ population, reference, gaps, leftOut }: PopulationGap): ReportBlock {
  const left = leftOut.length === 0 ? '' : `; too few stars with ${leftOut.map(({ title }) => title).join('; with ')}`
  const rows = gaps.map(({ subset, colours, withMagnitude }) => [
    subset.title,
    String(colours.starCount),
    scoreOf(colours),
    scoreOf(withMagnitude),
    withMagnitude.separators.slice(0, NAMED).map(separatorOf).join('; '),
  ])
  const caption = `${population.title} (${reference.replaceAll(/\.$/g, '')}${left})`
  return { kind: 'table', table: { caption, columns, rows } }
}

const columns: readonly ReportColumn[] = [
  { heading: 'Surveys', isNumber: false },
  { heading: 'Stars of each side', isNumber: true },
  { heading: 'Accuracy, colours', isNumber: true },
  { heading: 'with the magnitude', isNumber: true },
  { heading: 'What separates most', isNumber: false },
]

function scoreOf({ accuracy, spread }: DomainGap): string {
  return `${accuracy.toFixed(3)} ± ${spread.toFixed(3)}`
}

function separatorOf({ feature, ksStatistic, medianShift, widthRatio }: Separator): string {
  const shift = `${medianShift < 0 ? '\u2212' : '+'}${Math.abs(medianShift).toFixed(2)} mag`
  return `${feature} (KS ${ksStatistic.toFixed(2)}, ${shift}, ${widthRatio.toFixed(2)} times as wide)`
}
