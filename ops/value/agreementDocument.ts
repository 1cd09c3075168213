// Whether instruments agree about a star, as a page.
import { type Agreement, agreementOf, calibratedDifferences, middleHalf, truthsOf } from '../../models/index.ts'
import { agreementPlot } from '../figures/agreementPlot.ts'
import { axisLabel } from '../figures/axisLabel.ts'
import { signedText } from '../figures/labelPlot.ts'
import { paragraph, type ReportDocument, table } from '../report/reportDocument.ts'
import { intervalsOf, type SetPosteriors, valueNames } from './setPosteriors.ts'

export interface PairAgreement {
  readonly first: string
  readonly second: string
  /** In the order of `valueNames`. */
  readonly parameters: readonly (Agreement & { readonly name: string; readonly differences: Float64Array })[]
}

/** Each posterior beside each later one, of the same stars. */
export function compareSets(sets: readonly SetPosteriors[]): readonly PairAgreement[] {
  const intervals = sets.map(one => valueNames.map((_, p) => intervalsOf(one, p)))
  return sets.flatMap((one, a) =>
    sets.slice(a + 1).map((other, k) => ({
      first: one.set.title,
      second: other.set.title,
      parameters: valueNames.map((name, p) => {
        const [mine, theirs] = [intervals[a][p], intervals[a + 1 + k][p]]
        const priorWidth = middleHalf(truthsOf(one.draws, p))
        return { name, differences: calibratedDifferences(mine, theirs), ...agreementOf(mine, theirs, priorWidth) }
      }),
    })),
  )
}

export interface AgreementStudy {
  readonly command: string
  readonly modelFingerprint: string
  readonly starCount: number
  readonly pairs: readonly PairAgreement[]
}

export function agreementDocument({ command, modelFingerprint, starCount, pairs }: AgreementStudy): ReportDocument {
  const title = 'The same star, by different instruments'
  const subtitle = `${starCount} simulated stars; model ${modelFingerprint.slice(0, 12)}`
  const headingOf = ({ first, second }: PairAgreement) => `${second} less ${first}`
  const svg = agreementPlot(
    title,
    subtitle,
    valueNames.map(axisLabel),
    pairs.map(pair => ({ heading: headingOf(pair), panels: pair.parameters })),
  )
  const percent = (share: number) => `${(100 * share).toFixed(1)}%`
  return {
    title,
    lead: [
      paragraph(
        `The posteriors of ${starCount} simulated stars by one instrument, and by another that measured something else of the same star. The difference of their medians over the quadrature of half of their 68% ` +
          'intervals should scatter as the widths say: more, and one of them is too sure; a mean other than 0, and one of them is displaced.',
      ),
      paragraph(
        'What to expect is not 1. Two posteriors under one prior are drawn to it together. Were all Gaussian, of a prior of width t and posteriors of widths a and b, the variance of the calibrated difference ' +
          'were 1 - 2 a² b² / (t² (a² + b²)): 1 where both know much, 0 where both know nothing. The columns of what is expected are that, with the widths of each star and the width of the ' +
          'truths of these stars for t. Posteriors of stars are not Gaussian (ages have several modes), and instruments that share another unknown, such as the extinction, err together in it: what is expected is a guide, not a test. ' +
          'How far each posterior is from the truth is told in `docs/value.md`, how far to trust it in `docs/calibration.md`.',
      ),
      paragraph(`Made by \`${command}\` with the model ${modelFingerprint}.`),
    ],
    sections: [
      {
        title: 'Differences over their widths',
        blocks: [
          { kind: 'figure', name: 'agreement', svg, caption: subtitle },
          ...valueNames.map((name, p) =>
            table(
              axisLabel(name).replaceAll(/[{}]/g, ''),
              ['Pair', 'Mean', 'Half of the middle 68%', 'expected', 'Beyond 2', 'expected'],
              pairs.map(pair => {
                const { mean, width, expectedWidth, beyondTwo, expectedBeyondTwo } = pair.parameters[p]
                return [
                  headingOf(pair),
                  signedText(mean, 2),
                  width.toFixed(2),
                  expectedWidth.toFixed(2),
                  percent(beyondTwo),
                  percent(expectedBeyondTwo),
                ]
              }),
            ),
          ),
        ],
      },
    ],
  }
}
