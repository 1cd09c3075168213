// Reports: the model on real stars, good or bad, with what explains it.
import type { EvaluationReport, LabelReport } from '../evaluation/evaluationReport.ts'
import { type LabelPanel, labelPlot, signedText } from '../figures/labelPlot.ts'
import { readable } from '../figures/svg.ts'
import { clusterSection, clusterWords } from './clusterSection.ts'
import {
  causeWords,
  claimedErr,
  comparisonTable,
  comparisonWords,
  holdsTooFew,
  percentWithErr,
  shownQuantity,
} from './comparisonText.ts'
import { paragraph, type ReportBlock, type ReportDocument, type ReportSection, table } from './reportDocument.ts'
import { surveyWords } from './surveyWords.ts'
import { youthSection, youthWords } from './youthSection.ts'

export function evaluationDocument(report: EvaluationReport): ReportDocument {
  return {
    title: report.title,
    lead: [
      paragraph(
        'How the posteriors of real stars compare with what is known of the same stars by other means. Every star goes through the survey files of the pipeline: its error floors, zero points, sentinels, limits and flags. The network has seen simulated stars only; its simulator takes noise and gaps from published tables, and moves the colours of cool dwarfs towards the observed mean sequence by a random share.',
      ),
      paragraph(
        `Made by \`${report.command}\`: page, figures and \`real-stars.json\` with every number. Model \`${report.modelFingerprint}\`, ${report.sampleCount} samples a star, seed ${report.seed}.`,
      ),
      summaryTable(report),
      { kind: 'list', items: [...shortfallWords(report), clusterWords(report.clusters), youthWords(report.youth)] },
    ],
    sections: [
      ...labelSections(report),
      ...dwarfSection(report),
      ...distanceSections(report),
      ...(report.clusters.length === 0 ? [] : [clusterSection(report)]),
      youthSection(report),
      starsSection(report),
      readingSection(report),
    ],
  }
}

/** Every comparison of single stars, under the name it has in the summary. */
function namedComparisons({ labels, distances }: EvaluationReport) {
  return [
    ...labels.map(one => ({ ...one, title: `${one.title}: ${shownQuantity(one.quantity).words}` })),
    ...(distances === null
      ? []
      : [{ ...distances, title: 'all groups: distance without the parallax', quantity: 'logDistancePc' as const }]),
  ]
}

function summaryTable(report: EvaluationReport): ReportBlock {
  return table(
    'Posteriors against labels',
    ['comparison', 'N', 'bias', 'scatter', '68% interval holds', '95% interval holds'],
    namedComparisons(report).map(({ title, quantity, comparison }) => {
      const { unit, digits } = shownQuantity(quantity)
      return [
        title,
        comparison.starCount.toLocaleString('en-US'),
        `${signedText(comparison.bias, digits)} \u00b1 ${readable(comparison.biasErr, digits)} ${unit}`,
        `${readable(comparison.scatter, digits)} ${unit}`,
        percentWithErr(comparison.coverage68),
        percentWithErr(comparison.coverage95),
      ]
    }),
  )
}

/** What is not as it should be, named. */
function shortfallWords(report: EvaluationReport): readonly string[] {
  const all = namedComparisons(report)
  if (all.length === 0) return []
  const isBiased = ({ comparison }: (typeof all)[number]) =>
    Math.abs(comparison.bias) > Math.max(3 * comparison.biasErr, 0.3 * claimedErr(comparison))
  const list = (chosen: typeof all) => (chosen.length === 0 ? 'none' : chosen.map(({ title }) => title).join('; '))
  return [
    `Intervals hold fewer labels than they claim, beyond two standard errors, for: ${list(all.filter(one => holdsTooFew(one.comparison)))}.`,
    `Biased by more than 0.3 of the error that a typical star claims: ${list(all.filter(isBiased))}.`,
  ]
}

/** A cause that is no star's own: what the simulator itself is wrong by. */
function dwarfSection({ dwarfColours }: EvaluationReport): readonly ReportSection[] {
  if (dwarfColours === null) return []
  const { starCount, offsetMag, offsetErrMag, shiftK } = dwarfColours
  const way = shiftK > 0 ? 'hot' : 'cool'
  const sentences = [
    `Simulated dwarfs of F5 to K3 without dust and companion, of solar metallicity (${starCount}): BP \u2212 RP is ${signedText(offsetMag, 3)} \u00b1 ${readable(offsetErrMag, 3)} mag from the mean sequence of observed dwarfs of the same temperature (Pecaut & Mamajek 2013, ApJS 208, 9, version 2022.04.16).`,
    `A model that learned from them takes a dwarf of given colours for ${readable(Math.abs(shiftK), 0)} K too ${way} (median), whatever its training. It is part of every bias of effective temperatures above.`,
    'Extinction cannot be below zero: where a star has none, colours leave room for more dust and a hotter star on one side only, which adds to a bias towards hot.',
  ]
  return [{ title: 'Colours of simulated dwarfs', blocks: [{ kind: 'list', items: sentences }] }]
}

/** One section for each group that has labels. */
function labelSections(report: EvaluationReport): readonly ReportSection[] {
  const names = [...new Set(report.labels.map(one => one.group))]
  return names.map(name => {
    const own = report.labels.filter(one => one.group === name)
    const facts = report.groups.find(one => one.name === name)
    const figureName = `real-stars-${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`
    return {
      title: own[0].title,
      blocks: [
        ...(facts === undefined
          ? []
          : [paragraph(`Labels: ${facts.reference}. Given: ${surveyWords(facts.surveys)}.`)]),
        {
          kind: 'figure',
          name: figureName,
          svg: labelPlot(own[0].title, 'posterior medians against labels', own.map(labelPanel)),
          caption: `Above: single stars and the 1:1 line. Below: their differences over posterior and label error. Made by \`${report.command}\`.`,
        },
        ...own.flatMap(one => labelBlocks(one, report.priorErrs[one.quantity])),
      ],
    }
  })
}

function labelPanel({
  quantity,
  comparison,
  points,
}: Pick<LabelReport, 'quantity' | 'comparison' | 'points'>): LabelPanel {
  const { words, axis, unit, digits } = shownQuantity(quantity)
  return {
    heading: words,
    axis,
    points,
    notes: [
      `${comparison.starCount.toLocaleString('en-US')} stars`,
      `bias ${signedText(comparison.bias, digits)}, scatter ${readable(comparison.scatter, digits)} ${unit}`,
    ],
  }
}

function labelBlocks(
  { quantity, comparison, splits, saturation }: LabelReport,
  priorErr: number,
): readonly ReportBlock[] {
  const shown = shownQuantity(quantity)
  const rows = [
    { title: 'all', comparison },
    ...splits.map(({ cause, inside }) => ({ title: cause.kind, comparison: inside })),
    ...(saturation === null
      ? []
      : [
          { title: 'those with saturated magnitudes', comparison: saturation.withAll },
          { title: 'the same, saturated magnitudes left out', comparison: saturation.without },
        ]),
  ]
  const items = [
    comparisonWords(comparison, shown, priorErr),
    ...causeWords(splits, shown),
    ...saturationWords(saturation, quantity),
  ]
  return [
    comparisonTable(`${shown.words.charAt(0).toUpperCase()}${shown.words.slice(1)}`, shown, rows),
    { kind: 'list', items },
  ]
}

function saturationWords(saturation: LabelReport['saturation'], quantity: LabelReport['quantity']): readonly string[] {
  if (saturation === null) return []
  const { unit, digits } = shownQuantity(quantity)
  const { withAll, without } = saturation
  const errOfChange = Math.hypot(withAll.biasErr, without.biasErr)
  const isChanged = Math.abs(withAll.bias - without.bias) > errOfChange
  return [
    `${withAll.starCount} stars have magnitudes beyond a saturation limit. Leaving those magnitudes out changes the bias from ${signedText(withAll.bias, digits)} to ${signedText(without.bias, digits)} ${unit} and what the 68% interval holds from ${readable(100 * withAll.coverage68.covered, 0)}% to ${readable(100 * without.coverage68.covered, 0)}%: saturation ${isChanged ? 'is part of what is wrong' : 'is not what makes the bias'}.`,
  ]
}

function distanceSections(report: EvaluationReport): readonly ReportSection[] {
  const { distances, command } = report
  if (distances === null) return []
  const shown = shownQuantity('logDistancePc')
  const rows = [
    { title: 'all', comparison: distances.comparison },
    ...distances.groups,
    ...distances.splits.map(({ cause, inside }) => ({ title: cause.kind, comparison: inside })),
  ]
  const biases = distances.groups.map(({ comparison }) => comparison.bias)
  const held = distances.groups.map(({ comparison }) => 100 * comparison.coverage68.covered)
  return [
    {
      title: 'Distances without the parallax',
      blocks: [
        paragraph(
          'The parallax is withheld and the distance inferred from magnitudes alone, for stars whose parallax is at least 20 times its error; it is compared with one over that parallax, zero point removed.',
        ),
        {
          kind: 'figure',
          name: 'real-stars-distances',
          svg: labelPlot('Distances without the parallax', 'posterior medians against parallaxes', [
            { ...labelPanel({ quantity: 'logDistancePc', ...distances }), heading: 'all groups' },
          ]),
          caption: `Distances from magnitudes against those from parallaxes. Made by \`${command}\`.`,
        },
        comparisonTable('Log distance, above zero: inferred too far', shown, rows),
        {
          kind: 'list',
          items: [
            comparisonWords(distances.comparison, shown, report.priorErrs.logDistancePc),
            ...causeWords(distances.splits, shown),
            ...(biases.length < 2
              ? []
              : [
                  `From group to group the bias runs from ${signedText(Math.min(...biases), 3)} to ${signedText(Math.max(...biases), 3)} dex, and the 68% intervals hold from ${readable(Math.min(...held), 0)}% to ${readable(Math.max(...held), 0)}%. All stars of a cluster have one distance: what the prior of distances makes of a cluster it makes of each of its stars, and they all miss alike. Stars much nearer or farther than the simulator's show it most.`,
                ]),
            'An unresolved companion makes a star up to 0.75 mag brighter, 0.15 dex nearer; a star before the main sequence is brighter than a dwarf of its colour, so that youth not recognised puts it too near.',
          ],
        },
      ],
    },
  ]
}

function starsSection({ groups }: EvaluationReport): ReportSection {
  return {
    title: 'The stars',
    blocks: [
      {
        kind: 'table',
        table: {
          caption: 'Every group of stars, and what was left out of its table',
          columns: ['stars', 'N', 'surveys', 'left out', 'from'].map(heading => ({
            heading,
            isNumber: heading === 'N',
          })),
          rows: groups.map(({ title, starCount, surveys, leftOut, reference }) => [
            title,
            starCount.toLocaleString('en-US'),
            surveyWords(surveys),
            leftOut.map(({ reason, count }) => `${count.toLocaleString('en-US')} ${reason}`).join('; '),
            reference,
          ]),
        },
      },
    ],
  }
}

function readingSection({ youngPrior }: EvaluationReport): ReportSection {
  return {
    title: 'How to read this',
    blocks: [
      {
        kind: 'list',
        items: [
          'Bias: median of posterior median less label, with its standard error. Scatter: 1.4826 times the median absolute deviation of the same. Claimed error: of a typical star, posterior and label in quadrature.',
          '68% and 95%: how many labels the equal-tailed intervals hold once the error of the label is added to every sample, with the binomial error of a fraction of so many stars.',
          'z: posterior median less label, over both errors. Were all errors right, its median would be 0, its scatter 1, and 0.3% beyond 3.',
          'Kinds of stars are told apart by the data and the posterior itself; they overlap. A difference is named when bias or coverage differ by more than three standard errors from the other stars.',
          `Labels are not the truth: spectroscopic temperatures are taken to be good to 110 K at best, and ages of one cluster differ by half a dex between catalogues. Every star is inferred alone, under the prior of the simulator, in which ${readable(100 * youngPrior, 0)}% of the stars are young.`,
          'Not in the simulator: accretion and veiling, disks seen edge-on, masses below 0.1 solar masses, stars on the asymptotic giant branch, rotation. Upper limits of the surveys are left out of what the model is given.',
        ],
      },
    ],
  }
}
