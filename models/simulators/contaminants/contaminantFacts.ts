// What contaminants are made of: every number that is drawn, its range and the papers it is after.
import type { Spread } from '../recipeFields.ts'
import type { contaminantKinds } from '../recipeNames.ts'

export type ContaminantKind = (typeof contaminantKinds)[number]

export interface ContaminantNumber {
  readonly name: string
  /** Empty where it has none. */
  readonly unit: string
  readonly meaning: string
  readonly spread: Spread
}

/** Where on the sky and how bright: stars lie in a disk of this height, the others are even over the sky with counts by apparent brightness. */
export type ContaminantPlace =
  | {
      readonly law: 'disk'
      readonly scaleHeightPc: number
      /** The component of the Galaxy whose motions it shares: that of about its age, a choice. */
      readonly movesLike: string
      readonly source: string
    }
  /** N(< m) grows as 10^(slope m) from the bright to the faint end of W1. */
  | {
      readonly law: 'isotropic'
      readonly w1Mag: readonly [number, number]
      readonly slope: number
      readonly source: string
    }

export interface ContaminantFacts {
  readonly title: string
  /** Spread between epochs, 1 sigma, mag: round numbers (Whitelock+ 2000, MNRAS 319, 728; MacLeod+ 2010, ApJ 721, 1014; Labadie-Bartz+ 2017, AJ 153, 252). */
  readonly variabilityMag: number
  readonly numbers: readonly ContaminantNumber[]
  readonly place: ContaminantPlace
  readonly source: string
}

const linear = (name: string, unit: string, meaning: string, from: number, to: number): ContaminantNumber => ({
  name,
  unit,
  meaning,
  spread: { law: 'linear', from, to },
})
const log = (name: string, unit: string, meaning: string, from: number, to: number): ContaminantNumber => ({
  name,
  unit,
  meaning,
  spread: { law: 'log', from, to },
})
const normal = (name: string, unit: string, meaning: string, mean: number, sigma: number): ContaminantNumber => ({
  name,
  unit,
  meaning,
  spread: { law: 'normal', mean, sigma },
})

/**
 * Shares are of the luminosity. Evenly in the log where nothing better is known.
 *
 * The papers are what a kind is after; a limit they do not state is a choice, made wide enough for what is observed. The grids of shells
 * begin at 2100 K (silicate) and 2600 K (carbon).
 */
export const contaminantFacts: Readonly<Record<ContaminantKind, ContaminantFacts>> = {
  agbOxygen: {
    title: 'giant in a shell of silicate',
    variabilityMag: 0.25,
    numbers: [
      linear('teffK', 'K', 'effective temperature', 2200, 3600),
      linear('logLuminosityLsun', 'dex(solLum)', 'log10 of the luminosity', 3.3, 4.3),
      log('tau10', '', 'depth of the shell at 9.7 um', 0.01, 26),
      log('innerTemperatureK', 'K', 'dust at the inner edge of the shell', 250, 1200),
    ],
    place: {
      law: 'disk',
      scaleHeightPc: 300,
      movesLike: 'thinDisk5',
      source: 'Jackson, Ivezic & Knapp 2002, MNRAS 337, 749',
    },
    source: 'grid of shells: Sargent, Srinivasan & Meixner 2011, ApJ 728, 93 (their depths up to 26)',
  },
  agbCarbon: {
    title: 'carbon star in its shell',
    variabilityMag: 0.25,
    numbers: [
      linear('teffK', 'K', 'effective temperature', 2200, 3000),
      linear('logLuminosityLsun', 'dex(solLum)', 'log10 of the luminosity', 3.4, 4.3),
      log('tau11', '', 'depth of the shell at 11.3 um', 0.02, 4),
      log('innerTemperatureK', 'K', 'dust at the inner edge of the shell', 400, 1200),
      linear('sicShare', '', 'peak of SiC over carbon', 0.1, 1.5),
    ],
    place: { law: 'disk', scaleHeightPc: 200, movesLike: 'thinDisk3', source: 'Claussen+ 1987, ApJS 65, 385' },
    source: 'grid of shells: Srinivasan, Sargent & Meixner 2011, A&A 532, A54 (their depths up to 4)',
  },
  planetaryNebula: {
    title: 'planetary nebula',
    variabilityMag: 0,
    numbers: [
      log('teffK', 'K', 'effective temperature of the star', 30_000, 145_000),
      linear('logLuminosityLsun', 'dex(solLum)', 'log10 of the luminosity', 2.3, 4),
      log('hBetaShare', '', "H beta, share of the star's luminosity", 0.001, 0.012),
      log('dustShare', '', "dust, share of the star's luminosity", 0.05, 0.6),
      linear('dustTemperatureK', 'K', 'temperature of the dust', 90, 200),
      log('hotShare', '', "hot dust, share of the dust's light", 0.0003, 0.015),
      linear('hotTemperatureK', 'K', 'temperature of the hot dust', 500, 1200),
      log('pahShare', '', "PAH, share of the dust's light", 0.01, 0.15),
      log('oxygenRatio', '', 'line at 5007 A over H beta', 1, 15),
    ],
    place: {
      law: 'disk',
      scaleHeightPc: 217,
      movesLike: 'thinDisk5',
      source: 'Frew 2008, thesis, Macquarie University',
    },
    source: 'dust: Stasinska & Szczerba 1999, A&A 352, 297; gas: Osterbrock & Ferland 2006, chapter 4',
  },
  galaxy: {
    title: 'galaxy',
    variabilityMag: 0,
    numbers: [
      linear('redshift', '', 'redshift', 0.003, 0.4),
      linear('youngShare', '', 'young stars, share of the starlight', 0, 0.6),
      linear('dustShare', '', 'starlight that dust takes, share', 0.01, 0.75),
      linear('pahShare', '', "PAH, share of the dust's light", 0.03, 0.15),
      linear('warmShare', '', "warm dust, share of the dust's light", 0.03, 0.15),
      linear('warmTemperatureK', 'K', 'temperature of the warm dust', 80, 160),
      linear('coldTemperatureK', 'K', 'temperature of the cold dust', 18, 40),
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
    title: 'active nucleus',
    variabilityMag: 0.15,
    numbers: [
      linear('redshift', '', 'redshift', 0.02, 2.5),
      normal('slope', '', 'slope of F_nu of the disk', -0.44, 0.15),
      log('torusShare', '', 'torus over the light of the disk', 0.2, 1.5),
      linear('hotTemperatureK', 'K', 'hottest dust', 1100, 1500),
      linear('warmSlope', '', 'slope of nu L_nu of the torus with temperature', -0.3, 0.5),
      log('hostRatio', '', 'stars of the host over the nucleus', 0.03, 0.5),
      log('reddeningMag', 'mag', 'E(B-V) of its own dust', 0.003, 3),
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
    title: 'Be star',
    variabilityMag: 0.05,
    numbers: [
      log('teffK', 'K', 'effective temperature', 10_500, 30_000),
      linear('loggDex', 'dex(cm/s2)', 'surface gravity', 3.4, 4.2),
      log('excess', '', 'gas over star at 2.2 um', 0.01, 1),
      linear('slope', '', 'slope of F_nu of the gas', 0.6, 1.1),
    ],
    place: { law: 'disk', scaleHeightPc: 45, movesLike: 'thinDisk1', source: 'Reed 2000, AJ 120, 314' },
    source: 'Waters, Cote & Lamers 1987, A&A 185, 206; Dougherty+ 1994, A&A 290, 609',
  },
}
