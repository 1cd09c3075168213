// Reports: ages of clusters from the stack of their members, and of clusters whose age is known because they are simulated.
import type { AgeInterval } from '../../models/index.ts'
import { medianOf } from '../../models/index.ts'
import type { ClusterReport, EvaluationReport, SimulatedReport } from '../evaluation/evaluationReport.ts'
import { signedText } from '../figures/labelPlot.ts'
import { type StackedAges, stackPlot } from '../figures/stackPlot.ts'
import { readable } from '../figures/svg.ts'
import { paragraph, type ReportBlock, type ReportSection, table } from './reportDocument.ts'
import { surveyWords } from './surveyWords.ts'

/** Members' ages that differ by more than this, cool against hot, are said to differ. */
const NOTABLE_DEX = 0.3

export function clusterSection(report: EvaluationReport): ReportSection {
  const { clusters, simulated } = report
  return {
    title: 'Ages of clusters',
    blocks: [
      paragraph(clusterWords(clusters)),
      {
        kind: 'figure',
        name: 'real-stars-ages',
        svg: stackPlot('Ages of clusters', 'every member inferred alone, then stacked', clusters.map(stackedAges)),
        caption: `Stacked ages beside published ones. Made by \`${report.command}\`.`,
      },
      clusterTable(clusters),
      { kind: 'list', items: ageWords(clusters, simulated) },
      ...(simulated.length === 0 ? [] : [simulatedTable(simulated)]),
      ...methodBlocks(),
    ],
  }
}

/** How many clusters agree with the literature, and how far the others are. */
export function clusterWords(clusters: readonly ClusterReport[]): string {
  const judged = clusters.filter(one => one.logAgeYrRange !== null)
  const agreeing = judged.filter(one => distanceToRange(one) === 0)
  const offsets = judged.map(offsetOf)
  const spreads = judged.flatMap(({ logAgeYrRange }) =>
    logAgeYrRange === null ? [] : [logAgeYrRange[1] - logAgeYrRange[0]],
  )
  if (judged.length === 0) return 'No cluster with a published age was judged.'
  return `Of ${judged.length} stacks, ${agreeing.length} have a 95% interval that meets the range of published ages. Against the middle of that range they are off by ${signedText(medianOf(offsets), 2)} dex in the median and by ${readable(medianOf(offsets.map(Math.abs)), 2)} dex in size, at most ${readable(Math.max(...offsets.map(Math.abs)), 2)} dex; the published ages of one cluster differ by ${readable(medianOf(spreads), 2)} dex among themselves (median).`
}

/** Of the cluster's age from the middle of what is published. */
function offsetOf({ age, logAgeYrRange }: ClusterReport): number {
  return logAgeYrRange === null ? 0 : age.logAgeYr.q50 - (logAgeYrRange[0] + logAgeYrRange[1]) / 2
}

/** Between the 95% interval and the published range; zero where they meet. */
function distanceToRange({ age, logAgeYrRange }: ClusterReport): number {
  if (logAgeYrRange === null) return 0
  const { q025, q975 } = age.logAgeYr
  const gap = Math.max(q025 - logAgeYrRange[1], logAgeYrRange[0] - q975)
  // Published ages have two digits.
  return gap < 0.005 ? 0 : gap
}

function stackedAges(one: ClusterReport): StackedAges {
  return {
    name: one.title,
    note: `${one.age.starCount} stars, ${surveyWords(one.surveys)}`,
    cluster: one.age.logAgeYr,
    mixture: one.mixture,
    literature: one.literature,
    published: one.logAgeYrRange,
  }
}

function clusterTable(clusters: readonly ClusterReport[]): ReportBlock {
  const rows = clusters.map(one => [
    one.title,
    surveyWords(one.surveys),
    String(one.age.starCount),
    intervalText(one.age.logAgeYr),
    readable(one.age.spreadDex, 2),
    `${readable(100 * one.age.outlierShare, 0)}%`,
    intervalText(one.mixture),
    one.hot === null ? '' : intervalText(one.hot.logAgeYr),
    one.cool === null ? '' : intervalText(one.cool.logAgeYr),
    rangeText(one.logAgeYrRange),
    readable(one.avMag, 2),
    rangeText(one.avMagRange),
  ])
  return table(
    'Log ages (yr) and extinctions (mag), youngest published age first; medians with 68% intervals',
    [
      'cluster',
      'surveys',
      'N',
      'age of the cluster',
      'spread, dex',
      'outliers',
      'members joined',
      'from hotter members',
      'from cooler members',
      'published',
      'A_V',
      'A_V published',
    ],
    rows,
  )
}

function intervalText({ q16, q50, q84 }: AgeInterval): string {
  return `${readable(q50, 2)} +${readable(q84 - q50, 2)} \u2212${readable(q50 - q16, 2)}`
}

function rangeText(range: readonly [number, number] | null): string {
  return range === null ? '' : `${readable(range[0], 2)} to ${readable(range[1], 2)}`
}

function ageWords(clusters: readonly ClusterReport[], simulated: readonly SimulatedReport[]): readonly string[] {
  const apart = clusters.flatMap(({ title, surveys, hot, cool }) => {
    if (hot === null || cool === null) return []
    const gap = cool.logAgeYr.q50 - hot.logAgeYr.q50
    return Math.abs(gap) > NOTABLE_DEX ? [`${title} (${surveyWords(surveys)}) ${signedText(gap, 2)}`] : []
  })
  const outside = clusters.filter(one => distanceToRange(one) > 0)
  const errors = simulated.map(({ age, logAgeYr }) => age.logAgeYr.q50 - logAgeYr)
  const isInside = ({ age, logAgeYr }: SimulatedReport) =>
    logAgeYr >= age.logAgeYr.q025 && logAgeYr <= age.logAgeYr.q975
  return [
    ...(outside.length === 0
      ? ['No stack lies outside the range of published ages.']
      : [
          `Outside the range of published ages: ${outside.map(one => `${one.title} (${surveyWords(one.surveys)}) by ${readable(distanceToRange(one), 2)} dex`).join(', ')}.`,
        ]),
    ...(errors.length === 0
      ? []
      : [
          `On simulated clusters, where nothing is wrong with the model but its training, stacks are off by ${readable(medianOf(errors.map(Math.abs)), 2)} dex (median) and ${readable(Math.max(...errors.map(Math.abs)), 2)} dex (largest); the 95% interval holds ${simulated.filter(isInside).length} of ${simulated.length}. What real clusters are off by beyond that is reality against the simulator.`,
        ]),
    apart.length === 0
      ? `Members cooler and hotter than 3,900 K give ages within ${readable(NOTABLE_DEX, 1)} dex of each other wherever there are enough of both.`
      : `Members cooler than 3,900 K against hotter ones (dex): ${apart.join(', ')}. Model spectra and tracks of M dwarfs are known to be off: those of the Pleiades and Praesepe are 0.5 to 0.8 mag brighter than predicted, as younger stars would be. Hotter dwarfs hardly move while they burn hydrogen, so that they say little of ages between 50 Myr and 1 Gyr unless some have left the main sequence.`,
    'A stack of hundreds of stars adds up what each is wrong by in common: its interval tells chance, not errors of tracks and colours that all members share. The difference to the literature is the honest error.',
    'Unresolved companions make stars brighter, as youth does before the main sequence and age does after it; the simulator has a fixed share of them. Stars that are no members at all are the outliers.',
  ]
}

function simulatedTable(simulated: readonly SimulatedReport[]): ReportBlock {
  return table(
    'Simulated clusters: stars of the simulator within 0.03 dex of one age',
    ['true log age', 'N', 'age of the cluster', '95% interval', 'spread, dex', 'members joined'],
    simulated.map(({ logAgeYr, age, mixture }) => [
      readable(logAgeYr, 2),
      String(age.starCount),
      intervalText(age.logAgeYr),
      `${readable(age.logAgeYr.q025, 2)} to ${readable(age.logAgeYr.q975, 2)}`,
      readable(age.spreadDex, 2),
      intervalText(mixture),
    ]),
  )
}

function methodBlocks(): readonly ReportBlock[] {
  return [
    paragraph(
      'Members joined: as many samples of each member, thrown together. It says where single stars are believed to be, is as wide as the posterior of a typical star however many there are, and leans to the prior where stars know little.',
    ),
    paragraph(
      'Age of the cluster: the likelihood of star i, given age A, spread tau and share of outliers f, is `L_i = (1 - f) E_i[N(a | A, tau^2) / pi(a)] + f`, the mean taken over the samples a of its posterior and `pi` being the prior of log age that every star was inferred under (Hogg, Myers & Bovy 2010, ApJ 725, 2166; mixture after Hogg, Bovy & Lang 2010, arXiv:1008.4686). The posterior of A is the product over stars, flat in A, averaged over tau from 0.05 to 0.56 dex and f from 1 to 50%. A plain product would let one wrong star outvote all others; here no star weighs more than 1 / f. `models/clusters/clusterAge.ts` computes it; its test finds the ages of simulated clusters with outliers.',
    ),
  ]
}
