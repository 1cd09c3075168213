// Stars of the Milky Way in a cone or the whole sky to a magnitude limit: how many there are, and any number of them drawn.
import { indexAbove, type Rng } from '../../math/rng.ts'
import { type PassbandName, passbandNames } from '../photosphere/passbands.ts'
import { besancon2003, type GalaxyComponent, sun } from './components.ts'
import { type Density, densityOf } from './densityLaw.ts'
import { avAlong, type DustDisk, galaxiaDust } from './dustDisk.ts'
import { drawVelocity } from './kinematics.ts'
import { createLuminosityFunction, type LuminosityFunction } from './luminosityFunction.ts'
import { coneAreaSr, createConeTest, directionInto, type SkyCone, type SkyTile, tilesOf } from './skyTiles.ts'
import { starLight } from './starLight.ts'
import { companionsInto, galaxySlot, placeInto, type StarSource } from './starSource.ts'

export interface MilkyWayOptions {
  /** Left out: the whole sky. */
  readonly cone?: SkyCone
  /** Faintest magnitude of a star's primary behind its dust, in this band. */
  readonly limitMag: number
  readonly band?: PassbandName
  readonly nearestPc?: number
  readonly farthestPc?: number
  /** Names of the components wanted; left out: all. */
  readonly components?: readonly string[]
  readonly dust?: DustDisk
}

export interface MilkyWay extends StarSource {
  /** Number of stars (primaries) in the cone to the limit, per component in the order of `names`; 2 per cent by quadrature. */
  expectedStars(): Float64Array
  /** Share of proposals that became stars, and how often the density was above its bound. */
  readonly tally: { proposals: number; stars: number; overshoots: number }
}

/** Shells of this many magnitudes of distance modulus. */
const SHELL_MAG = 0.4
const DENSITY_SAFETY = 1.15
const DUST_SAFETY = 0.95
const MAX_TRIES = 1_000_000
const MODEL_RANGE_PC = [1, 100_000] as const
const probes = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
  [0.5, 0.5],
] as const

interface Population {
  readonly component: GalaxyComponent
  readonly density: Density
  readonly luminosity: LuminosityFunction
}

/**
 * Stars are drawn by proposals from bounds: a tile of the sky, a shell of distance and a component by their share of the bound, a place in
 * them, a star that could be bright enough there; it is kept if the true density and magnitude say so. Bounds are tight, so a few
 * proposals make a star, whatever the limit.
 *
 * @throws RangeError when an option is impossible, or no star is within the limits
 */
export function createMilkyWay(options: MilkyWayOptions): MilkyWay {
  const { cone, limitMag, band, nearestPc, farthestPc, dust, chosen } = checked(options)
  const light = starLight(band)
  const populations: Population[] = chosen.map(component => ({
    component,
    density: densityOf(component),
    luminosity: luminosityOf(component, band),
  }))
  const tiles = tilesOf(cone)
  const isInside = createConeTest(cone)
  const shellCount = Math.max(1, Math.ceil((5 * Math.log10(farthestPc / nearestPc)) / SHELL_MAG))
  const shellEdges = Float64Array.from(
    { length: shellCount + 1 },
    (_, k) => nearestPc * (farthestPc / nearestPc) ** (k / shellCount),
  )
  const reachAt = (distancePc: number, avMag: number) =>
    limitMag - 5 * Math.log10(distancePc / 10) - light.leastExtinctionMag(avMag)
  const u = new Float64Array(3)

  // The bound of each entry, cumulated, and which tile, shell and component it is.
  const sums: number[] = []
  const places: number[] = []
  const densityBounds: number[] = []
  const reaches: number[] = []
  let total = 0
  tiles.forEach((tile, t) => {
    const bounds = tileBounds(tile)
    for (let s = 0; s < shellCount; s++) {
      const av = bounds.avs[s] * DUST_SAFETY
      if (av > light.maxAvMag) break
      const reach = reachAt(shellEdges[s], av)
      const volumePc3 = (tile.areaSr * (shellEdges[s + 1] ** 3 - shellEdges[s] ** 3)) / 3
      for (let c = 0; c < populations.length; c++) {
        const density = bounds.densities[s * populations.length + c] * DENSITY_SAFETY
        const bound = volumePc3 * density * populations[c].luminosity.boundBelow(reach)
        if (!(bound > 0)) continue
        total += bound
        sums.push(total)
        places.push((t * shellCount + s) * populations.length + c)
        densityBounds.push(density)
        reaches.push(reach)
      }
    }
  })
  if (!(total > 0))
    throw new RangeError(`milkyWay: no star brighter than ${limitMag} in ${band} lies in the cone and the distances`)
  const cumulated = Float64Array.from(sums)

  /** Least A_V at the near edge of each shell, and largest density of each component in it, over a few lines of sight. */
  function tileBounds(tile: SkyTile): { avs: Float64Array; densities: Float64Array } {
    const avs = new Float64Array(shellCount).fill(Number.POSITIVE_INFINITY)
    const densities = new Float64Array(shellCount * populations.length)
    for (const [lShare, bShare] of probes) {
      directionInto(tile, lShare, bShare, u)
      let av = avAlong(dust, u[0], u[1], u[2], 0, shellEdges[0] / 1000)
      for (let s = 0; s < shellCount; s++) {
        avs[s] = Math.min(avs[s], av)
        if (av > 2 * light.maxAvMag) continue
        av += avAlong(dust, u[0], u[1], u[2], shellEdges[s] / 1000, shellEdges[s + 1] / 1000)
        for (let k = 0; k <= 2; k++) {
          const kpc = (shellEdges[s] ** (1 - k / 2) * shellEdges[s + 1] ** (k / 2)) / 1000
          for (let c = 0; c < populations.length; c++) {
            const at = s * populations.length + c
            const here = populations[c].density(kpc * u[0] - sun.radiusKpc, kpc * u[1], kpc * u[2] + sun.heightKpc)
            if (here > densities[at]) densities[at] = here
          }
        }
      }
    }
    return { avs, densities }
  }

  const star = new Float64Array(3)
  const velocity = new Float64Array(3)
  const tally = { proposals: 0, stars: 0, overshoots: 0 }

  /** One proposal; false where it is turned down. */
  function propose(rng: Rng, out: Float64Array): boolean {
    const entry = indexAbove(cumulated, rng.uniform() * total)
    const c = places[entry] % populations.length
    const s = Math.floor(places[entry] / populations.length) % shellCount
    const tile = tiles[Math.floor(places[entry] / (populations.length * shellCount))]
    directionInto(tile, rng.uniform(), rng.uniform(), u)
    const [near3, far3] = [shellEdges[s] ** 3, shellEdges[s + 1] ** 3]
    const distancePc = Math.cbrt(near3 + rng.uniform() * (far3 - near3))
    const accept = rng.uniform()
    if (!isInside(u[0], u[1], u[2])) return false
    const kpc = distancePc / 1000
    const x = kpc * u[0] - sun.radiusKpc
    const y = kpc * u[1]
    const { component, density, luminosity } = populations[c]
    const here = density(x, y, kpc * u[2] + sun.heightKpc)
    if (here > densityBounds[entry]) tally.overshoots++
    if (accept * densityBounds[entry] >= here) return false
    const shift = component.fehDex.perKpc * (Math.sqrt(x * x + y * y) - sun.radiusKpc)
    if (!luminosity.drawStar(reaches[entry], shift, rng, star)) return false
    const avMag = avAlong(dust, u[0], u[1], u[2], 0, kpc)
    if (avMag > light.maxAvMag) return false
    if (light.magnitudeAt(star[1], star[0], star[2], avMag) + 5 * Math.log10(distancePc / 10) > limitMag) return false
    drawVelocity(component, x, y, rng, velocity)
    out[galaxySlot.origin] = c
    out[galaxySlot.logAgeYr] = star[0]
    out[galaxySlot.logMassMsun] = star[1]
    out[galaxySlot.fehDex] = star[2]
    out[galaxySlot.avMag] = avMag
    placeInto(distancePc * u[0], distancePc * u[1], distancePc * u[2], velocity[0], velocity[1], velocity[2], out)
    companionsInto(rng, out)
    return true
  }

  return {
    names: chosen.map(c => c.name),
    tally,
    drawInto(rng, out) {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        tally.proposals++
        if (!propose(rng, out)) continue
        tally.stars++
        return
      }
      throw new RangeError(`milkyWay: no star in ${MAX_TRIES} proposals; widen the cone, the distances or the limit`)
    },
    expectedStars() {
      const expected = new Float64Array(populations.length)
      // Tiles at a cone's edge are partly outside: fine steps find how much, and the cone's own area mends what they miss.
      const steps = cone.radiusDeg >= 180 ? 2 : 8
      let areaSr = 0
      for (const tile of tiles)
        for (let i = 0; i < steps * steps; i++) {
          directionInto(tile, ((i % steps) + 0.5) / steps, (Math.floor(i / steps) + 0.5) / steps, u)
          if (!isInside(u[0], u[1], u[2])) continue
          const partSr = tile.areaSr / (steps * steps)
          areaSr += partSr
          addLine(partSr, expected)
        }
      return expected.map(n => (n * coneAreaSr(cone)) / areaSr)
    },
  }

  /** Adds the stars along the line of sight `u` of a small solid angle: two Gauss-Legendre points a shell. */
  function addLine(areaSr: number, expected: Float64Array): void {
    let av = avAlong(dust, u[0], u[1], u[2], 0, nearestPc / 1000)
    let atPc: number = nearestPc
    for (let s = 0; s < shellCount && av <= light.maxAvMag; s++)
      for (const share of [0.2113248654, 0.7886751346]) {
        const distancePc = shellEdges[s] ** (1 - share) * shellEdges[s + 1] ** share
        av += avAlong(dust, u[0], u[1], u[2], atPc / 1000, distancePc / 1000)
        atPc = distancePc
        const volumePc3 = (areaSr * distancePc ** 3 * Math.log(shellEdges[s + 1] / shellEdges[s])) / 2
        const kpc = distancePc / 1000
        const magnitude = limitMag - 5 * Math.log10(distancePc / 10)
        for (let c = 0; c < populations.length; c++) {
          const { component, density, luminosity } = populations[c]
          const [x, y] = [kpc * u[0] - sun.radiusKpc, kpc * u[1]]
          const here = density(x, y, kpc * u[2] + sun.heightKpc)
          const shift = component.fehDex.perKpc * (Math.sqrt(x * x + y * y) - sun.radiusKpc)
          if (here > 0) expected[c] += volumePc3 * here * luminosity.countBelow(magnitude, av, shift)
        }
      }
  }
}

const luminosities = new Map<string, LuminosityFunction>()

function luminosityOf(component: GalaxyComponent, band: PassbandName): LuminosityFunction {
  const key = `${component.name} ${band}`
  let found = luminosities.get(key)
  if (found === undefined) {
    found = createLuminosityFunction(component, starLight(band))
    luminosities.set(key, found)
  }
  return found
}

/** Options with their defaults, or one sentence on what is wrong. */
function checked(options: MilkyWayOptions) {
  const { limitMag, band = 'gMag', dust = galaxiaDust } = options
  const { nearestPc = MODEL_RANGE_PC[0], farthestPc = MODEL_RANGE_PC[1] } = options
  const cone = options.cone ?? { lDeg: 0, bDeg: 90, radiusDeg: 180 }
  if (!(limitMag >= 0 && limitMag <= 25)) throw new RangeError(`milkyWay: limitMag ${limitMag} is not between 0 and 25`)
  if (!passbandNames.includes(band))
    throw new RangeError(`milkyWay: ${band} is no band; there are ${passbandNames.join(', ')}`)
  if (!(cone.radiusDeg > 0 && cone.radiusDeg <= 180))
    throw new RangeError(`milkyWay: the cone's radius of ${cone.radiusDeg} degrees is not above 0 and at most 180`)
  if (!(cone.bDeg >= -90 && cone.bDeg <= 90) || !Number.isFinite(cone.lDeg))
    throw new RangeError(`milkyWay: the cone's centre l ${cone.lDeg}, b ${cone.bDeg} is no place on the sky`)
  const [least, most] = MODEL_RANGE_PC
  if (!(nearestPc >= least && farthestPc <= most))
    throw new RangeError(`milkyWay: distances ${nearestPc} to ${farthestPc} pc are not within ${least} to ${most} pc`)
  if (nearestPc >= farthestPc)
    throw new RangeError(`milkyWay: the distances run backwards, from ${nearestPc} to ${farthestPc} pc`)
  const known = besancon2003.map(c => c.name)
  for (const name of options.components ?? [])
    if (!known.includes(name)) throw new RangeError(`milkyWay: ${name} is no component; there are ${known.join(', ')}`)
  const chosen = besancon2003.filter(c => options.components?.includes(c.name) ?? true)
  if (chosen.length === 0) throw new RangeError('milkyWay: no component is wanted; name one or leave the list out')
  return { cone, limitMag, band, nearestPc, farthestPc, dust, chosen }
}
