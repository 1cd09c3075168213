// Stellar evolution: age, mass and abundance -> temperature and luminosity, never beyond the tables.
import { type GridFile, loadGrid } from '../grids/gridFile.ts'
import { interpolate, placeOn } from '../math/grid.ts'

/** Families of pre-main-sequence tracks, a declared nuisance: nobody knows which is right. */
export const trackFamilies = ['parsec', 'baraffePisa'] as const
export type TrackFamily = (typeof trackFamilies)[number]

/** In the order of life. */
export const phases = [
  'preMainSequence',
  'mainSequence',
  'hertzsprungGap',
  'giantBranch',
  'coreHelium',
  'asymptoticGiantBranch',
] as const
export type Phase = (typeof phases)[number]

export interface StarState {
  readonly logTeffK: number
  readonly logLuminosityLsun: number
  readonly phase: Phase
}

/** Youngest age of the tables, 0.5 Myr. */
export const MIN_LOG_AGE_YR = 5.7
/** Older than the oldest star, 13 Gyr. */
export const MAX_LOG_AGE_YR = 10.114

export interface Evolution {
  /** A star's state; undefined outside the tables and after the early asymptotic giant branch. */
  star(logAgeYr: number, massMsun: number, fehDex: number, family: TrackFamily): StarState | undefined
  /**
   * The same without objects, for hot loops.
   * @param out [2] receives logTeffK, logLuminosityLsun
   * @returns index into `phases`, or -1 where undefined (out is then meaningless)
   */
  starInto(logAgeYr: number, logMassMsun: number, fehDex: number, family: number, out: Float64Array): number
  /**
   * log10 of the age in years at a node coordinate of a phase after the main sequence.
   * @param phase index into `phases`, 2 to 5
   * @param u 0 at the start of the phase, 1 at its end; giants rush towards the end, so time is not linear in u
   * @returns -1 where undefined
   */
  logAgeAt(phase: number, u: number, logMassMsun: number, fehDex: number): number
}

/** Young tables hold to this age; older stars go on by what single-star evolution adds. */
const YOUNG_TABLE_END = 9
/** A star counts as arrived on the main sequence once its radius is within 3% of the smallest it will have. */
const ARRIVAL_LOG_RADIUS = Math.log10(1.03)

/**
 * Below a tenth of the main-sequence life (at most 1 Gyr) the family's own solar-abundance table is used. Beyond it, and for other
 * abundances, the difference that Hurley's single-star evolution predicts is added, so both families meet one main-sequence
 * evolution. After the main sequence the star follows single-star evolution alone, phase by phase at equal fractions of
 * the phase, so interpolation never mixes a dwarf with a giant.
 *
 * Source: tables and their papers in models/grids/ORIGIN.md.
 */
export function createEvolution(): Evolution {
  const evolved = loadGrid('evolvedTracks')
  const lifetimes = loadGrid('evolvedLifetimes')
  const young = [loadGrid('parsecTracks'), loadGrid('baraffePisaTracks')]
  const power = [1, 1, 4, 1, 3]
  const solarFehPlace = placeOn(lifetimes.axes[0], 0)
  const ends = new Float64Array(5)
  const solarEnds = new Float64Array(5)
  const here = new Float64Array(2)
  const solar = new Float64Array(2)
  const place2 = new Float64Array(2)
  const place4 = new Float64Array(4)
  const arrivals = young.map(table => arrivalAges(table, lifetimes, solarFehPlace))

  function endsAt(fehPlace: number, massPlace: number, out: Float64Array): boolean {
    place2[0] = fehPlace
    place2[1] = massPlace
    return interpolate(lifetimes, place2, out)
  }

  /** Single-star evolution at a fraction of a phase's time (0 is the main sequence here). */
  function evolvedAt(phase: number, fehPlace: number, massPlace: number, fraction: number, out: Float64Array): boolean {
    const u = 1 - (1 - fraction) ** (1 / power[phase])
    place4[0] = phase
    place4[1] = fehPlace
    place4[2] = massPlace
    place4[3] = placeOn(evolved.axes[3], Math.min(1, Math.max(0, u)))
    return interpolate(evolved, place4, out)
  }

  function starInto(logAgeYr: number, logMassMsun: number, fehDex: number, family: number, out: Float64Array): number {
    const fehPlace = placeOn(lifetimes.axes[0], fehDex)
    const massPlace = placeOn(lifetimes.axes[1], logMassMsun)
    if (fehPlace < 0 || massPlace < 0 || !(logAgeYr >= MIN_LOG_AGE_YR && logAgeYr <= MAX_LOG_AGE_YR)) return -1
    if (!endsAt(fehPlace, massPlace, ends)) return -1
    if (logAgeYr >= ends[0]) {
      let phase = 1
      while (phase < 5 && logAgeYr >= ends[phase]) phase++
      if (phase === 5) return -1
      const begin = 10 ** ends[phase - 1]
      const fraction = (10 ** logAgeYr - begin) / (10 ** ends[phase] - begin)
      return evolvedAt(phase, fehPlace, massPlace, fraction, out) ? phase + 1 : -1
    }
    if (!endsAt(solarFehPlace, massPlace, solarEnds)) return -1
    const youngEnd = Math.min(YOUNG_TABLE_END, solarEnds[0] - 1)
    const tableAge = Math.min(logAgeYr, youngEnd)
    place2[0] = placeOn(young[family].axes[0], tableAge)
    place2[1] = placeOn(young[family].axes[1], logMassMsun)
    if (!interpolate(young[family], place2, out)) return -1
    if (!evolvedAt(0, fehPlace, massPlace, 10 ** (logAgeYr - ends[0]), here)) return -1
    if (!evolvedAt(0, solarFehPlace, massPlace, 10 ** (tableAge - solarEnds[0]), solar)) return -1
    out[0] += here[0] - solar[0]
    out[1] += here[1] - solar[1]
    const arrival = arrivals[family]
    const low = Math.min(Math.floor(place2[1]), arrival.length - 2)
    const arrivalAge = arrival[low] + (arrival[low + 1] - arrival[low]) * (place2[1] - low)
    return logAgeYr < arrivalAge ? 0 : 1
  }

  const state = new Float64Array(2)
  return {
    starInto,
    star(logAgeYr, massMsun, fehDex, family) {
      const phase = starInto(logAgeYr, Math.log10(massMsun), fehDex, trackFamilies.indexOf(family), state)
      return phase < 0 ? undefined : { logTeffK: state[0], logLuminosityLsun: state[1], phase: phases[phase] }
    },
    logAgeAt(phase, u, logMassMsun, fehDex) {
      const fehPlace = placeOn(lifetimes.axes[0], fehDex)
      const massPlace = placeOn(lifetimes.axes[1], logMassMsun)
      if (fehPlace < 0 || massPlace < 0 || !endsAt(fehPlace, massPlace, ends)) return -1
      const begin = 10 ** ends[phase - 2]
      const fraction = 1 - (1 - u) ** power[phase - 1]
      return Math.log10(begin + (10 ** ends[phase - 1] - begin) * fraction)
    },
  }
}

/** log10 age of arrival on the main sequence, per mass node of a young table. */
function arrivalAges(table: GridFile, lifetimes: GridFile, solarFehPlace: number): Float64Array {
  const [ages, masses] = table.axes
  const solarEnds = new Float64Array(5)
  return masses.map((logMass, m) => {
    const inside = interpolate(lifetimes, [solarFehPlace, placeOn(lifetimes.axes[1], logMass)], solarEnds)
    const youngEnd = inside ? Math.min(YOUNG_TABLE_END, solarEnds[0] - 1) : YOUNG_TABLE_END
    const logRadius: number[] = []
    for (let a = 0; a < ages.length && ages[a] <= youngEnd + 1e-9; a++) {
      const at = (a * masses.length + m) * 2
      logRadius.push(table.values[at + 1] / 2 - 2 * table.values[at])
    }
    const defined = logRadius.filter(Number.isFinite)
    const limit = Math.min(...defined) + ARRIVAL_LOG_RADIUS
    const first = logRadius.findIndex(r => r <= limit)
    return first < 0 ? youngEnd : ages[first]
  })
}
