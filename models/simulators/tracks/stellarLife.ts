// Single-star evolution from the zero-age main sequence to the last thermal pulse, phase by phase.
import { loadPackedGrid } from '../../grids/packedGrid.ts'
import { placeOn } from '../../math/grid.ts'

/** In the order of life; the tables hold them from the second on. */
export const lifePhases = [
  'preMainSequence',
  'mainSequence',
  'hertzsprungGap',
  'giantBranch',
  'coreHelium',
  'asymptoticGiantBranch',
  'thermallyPulsing',
] as const
export type LifePhase = (typeof lifePhases)[number]

/** First phase after the main sequence. */
export const HERTZSPRUNG_GAP = lifePhases.indexOf('hertzsprungGap')
/** Phases of the tables. */
export const TABLE_PHASES = 6
/** Node u of a phase lies at time fraction 1 - (1 - u)^power: giants rush towards the end of their phases. */
export const phasePower = [1, 1, 4, 1, 3, 3] as const

export interface StellarLife {
  /** Places of a star, from `placeOn`; -1 outside. */
  fehPlace(fehDex: number): number
  massPlace(logMassMsun: number): number
  /** The log mass at a place. */
  logMassAt(massPlace: number): number
  /** @param out [6] receives log10 of the age in years at the end of each phase; a phase that is skipped has no length */
  endsInto(fehPlace: number, massPlace: number, out: Float64Array): void
  /**
   * @param phase 0 is the main sequence
   * @param fraction of the phase's time, 0 to 1
   * @param out [3] receives logTeffK, logLuminosityLsun, log10 of the share of the birth mass that is left
   */
  stateInto(phase: number, fehPlace: number, massPlace: number, fraction: number, out: Float64Array): void
}

/** Source: Hurley+ 2000 as run by COSMIC, models/grids/ORIGIN.md. Linear between nodes of abundance, log mass and u, within one phase. */
export function createStellarLife(): StellarLife {
  const life = loadPackedGrid('stellarLife')
  const lifetimes = loadPackedGrid('stellarLifetimes')
  const [fehs, masses] = lifetimes.axes
  const uCount = life.axes[3].length
  const width = 3
  const massStride = uCount * width
  const fehStride = masses.length * massStride
  const phaseStride = fehs.length * fehStride

  return {
    fehPlace: fehDex => placeOn(fehs, fehDex),
    massPlace: logMassMsun => placeOn(masses, logMassMsun),
    logMassAt(massPlace) {
      const m = Math.min(Math.floor(massPlace), masses.length - 2)
      return masses[m] + (masses[m + 1] - masses[m]) * (massPlace - m)
    },
    endsInto(fehPlace, massPlace, out) {
      const f = Math.min(Math.floor(fehPlace), fehs.length - 2)
      const m = Math.min(Math.floor(massPlace), masses.length - 2)
      const x = fehPlace - f
      const y = massPlace - m
      const low = (f * masses.length + m) * TABLE_PHASES
      const high = low + masses.length * TABLE_PHASES
      const { values } = lifetimes
      for (let p = 0; p < TABLE_PHASES; p++)
        out[p] =
          (1 - x) * ((1 - y) * values[low + p] + y * values[low + TABLE_PHASES + p]) +
          x * ((1 - y) * values[high + p] + y * values[high + TABLE_PHASES + p])
    },
    stateInto(phase, fehPlace, massPlace, fraction, out) {
      const within = Math.min(1, Math.max(0, fraction))
      const power = phasePower[phase]
      const u = power === 1 ? within : 1 - (1 - within) ** (1 / power)
      const uPlace = u * (uCount - 1)
      const f = Math.min(Math.floor(fehPlace), fehs.length - 2)
      const m = Math.min(Math.floor(massPlace), masses.length - 2)
      const k = Math.min(Math.floor(uPlace), uCount - 2)
      const x = fehPlace - f
      const y = massPlace - m
      const z = uPlace - k
      const base = phase * phaseStride + f * fehStride + m * massStride + k * width
      const { values } = life
      for (let q = 0; q < width; q++) {
        let sum = 0
        for (let corner = 0; corner < 4; corner++) {
          const isRich = corner & 1
          const isHeavy = corner >> 1
          const at = base + isRich * fehStride + isHeavy * massStride + q
          const weight = (isRich ? x : 1 - x) * (isHeavy ? y : 1 - y)
          sum += weight * ((1 - z) * values[at] + z * values[at + width])
        }
        out[q] = sum
      }
    },
  }
}
