// Reports: P(young) of stars in clusters that are known to be young or old.
import type { EvaluationReport, YouthGroup, YouthKind, YouthReport } from '../evaluation/evaluationReport.ts'
import { rocPlot } from '../figures/rocPlot.ts'
import { readable } from '../figures/svg.ts'
import { paragraph, type ReportBlock, type ReportSection, table } from './reportDocument.ts'

const kindWords: Readonly<Record<YouthKind, string>> = { young: 'young', border: 'near the border', old: 'old' }

export function youthSection({ youth, command, youngPrior }: EvaluationReport): ReportSection {
  return {
    title: 'Young or old',
    blocks: [
      paragraph(youthWords(youth)),
      ...(youth.curves.length === 0
        ? []
        : [
            {
              kind: 'figure',
              name: 'real-stars-young',
              svg: rocPlot(
                'Young against old stars of known clusters',
                'sorted by P(young)',
                youth.curves.map(({ title, curve }) => ({ title, ...curve })),
              ),
              caption: `Receiver operating curves of P(young). Made by \`${command}\`.`,
            } as const,
          ]),
      curveTable(youth),
      groupTable(youth.groups),
      {
        kind: 'list',
        items: [
          `Young means younger than 100 Myr to the model, and before any data P(young) is ${readable(youngPrior, 2)}. Clusters between 70 and 200 Myr lie on the border and judge nothing.`,
          'Stars above about 0.9 solar masses reach the main sequence within 50 Myr: at the age of IC 2391 and NGC 2547 colours and luminosity cannot tell them from old ones, and P(young) should stay near the prior there, however good the model.',
          'Old M dwarfs that are brighter than model spectra predict, and old binaries, lie where young stars do: they are the false alarms to expect. Stars with disks are told by their infrared excess; the simulated disks have neither accretion nor an inclination.',
          'Field stars and giants are counted as old although nobody knows their ages one by one.',
        ],
      },
    ],
  }
}

/** The areas under the curves in a sentence. */
export function youthWords({ curves, groups }: YouthReport): string {
  const [all] = curves
  if (all === undefined) return 'There are not both young and old clusters to judge by.'
  const ofKind = (kind: YouthKind) => groups.filter(group => group.kind === kind)
  const share = (chosen: readonly YouthGroup[], read: (group: YouthGroup) => number) => {
    const stars = chosen.reduce((sum, group) => sum + group.starCount, 0)
    return chosen.reduce((sum, group) => sum + group.starCount * read(group), 0) / stars
  }
  return `A young star is given a higher P(young) than an old one in ${readable(100 * all.curve.area, 1)} \u00b1 ${readable(100 * all.curve.areaErr, 1)}% of pairs (${all.curve.trueCount.toLocaleString('en-US')} young, ${all.curve.falseCount.toLocaleString('en-US')} old stars). P(young) is above 0.5 for ${readable(100 * share(ofKind('young'), group => group.aboveHalf), 1)}% of the young and ${readable(100 * share(ofKind('old'), group => group.aboveHalf), 1)}% of the old, above 0.9 for ${readable(100 * share(ofKind('young'), group => group.aboveNinety), 1)}% and ${readable(100 * share(ofKind('old'), group => group.aboveNinety), 1)}%.`
}

function curveTable({ curves }: YouthReport): ReportBlock {
  return table(
    'Area under the receiver operating curve, against all stars known to be old',
    ['young stars', 'area', 'young', 'old'],
    curves.map(({ title, curve }) => [
      title,
      `${readable(curve.area, 3)} \u00b1 ${readable(curve.areaErr, 3)}`,
      curve.trueCount.toLocaleString('en-US'),
      curve.falseCount.toLocaleString('en-US'),
    ]),
  )
}

function groupTable(groups: readonly YouthGroup[]): ReportBlock {
  return table(
    'P(young) of every group',
    ['stars', 'known to be', 'N', 'median P(young)', 'above 0.5', 'above 0.9'],
    groups.map(group => [
      group.title,
      kindWords[group.kind],
      String(group.starCount),
      readable(group.medianProbability, 2),
      `${readable(100 * group.aboveHalf, 1)}%`,
      `${readable(100 * group.aboveNinety, 1)}%`,
    ]),
  )
}
