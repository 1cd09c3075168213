// One band of the synthetic photometry as a table: for loops over so many stars that a spectrum for each is too dear.
import { CM_PER_PC, CM_PER_RSUN } from '../../../schemas/index.ts'
import { intervalOf } from '../../math/grid.ts'
import { createAtmospheres } from './atmosphere.ts'
import { type AtmosphereFamily, completeTable } from './atmosphereTables.ts'
import { type ExtinctionLawName, extinctionLaw } from './extinctionLaws.ts'
import { type PassbandName, passbandIndices } from './passbands.ts'
import { createSyntheticPhotometry } from './syntheticPhotometry.ts'
import { BIN_COUNT } from './wavelengths.ts'

/** Largest extinction of a table. */
export const TABLE_AV_MAG = 60

export interface BandTable {
  /**
   * Magnitude of a star of 1 Rsun at 10 pc behind dust; a gravity or abundance beyond the atmospheres is taken as the nearest.
   * @returns Infinity outside the atmospheres' temperatures and 0 to 60 mag of extinction
   */
  magnitudeAt(teffK: number, loggDex: number, fehDex: number, avMag: number): number
  /** Nearly no star has less extinction in the band: by 1% at most, where the abundance is not the Sun's. A_V of 0 to 60 mag. */
  leastExtinctionMag(avMag: number): number
}

/** Extinction over A_V falls as dust reddens the light, fast at first. */
const avNodes = Float64Array.of(0, 0.5, 1, 2, 3, 4.5, 6, 8, 10, 13, 16, 20, 25, 30, 36, 42, 50, TABLE_AV_MAG)
/** The ratio at the first node is that behind a trace of dust. */
const TRACE_AV_MAG = 0.01
const DILUTION = (CM_PER_RSUN / (10 * CM_PER_PC)) ** 2

/**
 * Bare magnitude and extinction over A_V on the nodes of the atmospheres, both linear in 1 / Teff, log g and [Fe/H], the latter in A_V too.
 * A node is made when a star first needs it. What bins lose of narrow bands stays lost.
 *
 * Accuracy against `createSyntheticPhotometry`: docs/forward-model.md.
 * @param boundTeffK temperatures that `leastExtinctionMag` is for
 * @throws RangeError on a band or law that is not known, and an R_V outside the law
 */
export function createBandTable(
  band: PassbandName,
  family: AtmosphereFamily,
  law: ExtinctionLawName,
  rv: number,
  boundTeffK: readonly [number, number],
): BandTable {
  const { fehDex: fehs, teffK: teffs, loggDex: gravities } = completeTable(family)
  const teffStride = gravities.length
  const fehStride = teffs.length * teffStride
  const avStride = fehs.length * fehStride
  const bare = new Float64Array(avStride).fill(Number.NaN)
  const ratios = new Float64Array(avNodes.length * avStride)
  const atmospheres = createAtmospheres()
  const photometry = createSyntheticPhotometry()
  const bandIndices = passbandIndices([band])
  const dustRatios = new Float64Array(BIN_COUNT)
  if (!extinctionLaw(law).binRatiosInto(rv, dustRatios)) throw new RangeError(`bandTable: ${law} has no R_V ${rv}`)
  const avs = avNodes.map(av => Math.max(TRACE_AV_MAG, av))
  const passed = Array.from(avs, av => dustRatios.map(ratio => 10 ** (-0.4 * av * ratio)))
  const flux = new Float64Array(BIN_COUNT)
  const dimmed = new Float64Array(BIN_COUNT)
  const magnitude = new Float64Array(1)

  function magnitudeOf(spectrum: Float64Array): number {
    if (!photometry.magnitudesOfFlux(spectrum, bandIndices, magnitude))
      throw new RangeError(`bandTable: no light of a star behind dust is left in ${band}`)
    return magnitude[0]
  }

  function fill(z: number, t: number, g: number): void {
    const node = z * fehStride + t * teffStride + g
    atmospheres.surfaceFluxInto(family, teffs[t], gravities[g], fehs[z], flux)
    for (let i = 0; i < BIN_COUNT; i++) flux[i] *= DILUTION
    bare[node] = magnitudeOf(flux)
    for (let v = 0; v < avs.length; v++) {
      const share = passed[v]
      for (let i = 0; i < BIN_COUNT; i++) dimmed[i] = flux[i] * share[i]
      ratios[v * avStride + node] = (magnitudeOf(dimmed) - bare[node]) / avs[v]
    }
  }

  function fillAround(z: number, t: number, g: number): void {
    const node = z * fehStride + t * teffStride + g
    for (let corner = 0; corner < 8; corner++) {
      const [isRich, isHot, isDense] = [corner >> 2, (corner >> 1) & 1, corner & 1]
      if (Number.isNaN(bare[node + isRich * fehStride + isHot * teffStride + isDense]))
        fill(z + isRich, t + isHot, g + isDense)
    }
  }

  const sunFeh = fehs.indexOf(0)
  const least = new Float64Array(avs.length).fill(Number.POSITIVE_INFINITY)
  for (let t = 0; t < teffs.length; t++)
    for (let g = 0; g < gravities.length; g++) {
      if (teffs[t] < boundTeffK[0] || teffs[t] > boundTeffK[1]) continue
      fill(sunFeh, t, g)
      const node = sunFeh * fehStride + t * teffStride + g
      for (let v = 0; v < avs.length; v++) least[v] = Math.min(least[v], ratios[v * avStride + node])
    }

  const inverses = teffs.map(teff => 1 / teff)
  const last = (nodes: Float64Array) => nodes[nodes.length - 1]
  const clamp = (nodes: Float64Array, x: number) => Math.min(last(nodes), Math.max(nodes[0], x))

  return {
    magnitudeAt(teffK, loggDex, fehDex, avMag) {
      if (!(teffK >= teffs[0] && teffK <= last(teffs) && avMag >= 0 && avMag <= TABLE_AV_MAG))
        return Number.POSITIVE_INFINITY
      const logg = clamp(gravities, loggDex)
      const feh = clamp(fehs, fehDex)
      const t = intervalOf(teffs, teffK)
      const g = intervalOf(gravities, logg)
      const z = intervalOf(fehs, feh)
      const wt = (1 / teffK - inverses[t]) / (inverses[t + 1] - inverses[t])
      const wg = (logg - gravities[g]) / (gravities[g + 1] - gravities[g])
      const wz = (feh - fehs[z]) / (fehs[z + 1] - fehs[z])
      const at = (values: Float64Array, from: number) => {
        const next = from + teffStride
        const cool = values[from] + wg * (values[from + 1] - values[from])
        return cool + wt * (values[next] + wg * (values[next + 1] - values[next]) - cool)
      }
      const between = (values: Float64Array, from: number) => {
        const poor = at(values, from)
        return wz === 0 ? poor : poor + wz * (at(values, from + fehStride) - poor)
      }
      fillAround(z, t, g)
      const node = z * fehStride + t * teffStride + g
      const bright = between(bare, node)
      if (avMag === 0) return bright
      const v = intervalOf(avNodes, avMag)
      const wv = (avMag - avNodes[v]) / (avNodes[v + 1] - avNodes[v])
      const thin = between(ratios, v * avStride + node)
      return bright + avMag * (thin + wv * (between(ratios, (v + 1) * avStride + node) - thin))
    },
    leastExtinctionMag(avMag) {
      const v = intervalOf(avNodes, avMag)
      const wv = (avMag - avNodes[v]) / (avNodes[v + 1] - avNodes[v])
      return avMag * (least[v] + wv * (least[v + 1] - least[v]))
    },
  }
}
