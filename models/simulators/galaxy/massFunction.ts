// How many stars are born with which mass: mass functions in closed form, continuous and normalised.
import { normalCdf, probit } from '../../math/special.ts'

/** dN/dm proportional to m^slope up to the mass where the piece ends. */
interface PowerPiece {
  readonly slope: number
  readonly endMsun: number
}
/** dN/dlog m a Gaussian in log10 m. */
interface LognormalPiece {
  readonly peakMsun: number
  readonly sigmaDex: number
  readonly endMsun: number
}
export type MassPiece = PowerPiece | LognormalPiece

export interface MassFunction {
  readonly minMsun: number
  readonly maxMsun: number
  /** Probability per solar mass; 0 outside the range. */
  densityAt(massMsun: number): number
  /** Share of stars below a mass, 0 to 1. */
  shareBelow(massMsun: number): number
  /** Mass below which a share lies; share 0 to 1. */
  massAt(share: number): number
  /** Solar masses per star born that are in stars below a mass. */
  massBelowMsun(massMsun: number): number
}

/** One piece as three functions of mass, up to a common factor. */
interface Shape {
  density(m: number): number
  /** Integral of the density from `low` to `m`. */
  count(low: number, m: number): number
  /** Integral of m times the density. */
  mass(low: number, m: number): number
  /** The mass where the count from `low` reaches `count`. */
  inverse(low: number, count: number): number
}

function powerShape(slope: number): Shape {
  const integral = (power: number, low: number, m: number) =>
    Math.abs(power) < 1e-12 ? Math.log(m / low) : (m ** power - low ** power) / power
  const p = slope + 1
  return {
    density: m => m ** slope,
    count: (low, m) => integral(p, low, m),
    mass: (low, m) => integral(slope + 2, low, m),
    inverse: (low, count) => (Math.abs(p) < 1e-12 ? low * Math.exp(count) : (low ** p + p * count) ** (1 / p)),
  }
}

function lognormalShape(peakMsun: number, sigmaDex: number): Shape {
  const mean = Math.log10(peakMsun)
  const z = (m: number) => (Math.log10(m) - mean) / sigmaDex
  // Weighting a lognormal by m moves its mean by sigma^2 ln 10 and scales it by its own mean.
  const shift = sigmaDex * Math.LN10
  const scale = peakMsun * Math.exp(shift ** 2 / 2)
  return {
    density: m => Math.exp(-(z(m) ** 2) / 2) / (m * Math.LN10 * sigmaDex * Math.sqrt(2 * Math.PI)),
    count: (low, m) => normalCdf(z(m)) - normalCdf(z(low)),
    mass: (low, m) => scale * (normalCdf(z(m) - shift) - normalCdf(z(low) - shift)),
    inverse: (low, count) => 10 ** (mean + sigmaDex * probit(normalCdf(z(low)) + count)),
  }
}

/**
 * A mass function of pieces that meet without a step, normalised to one star.
 * @param minMsun where the first piece begins
 * @throws RangeError when a piece does not end above its beginning
 */
export function createMassFunction(minMsun: number, pieces: readonly MassPiece[]): MassFunction {
  const shapes = pieces.map(p => ('slope' in p ? powerShape(p.slope) : lognormalShape(p.peakMsun, p.sigmaDex)))
  const edges = [minMsun, ...pieces.map(p => p.endMsun)]
  for (let k = 0; k < pieces.length; k++)
    if (!(edges[k] > 0 && edges[k + 1] > edges[k]))
      throw new RangeError(`massFunction: a piece from ${edges[k]} to ${edges[k + 1]} Msun`)
  const factors = [1]
  for (let k = 1; k < shapes.length; k++)
    factors.push((factors[k - 1] * shapes[k - 1].density(edges[k])) / shapes[k].density(edges[k]))
  const total = shapes.reduce((sum, shape, k) => sum + factors[k] * shape.count(edges[k], edges[k + 1]), 0)
  const below = [0]
  const massBelow = [0]
  shapes.forEach((shape, k) => {
    factors[k] /= total
    below.push(below[k] + factors[k] * shape.count(edges[k], edges[k + 1]))
    massBelow.push(massBelow[k] + factors[k] * shape.mass(edges[k], edges[k + 1]))
  })
  const maxMsun = edges[edges.length - 1]
  const pieceOf = (m: number) => {
    let k = 0
    while (k < shapes.length - 1 && m >= edges[k + 1]) k++
    return k
  }
  return {
    minMsun,
    maxMsun,
    densityAt(massMsun) {
      if (!(massMsun >= minMsun && massMsun <= maxMsun)) return 0
      const k = pieceOf(massMsun)
      return factors[k] * shapes[k].density(massMsun)
    },
    shareBelow(massMsun) {
      if (massMsun <= minMsun) return 0
      if (massMsun >= maxMsun) return 1
      const k = pieceOf(massMsun)
      return below[k] + factors[k] * shapes[k].count(edges[k], massMsun)
    },
    massAt(share) {
      if (!(share >= 0 && share <= 1)) throw new RangeError(`massFunction: no mass at a share of ${share}`)
      let k = 0
      while (k < shapes.length - 1 && share >= below[k + 1]) k++
      const m = shapes[k].inverse(edges[k], (share - below[k]) / factors[k])
      return Math.min(edges[k + 1], Math.max(edges[k], m))
    },
    massBelowMsun(massMsun) {
      const m = Math.min(maxMsun, Math.max(minMsun, massMsun))
      const k = pieceOf(m)
      return massBelow[k] + factors[k] * shapes[k].mass(edges[k], m)
    },
  }
}

/** Mass where hydrogen burns; Offner+ 2023 count companions above 0.075. */
export const LEAST_STAR_MSUN = 0.08
/** Heaviest star born, by convention (Kroupa 2001 and others stop between 50 and 150). */
export const MOST_STAR_MSUN = 120

/** Every mass function by name, from 0.08 to 120 Msun; slopes are of dN/dm. */
export const massFunctions = {
  /** Kroupa 2001, MNRAS 322, 231, equation 2: -1.3 to 0.5 Msun, -2.3 above (his -0.3 is below the least star). */
  kroupa2001: [
    { slope: -1.3, endMsun: 0.5 },
    { slope: -2.3, endMsun: MOST_STAR_MSUN },
  ],
  /** Chabrier 2003, PASP 115, 763, table 1: single stars; a lognormal to 1 Msun, then Salpeter. */
  chabrier2003: [
    { peakMsun: 0.079, sigmaDex: 0.69, endMsun: 1 },
    { slope: -2.3, endMsun: MOST_STAR_MSUN },
  ],
  /** Chabrier 2003, equation 18: unresolved systems. */
  chabrier2003System: [
    { peakMsun: 0.22, sigmaDex: 0.57, endMsun: 1 },
    { slope: -2.3, endMsun: MOST_STAR_MSUN },
  ],
  /** Salpeter 1955, ApJ 121, 161. */
  salpeter1955: [{ slope: -2.35, endMsun: MOST_STAR_MSUN }],
  /** Robin+ 2003, A&A 409, 523, table 1: the thin disk of the Besancon model. */
  robin2003ThinDisk: [
    { slope: -1.6, endMsun: 1 },
    { slope: -3, endMsun: MOST_STAR_MSUN },
  ],
  /** Robin+ 2003, table 1: thick disk and halo. */
  robin2003Old: [{ slope: -0.5, endMsun: MOST_STAR_MSUN }],
} as const satisfies Record<string, readonly MassPiece[]>
export type MassFunctionName = keyof typeof massFunctions

const made = new Map<MassFunctionName, MassFunction>()

/** A mass function by its name, from 0.08 to 120 Msun. */
export function massFunction(name: MassFunctionName): MassFunction {
  let found = made.get(name)
  if (found === undefined) {
    found = createMassFunction(LEAST_STAR_MSUN, massFunctions[name])
    made.set(name, found)
  }
  return found
}
