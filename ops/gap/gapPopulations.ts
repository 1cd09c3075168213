// Real stars and the recipes that should look like them: what the domain gap is measured on.
import { infraredSubsets, opticalSubsets, type SurveySubset, surveySubsets } from './surveySubsets.ts'

export interface GapPopulation {
  readonly name: string
  readonly title: string
  /** Young as the classes have it, below 100 Myr; else field and old clusters. */
  readonly isYoung: boolean
  /** The group of real stars, from the demo or the catalogue folder. */
  readonly group: string
  /** Components of the recipe of its simulated counterpart. */
  readonly components: readonly object[]
  /** Who looks at it; left out, those that birthline takes in. */
  readonly surveys?: readonly string[]
  /** What is compared; left out, `surveySubsets`. */
  readonly subsets?: readonly SurveySubset[]
}

export const subsetsOf = ({ subsets }: GapPopulation): readonly SurveySubset[] => subsets ?? surveySubsets

const cluster = (distancePc: number, spreadPc: number, ageMyr: number, avMag: number, fehDex: number): object => ({
  kind: 'cluster',
  distancePc: { normal: [distancePc, spreadPc] },
  ageMyr,
  avMag,
  fehDex,
  diskFraction: 0,
})

/**
 * Distances, ages, extinctions: Hunt & Reffert 2023 (A&A 673, A114) and Cantat-Gaudin+ 2020 (A&A 640, A1); rho Ophiuchi: Canovas+ 2019
 * (A&A 626, A80) and Erickson+ 2011 (AJ 142, 140); Taurus: Luhman+ 2010 (ApJS 186, 111), its share of disks that of the list; [Fe/H]: Netopil+ 2016 (A&A 585, A150). The field is the cone of Canovas+ 2019 between
 * 111 and 200 pc, without its candidate members.
 */
export const gapPopulations: readonly GapPopulation[] = [
  {
    name: 'rhoOphiuchi',
    title: 'rho Ophiuchi, some 5 Myr, disks among them',
    isYoung: true,
    group: 'rhoOphiuchiSurveys',
    components: [
      {
        kind: 'cluster',
        distancePc: { normal: [139, 4] },
        ageMyr: { log: [1, 10] },
        avMag: { log: [0.2, 8] },
        diskFraction: 0.4,
      },
    ],
  },
  {
    name: 'ophiuchusDisks',
    title: 'Ophiuchus, young stars found by their infrared excess',
    isYoung: true,
    group: 'ophiuchusSpitzer',
    components: [
      {
        kind: 'cluster',
        distancePc: { normal: [139, 4] },
        ageMyr: { log: [0.5, 10] },
        avMag: { log: [1, 30] },
        diskFraction: 1,
      },
    ],
    surveys: ['twoMass', 'irac', 'mips24'],
    subsets: infraredSubsets,
  },
  {
    name: 'taurus',
    title: 'Taurus, some 2 Myr, two in three with disks',
    isYoung: true,
    group: 'taurusSpitzer',
    components: [
      {
        kind: 'cluster',
        distancePc: { normal: [140, 10] },
        ageMyr: { log: [0.5, 8] },
        avMag: { log: [0.3, 10] },
        diskFraction: 0.62,
      },
    ],
    surveys: ['irac'],
    subsets: infraredSubsets.filter(({ name }) => name === 'irac'),
  },
  {
    name: 'ngc2547',
    title: 'NGC 2547, 35 Myr',
    isYoung: true,
    group: 'ngc2547Demo',
    components: [cluster(385, 8, 35, 0.15, 0)],
  },
  {
    name: 'ic2391',
    title: 'IC 2391, 45 Myr',
    isYoung: true,
    group: 'ic2391Demo',
    components: [cluster(151, 4, 45, 0.05, 0)],
  },
  {
    name: 'pleiades',
    title: 'Pleiades, 112 Myr',
    isYoung: false,
    group: 'pleiadesDemo',
    components: [cluster(136, 4, 112, 0.12, 0)],
  },
  {
    name: 'praesepe',
    title: 'Praesepe, 670 Myr',
    isYoung: false,
    group: 'praesepeDemo',
    components: [cluster(185, 4, 670, 0.05, 0.15)],
  },
  {
    name: 'ngc3532',
    title: 'NGC 3532, 300 Myr',
    isYoung: false,
    group: 'ngc3532Demo',
    components: [cluster(477, 10, 300, 0.08, 0)],
  },
  {
    name: 'm67',
    title: 'M67, 3.6 Gyr, giants among them',
    isYoung: false,
    group: 'm67Surveys',
    components: [cluster(860, 15, 3600, 0.1, 0)],
    surveys: ['gaiaDr3', 'twoMass', 'allWise', 'panStarrs', 'sdss'],
    subsets: [...surveySubsets, ...opticalSubsets],
  },
  {
    name: 'field',
    title: 'field stars at 111 to 200 pc towards Ophiuchus',
    isYoung: false,
    group: 'rhoOphiuchiField',
    components: [
      {
        kind: 'milkyWay',
        region: { lDeg: 353, bDeg: 17, radiusDeg: 5 },
        distancePc: [111, 200],
        limit: { band: 'gMag', mag: 20 },
      },
    ],
  },
]
