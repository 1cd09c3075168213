// What youth, rotation and motion do to a star's spectrum, drawn for a star of the simulator. The trends are those that the
// literature agrees on, smoothed by hand; none is a fit: docs/encoders.md.
import { ramp } from '../../math/ramp.ts'
import type { Rng } from '../../math/rng.ts'
import type { OpticalStar } from '../xp/xpStarlight.ts'
import { drawLineGains } from './lineGains.ts'
import type { SpectralStar } from './stellarSpectrum.ts'
import type { EmissionLine } from './youngLines.ts'

export type SpectralActivity = Omit<SpectralStar, keyof OpticalStar>

export interface ActiveStar {
  readonly teffK: number
  readonly loggDex: number
  readonly logAgeYr: number
  readonly hasDisk: boolean
}

const DWARF_LOGG_DEX = 3.2
const VEIL_TEMPERATURE_K = 8000
const MAX_VEIL = 8
/** Where dust ends, at the inner edge of a disk. */
const DUST_TEMPERATURE_K = 1500
const MAX_DUST = 5
const MAX_VSINI_KM_PER_S = 400

const logNormal = (median: number, dex: number, rng: Rng) => median * 10 ** (dex * rng.normal())

/** Equivalent width of Li I 6708, Angstrom: full below the age at which a star of this temperature has burned it. */
function lithiumEwAngstrom({ teffK, loggDex, logAgeYr }: ActiveStar, rng: Rng): number {
  const scatter = logNormal(1, 0.12, rng)
  if (loggDex < DWARF_LOGG_DEX) return 0.02 * scatter
  const full = 0.6 * ramp(teffK, 7500, 5000) * ramp(teffK, 2400, 3200)
  // 20 Myr for M, 150 Myr for K, 1 Gyr and more for G dwarfs (Jeffries et al. 2023, MNRAS 523, 802, figure 3).
  const lifeDex = 7.3 + 0.9 * ramp(teffK, 3600, 4600) + 1.1 * ramp(teffK, 4800, 6000)
  return Math.min(1, (full / (1 + 10 ** (2 * (logAgeYr - lifeDex)))) * scatter)
}

function emissionOf({ teffK, loggDex, logAgeYr, hasDisk }: ActiveStar, accretion: number, rng: Rng): EmissionLine[] {
  if (loggDex < DWARF_LOGG_DEX || teffK > 7500) return []
  if (accretion > 0) {
    const hAlpha = Math.min(300, 10 + 60 * accretion * logNormal(1, 0.2, rng))
    const wide = { fwhmKmPerS: 250 + 60 * rng.uniform() }
    return [
      { line: 'hAlpha', ewAngstrom: hAlpha, ...wide },
      { line: 'hBeta', ewAngstrom: 0.2 * hAlpha, ...wide },
      { line: 'hGamma', ewAngstrom: 0.1 * hAlpha, ...wide },
      { line: 'caK', ewAngstrom: 0.2 * hAlpha, ...wide },
      { line: 'ca8542', ewAngstrom: 0.1 * hAlpha, ...wide },
      { line: 'he5876', ewAngstrom: 0.03 * hAlpha, ...wide },
      // Brackett lines fade slowly (Campbell et al. 2023, ApJ 942, 22).
      { line: 'br11', ewAngstrom: 0.02 * hAlpha, ...wide },
      { line: 'br12', ewAngstrom: 0.017 * hAlpha, ...wide },
      { line: 'br13', ewAngstrom: 0.014 * hAlpha, ...wide },
      { line: 'br14', ewAngstrom: 0.012 * hAlpha, ...wide },
    ]
  }
  // Chromospheres of cool dwarfs: for a few Gyr where they are fully convective, a few 100 Myr where not.
  const lifeDex = 8.4 + 1.2 * ramp(teffK, 3900, 3200)
  const strength = (hasDisk ? 1 : 1 / (1 + 10 ** (2 * (logAgeYr - lifeDex)))) * logNormal(1, 0.2, rng)
  const ewAngstrom = (0.5 + 4 * ramp(teffK, 4200, 3200)) * ramp(teffK, 6000, 4500) * strength
  const narrow = { fwhmKmPerS: 80 }
  return ewAngstrom < 0.05
    ? []
    : [
        { line: 'hAlpha', ewAngstrom, ...narrow },
        { line: 'hBeta', ewAngstrom: 0.5 * ewAngstrom, ...narrow },
        { line: 'caK', ewAngstrom: 2 * ewAngstrom, ...narrow },
      ]
}

/** Lithium, emission, veil, warm dust, rotation, velocity and the strength of all lines of a star, drawn. */
export function drawActivity(star: ActiveStar, rng: Rng): SpectralActivity {
  const { teffK, logAgeYr, hasDisk } = star
  const isYoung = logAgeYr < 8
  // Three of four disks accrete.
  const accretion = hasDisk && rng.uniform() < 0.75 ? logNormal(0.25, 0.5, rng) : 0
  const turning = teffK > 6500 ? 100 : isYoung ? 15 : 4
  return {
    velocityKmPerS: (isYoung ? 15 : 35) * rng.normal(),
    vsiniKmPerS: Math.min(MAX_VSINI_KM_PER_S, logNormal(turning, 0.3, rng)),
    lithiumEwAngstrom: lithiumEwAngstrom(star, rng),
    veil: { ratio: Math.min(MAX_VEIL, accretion), temperatureK: VEIL_TEMPERATURE_K },
    // Near half of the star's light in the H band, and more where it accretes (Folha & Emerson 1999, A&A 352, 517).
    warmDust: { ratio: hasDisk ? Math.min(MAX_DUST, 0.2 + accretion) : 0, temperatureK: DUST_TEMPERATURE_K },
    emission: emissionOf(star, accretion, rng),
    lnLineGains: drawLineGains(teffK, rng),
  }
}
