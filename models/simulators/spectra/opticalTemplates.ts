// Spectra of photospheres in the optical: the model atmospheres we have, of low resolution, with lines of our own making.
import { createOpticalPhotospheres, type OpticalFamily, type OpticalPhotosphere } from '../xp/xpStarlight.ts'
import { fineGrids } from './fineGrid.ts'
import { lineTransmission } from './lineAbsorption.ts'
import { lineModels } from './lineModels.ts'
import { createSeenLines, dwarfLoggDex, linesAsSeen, type SeenLines } from './seenLines.ts'
import { type Corner, cornersOf, mixInto, type TemplateAxes, type TemplateFlux } from './templateCorners.ts'

const { angstrom: fineAngstrom, count: FINE_COUNT, lnStep: FINE_LN_STEP, placeOf: finePlace } = fineGrids.optical

/** Nodes of the built-in templates; between the first and the last of each axis there are spectra, where the model atmospheres have them. */
export const templateAxes: TemplateAxes = {
  teffK: [
    ...[
      2500, 2600, 2700, 2800, 2900, 3000, 3100, 3200, 3300, 3400, 3500, 3600, 3700, 3800, 3900, 4000, 4100, 4250, 4500,
    ],
    ...[4750, 5000, 5250, 5500, 5750, 6000, 6250, 6500, 6750, 7000, 7500, 8000, 8500, 9000, 10_000, 11_000, 12_000],
  ],
  loggDex: [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5],
  fehDex: [-1.5, -1, -0.5, 0, 0.3],
}

/** How blurred the tables beneath are, sigma: Kurucz's bins of 2 nm read linearly in Angstrom, BT-Settl as packed in ln of the wavelength. */
const KURUCZ_SIGMA_ANGSTROM = 8
const BT_SETTL_SIGMA = 0.0025
/** Where one family's tables go over to the other's (`createOpticalPhotospheres`), the nearer. */
const KURUCZ_BEGINS_K = 3750
const BT_SETTL_ENDS_K = 6750

/** The table of the atmospheres at a node, and what its lines leave of it. */
interface TemplateNode {
  /** [306] ln of F_lambda in the table's own wavelengths. */
  readonly lnTable: Float64Array
  /** [9490] lines over lines as blurred as the table. */
  readonly lines: Float32Array
}

/**
 * F = table x lines / (lines as blurred as the table): blurred again it is the table, so what the atmospheres say of colours and of the sum of
 * all lines stays, and the light of a line is not taken twice. The continuum that a line stands in is table / blurred lines.
 * Lines are then changed by what the sky has beside them (`createSeenLines`), if that is wanted.
 * The ln of the table and what lines leave are interpolated linearly in 1 / Teff, log g and [Fe/H].
 */
export function createOpticalTemplates(hasSeenLines = true): TemplateFlux {
  const photospheres = createOpticalPhotospheres()
  const count = photospheres.wavelengthsNm.length
  const log10 = new Float64Array(count)
  const table = new Float64Array(count)
  const cubic = cubicPlaces(count)
  const nodes = new Map<string, TemplateNode | null>()
  const dwarfs = new Map<string, Float64Array | null>()
  const seenLines = new Map<OpticalFamily, SeenLines>()
  const { teffK: teffs, loggDex: loggs, fehDex: fehs } = templateAxes

  function nodeAt(family: OpticalFamily, { t, g, z }: Corner): TemplateNode | null {
    const key = `${family} ${t} ${g} ${z}`
    let node = nodes.get(key)
    if (node === undefined) {
      const photosphere = { family, teffK: teffs[t], loggDex: loggs[g], fehDex: fehs[z] }
      node = ownNode(photosphere)
      if (node !== null && hasSeenLines) seeLines(photosphere, node)
      nodes.set(key, node)
    }
    return node
  }

  function ownNode(photosphere: OpticalPhotosphere): TemplateNode | null {
    if (!photospheres.logFluxInto(photosphere, log10)) return null
    return { lnTable: log10.map(dex => Math.LN10 * dex), lines: sharpLines(photosphere, cubic) }
  }

  function fluxOf({ lnTable, lines }: TemplateNode): Float32Array {
    const light = lnTable.map(Math.exp)
    return lines.map((left, i) => left * cubicAt(light, cubic, i))
  }

  function dwarfOf(family: OpticalFamily, teffK: number): Float64Array | null {
    const key = `${family} ${teffK}`
    let lines = dwarfs.get(key)
    if (lines === undefined) {
      const node = ownNode({ family, teffK, loggDex: dwarfLoggDex(teffK), fehDex: 0 })
      lines = node === null ? null : linesAsSeen(fluxOf(node))
      dwarfs.set(key, lines)
    }
    return lines
  }

  function seeLines({ family, teffK, fehDex }: OpticalPhotosphere, node: TemplateNode): void {
    const dwarf = dwarfOf(family, teffK)
    if (dwarf === null) return
    const factors = seenLinesOf(family).factors(teffK, fehDex, linesAsSeen(fluxOf(node)), dwarf)
    for (let i = 0; i < FINE_COUNT; i++) node.lines[i] *= factors[i]
  }

  function seenLinesOf(family: OpticalFamily): SeenLines {
    let known = seenLines.get(family)
    if (known === undefined) {
      known = createSeenLines(teffK => dwarfOf(family, teffK))
      seenLines.set(family, known)
    }
    return known
  }

  return (photosphere, out) => {
    const corners = cornersOf(templateAxes, photosphere)
    const found = corners.flatMap(corner => nodeAt(photosphere.family, corner) ?? [])
    if (corners.length === 0 || found.length < corners.length) return false
    const weights = corners.map(({ weight }) => weight)
    for (let k = 0; k < count; k++) {
      let sum = 0
      for (let c = 0; c < found.length; c++) sum += weights[c] * found[c].lnTable[k]
      table[k] = Math.exp(sum)
    }
    mixInto(
      found.map(({ lines }) => lines),
      weights,
      out,
    )
    for (let i = 0; i < FINE_COUNT; i++) out[i] *= cubicAt(table, cubic, i)
    return true
  }
}

function sharpLines({ family, teffK, loggDex, fehDex }: OpticalPhotosphere, cubic: CubicPlaces): Float32Array {
  const lines = lineTransmission(lineModels.optical, teffK, loggDex, fehDex)
  const isKurucz = teffK > (family === 'kurucz' ? KURUCZ_BEGINS_K : BT_SETTL_ENDS_K)
  const table = cubic.tableAngstrom.map(angstrom =>
    blurredAt(lines, angstrom, isKurucz ? KURUCZ_SIGMA_ANGSTROM / angstrom : BT_SETTL_SIGMA),
  )
  return Float32Array.from(lines, (left, i) => left / cubicAt(table, cubic, i))
}

interface CubicPlaces {
  /** [306] wavelengths of the tables, from 325 to 1100 nm evenly in the logarithm. */
  readonly tableAngstrom: Float64Array
  /** [9490] place in the tables before each fine bin. */
  readonly index: Int32Array
  /** [9490][4] shares of the values around, of the cubic through them (Catmull & Rom). */
  readonly shares: Float64Array
}

function cubicPlaces(count: number): CubicPlaces {
  const lnStep = Math.log(11_000 / 3250) / (count - 1)
  const tableAngstrom = Float64Array.from({ length: count }, (_, k) => 3250 * Math.exp(lnStep * k))
  const index = new Int32Array(FINE_COUNT)
  const shares = new Float64Array(4 * FINE_COUNT)
  for (let i = 0; i < FINE_COUNT; i++) {
    const place = Math.log(fineAngstrom[i] / 3250) / lnStep
    index[i] = Math.floor(place)
    const x = place - index[i]
    const four = [-x + 2 * x ** 2 - x ** 3, 2 - 5 * x ** 2 + 3 * x ** 3, x + 4 * x ** 2 - 3 * x ** 3, x ** 3 - x ** 2]
    for (let k = 0; k < 4; k++) shares[4 * i + k] = four[k] / 2
  }
  return { tableAngstrom, index, shares }
}

function cubicAt(table: Float64Array, { index, shares }: CubicPlaces, i: number): number {
  const [k, from] = [index[i], 4 * i]
  const before = shares[from] * table[k - 1] + shares[from + 1] * table[k]
  return before + shares[from + 2] * table[k + 1] + shares[from + 3] * table[k + 2]
}

/** Gaussian mean around a wavelength; what lies beyond the ends is like the ends. @param lnSigma in ln of the wavelength */
function blurredAt(values: Float64Array, angstrom: number, lnSigma: number): number {
  const place = finePlace(angstrom) - 0.5
  const sigma = lnSigma / FINE_LN_STEP
  let [sum, weights] = [0, 0]
  for (let i = Math.ceil(place - 4 * sigma); i <= place + 4 * sigma; i++) {
    const weight = Math.exp(-0.5 * ((i - place) / sigma) ** 2)
    sum += weight * values[Math.min(FINE_COUNT - 1, Math.max(0, i))]
    weights += weight
  }
  return sum / weights
}
