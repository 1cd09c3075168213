// A star within a shell of dust: what the shell takes it gives back, warmer inside than outside.
import { lnBlackBody } from '../photosphere/atmosphereTables.ts'
import { energyOf, LONG_COUNT, longCentresUm } from './emissionGrid.ts'

const LAYERS = 12
/** Outer over inner radius: dust is thrown out for as long as that. */
const EXTENT = 1000
/** Temperature falls as r^-0.4, as of dust that emits as lambda^-1. */
const COOLING = 0.4

/** Room for the shell's light. */
const dust = new Float64Array(LONG_COUNT)

/**
 * Replaces starlight by what leaves the shell: dimmed starlight and the light of a wind (density r^-2) in layers, each behind those
 * outside it. What dust emits in all is what was absorbed; its temperatures are given and not solved for. No scattering.
 *
 * @param light [540] starlight, and then what leaves
 * @param opacity [540] relative to where `depth` is given
 * @param depth optical depth from the star to the outside
 */
export function passShell(light: Float64Array, opacity: Float64Array, depth: number, innerTemperatureK: number): void {
  const before = energyOf(light)
  for (let i = 0; i < LONG_COUNT; i++) light[i] *= Math.exp(-depth * opacity[i])
  const absorbed = before - energyOf(light)
  dust.fill(0)
  for (let k = 0; k < LAYERS; k++) {
    const inner = EXTENT ** (k / LAYERS)
    const outer = EXTENT ** ((k + 1) / LAYERS)
    const whole = 1 - 1 / EXTENT
    const own = (depth * (1 / inner - 1 / outer)) / whole
    const outside = (depth * (1 / outer - 1 / EXTENT)) / whole
    const area = inner * outer
    const temperatureK = innerTemperatureK * (inner * outer) ** (-COOLING / 2)
    for (let i = 0; i < LONG_COUNT; i++) {
      const escapes = -Math.expm1(-own * opacity[i]) * Math.exp(-outside * opacity[i])
      dust[i] += area * escapes * Math.exp(lnBlackBody(temperatureK, longCentresUm[i]))
    }
  }
  const factor = absorbed / energyOf(dust)
  for (let i = 0; i < LONG_COUNT; i++) light[i] += dust[i] * factor
}
