// The worth of each survey as a page.
import { calibrationThresholds } from '../../models/index.ts'
import { axisLabel, symbolOf } from '../figures/axisLabel.ts'
import { valuePlot } from '../figures/valuePlot.ts'
import { paragraph, type ReportCell, type ReportDocument, table } from '../report/reportDocument.ts'
import { type PriorValue, type SetValue, valueNames } from './setPosteriors.ts'

const DIGITS = 3
const LEVEL = 0.68

export interface ValueStudy {
  readonly command: string
  readonly modelFingerprint: string
  readonly starCount: number
  readonly prior: PriorValue
  readonly sets: readonly SetValue[]
}

export function valueDocument({ command, modelFingerprint, starCount, prior, sets }: ValueStudy): ReportDocument {
  const symbols = valueNames.map(symbolOf)
  const number = (value: number) => value.toFixed(DIGITS)
  const coverage = (covered: number): ReportCell => ({
    text: `${(100 * covered).toFixed(1)}%`,
    isPassed: Math.abs(covered - LEVEL) <= calibrationThresholds.maxCoverageDeviation,
  })
  const rowsOf = (read: (value: SetValue['parameters'][number]) => string | ReportCell) =>
    sets.map(({ title, parameters }) => [title, ...parameters.map(read)])
  const subtitle = `${starCount} simulated stars that all of these have seen; model ${modelFingerprint.slice(0, 12)}`
  const panels = [
    ...valueNames.map((name, p) => ({
      heading: axisLabel(name),
      widths: sets.map(({ parameters }) => parameters[p].halfWidth),
      scatters: sets.map(({ parameters }) => parameters[p].scatter),
      notes: sets.map(({ parameters }) => `${Math.round(100 * parameters[p].coverage68)}%`),
    })),
    { heading: 'class, bits', widths: sets.map(({ entropyBits }) => entropyBits), scatters: [], notes: [] },
  ]
  return {
    title: 'What each survey is worth',
    lead: [
      paragraph(
        `${starCount} simulated stars that Gaia (its XP spectra too), 2MASS and WISE have seen, in W3 and W4 where they are bright enough, each shown to the model by some surveys and not by ` +
          'others. How wide is the posterior, how far is it from the truth, and how often does it hold it? Narrow alone is not good: the scatter must be as small, and the 68% interval hold 68%.',
      ),
      paragraph(
        'What the others saw is taken away, whoever saw the star. The model knows less: that few surveys have seen a star makes it more often a faint one. So a star that is shown by few ' +
          'surveys, but was chosen because all have seen it, is not one of those that the posterior is meant for, and coverage may be off without a fault of the model; stars with nothing but XP or a parallax are rare in its training besides. It is judged on stars as they come ' +
          'with their gaps: `docs/calibration.md`.',
      ),
      paragraph(
        'Spectra with pixels (BOSS, LAMOST, APOGEE) are shown where the model reads them, each of a night of its own with a signal over noise of 8 to 100; then stars outside their templates are left out.',
      ),
      paragraph(`Made by \`${command}\` with the model ${modelFingerprint}.`),
    ],
    sections: [
      {
        title: 'How wide, and how far off',
        blocks: [
          {
            kind: 'figure',
            name: 'value',
            svg: valuePlot(
              'What each survey is worth',
              subtitle,
              sets.map(({ title }) => title),
              panels,
            ),
            caption: subtitle,
          },
          table(
            'Half of the 68% interval, median over stars',
            ['Seen by', ...symbols],
            [
              ['half of the middle 68% of these stars', ...prior.halfWidths.map(number)],
              ...rowsOf(({ halfWidth }) => number(halfWidth)),
            ],
          ),
          table(
            'Half of the middle 68% of posterior median less truth',
            ['Seen by', ...symbols],
            rowsOf(({ scatter }) => number(scatter)),
          ),
          table(
            'Median of posterior median less truth',
            ['Seen by', ...symbols],
            rowsOf(({ bias }) => number(bias)),
          ),
          table(
            `Share of truths within the 68% interval (chance alone: ${(100 * Math.sqrt((LEVEL * (1 - LEVEL)) / starCount)).toFixed(1)}%; marked where off by more than 3%)`,
            ['Seen by', ...symbols],
            rowsOf(({ coverage68 }) => coverage(coverage68)),
          ),
        ],
      },
      {
        title: 'What kind of star',
        blocks: [
          table(
            'Classes: mean entropy of their probabilities, Brier score (0 is perfect), area under the curve of P(young)',
            ['Seen by', 'Bits', 'Brier score', 'Area'],
            [
              ['their shares among these stars', number(prior.entropyBits), number(prior.brier), '0.500'],
              ...sets.map(({ title, entropyBits, brier, youngArea }) => [
                title,
                number(entropyBits),
                number(brier),
                youngArea === null ? '' : number(youngArea),
              ]),
            ],
          ),
        ],
      },
    ],
  }
}
