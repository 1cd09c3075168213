// What is believed of a star before any data: the explicit prior of the pilot, all its numbers in one place.
import { starClasses } from '../../schemas/index.ts'
import { indexAt, type Rng } from '../math/rng.ts'
import { companionsInto, galaxySlot } from './galaxy/starSource.ts'
import { OLDEST_LOG_AGE_YR, type StarTracks, TRACK_FEH_DEX, YOUNGEST_LOG_AGE_YR } from './tracks/starTracks.ts'
import { HERTZSPRUNG_GAP } from './tracks/stellarLife.ts'

/**
 * Classes are a function of the star: past the main sequence it is `giant`; else younger than this age it is young, `youngDisk`
 * with a disk and `youngDiskless` without; else `mainSequence`. 100 Myr is where the youngest open clusters leave the
 * pre-main-sequence lists; the brief border is a definition, not physics.
 */
export const YOUNG_LOG_AGE_YR = 8

/** Mean and spread of log10 distance in parsec, cut at both ends. */
interface LogNormalDistance {
  readonly mean: number
  readonly sigma: number
  readonly min: number
  readonly max: number
}
/** Extinction: with probability `cloud` exponential of the cloud's mean, else exponential of the lane's mean. */
interface Extinction {
  readonly cloud: number
  readonly cloudMeanMag: number
  readonly laneMeanMag: number
  /** Added to the lane's mean per kiloparsec of distance. */
  readonly laneMagPerKpc: number
}

export const pilotPrior = {
  /** Probability of each class, in the order of `starClasses`. */
  classes: [0.15, 0.35, 0.3, 0.2],
  minMassMsun: 0.1,
  maxMassMsun: 20,
  /** Share of masses drawn from Kroupa's function (slopes 1.3 and 2.3, break at 0.5 Msun); the others are uniform in log mass. */
  imfShare: 0.6,
  /** Disks: fraction of stars of an age, 0.9 exp(-age / 4 Myr). */
  diskFraction: { atBirth: 0.9, lifeYr: 4e6 },
  /** Ages of the field: uniform in age with this share, else uniform in log age; 100 Myr to 12.6 Gyr. */
  constantFormationShare: 0.5,
  maxLogAgeYr: 10.1,
  /** Giants: probability of the phases, and share drawn uniform in the phase's time rather than in the table's coordinate. */
  giantPhases: [0.22, 0.38, 0.3, 0.1],
  giantTimeShare: 0.5,
  /** Giant masses: log-uniform between these. */
  giantMassMsun: [0.8, 8],
  /** [Fe/H]: normal, cut to the range of the tables; shares of field stars are like the thick disk and like the halo. */
  feh: {
    young: [0, 0.12],
    field: [-0.05, 0.2],
    oldShare: 0.12,
    old: [-0.5, 0.25],
    haloShare: 0.02,
    halo: [-1.4, 0.35],
    min: TRACK_FEH_DEX[0],
    max: TRACK_FEH_DEX[1],
  },
  distance: {
    young: { mean: 2.55, sigma: 0.5, min: 1.2, max: 3.8 },
    mainSequence: { mean: 2.6, sigma: 0.5, min: 0.7, max: 3.8 },
    giant: { mean: 3.0, sigma: 0.55, min: 1, max: 4.1 },
  } satisfies Record<string, LogNormalDistance>,
  extinction: {
    youngDisk: { cloud: 0.55, cloudMeanMag: 4, laneMeanMag: 0.5, laneMagPerKpc: 0.3 },
    youngDiskless: { cloud: 0.35, cloudMeanMag: 3, laneMeanMag: 0.25, laneMagPerKpc: 0.4 },
    mainSequence: { cloud: 0.12, cloudMeanMag: 3, laneMeanMag: 0.1, laneMagPerKpc: 0.6 },
    giant: { cloud: 0.15, cloudMeanMag: 4, laneMeanMag: 0.1, laneMagPerKpc: 0.5 },
  } satisfies Record<string, Extinction>,
  maxAvMag: 25,
  /** R_V: normal about 3.1; a share of young stars lies behind grown dust, uniform up to 5.5. */
  rv: { mean: 3.1, sigma: 0.15, min: 2.4, max: 5.5, grownShare: 0.2 },
  /** Families of tracks and atmospheres and laws of extinction, by their chance: nobody knows which is right. Spotted stars share one vote. */
  tracks: {
    bhac15: 0.14,
    parsec12: 0.12,
    parsec20: 0.1,
    mist12: 0.14,
    siess2000: 0.06,
    pisa: 0.1,
    feiden: 0.08,
    feidenMagnetic: 0.08,
    spots000: 0.02,
    spots017: 0.05,
    spots034: 0.05,
    spots051: 0.02,
    spots085: 0.01,
    hurley2000: 0.03,
  },
  atmospheres: { btSettl: 0.4, kurucz: 0.3, phoenix: 0.3 },
  laws: { g23: 0.6, f99: 0.2, ccm89: 0.2 },
  /** Strength of the cool dwarfs' colour defect (forward/coolDefect.ts), uniform between these. */
  coolDefect: [0.4, 1.4],
  /** Stars do not lie exactly on tracks: rotation, table errors (dex). */
  trackScatter: { logTeff: 0.006, logLuminosity: 0.02, giantLogTeff: 0.01, giantLogLuminosity: 0.05 },
  /**
   * 1-sigma errors that neither surveys nor spectra state, in the units of `modelObservables`: zero points, colour terms of the model
   * spectra, crowding. They are in the noise of every simulated star, and are added in quadrature to the errors of real ones.
   */
  errFloors: [0.015, 0.02, 0.03, 0.02, 0.025, 0.025, 0.025, 0.03, 0.03, 0.04, 0.05],
  /**
   * Tables of older releases, or with errors of their own: the share of surveys that come by one, what it adds in quadrature to every
   * magnitude (mag, even in the logarithm), and by what it stretches the error of the parallax.
   */
  looseErrors: { share: 0.25, mag: [0.001, 0.06], parallax: [1, 3] },
  /** Where a star stands decides how well it is seen: any longitude, and latitudes that thin out by this from the plane. */
  latitudeScaleDeg: 15,
  /** Disk components: temperature range (K, uniform in log), mean and spread of log10 L_i / L*; a share has a cleared inner disk. */
  disk: {
    components: [
      { minK: 900, maxK: 1600, meanLog: -1.25, sigma: 0.4 },
      { minK: 300, maxK: 700, meanLog: -1.45, sigma: 0.4 },
      { minK: 80, maxK: 200, meanLog: -1.4, sigma: 0.45 },
    ],
    /** Spread common to the three, dex. */
    commonSigma: 0.25,
    clearedShare: 0.15,
    /** A cleared component keeps this share of its luminosity, 10 to the uniform exponent. */
    clearedLog: [-3, -0.7],
  },
} as const

const DISK = starClasses.indexOf('youngDisk')
const DISKLESS = starClasses.indexOf('youngDiskless')
const MAIN_SEQUENCE = starClasses.indexOf('mainSequence')
const GIANT = starClasses.indexOf('giant')

/** Index of a class drawn from the explicit prior. */
export function drawClass(rng: Rng): number {
  return indexAt(pilotPrior.classes, rng.uniform())
}

/**
 * One attempt at a star of a class: age, mass at birth, [Fe/H], distance, extinction and companions.
 *
 * @param star [galaxySlotCount] is filled; it has no place on the sky
 * @returns false where the draw is not of the class and another must be made
 */
export function drawStarInto(classIndex: number, rng: Rng, tracks: StarTracks, star: Float64Array): boolean {
  star.fill(0)
  if (!drawLife(classIndex, rng, tracks, star)) return false
  drawSight(classIndex, rng, star)
  companionsInto(rng, star)
  return true
}

/** Whether a star of this phase and age is young, and may have a disk. */
export function isYoungAt(phase: number, logAgeYr: number): boolean {
  return phase < HERTZSPRUNG_GAP && logAgeYr < YOUNG_LOG_AGE_YR
}

/** The class of a star; only the young have a disk. */
export function classAt(phase: number, logAgeYr: number, hasDisk: boolean): number {
  if (isYoungAt(phase, logAgeYr)) return hasDisk ? DISK : DISKLESS
  return phase >= HERTZSPRUNG_GAP ? GIANT : MAIN_SEQUENCE
}

/** Whether a star of this phase and age is of a class; disks are not looked at. */
export function isOfClass(classIndex: number, phase: number, logAgeYr: number): boolean {
  return classAt(phase, logAgeYr, classIndex === DISK) === classIndex
}

/** Age, mass, abundance. */
function drawLife(classIndex: number, rng: Rng, tracks: StarTracks, star: Float64Array): boolean {
  const prior = pilotPrior
  const isYoung = classIndex === DISK || classIndex === DISKLESS
  const fehDex = drawFeh(isYoung, rng)
  let logMass: number
  let logAge: number
  if (classIndex === GIANT) {
    const [low, high] = prior.giantMassMsun
    logMass = Math.log10(low) + rng.uniform() * Math.log10(high / low)
    const phase = HERTZSPRUNG_GAP + indexAt(prior.giantPhases, rng.uniform())
    const isTimed = rng.uniform() < prior.giantTimeShare
    logAge = giantLogAge(phase, isTimed, rng.uniform(), logMass, fehDex, tracks)
    if (logAge < 0 || logAge > prior.maxLogAgeYr) return false
  } else {
    logMass = drawLogMass(rng)
    logAge = isYoung
      ? YOUNGEST_LOG_AGE_YR + rng.uniform() * (YOUNG_LOG_AGE_YR - YOUNGEST_LOG_AGE_YR)
      : drawFieldLogAge(rng.uniform() < prior.constantFormationShare, rng.uniform())
    if (isYoung) {
      const hasDisk = rng.uniform() < diskFraction(logAge)
      if (hasDisk !== (classIndex === DISK)) return false
    }
  }
  star[galaxySlot.logAgeYr] = logAge
  star[galaxySlot.logMassMsun] = logMass
  star[galaxySlot.fehDex] = fehDex
  return true
}

/** Distance and extinction. */
function drawSight(classIndex: number, rng: Rng, star: Float64Array): void {
  const prior = pilotPrior
  const name = starClasses[classIndex]
  const distance =
    name === 'giant'
      ? prior.distance.giant
      : name === 'mainSequence'
        ? prior.distance.mainSequence
        : prior.distance.young
  const logDistance = drawWithin(distance.mean, distance.sigma, distance.min, distance.max, rng)
  const { cloud, cloudMeanMag, laneMeanMag, laneMagPerKpc } = prior.extinction[name]
  const laneMag = laneMeanMag + laneMagPerKpc * 10 ** (logDistance - 3)
  let av = Number.POSITIVE_INFINITY
  while (av > prior.maxAvMag) av = -Math.log(rng.uniform()) * (rng.uniform() < cloud ? cloudMeanMag : laneMag)
  star[galaxySlot.distancePc] = 10 ** logDistance
  star[galaxySlot.parallaxMas] = 1000 / star[galaxySlot.distancePc]
  star[galaxySlot.avMag] = av
}

/** R_V: that of grown dust for some young stars. */
export function drawRv(isYoung: boolean, rng: Rng): number {
  const { mean, sigma, min, max, grownShare } = pilotPrior.rv
  const isGrown = isYoung && rng.uniform() < grownShare
  return isGrown ? mean + rng.uniform() * (max - mean) : drawWithin(mean, sigma, min, max, rng)
}

/** Fraction of young stars of an age that keep a disk. */
export function diskFraction(logAgeYr: number): number {
  return pilotPrior.diskFraction.atBirth * Math.exp(-(10 ** logAgeYr) / pilotPrior.diskFraction.lifeYr)
}

/**
 * Temperatures and luminosities of a disk's components.
 * @param teffK of the star; dust is kept below 0.9 of it
 */
export function drawDisk(teffK: number, rng: Rng, temperaturesK: Float64Array, luminosityRatios: Float64Array): void {
  const { components, commonSigma, clearedShare, clearedLog } = pilotPrior.disk
  const common = commonSigma * rng.normal()
  const isCleared = rng.uniform() < clearedShare
  for (let k = 0; k < components.length; k++) {
    const { minK, maxK, meanLog, sigma } = components[k]
    temperaturesK[k] = Math.min(0.9 * teffK, minK * (maxK / minK) ** rng.uniform())
    let log = meanLog + common + sigma * rng.normal()
    const cleared = clearedLog[0] + rng.uniform() * (clearedLog[1] - clearedLog[0])
    if (isCleared && k === 0) log += cleared
    luminosityRatios[k] = 10 ** log
  }
}

function drawFeh(isYoung: boolean, rng: Rng): number {
  const { young, field, oldShare, old, haloShare, halo, min, max } = pilotPrior.feh
  const u = rng.uniform()
  const [mean, sigma] = isYoung ? young : u < haloShare ? halo : u < haloShare + oldShare ? old : field
  return drawWithin(mean, sigma, min, max, rng)
}

function drawLogMass(rng: Rng): number {
  const { minMassMsun, maxMassMsun, imfShare } = pilotPrior
  const u = rng.uniform()
  if (rng.uniform() >= imfShare) return Math.log10(minMassMsun) + u * Math.log10(maxMassMsun / minMassMsun)
  return Math.log10(kroupaMass(u, minMassMsun, maxMassMsun))
}

/** Inverse of Kroupa's (2001) mass function between two masses, slopes 1.3 and 2.3 with the break at 0.5 Msun. */
export function kroupaMass(u: number, minMassMsun: number, maxMassMsun: number): number {
  const edge = 0.5
  const low = (minMassMsun ** -0.3 - edge ** -0.3) / 0.3
  // The second piece is scaled by the break mass, so that the function is continuous there.
  const high = (edge * (edge ** -1.3 - maxMassMsun ** -1.3)) / 1.3
  const at = u * (low + high)
  if (at < low) return (minMassMsun ** -0.3 - 0.3 * at) ** (-1 / 0.3)
  return (edge ** -1.3 - (1.3 * (at - low)) / edge) ** (-1 / 1.3)
}

function drawFieldLogAge(isConstant: boolean, u: number): number {
  const oldest = pilotPrior.maxLogAgeYr
  if (!isConstant) return YOUNG_LOG_AGE_YR + u * (oldest - YOUNG_LOG_AGE_YR)
  return Math.log10(10 ** YOUNG_LOG_AGE_YR + u * (10 ** oldest - 10 ** YOUNG_LOG_AGE_YR))
}

function giantLogAge(
  phase: number,
  isTimed: boolean,
  u: number,
  logMass: number,
  fehDex: number,
  tracks: StarTracks,
): number {
  if (!isTimed) return tracks.logAgeAt(phase, u, logMass, fehDex)
  const begin = tracks.logAgeAt(phase, 0, logMass, fehDex)
  const end = tracks.logAgeAt(phase, 1, logMass, fehDex)
  if (begin < 0 || end > OLDEST_LOG_AGE_YR) return -1
  return Math.log10(10 ** begin + u * (10 ** end - 10 ** begin))
}

/** Normal, redrawn until inside. */
function drawWithin(mean: number, sigma: number, min: number, max: number, rng: Rng): number {
  for (;;) {
    const x = mean + sigma * rng.normal()
    if (x >= min && x <= max) return x
  }
}
