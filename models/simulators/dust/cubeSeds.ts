// Published radiative transfer in place of our own: objects and spectra as the cubes of Robitaille 2017 and Richardson+ 2024 hold them.
import { CM_PER_PC } from '../../../schemas/index.ts'
import { type ModelSet, parametersOf, type Yso, type YsoRange, ysoOf } from './modelSets.ts'

/** Columns of parameters.fits; an inner radius stands with the envelope, or the disk where there is no envelope. */
const columns: Readonly<Record<YsoRange, readonly string[]>> = {
  starRadiusRsun: ['star.radius'],
  starTeffK: ['star.temperature'],
  diskMassMsun: ['disk.mass'],
  diskOuterRadiusAu: ['disk.rmax'],
  diskFlaringPower: ['disk.beta'],
  diskSurfacePower: ['disk.p'],
  diskHeight100Au: ['disk.h100'],
  envelopeDensityGPerCm3: ['envelope.rho_0'],
  envelopePower: ['envelope.power'],
  centrifugalRadiusAu: ['envelope.rc'],
  cavityPower: ['cavity.power'],
  cavityOpeningDeg: ['cavity.theta_0'],
  cavityDensityGPerCm3: ['cavity.rho_0'],
  innerRadiusRsub: ['disk.rmin', 'envelope.rmin'],
}

/**
 * The object of one row of parameters.fits.
 * @throws RangeError when a parameter of the set is missing or no number
 */
export function ysoOfRow(set: ModelSet, row: Readonly<Record<string, unknown>>): Yso {
  const lookUp = (names: readonly string[]): number | undefined => {
    const found = names.map(name => row[name]).find(value => typeof value === 'number' && Number.isFinite(value))
    return typeof found === 'number' ? found : undefined
  }
  const inclinationDeg = lookUp(['inclination'])
  if (inclinationDeg === undefined) throw new RangeError(`ysoOfRow: ${set} lacks inclination`)
  return { ...ysoOf(set, name => lookUp(columns[name])), inclinationDeg }
}

/** A published model set, as whoever has opened its files hands it over. */
export interface YsoCube {
  readonly modelCount: number
  /** Ascending, micron. */
  readonly wavelengthsUm: Float64Array
  /** Radii, rising; one of 0 where all of the light is meant. */
  readonly aperturesAu: Float64Array
  readonly distanceCm: number
  /** Columns of parameters.fits, a number for each model; NaN where there is none. */
  readonly parameters: ReadonlyMap<string, Float64Array>
  /**
   * @param out [wavelengths] receives mJy at `distanceCm`
   * @returns false where the model is not valid or has a hole there
   */
  fluxNow(model: number, aperture: number, out: Float64Array): boolean
}

/**
 * What the parameters of a cube lack to be those of its set.
 * @returns a column and the first model without it, or `null`
 */
export function lackingIn(
  set: ModelSet,
  { modelCount, parameters }: Pick<YsoCube, 'modelCount' | 'parameters'>,
): { readonly column: string; readonly model: number } | null {
  for (const names of [...parametersOf(set).map(name => columns[name]), ['inclination']]) {
    const found = names.flatMap(name => parameters.get(name) ?? [])
    for (let model = 0; model < modelCount; model++)
      if (!found.some(values => Number.isFinite(values[model]))) return { column: names.join(' or '), model }
  }
  return null
}

/** Open cubes by their folder and set. */
export type YsoCubes = ReadonlyMap<string, ReadonlyMap<ModelSet, YsoCube>>

/** 1 mJy at 1 micron, erg/s/cm2/A: 1e-26 c / lambda^2. */
const PER_MJY_UM2 = 1e-26 * 2.99792458e10

/**
 * Flux that arrives from a model, star and all.
 *
 * @param cubeWavelengthsUm [M] ascending, with `fluxMjy` [M] at `cubeDistanceCm`
 * @param wavelengthsUm [N] any
 * @param out [N] receives erg/s/cm2/A; 0 beyond the wavelengths of the cube
 * @throws RangeError on a distance not above 0, or arrays of another length
 *
 * Accuracy: straight in the logarithms between the wavelengths of the cube, straight where one side is nothing.
 */
export function cubeFluxInto(
  cubeWavelengthsUm: Float64Array,
  fluxMjy: Float64Array,
  cubeDistanceCm: number,
  distancePc: number,
  wavelengthsUm: ArrayLike<number>,
  out: Float64Array,
): void {
  if (!(distancePc > 0 && Number.isFinite(distancePc)))
    throw new RangeError(`cubeFluxInto: a distance lies above 0 pc, not at ${distancePc}`)
  if (cubeWavelengthsUm.length !== fluxMjy.length || wavelengthsUm.length !== out.length)
    throw new RangeError('cubeFluxInto: fluxes and wavelengths differ in number')
  const dilution = (cubeDistanceCm / (distancePc * CM_PER_PC)) ** 2
  const last = cubeWavelengthsUm.length - 1
  let low = 0
  for (let i = 0; i < out.length; i++) {
    const um = wavelengthsUm[i]
    if (!(um >= cubeWavelengthsUm[0] && um <= cubeWavelengthsUm[last])) {
      out[i] = 0
      continue
    }
    if (um < cubeWavelengthsUm[low]) low = 0
    while (low < last - 1 && cubeWavelengthsUm[low + 1] < um) low++
    const part = Math.log(um / cubeWavelengthsUm[low]) / Math.log(cubeWavelengthsUm[low + 1] / cubeWavelengthsUm[low])
    const [a, b] = [fluxMjy[low], fluxMjy[low + 1]]
    const mjy = a > 0 && b > 0 ? a * (b / a) ** part : a + part * (b - a)
    // Per micron to per Angstrom.
    out[i] = (mjy * dilution * PER_MJY_UM2) / (um * um)
  }
}
