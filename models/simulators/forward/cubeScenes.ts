// A young star in its dust, drawn and seen through apertures: from published radiative transfer.
import { RAD_PER_DEG } from '../../../schemas/index.ts'
import { cubeFluxInto, type YsoCube, ysoOfRow } from '../dust/cubeSeds.ts'
import type { ModelSet } from '../dust/modelSets.ts'
import { binCentresUm } from '../photosphere/wavelengths.ts'
import { REFERENCE_PC } from './opticalLight.ts'
import type { YsoScenes } from './ysoScenes.ts'

/**
 * Models of the cubes, each as likely but for their inclinations: those are even in the angle, and are kept by its sine, as a population is seen.
 * Light grows evenly with the logarithm of the radius between two apertures of a cube; a radius beyond them is the nearest.
 *
 * @param cubes with all parameters of their sets
 */
export function createCubeScenes(cubes: ReadonlyMap<ModelSet, YsoCube>): YsoScenes {
  let cube: YsoCube | undefined
  let model = 0
  return {
    draw(set, rng) {
      const found = cubes.get(set)
      if (found === undefined) throw new RangeError(`cubeScenes: the cube of ${set} is not open`)
      model = rng.integer(found.modelCount)
      const row = Object.fromEntries(Array.from(found.parameters, ([name, values]) => [name, values[model]]))
      const yso = ysoOfRow(set, row)
      if (rng.uniform() >= Math.sin(yso.inclinationDeg * RAD_PER_DEG)) return null
      cube = found
      return { yso, atmosphere: null }
    },
    see(aperturesAu, fluxes) {
      if (cube === undefined) throw new RangeError('cubeScenes: draw an object first')
      const { wavelengthsUm, distanceCm } = cube
      const mjy = new Float64Array(wavelengthsUm.length)
      const wider = new Float64Array(wavelengthsUm.length)
      fluxes.forEach((flux, a) => {
        if (cube !== undefined && mjyInto(cube, model, aperturesAu[a], mjy, wider))
          cubeFluxInto(wavelengthsUm, mjy, distanceCm, REFERENCE_PC, binCentresUm, flux)
        else flux.fill(0)
      })
    },
  }
}

/** @returns false where there is a hole */
function mjyInto(cube: YsoCube, model: number, radiusAu: number, out: Float64Array, wider: Float64Array): boolean {
  const { aperturesAu } = cube
  const last = aperturesAu.length - 1
  const above = aperturesAu.findIndex(au => au >= radiusAu)
  if (above <= 0 || last === 0) return cube.fluxNow(model, above === -1 ? last : 0, out)
  if (!cube.fluxNow(model, above - 1, out) || !cube.fluxNow(model, above, wider)) return false
  const part = Math.log(radiusAu / aperturesAu[above - 1]) / Math.log(aperturesAu[above] / aperturesAu[above - 1])
  for (let i = 0; i < out.length; i++) out[i] += part * (wider[i] - out[i])
  return true
}
