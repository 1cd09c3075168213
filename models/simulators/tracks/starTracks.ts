// A star of any family at any age: its table while it is young, single-star evolution after, never beyond either.
import { loggDex, logRadiusRsun } from '../../../schemas/index.ts'
import { starFamilies } from './starFamilies.ts'
import { createStellarLife, type LifePhase, lifePhases, phasePower, TABLE_PHASES } from './stellarLife.ts'
import { loadYoungTable, type YoungTable } from './youngTable.ts'

/** Youngest age, 0.5 Myr, and oldest, 13 Gyr. */
export const YOUNGEST_LOG_AGE_YR = 5.7
export const OLDEST_LOG_AGE_YR = 10.114

/** Abundances of the tracks. */
export const TRACK_FEH_DEX = [-2.2, 0.22] as const

/** A star beyond the abundances of the tracks evolves like the nearest. */
export function nearestTrackFehDex(fehDex: number): number {
  return Math.min(TRACK_FEH_DEX[1], Math.max(TRACK_FEH_DEX[0], fehDex))
}

/** The Sun is the one star whose mass, age and abundance are known: log10 age in years, log10 K. */
const sun = { logAgeYr: Math.log10(4.57e9), logTeffK: Math.log10(5772) } as const
/**
 * What a family lacks of the Sun is lack of a calibrated mixing length, so it is given to stars with deep superadiabatic envelopes:
 * in full between the middle masses, not at all beyond the outer ones (Msun). It grows from arrival on the main sequence to ten
 * times that age; before, the published numbers stand.
 */
const solarMasses = [0.6, 0.8, 1.2, 1.6].map(Math.log10)

export interface StarTrackState {
  readonly logTeffK: number
  readonly logLuminosityLsun: number
  readonly logRadiusRsun: number
  readonly loggDex: number
  /** Log10 of the mass at that age: giants have lost a part of what they were born with. */
  readonly logMassMsun: number
  readonly phase: LifePhase
}

export interface StarTracks {
  /** @param family index into `starFamilies`; undefined outside the family's range and after the last thermal pulse */
  star(logAgeYr: number, massMsun: number, fehDex: number, family: number): StarTrackState | undefined
  /**
   * The same without objects, for hot loops.
   * @param logMassMsun log10 of the mass at birth
   * @param out [3] receives logTeffK, logLuminosityLsun, log10 of the present mass in Msun
   * @returns index into `lifePhases`, or -1 where undefined (out is then meaningless)
   */
  starInto(logAgeYr: number, logMassMsun: number, fehDex: number, family: number, out: Float64Array): number
  /** Bit i is set where family i has such a star: a simulator whose family does not reach draws among these. */
  familiesAt(logAgeYr: number, logMassMsun: number, fehDex: number): number
  /**
   * log10 of the age in years at a node coordinate of a phase after the main sequence.
   * @param phase index into `lifePhases`, 2 to 6
   * @param u 0 at the start of the phase, 1 at its end; giants rush towards the end, so time is not linear in u
   * @returns -1 outside the tables, and where the star skips the phase
   */
  logAgeAt(phase: number, u: number, logMassMsun: number, fehDex: number): number
}

/**
 * While a star is young its family's table holds; other abundances than the table's come by the difference that single-star
 * evolution predicts. From a tenth of the main-sequence life on the last difference between the table and single-star evolution is
 * carried along, and fades through the Hertzsprung gap, so every family meets one giant branch without a jump.
 */
export function createStarTracks(): StarTracks {
  const life = createStellarLife()
  const tables = starFamilies.map(family => (family.table === null ? null : loadYoungTable(family, family.table, life)))
  const tableFehPlaces = starFamilies.map(family => life.fehPlace(family.tableFehDex))
  const ends = new Float64Array(TABLE_PHASES)
  const tableEnds = new Float64Array(TABLE_PHASES)
  const here = new Float64Array(3)
  const there = new Float64Array(3)
  /** What a family adds to single-star evolution: dex of Teff, dex of L. */
  const offset = new Float64Array(2)
  const solarOffsets = starFamilies.map(() => new Float64Array(2))
  starFamilies.forEach(calibrate)

  function calibrate(_: unknown, family: number): void {
    const state = new Float64Array(3)
    if (starInto(sun.logAgeYr, 0, 0, family, state) < 0) return
    solarOffsets[family][0] = sun.logTeffK - state[0]
    solarOffsets[family][1] = -state[1]
  }

  /**
   * Fills `offset`.
   * @returns -1 where the family has no such star, 0 before and 1 after arrival on the main sequence
   */
  function offsetAt(
    logAgeYr: number,
    logMassMsun: number,
    massPlace: number,
    family: number,
    table: YoungTable,
  ): number {
    if (!table.seek(logMassMsun) || logAgeYr < table.begin()) return -1
    const handoff = table.handoff()
    if (handoff < 0 && logAgeYr > table.end()) return -1
    const tableLogAge = handoff < 0 ? logAgeYr : Math.min(logAgeYr, handoff)
    if (!table.readInto(tableLogAge, offset)) return -1
    life.endsInto(tableFehPlaces[family], massPlace, tableEnds)
    life.stateInto(0, tableFehPlaces[family], massPlace, 10 ** (tableLogAge - tableEnds[0]), there)
    offset[0] -= there[0]
    offset[1] -= there[1]
    const arrival = table.arrival()
    if (!(logAgeYr >= arrival)) return 0
    const weight = Math.min(1, logAgeYr - arrival) * solarWeight(logMassMsun)
    offset[0] += weight * solarOffsets[family][0]
    offset[1] += weight * solarOffsets[family][1]
    return 1
  }

  function starInto(logAgeYr: number, logMassMsun: number, fehDex: number, family: number, out: Float64Array): number {
    const known = starFamilies[family]
    const table = tables[family]
    const fehPlace = life.fehPlace(fehDex)
    const massPlace = life.massPlace(logMassMsun)
    if (known === undefined || fehPlace < 0 || massPlace < 0) return -1
    if (!(logAgeYr >= YOUNGEST_LOG_AGE_YR && logAgeYr <= OLDEST_LOG_AGE_YR)) return -1
    life.endsInto(fehPlace, massPlace, ends)
    let phase = 0
    while (phase < TABLE_PHASES && logAgeYr >= ends[phase]) phase++
    if (phase === TABLE_PHASES) return -1
    let stage = 1
    if (table === null) {
      if (logMassMsun < Math.log10(known.minMassMsun) || logMassMsun > Math.log10(known.maxMassMsun)) return -1
      offset.fill(0)
    } else {
      stage = offsetAt(logAgeYr, logMassMsun, massPlace, family, table)
      if (stage < 0) return -1
    }
    const begin = phase === 0 ? 0 : 10 ** ends[phase - 1]
    const fraction = (10 ** logAgeYr - begin) / (10 ** ends[phase] - begin)
    life.stateInto(phase, fehPlace, massPlace, fraction, here)
    const kept = phase === 0 ? 1 : phase === 1 ? 1 - fraction : 0
    out[0] = here[0] + kept * offset[0]
    out[1] = here[1] + kept * offset[1]
    out[2] = here[2] + logMassMsun
    return phase === 0 ? stage : phase + 1
  }

  const state = new Float64Array(3)
  return {
    starInto,
    star(logAgeYr, massMsun, fehDex, family) {
      const phase = starInto(logAgeYr, Math.log10(massMsun), fehDex, family, state)
      if (phase < 0) return undefined
      const [logTeffK, logLuminosityLsun, logMassMsun] = state
      const logRadius = logRadiusRsun(logLuminosityLsun, logTeffK)
      return {
        logTeffK,
        logLuminosityLsun,
        logRadiusRsun: logRadius,
        loggDex: loggDex(logMassMsun, logRadius),
        logMassMsun,
        phase: lifePhases[phase],
      }
    },
    familiesAt(logAgeYr, logMassMsun, fehDex) {
      let bits = 0
      for (let family = 0; family < starFamilies.length; family++)
        if (starInto(logAgeYr, logMassMsun, fehDex, family, state) >= 0) bits |= 1 << family
      return bits
    },
    logAgeAt(phase, u, logMassMsun, fehDex) {
      const fehPlace = life.fehPlace(fehDex)
      const massPlace = life.massPlace(logMassMsun)
      if (fehPlace < 0 || massPlace < 0 || !(phase >= 2 && phase <= TABLE_PHASES && u >= 0 && u <= 1)) return -1
      life.endsInto(fehPlace, massPlace, ends)
      const begin = 10 ** ends[phase - 2]
      const length = 10 ** ends[phase - 1] - begin
      if (!(length > 0)) return -1
      return Math.log10(begin + length * (1 - (1 - u) ** phasePower[phase - 1]))
    },
  }
}

function solarWeight(logMassMsun: number): number {
  const [none, full, last, over] = solarMasses
  return Math.min(1, Math.max(0, Math.min((logMassMsun - none) / (full - none), (over - logMassMsun) / (over - last))))
}
