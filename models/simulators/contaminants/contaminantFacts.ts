// What contaminants are made of: every number that is drawn, its range and the papers it is after.
import type { Spread } from '../recipeFields.ts'
import type { contaminantKinds } from '../recipeNames.ts'

export type ContaminantKind = (typeof contaminantKinds)[number]

export interface ContaminantNumber {
  readonly name: string
  readonly unit: string
  readonly spread: Spread
}

/** Where on the sky and how bright: stars lie in a disk of this height, the others are even over the sky with counts by apparent brightness. */
export type ContaminantPlace =
  | { readonly law: 'disk'; readonly scaleHeightPc: number; readonly source: string }
  /** N(< m) grows as 10^(slope m) from the bright to the faint end of W1. */
  | {
      readonly law: 'isotropic'
      readonly w1Mag: readonly [number, number]
      readonly slope: number
      readonly source: string
    }

export interface ContaminantFacts {
  readonly numbers: readonly ContaminantNumber[]
  readonly place: ContaminantPlace
  readonly source: string
}

const linear = (name: string, unit: string, from: number, to: number): ContaminantNumber => ({
  name,
  unit,
  spread: { law: 'linear', from, to },
})
const log = (name: string, unit: string, from: number, to: number): ContaminantNumber => ({
  name,
  unit,
  spread: { law: 'log', from, to },
})
const normal = (name: string, unit: string, mean: number, sigma: number): ContaminantNumber => ({
  name,
  unit,
  spread: { law: 'normal', mean, sigma },
})

/** Shares are of the luminosity. Evenly in the log where nothing better is known. */
export const contaminantFacts: Readonly<Record<ContaminantKind, ContaminantFacts>> = {
  agbOxygen: {
    numbers: [
      linear('teffK', 'K', 2200, 3600),
      linear('logLuminosityLsun', 'log10 Lsun', 3.3, 4.3),
      log('tau10', 'depth at 9.7 um', 0.01, 26),
      log('innerTemperatureK', 'K', 250, 1200),
    ],
    place: { law: 'disk', scaleHeightPc: 300, source: 'Jackson, Ivezic & Knapp 2002, MNRAS 337, 749' },
    source: 'grid of shells: Sargent, Srinivasan & Meixner 2011, ApJ 728, 93 (their depths up to 26)',
  },
  agbCarbon: {
    numbers: [
      linear('teffK', 'K', 2200, 3000),
      linear('logLuminosityLsun', 'log10 Lsun', 3.4, 4.3),
      log('tau11', 'depth at 11.3 um', 0.02, 4),
      log('innerTemperatureK', 'K', 400, 1200),
      linear('sicShare', 'peak over carbon', 0.1, 1.5),
    ],
    place: { law: 'disk', scaleHeightPc: 200, source: 'Claussen+ 1987, ApJS 65, 385' },
    source: 'grid of shells: Srinivasan, Sargent & Meixner 2011, A&A 532, A54 (their depths up to 4)',
  },
  planetaryNebula: {
    numbers: [
      log('teffK', 'K', 30_000, 145_000),
      linear('logLuminosityLsun', 'log10 Lsun', 2.3, 4),
      log('hBetaShare', 'of the star', 0.001, 0.012),
      log('dustShare', 'of the star', 0.05, 0.6),
      linear('dustTemperatureK', 'K', 90, 200),
      log('hotShare', 'of the dust', 0.0003, 0.015),
      linear('hotTemperatureK', 'K', 500, 1200),
      log('pahShare', 'of the dust', 0.01, 0.15),
      log('oxygenRatio', '5007 over H beta', 1, 15),
    ],
    place: { law: 'disk', scaleHeightPc: 217, source: 'Frew 2008, thesis, Macquarie University' },
    source: 'dust: Stasinska & Szczerba 1999, A&A 352, 297; gas: Osterbrock & Ferland 2006, chapter 4',
  },
  galaxy: {
    numbers: [
      linear('redshift', '', 0.003, 0.4),
      linear('youngShare', 'of the starlight', 0, 0.6),
      linear('dustShare', 'of the starlight', 0.01, 0.75),
      linear('pahShare', 'of the dust', 0.03, 0.15),
      linear('warmShare', 'of the dust', 0.03, 0.15),
      linear('warmTemperatureK', 'K', 80, 160),
      linear('coldTemperatureK', 'K', 18, 40),
    ],
    place: {
      law: 'isotropic',
      w1Mag: [9, 17.5],
      slope: 0.6,
      source: 'counts without curvature; Jarrett+ 2011, ApJ 735, 112 see them flatten beyond W1 = 14',
    },
    source: 'dust and PAH: Draine & Li 2007, ApJ 657, 810; Smith+ 2007, ApJ 656, 770',
  },
  agn: {
    numbers: [
      linear('redshift', '', 0.02, 2.5),
      normal('slope', 'of F_nu', -0.44, 0.15),
      log('torusShare', 'of the disk', 0.2, 1.5),
      linear('hotTemperatureK', 'K', 1100, 1500),
      linear('warmSlope', 'of nu L_nu with T', -0.3, 0.5),
      log('hostRatio', 'host over AGN', 0.03, 0.5),
      log('reddeningMag', 'E(B-V)', 0.003, 3),
    ],
    place: {
      law: 'isotropic',
      w1Mag: [12, 17.5],
      slope: 0.6,
      source: 'Stern+ 2012, ApJ 753, 30: 62 per square degree to W2 = 15.05',
    },
    source:
      'disk: Vanden Berk+ 2001, AJ 122, 549; torus: Richards+ 2006, ApJS 166, 470; Roseboom+ 2013, MNRAS 429, 1494',
  },
  beStar: {
    numbers: [
      log('teffK', 'K', 10_500, 30_000),
      linear('loggDex', 'dex', 3.4, 4.2),
      log('excess', 'gas over star at 2.2 um', 0.01, 1),
      linear('slope', 'of F_nu', 0.6, 1.1),
    ],
    place: { law: 'disk', scaleHeightPc: 45, source: 'Reed 2000, AJ 120, 314' },
    source: 'Waters, Cote & Lamers 1987, A&A 185, 206; Dougherty+ 1994, A&A 290, 609',
  },
}
