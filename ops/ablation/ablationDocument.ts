// The ablation as a report.
import type { AblationCell, ConditionSummary, ParameterSummary, SeedMean } from '../../models/index.ts'
import { paragraph, type ReportBlock, type ReportDocument, table } from '../report/reportDocument.ts'
import { digitsOf, parameterTitles, pointsText, signed, spreadText } from './scoreText.ts'

/** Share of the gap that adaptation should win back, and what it may cost on simulations. */
const goals = { wonBack: 0.5, scatterRatio: 1.05, coverageLoss: 0.02 } as const

/** @param figure of `ablationPlot` */
export function ablationDocument(
  summaries: readonly ConditionSummary[],
  cells: readonly AblationCell[],
  figure: string,
  command: string,
): ReportDocument {
  const { simulated, real, paired } = cells[0].counts
  const seeds = [...new Set(cells.map(({ seed }) => seed))]
  return {
    title: 'What adaptation wins back',
    lead: [
      paragraph(
        'A small network is taught on one world of simulated stars and judged on fresh stars of another, which stands for the sky. In between it is adapted to unlabelled stars ' +
          'of the sky, in one way after another. The oracle is taught with the truth of the stars of the sky: what lies between none and oracle is the gap.',
      ),
      paragraph(
        `The loader of each seed has ${simulated} simulated stars with their truth, ${real} real ones without, and ${paired} pairs of one star in both worlds. Seeds ${seeds.join(', ')}; ` +
          'means, and the standard deviation of a seed.',
      ),
      paragraph(`Made by \`${command}\`.`),
    ],
    sections: [
      {
        title: 'The gap, and what is won back',
        blocks: [
          table(
            'Bias: root mean square over the parameters, in units of the scatter of the oracle. Coverage: mean distance from what the 68% and 90% intervals claim, in points. C2ST: how often a classifier tells embeddings of the two worlds apart. Simulations: scatter over that of none, and coverage',
            [
              ...['Condition', 'Bias', 'won back', 'Coverage off by', 'won back', 'C2ST'],
              ...['Simulations: scatter', 'Simulations: coverage off by'],
            ],
            summaries.map(one => [
              one.condition,
              spreadText(one.bias, 2),
              share(one.biasWonBack),
              pointsText(one.coverage),
              share(one.coverageWonBack),
              spreadText(one.c2st, 3),
              spreadText(one.simulatedScatter, 3),
              pointsText(one.simulatedCoverage),
            ]),
          ),
          verdictOf(summaries),
          {
            kind: 'figure',
            name: 'ablation',
            svg: figure,
            caption: 'Share of the gap won back, each seed and their mean.',
          },
        ],
      },
      { title: 'Stars of the sky', blocks: scoreTables(summaries, one => one.sky) },
      { title: 'Stars of the simulations', blocks: scoreTables(summaries, one => one.simulated) },
    ],
  }
}

/** Which conditions win back enough of both without loss on simulations. */
function verdictOf(summaries: readonly ConditionSummary[]): ReportBlock {
  const none = summaries[0]
  const adapted = summaries.slice(1, -1)
  const reach = adapted.filter(
    one =>
      (one.biasWonBack?.mean ?? 0) >= goals.wonBack &&
      (one.coverageWonBack?.mean ?? 0) >= goals.wonBack &&
      one.simulatedScatter.mean <= goals.scatterRatio &&
      one.simulatedCoverage.mean <= none.simulatedCoverage.mean + goals.coverageLoss,
  )
  const goal = 'half of what the gap costs in bias and in coverage, without loss on simulations'
  const named = reach.map(({ condition }) => `'${condition}'`).join(', ')
  return {
    kind: 'verdict',
    isPassed: reach.length > 0,
    text: reach.length > 0 ? `Wins back ${goal}: ${named}.` : `No condition wins back ${goal}.`,
  }
}

function scoreTables(
  summaries: readonly ConditionSummary[],
  of: (one: ConditionSummary) => readonly ParameterSummary[],
): ReportBlock[] {
  return of(summaries[0]).map(({ name }, p) =>
    table(
      parameterTitles[name] ?? name,
      ['Condition', 'Bias', 'Scatter', 'within 68%', 'within 90%'],
      summaries.map(one => {
        const { bias, scatter, covered68, covered90 } = of(one)[p]
        const digits = digitsOf(name)
        return [
          one.condition,
          spreadText(bias, digits),
          spreadText(scatter, digits),
          pointsText(covered68),
          pointsText(covered90),
        ]
      }),
    ),
  )
}

const share = (won: SeedMean | null) =>
  won === null ? 'no gap' : `${signed(100 * won.mean, 0)} ± ${(100 * won.spread).toFixed(0)}%`
