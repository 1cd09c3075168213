// Opacities of the dust of all sets, and what hot dust of it sends out: Weingartner & Draine 2001 for R_V = 5.5, case A, with Draine 2003.
import { C2_UM_K } from '../../../schemas/index.ts'
import { loadGrid } from '../../grids/gridFile.ts'
import { sedWavelengthsUm } from './modelSets.ts'

export const WAVELENGTHS = sedWavelengthsUm.length
/** Natural logarithm between two wavelengths. */
const STEP = Math.log(sedWavelengthsUm[1] / sedWavelengthsUm[0])
/** Width of each bin, micron: sums over bins are integrals over wavelength. */
export const binWidthsUm = sedWavelengthsUm.map(wavelength => wavelength * 2 * Math.sinh(STEP / 2))

/** 2 h c^2 in erg/s/cm2/sr um^4 (CODATA 2018). */
const C1 = 1.191042972e8 * 1e3

/** All in cm2 per gram of dust, one value for each wavelength. */
export interface DustOpacity {
  readonly absorption: Float64Array
  readonly scattering: Float64Array
  /** Mean cosine of the scattering angle. */
  readonly meanCosine: Float64Array
  /** Out of a beam: absorption and scattering. */
  readonly extinction: Float64Array
  /** Of light that may be scattered many times before it is absorbed: sqrt(a (a + (1 - g) s)). */
  readonly effective: Float64Array
  /** What counts of scattering where its forward part is taken as no scattering: (1 - g) s. */
  readonly turning: Float64Array
}

function readDust(): DustOpacity {
  const { values, width } = loadGrid('dustOpacities')
  const take = (column: number) => Float64Array.from({ length: WAVELENGTHS }, (_, i) => values[i * width + column])
  const absorption = take(0)
  const scattering = take(1)
  const meanCosine = take(2)
  const turning = scattering.map((s, i) => s * (1 - meanCosine[i]))
  return {
    absorption,
    scattering,
    meanCosine,
    extinction: absorption.map((a, i) => a + scattering[i]),
    effective: absorption.map((a, i) => Math.sqrt(a * (a + turning[i]))),
    turning,
  }
}

export const dust: DustOpacity = readDust()

/** Planck's law, erg/s/cm2/sr per micron. */
export function planck(wavelengthUm: number, temperatureK: number): number {
  const x = C2_UM_K / (wavelengthUm * temperatureK)
  return x > 700 ? 0 : C1 / wavelengthUm ** 5 / Math.expm1(x)
}

const COLDEST_K = 2.5
const ROW_STEP = 0.0025
/** Temperatures of the rows below: from 2.5 K to beyond that at which dust is gone. */
export const ROWS = Math.ceil(Math.log(1700 / COLDEST_K) / ROW_STEP)
export const rowTemperatureK = (row: number): number => COLDEST_K * Math.exp(ROW_STEP * row)

/** The row of a temperature, the nearest there is. */
export function rowOf(temperatureK: number): number {
  const row = Math.round(Math.log(temperatureK / COLDEST_K) / ROW_STEP)
  return row < 0 ? 0 : row >= ROWS ? ROWS - 1 : row
}

/** [ROWS] What a gram of dust does at the temperature of each row. */
export interface DustRows {
  readonly temperatureK: Float64Array
  /** Emission over all directions, erg/s/g. */
  readonly emission: Float64Array
  /** Mean opacities, cm2/g. */
  readonly planckMean: Float64Array
  readonly rosseland: Float64Array
}

let rows: DustRows | undefined

/** Made when they are first asked for, in about a tenth of a second: few processes that load the models see dust. */
export function dustRows(): DustRows {
  rows ??= makeRows()
  return rows
}

function makeRows(): DustRows {
  const temperatureK = Float64Array.from({ length: ROWS }, (_, row) => rowTemperatureK(row))
  const emission = new Float64Array(ROWS)
  const planckMean = new Float64Array(ROWS)
  const rosseland = new Float64Array(ROWS)
  for (let row = 0; row < ROWS; row++) {
    const temperature = temperatureK[row]
    let emitted = 0
    let sum = 0
    let slope = 0
    let inverse = 0
    for (let i = 0; i < WAVELENGTHS; i++) {
      const b = planck(sedWavelengthsUm[i], temperature)
      const x = C2_UM_K / (sedWavelengthsUm[i] * temperature)
      // dB/dT goes as B x / (1 - exp(-x)).
      const weight = (b * x * binWidthsUm[i]) / -Math.expm1(-x)
      emitted += b * dust.absorption[i] * binWidthsUm[i]
      sum += b * binWidthsUm[i]
      slope += weight
      inverse += weight / (dust.absorption[i] + dust.turning[i])
    }
    emission[row] = 4 * Math.PI * emitted
    planckMean[row] = emitted / sum
    rosseland[row] = slope / inverse
  }
  return { temperatureK, emission, planckMean, rosseland }
}

const BITS_DROPPED = 14
interface RowIndex {
  readonly first: number
  /** The last row that has no more than these leading bits of its emission. */
  readonly rows: Uint16Array
}
let rowIndex: RowIndex | undefined

function makeRowIndex({ emission }: DustRows): RowIndex {
  const bitsOf = (row: number) => highWord(emission[row]) >> BITS_DROPPED
  const first = bitsOf(0)
  const found = new Uint16Array(bitsOf(ROWS - 1) - first + 1)
  for (let row = 0; row < ROWS; row++) found.fill(row, bitsOf(row) - first)
  return { first, rows: found }
}

/** The row whose dust emits this, erg/s/g; the first or last one where none does. */
export function rowOfEmission(emission: number): number {
  const rows = dustRows().emission
  rowIndex ??= makeRowIndex(dustRows())
  if (!(emission > rows[0])) return 0
  if (emission >= rows[ROWS - 1]) return ROWS - 1
  let low = Math.min(rowIndex.rows[(highWord(emission) >> BITS_DROPPED) - rowIndex.first], ROWS - 2)
  while (rows[low] > emission) low--
  return emission - rows[low] < rows[low + 1] - emission ? low : low + 1
}

const asNumber = new Float64Array(1)
const asWords = new Uint32Array(asNumber.buffer)

/** The leading 32 bits of a positive number: nearly its logarithm, at a tenth of the cost. */
export function highWord(x: number): number {
  asNumber[0] = x
  return asWords[1]
}

const EXP_STEPS = 64
const EXP_LIMIT = 32
const expTable = Float64Array.from({ length: EXP_STEPS * EXP_LIMIT + 1 }, (_, i) => Math.exp(-i / EXP_STEPS))

/** exp(-x) for x >= 0, within 7e-7 of itself, and 0 from 32 on: three times as fast as `Math.exp`. */
export function fade(x: number): number {
  if (!(x < EXP_LIMIT)) return 0
  const at = (x * EXP_STEPS) | 0
  const rest = x - at / EXP_STEPS
  return expTable[at] * (1 - rest * (1 - 0.5 * rest))
}
