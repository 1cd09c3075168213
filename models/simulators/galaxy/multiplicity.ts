// How many companions a star has, how heavy and how far out: a table by the mass of the primary.
import { ramp } from '../../math/ramp.ts'
import type { Rng } from '../../math/rng.ts'
import { normalCdf, probit } from '../../math/special.ts'

/**
 * Multiplicity by primary mass, between whose rows everything is interpolated in log mass.
 *
 * Fractions: share of primaries with a companion (MF) and companions per primary (CF), slope of the mass ratios (dN/dq ~ q^slope), median
 * separation: Offner+ 2023 (Protostars and Planets VII, table 1; at the geometric means of its mass ranges), who gather Winters+ 2019,
 * Raghavan+ 2010, Moe & Kratter 2021, Moe & Di Stefano 2017 and Sana+ 2012. The slope of late M dwarfs is from Allen 2007.
 * Spread of log10 separation: 0.7, 1.3 and 1.5 dex for late M, early M and solar stars (Offner+ 2023, table 2; 1.52 from Raghavan+ 2010's
 * 2.28 dex in period); 1.5 above, as wide as the flat distribution over eight decades of period of Duchene & Kraus 2013.
 */
export const multiplicityTable = {
  massMsun: [0.11, 0.21, 0.42, 0.97, 1.96, 3.87, 6.32, 11.7, 29.2],
  multiple: [0.19, 0.23, 0.3, 0.46, 0.68, 0.81, 0.89, 0.93, 0.96],
  companions: [0.21, 0.27, 0.38, 0.6, 0.99, 1.28, 1.55, 1.8, 2.1],
  ratioSlope: [1.7, 0.7, 0.1, 0.2, -1.3, -1, -1.7, -1.6, -1.4],
  medianAu: [3.9, 10, 26, 49, 32, 28, 25, 23, 19],
  sigmaDex: [0.7, 1, 1.3, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5],
} as const

/** A star with more companions than this loses the rest. */
export const MAX_COMPANIONS = 3
/** The surveys behind the table count companions above a tenth of the primary, and above this mass. */
const LEAST_RATIO = 0.1
const LEAST_COMPANION_MSUN = 0.075
/** Separations of bound companions: above the touching stars, below what the field tears apart. */
const SEPARATION_AU = [0.02, 20_000] as const
const DAYS_PER_YEAR = 365.25

export interface Multiplicity {
  /** Share of primaries with at least one companion. */
  readonly multipleShare: number
  /** Mean number of companions of a primary. */
  readonly companionsPerStar: number
  readonly ratioSlope: number
  readonly medianAu: number
  readonly sigmaDex: number
}

const logMasses = multiplicityTable.massMsun.map(Math.log10)
const logMedians = multiplicityTable.medianAu.map(Math.log10)

/** The table at a primary mass; beyond its ends the last row holds. */
export function multiplicityAt(massMsun: number): Multiplicity {
  const logMass = Math.log10(massMsun)
  const last = logMasses.length - 1
  let low = 0
  while (low < last - 1 && logMass > logMasses[low + 1]) low++
  const t = ramp(logMass, logMasses[low], logMasses[low + 1])
  const at = (column: readonly number[]) => column[low] + t * (column[low + 1] - column[low])
  const { multiple, companions, ratioSlope, sigmaDex } = multiplicityTable
  return {
    multipleShare: at(multiple),
    companionsPerStar: at(companions),
    ratioSlope: at(ratioSlope),
    medianAu: 10 ** at(logMedians),
    sigmaDex: at(sigmaDex),
  }
}

/**
 * How many companions a primary has, 0 to 3. Those of multiple stars beyond the first are two tries with the chance that gives the table's
 * companions per star: for a solar primary 54, 34, 11 and 1 per cent have 0, 1, 2 and 3 (Tokovinin 2014: 54, 33, 8 and 5).
 */
export function drawCompanionCount(massMsun: number, rng: Rng): number {
  const { multipleShare, companionsPerStar } = multiplicityAt(massMsun)
  const u = rng.uniform()
  const first = rng.uniform()
  const second = rng.uniform()
  if (u >= multipleShare) return 0
  const further = Math.min(1, Math.max(0, (companionsPerStar / multipleShare - 1) / 2))
  return 1 + (first < further ? 1 : 0) + (second < further ? 1 : 0)
}

function leastRatio(massMsun: number): number {
  return Math.min(0.999, Math.max(LEAST_RATIO, LEAST_COMPANION_MSUN / massMsun))
}

/** Mean of `drawMassRatio`. */
export function meanMassRatio(massMsun: number): number {
  const power = multiplicityAt(massMsun).ratioSlope + 1
  const least = leastRatio(massMsun)
  const integral = (p: number) => (Math.abs(p) < 1e-9 ? -Math.log(least) : (1 - least ** p) / p)
  return integral(power + 1) / integral(power)
}

/**
 * Mass of a companion over its primary's, from a power law between the least ratio and 1. Not modelled: the excess of twins.
 * @returns 0.1 (or what 0.075 Msun is of the primary) to 1
 */
export function drawMassRatio(massMsun: number, rng: Rng): number {
  const { ratioSlope } = multiplicityAt(massMsun)
  const least = leastRatio(massMsun)
  const power = ratioSlope + 1
  const u = rng.uniform()
  if (Math.abs(power) < 1e-9) return least ** (1 - u)
  return (least ** power + u * (1 - least ** power)) ** (1 / power)
}

/** Semi-major axis of a companion, AU: lognormal about the table's median, cut at touching stars and at 20,000 AU. */
export function drawSeparationAu(massMsun: number, rng: Rng): number {
  const { medianAu, sigmaDex } = multiplicityAt(massMsun)
  const edges = SEPARATION_AU.map(a => normalCdf(Math.log10(a / medianAu) / sigmaDex))
  const share = edges[0] + rng.uniform() * (edges[1] - edges[0])
  return Math.min(SEPARATION_AU[1], Math.max(SEPARATION_AU[0], medianAu * 10 ** (sigmaDex * probit(share))))
}

/** Kepler's third law: days, from AU and the sum of the masses in Msun. */
export function orbitPeriodDays(separationAu: number, totalMsun: number): number {
  return DAYS_PER_YEAR * Math.sqrt(separationAu ** 3 / totalMsun)
}
