// Members of young associations and regions: where they are, how they move, how old and how heavy they are.
import { RAD_PER_DEG } from '../../../schemas/index.ts'
import type { Rng } from '../../math/rng.ts'
import { YOUNGEST_LOG_AGE_YR } from '../tracks/starTracks.ts'
import { type Association, associations } from './associations.ts'
import { avAlong, type DustDisk, galaxiaDust } from './dustDisk.ts'
import { galacticOf, spaceVelocityKmS } from './galacticFrame.ts'
import { type MassFunctionName, massFunction, massFunctions } from './massFunction.ts'
import { starLight } from './starLight.ts'
import { companionsInto, galaxySlot, placeInto, type StarSource } from './starSource.ts'
import { type YoungRegion, youngRegions } from './youngRegions.ts'

export interface YoungStarsOptions {
  /** Names of associations and regions wanted; left out: all. */
  readonly groups?: readonly string[]
  /** Left out: Kroupa's. */
  readonly masses?: MassFunctionName
  /** Spread of true ages within a group, in log10; left out: 0.15 (below the 0.2 that Soderblom+ 2014 allow). */
  readonly ageSpreadDex?: number
  readonly leastMsun?: number
  readonly dust?: DustDisk
}

/** Space density of a region is a Gaussian whose projection holds half of the members within this many sigma. */
const HALF_NUMBER_SIGMAS = Math.sqrt(2 * Math.LN2)
/** Velocity dispersion of a region in one dimension: Kuhn+ 2019 find 0.8 to 2.8 km/s. */
const REGION_KM_S = 1.8
/** Nearby young stars are solar: Spina+ 2017, A&A 601, A70, star-forming regions between -0.1 and 0. */
const FEH_DEX = { mean: -0.03, sigma: 0.06 } as const
/**
 * Mean extinction of members by the clouds they are in, drawn exponential. Round numbers of the size found for optically visible members
 * (rho Ophiuchi: Erickson+ 2011, AJ 142, 140; Upper Scorpius: Pecaut & Mamajek 2016, MNRAS 461, 794), not fits. Others are in the open.
 */
const cloudAvMag: ReadonlyMap<string, number> = new Map([
  ['Taurus', 2],
  ['rho Ophiuchi', 5],
  ['Corona Australis', 3],
  ['Upper Scorpius', 0.7],
])

interface Group {
  readonly name: string
  readonly weight: number
  readonly logAgeYr: number
  readonly logAgeError: number
  /** Fills x, y, z (pc), U, V, W (km/s). */
  readonly placeInto: (rng: Rng, out: Float64Array) => void
  readonly drawAv: (x: number, y: number, z: number, rng: Rng) => number
}

/**
 * Stars of groups by their known members; ages scatter by the spread and by the error of the group's age, masses by the mass function up to
 * the heaviest that lives. Not modelled: mass segregation, substructure, the field stars in front.
 *
 * @throws RangeError when an option is impossible
 */
export function createYoungStars(options: YoungStarsOptions = {}): StarSource {
  const { masses: massName = 'kroupa2001', ageSpreadDex = 0.15, leastMsun = 0.1, dust = galaxiaDust } = options
  const all = [...associations.map(a => associationGroup(a, dust)), ...youngRegions.map(r => regionGroup(r))]
  const known = all.map(g => g.name)
  for (const name of options.groups ?? [])
    if (!known.includes(name)) throw new RangeError(`youngStars: ${name} is no group; there are ${known.join(', ')}`)
  const groups = all.filter(g => options.groups?.includes(g.name) ?? true)
  if (groups.length === 0) throw new RangeError('youngStars: no group is wanted; name one or leave the list out')
  if (!(ageSpreadDex >= 0 && ageSpreadDex <= 1))
    throw new RangeError(`youngStars: an age spread of ${ageSpreadDex} dex is not between 0 and 1`)
  if (!Object.hasOwn(massFunctions, massName))
    throw new RangeError(
      `youngStars: ${massName} is no mass function; there are ${Object.keys(massFunctions).join(', ')}`,
    )
  const masses = massFunction(massName)
  if (!(leastMsun >= masses.minMsun && leastMsun <= 1))
    throw new RangeError(`youngStars: a least mass of ${leastMsun} Msun is not between ${masses.minMsun} and 1`)
  const light = starLight('gMag')
  const total = groups.reduce((sum, g) => sum + g.weight, 0)
  const place = new Float64Array(6)
  return {
    names: groups.map(g => g.name),
    drawInto(rng, out) {
      let rest = rng.uniform() * total
      let g = 0
      while (g < groups.length - 1 && rest >= groups[g].weight) rest -= groups[g++].weight
      const group = groups[g]
      const spread = Math.hypot(ageSpreadDex, group.logAgeError)
      const logAge = Math.max(YOUNGEST_LOG_AGE_YR, group.logAgeYr + spread * rng.normal())
      const feh = FEH_DEX.mean + FEH_DEX.sigma * rng.normal()
      const low = masses.shareBelow(leastMsun)
      const high = masses.shareBelow(10 ** light.heaviestLogMass(logAge, feh))
      group.placeInto(rng, place)
      const [x, y, z, u, v, w] = place
      out[galaxySlot.origin] = g
      out[galaxySlot.logAgeYr] = logAge
      out[galaxySlot.logMassMsun] = Math.log10(masses.massAt(low + rng.uniform() * (high - low)))
      out[galaxySlot.fehDex] = feh
      out[galaxySlot.avMag] = group.drawAv(x, y, z, rng)
      placeInto(x, y, z, u, v, w, out)
      companionsInto(rng, out)
    },
  }
}

function associationGroup(association: Association, dust: DustDisk): Group {
  const { name, center, covariance, ageMyr, ageErrorMyr, members } = association
  const root = choleskyRoot(covariance)
  const cloud = cloudAvMag.get(name) ?? 0
  const normals = new Float64Array(6)
  return {
    name,
    weight: members,
    logAgeYr: Math.log10(ageMyr) + 6,
    logAgeError: ageErrorMyr / ageMyr / Math.LN10,
    placeInto(rng, out) {
      for (let i = 0; i < 6; i++) normals[i] = rng.normal()
      for (let i = 0; i < 6; i++) {
        out[i] = center[i]
        for (let j = 0; j <= i; j++) out[i] += root[i * 6 + j] * normals[j]
      }
    },
    drawAv(x, y, z, rng) {
      const pc = Math.sqrt(x * x + y * y + z * z)
      return avAlong(dust, x / pc, y / pc, z / pc, 0, pc / 1000) - cloud * Math.log(rng.uniform())
    },
  }
}

function regionGroup(region: YoungRegion): Group {
  const { raDeg, decDeg, distancePc, halfRadiusDeg, avMag, avSpreadMag } = region
  const { lDeg, bDeg } = galacticOf(raDeg, decDeg)
  const [l, b] = [lDeg * RAD_PER_DEG, bDeg * RAD_PER_DEG]
  const center = [Math.cos(b) * Math.cos(l), Math.cos(b) * Math.sin(l), Math.sin(b)].map(u => u * distancePc)
  const { pmRaCosDecMasPerYr, pmDecMasPerYr, radialVelocityKmS } = region
  const velocity = spaceVelocityKmS(raDeg, decDeg, distancePc, pmRaCosDecMasPerYr, pmDecMasPerYr, radialVelocityKmS)
  const sigmaPc = (distancePc * halfRadiusDeg * RAD_PER_DEG) / HALF_NUMBER_SIGMAS
  return {
    name: region.name,
    weight: region.members,
    logAgeYr: Math.log10(region.ageMyr) + 6,
    // Published ages of one cluster differ by 0.3 dex and more among catalogues.
    logAgeError: 0.15,
    placeInto(rng, out) {
      for (let k = 0; k < 3; k++) out[k] = center[k] + sigmaPc * rng.normal()
      for (let k = 0; k < 3; k++) out[3 + k] = velocity[k] + REGION_KM_S * rng.normal()
    },
    // Dust towards members of a cloud has a long tail: lognormal about the median, as wide as the catalogue's spread says.
    drawAv: (_x, _y, _z, rng) => avMag * Math.exp(Math.asinh(avSpreadMag / (2 * avMag)) * rng.normal()),
  }
}

/**
 * Lower triangle L of a covariance, L L^T = C.
 * @param upper [21] upper triangle, row by row
 * @returns [36] row-major
 */
function choleskyRoot(upper: readonly number[]): Float64Array {
  const at = (i: number, j: number) => {
    const [row, column] = i <= j ? [i, j] : [j, i]
    return upper[row * 6 - (row * (row - 1)) / 2 + column - row]
  }
  const root = new Float64Array(36)
  for (let i = 0; i < 6; i++)
    for (let j = 0; j <= i; j++) {
      let rest = at(i, j)
      for (let k = 0; k < j; k++) rest -= root[i * 6 + k] * root[j * 6 + k]
      if (i === j && !(rest > 0)) throw new RangeError('youngStars: a covariance is not positive definite')
      root[i * 6 + j] = i === j ? Math.sqrt(rest) : rest / root[j * 6 + j]
    }
  return root
}
