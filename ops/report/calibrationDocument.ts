// Reports: how far the posteriors can be trusted, missing pattern by missing pattern, and where they cannot.
import type {
  CalibrationReport,
  ClassCalibration,
  ParameterCalibration,
  PatternCalibration,
} from '../../models/index.ts'
import { symbolOf, wordsOf } from '../figures/axisLabel.ts'
import { calibrationPlot } from '../figures/calibrationPlot.ts'
import { digitsFor, readable } from '../figures/svg.ts'
import {
  paragraph,
  type ReportBlock,
  type ReportCell,
  type ReportDocument,
  type ReportSection,
  sectionId,
  table,
  verdict,
} from './reportDocument.ts'

/** The report in words, tables and figures; it says first where the posteriors fall short. */
export function calibrationDocument(report: CalibrationReport): ReportDocument {
  const failing = report.patterns.filter(pattern => !pattern.isPassed)
  const count = report.patterns.length
  return {
    title: report.title,
    lead: [
      verdict(
        report.isPassed,
        report.isPassed
          ? `All ${count} patterns of missing data pass every check.`
          : `${failing.length} of ${count} patterns of missing data fall short of the limits: ${failing.map(one => one.pattern.name).join(', ')}. What fails is listed in each section.`,
      ),
      paragraph(
        `Model \`${report.modelFingerprint}\`, seed ${report.seed}. The stars are simulated, fresh and never trained on, so their true parameters are known. This page is made again by \`${report.command}\`.`,
      ),
      summaryTable(report),
      { kind: 'list', items: limitsInWords(report) },
    ],
    sections: [
      ...report.patterns.map(pattern => patternSection(pattern, report)),
      ...moreSections(report),
      readingSection(),
    ],
  }
}

/** What belongs to no one pattern, each with the same checks. */
function moreSections(report: CalibrationReport): ReportSection[] {
  const { atRandom = [], regions = [] } = report
  const intro = (title: string, text: string, of: readonly PatternCalibration[]): ReportSection[] =>
    of.length === 0 ? [] : [{ title, blocks: [paragraph(text), summaryTable({ ...report, patterns: of })] }]
  return [
    ...intro(
      'Missing at random',
      'Stars with all the gaps that the simulator gives them, then with more of their measurements taken away at random. That a star is missing in a survey says something of it, and the network knows: what is taken away at random misleads it by as much. Not part of the verdict.',
      atRandom,
    ),
    ...intro(
      'By region of the HR diagram',
      'Stars with all their gaps, by the median temperature and gravity of their posteriors: chosen by the data alone, ranks stay uniform in each region where posteriors are right. Regions have fewer stars than patterns, so chance alone is off by more. Not part of the verdict.',
      regions,
    ),
    ...[...atRandom, ...regions].map(section => patternSection(section, report)),
  ]
}

function limitsInWords({ thresholds }: CalibrationReport): string[] {
  return [
    `Ranks: no parameter below p = ${thresholds.minPValue}, after Bonferroni over the parameters of the pattern.`,
    `Joint coverage (TARP): at most ${thresholds.maxTarpDeviation} from the diagonal.`,
    `Coverage: the 68% and the 95% intervals of every parameter within ${thresholds.maxCoverageDeviation}.`,
    `Class probabilities: calibration error of every class at most ${thresholds.maxClassError}.`,
  ]
}

function summaryTable(report: CalibrationReport): ReportBlock {
  const { thresholds } = report
  const rows = report.patterns.map(section => {
    const smallest = Math.min(...section.parameters.map(one => one.adjustedPValue))
    const coverage = (level: number) => worst(section.parameters.map(one => deviationAt(one, level)))
    const classError =
      section.classes === null ? null : Math.max(...section.classes.perClass.map(one => one.error.debiased))
    const within = (value: number): ReportCell => ({
      text: signed(value),
      isPassed: Math.abs(value) <= thresholds.maxCoverageDeviation,
    })
    return [
      { text: section.pattern.name, isPassed: section.isPassed },
      section.pattern.share === null ? '' : `${readable(100 * section.pattern.share, 1)}%`,
      { text: pText(smallest), isPassed: smallest >= thresholds.minPValue },
      {
        text: readable(section.tarp.maxDeviation, 3),
        isPassed: section.tarp.maxDeviation <= thresholds.maxTarpDeviation,
      },
      within(coverage(0.68)),
      within(coverage(0.95)),
      classError === null ? '' : { text: readable(classError, 3), isPassed: classError <= thresholds.maxClassError },
    ]
  })
  return table(
    'Worst value of each check, pattern by pattern',
    ['pattern', 'share of real stars', 'ranks, p', 'TARP', '68% coverage', '95% coverage', 'class error'],
    rows,
  )
}

function patternSection(section: PatternCalibration, report: CalibrationReport): ReportSection {
  const failed = section.verdicts.filter(one => !one.isPassed)
  const { given, missing } = section.pattern
  return {
    title: section.pattern.name,
    blocks: [
      verdict(
        section.isPassed,
        section.isPassed
          ? `All ${section.verdicts.length} checks pass.`
          : `${failed.length} of ${section.verdicts.length} checks fail.`,
      ),
      ...(failed.length === 0 ? [] : [{ kind: 'list', items: failed.map(one => one.sentence) } as const]),
      ...(given.length + missing.length === 0
        ? []
        : [
            paragraph(
              `Given: ${given.length === 0 ? 'nothing' : given.map(symbolOf).map(unscripted).join(', ')}.${missing.length === 0 ? '' : ` Missing: ${missing.map(symbolOf).map(unscripted).join(', ')}.`}`,
            ),
          ]),
      {
        kind: 'figure',
        name: `calibration-${sectionId(placeOf(section, report), section.pattern.name)}`,
        svg: calibrationPlot(section),
        caption: `Calibration checks of the pattern ${section.pattern.name}.`,
      },
      parameterTable(section, report),
      ...localTable(section),
      ...(section.classes === null ? [] : [classTable(section.classes, report)]),
      ...(section.classes === null
        ? []
        : [
            paragraph(
              `All classes together: Brier score ${readable(section.classes.brier, 3)} (0 to 2), log loss ${readable(section.classes.logLoss, 3)} nats, mean gap over the classes ${readable(section.classes.meanError, 3)}.`,
            ),
          ]),
      paragraph(
        `TARP: largest deviation ${readable(section.tarp.maxDeviation, 3)} where chance alone gives up to ${readable(section.tarp.noiseDeviation, 3)}; bias ${signed(section.tarp.bias)}, dispersion ${signed(section.tarp.dispersion)} (above zero: too wide).`,
      ),
    ],
  }
}

function localTable({ local = [] }: PatternCalibration): ReportBlock[] {
  if (local.length === 0) return []
  const rows = local.map(({ region, statistic, pValue }) => [region, readable(statistic, 4), pText(pValue)])
  return [table('Single stars, one of each region (L-C2ST)', ['where its posterior lies', 'statistic', 'p'], rows)]
}

function placeOf(section: PatternCalibration, { patterns, atRandom = [], regions = [] }: CalibrationReport): number {
  return [...patterns, ...atRandom, ...regions].indexOf(section)
}

function parameterTable(section: PatternCalibration, report: CalibrationReport): ReportBlock {
  const { minPValue, maxCoverageDeviation } = report.thresholds
  const rows = section.parameters.map(one => {
    const covered = (level: number): ReportCell => {
      const found = one.central.find(coverage => coverage.level === level)
      if (found === undefined) return { text: '' }
      return {
        text: `${readable(100 * found.covered, 1)} \u00b1 ${readable(100 * found.standardErr, 1)}%`,
        isPassed: Math.abs(found.covered - level) <= maxCoverageDeviation,
      }
    }
    const densest = one.hpd.find(coverage => coverage.level === 0.68)
    const [low, median, high] = one.residualPercentiles
    const digits = digitsFor((high - low) / 2)
    return [
      unscripted(symbolOf(one.name)),
      { text: pText(one.adjustedPValue), isPassed: one.adjustedPValue >= minPValue },
      covered(0.68),
      covered(0.95),
      densest === undefined ? '' : `${readable(100 * densest.covered, 1)}%`,
      signed(median, digits),
      readable((high - low) / 2, digits),
      readable(one.typicalErr, digits),
    ]
  })
  return table(
    `${section.starCount.toLocaleString('en-US')} stars, ${section.sampleCount.toLocaleString('en-US')} samples each`,
    [
      'parameter',
      'ranks, p',
      '68% interval holds',
      '95% interval holds',
      'densest 68%',
      'bias',
      'scatter',
      'typical error',
    ],
    rows,
  )
}

function classTable(classes: ClassCalibration, report: CalibrationReport): ReportBlock {
  const rows = classes.perClass.map(one => [
    wordsOf(one.name),
    `${readable(100 * one.share, 1)}%`,
    { text: readable(one.error.debiased, 3), isPassed: one.error.debiased <= report.thresholds.maxClassError },
    readable(one.error.expected, 3),
    readable(one.error.chance, 3),
    readable(one.error.largest, 3),
    one.rocArea === null ? '' : readable(one.rocArea, 3),
  ])
  return table(
    `Class probabilities of ${classes.starCount.toLocaleString('en-US')} stars`,
    ['class', 'share', 'calibration error', 'mean gap', 'mean gap by chance', 'largest gap', 'ROC area'],
    rows,
  )
}

function readingSection(): ReportSection {
  return {
    title: 'How to read this',
    blocks: [
      {
        kind: 'list',
        items: [
          'Ranks: where the truth falls among the samples of its posterior. Calibrated posteriors give a flat histogram; a valley means too narrow, a hill too wide, a slope displaced. The p-value joins a chi-square and a Kolmogorov-Smirnov test. (Talts et al. 2018; bands after S\u00e4ilynoja et al. 2022.)',
          'Coverage: how many truths the equal-tailed interval of a claimed level holds, with its binomial error; beside it the region of highest density.',
          'Joint coverage (TARP): the same for all parameters at once, by distances to random reference points. It also sees a wrong dependence between parameters. (Lemos et al. 2023.) The band holds 95% of resamplings of the stars.',
          'Class probabilities: of stars given a probability of 0.7, seven in ten should be of that class. The mean gap over ten bins with equal counts is never zero, because of noise; what perfect predictions would show stands beside it. The calibration error is the root mean square gap with that noise taken off: it estimates the true one, and is never below the true mean gap. Five times as many stars as for the parameters go into it: of 2,000, perfect predictions would miss the limit of 0.02 one time in ten.',
          'With many checks a perfect model fails one now and then: a fraction of 2,000 stars has a standard error of 0.010 at 68% and 0.005 at 95%.',
        ],
      },
    ],
  }
}

function deviationAt(parameter: ParameterCalibration, level: number): number {
  const found = parameter.central.find(coverage => coverage.level === level)
  return found === undefined ? 0 : found.covered - level
}

/** The value farthest from zero, with its sign. */
function worst(values: readonly number[]): number {
  return values.reduce((far, value) => (Math.abs(value) > Math.abs(far) ? value : far), 0)
}

function signed(value: number, digits = 3): string {
  const text = readable(value, digits)
  return value > 0 && Number(value.toFixed(digits)) !== 0 ? `+${text}` : text
}

function pText(p: number): string {
  return p < 0.001 ? '< 0.001' : readable(p, p < 0.1 ? 3 : 2)
}

/** `T_eff` as `Teff`: tables have no subscripts. */
function unscripted(symbol: string): string {
  return symbol.replace(/_\{?([^}]*)\}?/g, '$1')
}
