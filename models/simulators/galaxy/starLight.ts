// What the Galaxy's model asks of stellar evolution and photometry: is this star alive, and how bright is it in one band.

import { loggDex, logRadiusRsun } from '../../../schemas/index.ts'
import { createEvolution, phases } from '../evolution.ts'
import { type Band, bands, createPhotometry, MAX_AV_MAG } from '../photometry.ts'

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
  /** No star has less extinction in the band behind this A_V. */
  leastExtinctionMag(avMag: number): number
}

/** Abundances of the tables: a star beyond them shines like the nearest. */
const FEH_RANGE_DEX = [-1.5, 0.29] as const
const MAX_MSUN = 6.99
/** No lighter star has died yet. */
const LEAST_MORTAL_LOG_MASS = -0.3
const LAST_PHASE = phases.length - 1
const PARSEC = 0
const BT_SETTL = 0
const STANDARD_RV = 3.1
/** Stars from the coolest to the hottest, between which the extinction of a band lies: log Teff, log radius, log g. */
const probes = [
  [3.45, 0, 4.9],
  [3.55, 1.5, 1],
  [3.65, 0, 4.5],
  [3.76, 0, 4.4],
  [3.95, 0.3, 4.2],
  [4.3, 0.5, 4],
] as const

const made = new Map<Band, StarLight>()

/** Single stars of the reference tracks and atmospheres in one band. */
export function starLight(band: Band): StarLight {
  let found = made.get(band)
  if (found === undefined) {
    found = createStarLight(band)
    made.set(band, found)
  }
  return found
}

function createStarLight(band: Band): StarLight {
  const evolution = createEvolution()
  const photometry = createPhotometry()
  const at = bands.indexOf(band)
  const state = new Float64Array(2)
  const magnitudes = new Float64Array(bands.length)
  const clamp = (feh: number) => Math.min(FEH_RANGE_DEX[1], Math.max(FEH_RANGE_DEX[0], feh))
  const leastRatios = Float64Array.from({ length: MAX_AV_MAG + 1 }, (_, av) => {
    let least = Number.POSITIVE_INFINITY
    for (const [logTeff, logRadius, logg] of probes) {
      if (!photometry.magnitudesInto(logTeff, logRadius, logg, 0, 0, STANDARD_RV, BT_SETTL, magnitudes)) continue
      const bare = magnitudes[at]
      // The ratio falls with A_V: the far end of each step bounds it.
      const far = Math.min(MAX_AV_MAG, av + 1)
      photometry.magnitudesInto(logTeff, logRadius, logg, 0, far, STANDARD_RV, BT_SETTL, magnitudes)
      least = Math.min(least, (magnitudes[at] - bare) / far)
    }
    return least
  })
  return {
    minMsun: 0.1,
    maxMsun: MAX_MSUN,
    maxAvMag: MAX_AV_MAG,
    heaviestLogMass(logAgeYr, feh) {
      const fehDex = clamp(feh)
      const endAt = (logMass: number) => evolution.logAgeAt(LAST_PHASE, 1, logMass, fehDex)
      let [low, high] = [LEAST_MORTAL_LOG_MASS, Math.log10(MAX_MSUN)]
      let [lowEnd, highEnd] = [endAt(low), endAt(high)]
      if (highEnd > logAgeYr) return high
      // Lives are nearly a power of mass: chords close in fast; halving the end that stays keeps them moving (Illinois).
      for (let k = 0; k < 60 && high - low > 1e-9; k++) {
        const t = (lowEnd - logAgeYr) / (lowEnd - highEnd)
        const middle = low + Math.min(0.99, Math.max(0.01, t)) * (high - low)
        const end = endAt(middle)
        if (Math.abs(end - logAgeYr) < 1e-9) return middle
        if (end > logAgeYr) {
          ;[low, lowEnd, highEnd] = [middle, end, logAgeYr + (highEnd - logAgeYr) / 2]
        } else {
          ;[high, highEnd, lowEnd] = [middle, end, logAgeYr + (lowEnd - logAgeYr) / 2]
        }
      }
      return low
    },
    magnitudeAt(logMass, logAge, feh, avMag) {
      const fehDex = clamp(feh)
      if (evolution.starInto(logAge, logMass, fehDex, PARSEC, state) < 0) return Number.POSITIVE_INFINITY
      const logRadius = logRadiusRsun(state[1], state[0])
      const gravity = loggDex(logMass, logRadius)
      if (!photometry.magnitudesInto(state[0], logRadius, gravity, fehDex, avMag, STANDARD_RV, BT_SETTL, magnitudes))
        return Number.POSITIVE_INFINITY
      return magnitudes[at]
    },
    leastExtinctionMag: avMag => avMag * leastRatios[Math.min(MAX_AV_MAG, Math.floor(avMag))],
  }
}
