// Balmer, Paschen and Brackett lines: wavelengths and strengths by the quantum numbers, wings by the electric fields of the plasma.

const RYDBERG_PER_CM = 109_677.576
const LEVELS = [
  { lower: 2, upper: [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14] },
  { lower: 3, upper: [8, 9, 10, 11, 12, 13, 14, 15, 16, 17] },
  { lower: 4, upper: [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21] },
] as const

export interface HydrogenLine {
  readonly lower: number
  readonly upper: number
  readonly vacuumAngstrom: number
  /** Absorption oscillator strength. */
  readonly strength: number
}

/** Kramers' formula with the Gaunt factor of Menzel & Pekeris 1935, within 3% of the exact strengths (H alpha 0.641, H beta 0.119, H gamma 0.0447). */
function oscillatorStrength(n: number, m: number): number {
  const kramers = ((32 / (3 * Math.PI * Math.sqrt(3))) * (n ** -2 - m ** -2) ** -3) / (n ** 5 * m ** 3)
  const u = (n / m) ** 2
  const gaunt = 1 - (0.1728 * (1 + u)) / (n * (1 - u)) ** (2 / 3)
  return kramers * gaunt
}

export const hydrogenLines: readonly HydrogenLine[] = LEVELS.flatMap(({ lower, upper }) =>
  upper.map(m => ({
    lower,
    upper: m,
    vacuumAngstrom: 1e8 / (RYDBERG_PER_CM * (lower ** -2 - m ** -2)),
    strength: oscillatorStrength(lower, m),
  })),
)

/** Electric field between the ions, V/cm, at their mean distance (Holtsmark 1919). */
const FIELD = 3.75e-7
/** Shift of a level, 1/cm, per V/cm and unit of n (n1 - n2). */
const SHIFT = 6.402e-5
/**
 * Mean shift of the components of a line as a share of the largest, by the quantum numbers that change: H alpha and its like have
 * strong components that no field shifts. Set by the equivalent widths of the Sun (Moore+ 1966) and of A0 stars.
 */
const MEAN_SHARE = [0.13, 0.33, 0.5, 0.6] as const

/**
 * Half width of the profile w(x) = 0.75 / h (1 + |x| / h)^-2.5, Angstrom, whose integral is 1 and whose wings are Holtsmark's.
 */
export function starkWidthAngstrom({ lower, upper, vacuumAngstrom }: HydrogenLine, electronCm3: number): number {
  const largest = upper * (upper - 1) + lower * (lower - 1)
  const share = MEAN_SHARE[Math.min(upper - lower, MEAN_SHARE.length) - 1]
  return share * largest * SHIFT * FIELD * electronCm3 ** (2 / 3) * vacuumAngstrom ** 2 * 1e-8
}
