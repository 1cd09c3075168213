// Samples of young stars as a page.
import { galaxyPlot } from '../figures/galaxyPlot.ts'
import { kindsPlot } from '../figures/kindsPlot.ts'
import { purityPlot } from '../figures/purityPlot.ts'
import { paragraph, type ReportBlock, type ReportDocument, table } from '../report/reportDocument.ts'
import { planePlace, type Ring } from './galacticRings.ts'
import type { RealQuality } from './realSample.ts'
import { type JudgedMethod, SHOWN_THRESHOLD } from './sampleJudge.ts'
import { CLASSIC, FAMILIAR, MAP_THRESHOLD, OURS, type SampleStudy } from './sampleRun.ts'
import { CLOUD_REACH_PC, SKY_LIMIT_MAG, skyKinds } from './skyKinds.ts'

type Estimate = JudgedMethod['byThreshold'][number]['completeness']

export interface SampleSource {
  readonly command: string
  readonly modelFingerprint: string
}

const ours = [OURS, FAMILIAR, CLASSIC]
const told = [0.1, 0.3, 0.5, 0.7, 0.9]
const percent = (share: number) => `${(100 * share).toFixed(share === 0 || share >= 0.1 ? 0 : share < 0.01 ? 2 : 1)}%`
const ranged = (found: Estimate | null) =>
  found === null ? 'none passes' : `${percent(found.value)} (${percent(found.low)} to ${percent(found.high)})`

export function sampleDocument(study: SampleStudy, { command, modelFingerprint }: SampleSource): ReportDocument {
  const { starCount, learnedCount, youngShare, sets, maps } = study
  const subtitle = `${starCount} simulated stars weighed as they are rare; model ${modelFingerprint.slice(0, 12)}`
  const beside = [...new Set(sets.flatMap(({ methods }) => methods.map(({ name }) => name)))].filter(
    name => !ours.includes(name),
  )
  return {
    title: 'Samples of young stars',
    lead: [
      paragraph(
        `A sample of young stars is what lies above a threshold on P(young). How pure is it, how complete, and who is in it that should not be? Judged on a simulated sky to G ${SKY_LIMIT_MAG} that Gaia, 2MASS and WISE (W1, W2) have seen, of which ${percent(youngShare)} are younger than 100 Myr, ` +
          `beside gradient-boosted trees, a classic classifier. The trees learned from ${learnedCount} stars of another sky of the same kind, by magnitudes, colours, parallax, its error and the absolute magnitude, what is missing set to the median, and their size was chosen on a fifth of those. The model has seen neither sky: it is the one that is served, with its answer restated for how rare its classes are on the sky. Familiar stars are those whose posterior has no flag that they are unlike all stars of the training (\`unlikeTraining\`, \`outOfDistribution\`).`,
      ),
      ...(beside.length === 0
        ? []
        : [
            paragraph(
              `${beside.join(', ')}: scores of another program, taken as they are. They were made for other shares of young stars, so compare at equal completeness and not at equal thresholds.`,
            ),
          ]),
      paragraph(`Made by \`${command}\`.`),
    ],
    sections: [
      { title: 'Purity and completeness', blocks: qualityBlocks(study, subtitle) },
      { title: 'Which surveys remove which contaminants', blocks: kindBlocks(study, subtitle) },
      { title: 'From above the Galaxy', blocks: maps.length === 0 ? [] : mapBlocks(study, subtitle) },
      ...(sets.some(({ real }) => real.length > 0) ? [{ title: 'Real stars', blocks: realBlocks(study) }] : []),
      { title: 'The sky', blocks: [skyTable(study)] },
    ],
  }
}

function qualityBlocks({ sets }: SampleStudy, subtitle: string): readonly ReportBlock[] {
  const svg = purityPlot(
    'Purity and completeness of samples by their threshold',
    subtitle,
    sets.map(({ title, methods }) => ({
      heading: title,
      lines: methods.map(({ name, byThreshold }) => ({ name, points: byThreshold })),
    })),
  )
  const rows = sets.flatMap(({ title, methods }) =>
    methods.flatMap(({ name, byThreshold }) =>
      byThreshold
        .filter(({ threshold }) => told.includes(threshold))
        .map(({ threshold, purity, completeness }) => [
          `${title}: ${name}`,
          String(threshold),
          ranged(purity),
          ranged(completeness),
        ]),
    ),
  )
  const steps = sets[0].methods[0].byCompleteness.map(({ completeness }) => completeness)
  return [
    { kind: 'figure', name: 'yso-purity', svg, caption: 'Bands are 95% intervals.' },
    table(
      'Purity at equal completeness, whatever threshold that takes (a dash: no threshold gives so many)',
      ['Seen by, judged by', ...steps.map(percent)],
      sets.flatMap(({ title, methods }) =>
        methods.map(({ name, byCompleteness }) => [
          `${title}: ${name}`,
          ...byCompleteness.map(({ purity }) => (purity === null ? '-' : percent(purity))),
        ]),
      ),
    ),
    table('By threshold, with 95% intervals', ['Seen by, judged by', 'Threshold', 'Purity', 'Completeness'], rows),
  ]
}

function kindBlocks({ sets }: SampleStudy, subtitle: string): readonly ReportBlock[] {
  const kinds = skyKinds.filter(kind => sets[0].methods[0].left.some(({ name }) => name === kind.name))
  const leftOf = ({ left }: JudgedMethod, name: string) => left.find(one => one.name === name) ?? null
  const columns = sets.flatMap(({ title, methods }) =>
    methods.map(method => ({ heading: `${title}: ${method.name}`, method })),
  )
  const svg = kindsPlot(
    `Stars with P(young) above ${SHOWN_THRESHOLD}, by what they are`,
    subtitle,
    kinds.map(({ title }) => title),
    sets.map(({ title, methods }) => ({
      heading: title,
      methods: methods
        .filter(({ name }) => ours.includes(name))
        .map(method => ({ name: method.name, shares: kinds.map(({ name }) => leftOf(method, name)) })),
    })),
  )
  return [
    { kind: 'figure', name: 'yso-contaminants', svg, caption: 'Shares of each kind that a threshold leaves.' },
    table(
      `Stars that pass ${SHOWN_THRESHOLD}, of those judged`,
      ['Kind', ...columns.map(({ heading }) => heading)],
      kinds.map(({ name, title }) => [
        title,
        ...columns.map(({ method }) => {
          const found = leftOf(method, name)
          return found === null ? '-' : `${found.passed} of ${found.count}`
        }),
      ]),
    ),
  ]
}

function mapBlocks({ maps, trueYoung }: SampleStudy, subtitle: string): readonly ReportBlock[] {
  const pointsOf = (rings: readonly Ring[]) =>
    rings.map(({ nearPc, farPc, perKpc2 }) => ({ pc: (nearPc + farPc) / 2, perKpc2 }))
  const svg = galaxyPlot(
    `Stars with P(young) above ${MAP_THRESHOLD}, from above the Galaxy`,
    subtitle,
    CLOUD_REACH_PC,
    maps.map(({ name, stars, young, contaminants }) => ({
      heading: name,
      dots: stars.map(({ isYoung, weight, ...star }) => {
        const [xPc, yPc] = planePlace(star)
        return { xPc, yPc, isYoung, weight }
      }),
      young: pointsOf(young),
      contaminants: pointsOf(contaminants),
    })),
    pointsOf(trueYoung),
  )
  const number = (ring: Ring) => `${ring.perKpc2.toFixed(2)} (${ring.starCount})`
  return [
    paragraph(
      'The classic sample, by Gaia, 2MASS and WISE, stands at one over the parallax, ours at the median of the posterior. Young stars in clouds are even over the plane within 2 kpc; a dot is a star that was judged, larger where it stands for more stars of the sky (one of the field stands for a hundred times as many as one in a cloud); the rings below weigh them.',
    ),
    { kind: 'figure', name: 'yso-galaxy', svg, caption: 'Rings of contaminants show as a rise at some distance.' },
    table(
      'In rings about the Sun: stars of a million of the sky for each square kiloparsec of the plane (stars judged)',
      ['Ring, pc', 'All young', ...maps.flatMap(({ name }) => [`${name}: young`, `${name}: contaminants`])],
      trueYoung.map((ring, k) => [
        `${ring.nearPc} to ${ring.farPc}`,
        number(ring),
        ...maps.flatMap(({ young, contaminants }) => [number(young[k]), number(contaminants[k])]),
      ]),
    ),
  ]
}

function realBlocks({ sets }: SampleStudy): readonly ReportBlock[] {
  const judged = sets.flatMap(({ title, real }) => real.map(quality => ({ title, quality })))
  const thresholds = judged[0].quality.byThreshold.map(({ threshold }) => threshold)
  const groups = new Map<string, RealQuality['groups'][number]>()
  for (const { quality } of judged)
    for (const group of quality.groups) groups.set(group.title, groups.get(group.title) ?? group)
  const columns = judged.map(({ title, quality }) => ({ heading: `${title}: ${quality.name}`, quality }))
  return [
    paragraph(
      'Members of clusters and field stars whose age is published, with the bands that each set needs. Labels are those of the authors: membership by position and motion, ages of whole clusters. No one table has labelled young stars and contaminants in Gaia, 2MASS and WISE together, so that young and old stars here come from other places and distances, and purity is that of these tables and of no sky. The prior is that of the simulated sky. A group is left out of a set where none of its stars has all bands and a parallax.',
    ),
    table(
      'Young that pass, old that pass, and purity as counted',
      [
        'Seen by, judged by',
        'Area',
        ...thresholds.flatMap(t => [`young above ${t}`, `old above ${t}`, `purity above ${t}`]),
      ],
      columns.map(({ heading, quality }) => [
        heading,
        `${quality.area.toFixed(3)} ± ${quality.areaErr.toFixed(3)}`,
        ...quality.byThreshold.flatMap(({ completeness, oldPassed, purity }) => [
          percent(completeness),
          percent(oldPassed),
          purity === null ? 'none passes' : percent(purity),
        ]),
      ]),
    ),
    table(
      `Stars above ${thresholds[1]} of those judged`,
      ['Group', 'Published as', ...columns.map(({ heading }) => heading), 'Source'],
      [...groups.values()].map(({ title, isYoung, reference }) => [
        title,
        isYoung ? 'young' : 'old',
        ...columns.map(({ quality }) => {
          const found = quality.groups.find(group => group.title === title)
          return found === undefined || found.count === 0 ? '-' : `${found.passed[1]} of ${found.count}`
        }),
        reference,
      ]),
    ),
  ]
}

function skyTable({ sets }: SampleStudy): ReportBlock {
  return table(
    'Kinds of stars: how many of a million stars of the sky (a choice, `ops/samples/skyKinds.ts` says after what), and how many were judged',
    ['Kind', 'Of a million', 'Judged'],
    sets[0].methods[0].left.map(({ title, share, count }) => [title, (1e6 * share).toFixed(0), String(count)]),
  )
}
