// What the Galaxy's model asks of stellar evolution and photometry: is this star alive, and how bright is it in one band.
import { loggDex, logRadiusRsun } from '../../../schemas/index.ts'
import { type BandTable, createBandTable, TABLE_AV_MAG } from '../photosphere/bandTable.ts'
import type { PassbandName } from '../photosphere/passbands.ts'
import { starFamilies } from '../tracks/starFamilies.ts'
import { createStarTracks, nearestTrackFehDex } from '../tracks/starTracks.ts'
import { createStellarLife, TABLE_PHASES } from '../tracks/stellarLife.ts'

export interface StarLight {
  /** Masses it knows; lighter stars are dark to it, heavier ones are not drawn. */
  readonly minMsun: number
  readonly maxMsun: number
  /** Extinctions it knows, A_V. */
  readonly maxAvMag: number
  /** log10 of the heaviest mass that still shines by its own fuel, Msun; of `maxMsun` where heavier ones do. */
  heaviestLogMass(logAgeYr: number, fehDex: number): number
  /** Magnitude at 10 pc behind dust; Infinity where nothing is known. */
  magnitudeAt(logMassMsun: number, logAgeYr: number, fehDex: number, avMag: number): number
  /** Nearly no star has less extinction in the band behind this A_V: by 1% at most. */
  leastExtinctionMag(avMag: number): number
}

/** The families that stand for all: one with young stars, and above the second's least mass that without. */
const light = starFamilies.findIndex(({ name }) => name === 'parsec12')
const heavy = starFamilies.findIndex(({ name }) => name === 'hurley2000')
const LEAST_HEAVY_LOG_MASS = Math.log10(starFamilies[heavy].minMassMsun)
const ATMOSPHERES = 'btSettl'
const LAW = 'g23'
const STANDARD_RV = 3.1
/** Stars of the tracks below 20 Msun that have not lost their envelopes. */
const BOUND_TEFF_K = [2400, 30_000] as const

const made = new Map<PassbandName, StarLight>()

/**
 * Single stars of reference tracks and atmospheres in one band.
 * @throws RangeError on a band that is not known
 */
export function starLight(band: PassbandName): StarLight {
  let found = made.get(band)
  if (found === undefined) {
    found = createStarLight(createBandTable(band, ATMOSPHERES, LAW, STANDARD_RV, BOUND_TEFF_K))
    made.set(band, found)
  }
  return found
}

function createStarLight(table: BandTable): StarLight {
  const tracks = createStarTracks()
  const life = createStellarLife()
  const { minMassMsun } = starFamilies[light]
  const { maxMassMsun } = starFamilies[heavy]
  const maxLogMass = Math.log10(maxMassMsun)
  const maxPlace = life.massPlace(maxLogMass)
  const state = new Float64Array(3)
  const ends = new Float64Array(TABLE_PHASES)
  return {
    minMsun: minMassMsun,
    maxMsun: maxMassMsun,
    maxAvMag: TABLE_AV_MAG,
    heaviestLogMass(logAgeYr, feh) {
      const fehPlace = life.fehPlace(nearestTrackFehDex(feh))
      const endAt = (massPlace: number) => {
        life.endsInto(fehPlace, massPlace, ends)
        return ends[TABLE_PHASES - 1]
      }
      if (endAt(maxPlace) > logAgeYr) return maxLogMass
      let [low, high] = [0, Math.ceil(maxPlace)]
      while (high - low > 1) {
        const middle = (low + high) >> 1
        if (endAt(middle) > logAgeYr) low = middle
        else high = middle
      }
      // Between nodes the end of life is a straight line.
      const [lowEnd, highEnd] = [endAt(low), endAt(high)]
      return life.logMassAt(low + Math.min(1, Math.max(0, (lowEnd - logAgeYr) / (lowEnd - highEnd))))
    },
    magnitudeAt(logMass, logAge, feh, avMag) {
      const fehDex = nearestTrackFehDex(feh)
      const family = logMass < LEAST_HEAVY_LOG_MASS ? light : heavy
      if (tracks.starInto(logAge, logMass, fehDex, family, state) < 0) return Number.POSITIVE_INFINITY
      const logRadius = logRadiusRsun(state[1], state[0])
      return table.magnitudeAt(10 ** state[0], loggDex(state[2], logRadius), fehDex, avMag) - 5 * logRadius
    },
    leastExtinctionMag: table.leastExtinctionMag,
  }
}
