// Galaxies and active nuclei: the shape of F_lambda at the telescope, of no particular brightness.
import { createAtmospheres } from '../photosphere/atmosphere.ts'
import { BIN_LOG_WIDTH } from '../photosphere/wavelengths.ts'
import { addBlackBody, addShape, energyOf, LONG_COUNT, lengthen, longCentresUm } from './emissionGrid.ts'
import { pahShape } from './shellOpacity.ts'
import type { Painter } from './stellarContaminants.ts'

/** Teff, log g and share of the light of an old and a young population; the shares of energy are a choice that gives J - Ks 0.9 to 1. */
const oldStars = [
  [3800, 1, 0.4],
  [4400, 2, 0.35],
  [5700, 4, 0.25],
] as const
const youngStars = [
  [7500, 4, 0.3],
  [12_000, 4, 0.3],
  [25_000, 4, 0.4],
] as const
/** Attenuation by dust among the stars: Charlot & Fall 2000, ApJ 539, 718. */
const diffuseDust = dustOf(-0.7)
const MAX_ATTENUATION_MAG = 12
/** The dust before a nucleus: Small Magellanic Cloud (Richards+ 2003, AJ 126, 1131). */
const NUCLEUS_RV = 2.9
const nuclearDust = dustOf(-1.2)
const TORUS_TEMPERATURES = 8
const TORUS_COLDEST_K = 120

/** Painters share one set of atmospheres and rooms. */
export function createExtragalacticPainters(): Record<'galaxy' | 'agn', Painter> {
  const atmospheres = createAtmospheres()
  const shape = new Float64Array(LONG_COUNT)
  const room = new Float64Array(LONG_COUNT)

  function populationOf(parts: typeof oldStars | typeof youngStars): Float64Array {
    const light = new Float64Array(LONG_COUNT)
    const star = new Float64Array(LONG_COUNT)
    for (const [teffK, logg, share] of parts) {
      if (!atmospheres.surfaceFluxInto('btSettl', teffK, logg, 0, star))
        throw new RangeError(`contaminants: there is no atmosphere of ${teffK} K and log g ${logg}`)
      lengthen(star)
      addShape(light, star, share)
    }
    return light
  }
  const old = populationOf(oldStars)
  const young = populationOf(youngStars)

  /** Dims by dust that takes a share of the light. */
  function absorb(light: Float64Array, share: number): void {
    const goal = energyOf(light) * (1 - share)
    let [low, high] = [0, MAX_ATTENUATION_MAG]
    for (let turn = 0; turn < 25; turn++) {
      const av = (low + high) / 2
      dimInto(light, av, diffuseDust, room)
      if (energyOf(room) > goal) low = av
      else high = av
    }
    light.set(room)
  }

  return {
    galaxy(drawn, light) {
      light.fill(0)
      addShape(light, old, 1 - drawn.youngShare)
      addShape(light, young, drawn.youngShare)
      absorb(light, drawn.dustShare)
      const dust = 1 - energyOf(light)
      const add = (temperatureK: number, share: number) => {
        shape.fill(0)
        addBlackBody(shape, temperatureK, 1.5, 1)
        addShape(light, shape, dust * share)
      }
      addShape(light, pahShape, dust * drawn.pahShare)
      add(drawn.warmTemperatureK, drawn.warmShare)
      add(drawn.coldTemperatureK, 1 - drawn.warmShare - drawn.pahShare)
      redshift(light, drawn.redshift, room)
    },
    agn(drawn, light) {
      // F_lambda of the disk goes as lambda^(-2 - slope), beyond 1 um as a black body's long end.
      shape.fill(0)
      for (let i = 0; i < LONG_COUNT; i++) {
        const um = longCentresUm[i]
        shape[i] = um ** (-2 - drawn.slope) / (1 + um ** (2 - drawn.slope))
      }
      light.fill(0)
      addShape(light, shape, 1)
      dimInto(light, drawn.reddeningMag * NUCLEUS_RV, nuclearDust, room)
      light.set(room)
      shape.fill(0)
      for (let k = 0; k < TORUS_TEMPERATURES; k++) {
        const temperatureK =
          drawn.hotTemperatureK * (TORUS_COLDEST_K / drawn.hotTemperatureK) ** (k / (TORUS_TEMPERATURES - 1))
        addBlackBody(shape, temperatureK, 0, (temperatureK / drawn.hotTemperatureK) ** drawn.warmSlope)
      }
      addShape(light, shape, drawn.torusShare)
      addShape(light, old, drawn.hostRatio)
      redshift(light, drawn.redshift, room)
    },
  }
}

/** Extinction over that in V. */
function dustOf(slope: number): Float64Array {
  return Float64Array.from(longCentresUm, um => (um / 0.55) ** slope)
}

function dimInto(light: Float64Array, avMag: number, dust: Float64Array, out: Float64Array): void {
  const depth = (avMag * Math.LN10) / 2.5
  for (let i = 0; i < LONG_COUNT; i++) out[i] = light[i] * Math.exp(-depth * dust[i])
}

/** F(lambda) = F0(lambda / (1 + z)): brightness is set afterwards. Nothing is known below 0.1 um, and nothing comes from there. */
function redshift(light: Float64Array, z: number, room: Float64Array): void {
  const shift = Math.log(1 + z) / BIN_LOG_WIDTH
  const whole = Math.floor(shift)
  const part = shift - whole
  room.set(light)
  for (let i = 0; i < LONG_COUNT; i++) {
    const near = i - whole
    light[i] = near < 1 ? 0 : room[near] * (1 - part) + room[near - 1] * part
  }
}
