// The ablation on the real sky as a report.
import type { SkyCell, SkyMeasure, SkySummary } from '../../models/index.ts'
import { paragraph, type ReportBlock, type ReportDocument, table } from '../report/reportDocument.ts'
import { digitsOf, parameterTitles, pointsText, spreadText } from './scoreText.ts'

export function skyDocument(
  summaries: readonly SkySummary[],
  cells: readonly SkyCell[],
  command: string,
): ReportDocument {
  const { counts, judgedStars } = cells[0]
  const seeds = [...new Set(cells.map(({ seed }) => seed))]
  return {
    title: 'What adaptation to real stars does',
    lead: [
      paragraph(
        `A small network is taught on ${counts.simulated} stars of the default simulator with their truth, adapted to ${counts.real} real stars without labels, and judged by ` +
          `what others have measured of ${judgedStars} real stars that it has not seen. Seeds ${seeds.join(', ')}, each with other halves; means, and the standard deviation of a seed.`,
      ),
      paragraph(`Made by \`${command}\`.`),
    ],
    sections: [
      { title: 'All groups', blocks: [...overallTables(summaries), simulationTable(summaries)] },
      ...summaries[0].parameters.map(({ name }) => ({
        title: `Groups: ${parameterTitles[name] ?? name}`,
        blocks: [groupTable(summaries, name)],
      })),
    ],
  }
}

function overallTables(summaries: readonly SkySummary[]): ReportBlock[] {
  return summaries[0].parameters.map(({ name, groupCount, stack }, p) =>
    table(
      `${parameterTitles[name] ?? name}, ${groupCount} groups, each of which weighs the same. Bias and scatter: root mean square. Coverage: mean distance from what the 68% and 90% intervals claim, in points. ` +
        'In brackets: seeds in which it is better than none',
      ['Condition', 'Bias', 'Scatter', 'Coverage off by', ...(stack === null ? [] : ['Age of the cluster off by'])],
      summaries.map(({ condition, parameters }, s) => {
        const digits = digitsOf(name)
        const one = parameters[p]
        const better = ({ betterSeeds }: SkyMeasure) => (s === 0 ? '' : ` (${betterSeeds})`)
        return [
          condition,
          ...[one.bias, one.scatter].map(measure => spreadText(measure, digits) + better(measure)),
          pointsText(one.coverage) + better(one.coverage),
          ...(one.stack === null ? [] : [spreadText(one.stack, digits) + better(one.stack)]),
        ]
      }),
    ),
  )
}

function simulationTable(summaries: readonly SkySummary[]): ReportBlock {
  return table(
    'C2ST: how often a classifier tells embeddings of simulated and real stars apart. Simulations: scatter over that of none, and how far coverage is off, in points',
    ['Condition', 'C2ST', 'Simulations: scatter', 'Simulations: coverage off by'],
    summaries.map(({ condition, c2st, simulatedScatter, simulatedCoverage }) => [
      condition,
      spreadText(c2st, 3),
      spreadText(simulatedScatter, 3),
      pointsText(simulatedCoverage),
    ]),
  )
}

function groupTable(summaries: readonly SkySummary[], name: string): ReportBlock {
  const groups = summaries[0].groups.flatMap((one, g) => (one.name === name ? [g] : []))
  const digits = digitsOf(name)
  const isStacked = groups.some(g => summaries[0].groups[g].stackBias !== null)
  return table(
    'Posterior median less label; what the intervals hold, with the error of the label',
    [
      ...['Stars', 'Condition', 'N', 'Bias', 'Scatter', 'within 68%', 'within 90%'],
      ...(isStacked ? ['Age of the cluster less label'] : []),
    ],
    groups.flatMap(g =>
      summaries.map(({ condition, groups: all }) => {
        const { group, starCount, bias, scatter, covered68, covered90, stackBias } = all[g]
        return [
          ...[group, condition, starCount.mean.toFixed(0)],
          ...[spreadText(bias, digits), spreadText(scatter, digits), pointsText(covered68), pointsText(covered90)],
          ...(isStacked ? [stackBias === null ? '' : spreadText(stackBias, 2)] : []),
        ]
      }),
    ),
  )
}
