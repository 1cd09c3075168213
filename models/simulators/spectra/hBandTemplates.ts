// Spectra of photospheres in the H band: model atmospheres in bins of 2%, with lines of our own making.
import { createAtmospheres } from '../photosphere/atmosphere.ts'
import { BIN_COUNT, BIN_LOG_WIDTH, binCentresUm } from '../photosphere/wavelengths.ts'
import { fineGrids } from './fineGrid.ts'
import { lineTransmission } from './lineAbsorption.ts'
import { lineModels } from './lineModels.ts'
import { expOfNodesInto, nodeCount } from './smoothFactor.ts'
import { type Corner, cornersOf, mixInto, type TemplateAxes, type TemplateFlux } from './templateCorners.ts'

/** Below 3000 K water and iron hydride are most of what is seen, above 12,000 K hydrogen alone. */
export const hBandAxes: TemplateAxes = {
  teffK: [
    ...[3000, 3200, 3400, 3600, 3800, 4000, 4250, 4500, 4750, 5000, 5500],
    ...[6000, 6500, 7000, 7500, 8000, 9000, 10_000, 12_000],
  ],
  loggDex: [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5],
  fehDex: [-1.5, -1, -0.5, 0, 0.3],
}

const { angstrom, count, lnStep, nodeStep } = fineGrids.hBand
/** How blurred the atmospheres' bins are when they are read by a cubic, sigma of ln of the wavelength. */
const BLUR_LN = 0.4 * BIN_LOG_WIDTH
const BLUR_REACH = 3

/** As `createOpticalTemplates`, F = atmosphere x lines / (lines as blurred as the atmosphere); the lines do not depend on its family. */
export function createHBandTemplates(): TemplateFlux {
  const atmospheres = createAtmospheres()
  const lnBins = new Float64Array(BIN_COUNT)
  const lnNodes = new Float64Array(nodeCount(count, nodeStep))
  /** Of each node, the place among the atmospheres' bins. */
  const places = lnNodes.map(
    (_, k) => (Math.log(angstrom[0] / 1e4 / binCentresUm[0]) + lnStep * nodeStep * k) / BIN_LOG_WIDTH,
  )
  const atmosphere = new Float32Array(count)
  const nodes = new Map<string, Float32Array>()

  function linesAt({ t, g, z }: Corner): Float32Array {
    const key = `${t} ${g} ${z}`
    let lines = nodes.get(key)
    if (lines === undefined) {
      lines = sharpLines(hBandAxes.teffK[t], hBandAxes.loggDex[g], hBandAxes.fehDex[z])
      nodes.set(key, lines)
    }
    return lines
  }

  return (photosphere, out) => {
    const corners = cornersOf(hBandAxes, photosphere)
    const { family, teffK, loggDex, fehDex } = photosphere
    if (corners.length === 0 || !atmospheres.lnSurfaceFluxInto(family, teffK, loggDex, fehDex, lnBins)) return false
    for (let k = 0; k < lnNodes.length; k++) lnNodes[k] = cubicAt(lnBins, places[k])
    expOfNodesInto(lnNodes, atmosphere, nodeStep)
    mixInto(
      corners.map(linesAt),
      corners.map(({ weight }) => weight),
      out,
    )
    for (let i = 0; i < count; i++) out[i] *= atmosphere[i]
    return true
  }
}

/** Catmull and Rom's cubic through the values around. */
function cubicAt(values: Float64Array, place: number): number {
  const k = Math.floor(place)
  const x = place - k
  const [a, b, c, d] = [values[k - 1], values[k], values[k + 1], values[k + 2]]
  return b + (x / 2) * (c - a + x * (2 * a - 5 * b + 4 * c - d + x * (3 * (b - c) + d - a)))
}

function sharpLines(teffK: number, loggDex: number, fehDex: number): Float32Array {
  const lines = lineTransmission(lineModels.hBand, teffK, loggDex, fehDex)
  const lnBlurred = new Float64Array(nodeCount(count, nodeStep))
  for (let k = 0; k < lnBlurred.length; k++) lnBlurred[k] = Math.log(blurredAt(lines, k * nodeStep))
  const blurred = new Float64Array(count)
  expOfNodesInto(lnBlurred, blurred, nodeStep)
  return Float32Array.from(lines, (left, i) => left / blurred[i])
}

/** Gaussian mean of every fourth bin; what lies beyond the ends is like the ends. */
function blurredAt(values: Float64Array, bin: number): number {
  const sigma = BLUR_LN / lnStep
  let [sum, weights] = [0, 0]
  for (let i = bin - BLUR_REACH * sigma; i <= bin + BLUR_REACH * sigma; i += 4) {
    const weight = Math.exp(-0.5 * ((i - bin) / sigma) ** 2)
    sum += weight * values[Math.min(count - 1, Math.max(0, Math.round(i)))]
    weights += weight
  }
  return sum / weights
}
