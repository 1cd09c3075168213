// How warm the dust of a grid is: what it takes of the star directly, and of the light that other dust sends on.
import { solveBand } from './bandSystem.ts'
import { type DustGrid, MAX_LATITUDES, RADII } from './dustGrid.ts'
import { dustRows, rowOf, rowOfEmission } from './dustOpacity.ts'
import { ysoConstants } from './modelSets.ts'

/** One shell without dust inside the innermost cells, through which light passes from one side to the other. */
const SHELLS = RADII + 1
const HOLE = 0.3
const ROUNDS = 3
/**
 * Paths out of dust are longer than its depth outwards, by this factor, and where they are open light leaves this many times in r / c. Both
 * chosen by comparison with packets of light (ops/bench/ysoCheckBench.ts).
 */
const SLANT = 4
const LEAK = 2
const HOTTEST = rowOf(ysoConstants.sublimationK)

/** What the dust of each cell sends out beyond what it would without the star: `gain` times the difference of `row` and `floorRow`. */
export interface DustTemperatures {
  readonly row: Uint16Array
  /** Near 1: rows are steps of temperature, and next to the floor one step would be much light. */
  readonly gain: Float64Array
  /** Emission beyond that at the floor, erg/s/g, and the share of it that balances what the star brings directly. */
  readonly excess: Float64Array
  readonly direct: Float64Array
  /** Of the floor temperature. */
  floorRow: number
}

export interface TemperatureSolver {
  /**
   * @param luminosityErgPerS of the star, erg/s
   * @param floorK temperature without the star
   */
  solve(grid: DustGrid, luminosityErgPerS: number, floorK: number, out: DustTemperatures): void
}

/** Finds what dust must be like to send out its excess. */
function warm({ row, gain, excess, floorRow }: DustTemperatures, cell: number): void {
  const { emission } = dustRows()
  const cold = emission[floorRow]
  const found = Math.max(rowOfEmission(cold + excess[cell]), floorRow + 1)
  row[cell] = Math.min(found, HOTTEST)
  gain[cell] = found > HOTTEST ? 1 : excess[cell] / (emission[row[cell]] - cold)
}

/** Multiplies the light that warms the dust of a grid, but what comes straight from the star. */
export function scaleDiffuse(grid: DustGrid, temperatures: DustTemperatures, factor: number): void {
  const { excess, direct } = temperatures
  for (let i = 0; i < RADII; i++)
    for (let k = 0; k < grid.latitudes; k++) {
      const cell = i * MAX_LATITUDES + k
      if (grid.density[cell] <= 0) continue
      excess[cell] *= direct[cell] + (1 - direct[cell]) * factor
      direct[cell] /= direct[cell] + (1 - direct[cell]) * factor
      warm(temperatures, cell)
    }
}

/** Room for one object. */
export function createDustTemperatures(): DustTemperatures {
  const cells = RADII * MAX_LATITUDES
  return {
    row: new Uint16Array(cells),
    gain: new Float64Array(cells),
    excess: new Float64Array(cells),
    direct: new Float64Array(cells),
    floorRow: 0,
  }
}

/**
 * Solver with room of its own.
 *
 * Starlight comes along rays, the light of the dust by diffusion (Kuiper+ 2010, A&A 511, A81). Their flux limiter is replaced by a
 * longest free path of r / 2, which is exact around a point in the open, and leaves a linear problem: between cells the light flows with
 * conductance area / integral of (3 rho chi + 2 / r), chi being the Rosseland mean. All that is absorbed flows out through the
 * outer edge. Emission balances direct and diffuse absorption.
 */
export function createTemperatureSolver(): TemperatureSolver {
  const size = SHELLS * MAX_LATITUDES
  const band = new Float64Array(size * (MAX_LATITUDES + 1))
  const flux = new Float64Array(size)
  const edges = new Float64Array(SHELLS + 1)
  const resistance = new Float64Array(size)
  const colour = new Float64Array(MAX_LATITUDES)
  const colourRow = new Uint16Array(MAX_LATITUDES)
  const sent = new Float64Array(MAX_LATITUDES)
  const passed = new Float64Array(MAX_LATITUDES)
  const open = new Float64Array(size)
  const lightRow = new Uint16Array(RADII * MAX_LATITUDES)
  const leaks = new Float64Array(size)
  const { temperatureK, planckMean, rosseland } = dustRows()

  return {
    solve(grid, luminosityErgPerS, floorK, out) {
      const { latitudes: n, radiusCm, latitude, sine, density, column, heating } = grid
      edges[0] = HOLE * radiusCm[0]
      for (let i = 0; i <= RADII; i++) edges[i + 1] = radiusCm[i]
      const { row } = out
      out.floorRow = rowOf(floorK)
      // To begin with, as in the open light of the star.
      for (let i = 0; i < RADII; i++) {
        const guess = ysoConstants.sublimationK * Math.sqrt(radiusCm[0] / radiusCm[i + 1])
        row.fill(rowOf(Math.max(guess, floorK)), i * MAX_LATITUDES, (i + 1) * MAX_LATITUDES)
      }
      lightRow.set(row)
      for (let round = 0; round < ROUNDS; round++) {
        for (let i = 0; i < SHELLS; i++) {
          const r = Math.sqrt(edges[i] * edges[i + 1])
          for (let k = 0; k < n; k++) {
            const cell = (i - 1) * MAX_LATITUDES + k
            resistance[i * MAX_LATITUDES + k] = 2 / r + (i === 0 ? 0 : 3 * density[cell] * rosseland[lightRow[cell]])
          }
        }
        findOpenings(n)
        solveDiffusion(n)
        let streamed = 0
        let streamedHeat = 0
        for (let k = 0; k < n; k++) {
          colour[k] = ysoConstants.sublimationK
          colourRow[k] = HOTTEST
          sent[k] = 0
          passed[k] = 1
        }
        for (let i = 0; i < SHELLS; i++) {
          const r = Math.sqrt(edges[i] * edges[i + 1])
          const shell = (4 / 3) * Math.PI * (edges[i + 1] ** 3 - edges[i] ** 3)
          // Light that left the inner shells for good still warms thin dust on its way.
          const stream = (streamed * luminosityErgPerS) / (4 * Math.PI * r * r)
          const streamOpacity = planckMean[rowOf(streamed > 0 ? streamedHeat / streamed : floorK)]
          for (let k = 0; k < n; k++) {
            const at = i * MAX_LATITUDES + k
            const cell = at - MAX_LATITUDES
            const leak = Math.max(0, flux[at]) * leaks[at]
            streamed += leak
            streamedHeat += leak * colour[k]
            if (i === 0 || density[cell] <= 0) continue
            const diffuse = Math.max(0, flux[at]) * luminosityErgPerS
            const mass = density[cell] * shell * (sine[k + 1] - sine[k])
            // Light keeps the colour of the dust that sent it until it is absorbed, or most of it comes from here.
            const depth = density[cell] * planckMean[colourRow[k]] * (edges[i + 1] - edges[i])
            sent[k] += heating[cell]
            const fresh = sent[k] > 0 ? heating[cell] / sent[k] : 0
            const local = 1 - Math.exp(-depth) * (1 - fresh)
            colour[k] += local * (temperatureK[row[cell]] - colour[k])
            colourRow[k] = rowOf(colour[k])
            lightRow[cell] = colourRow[k]
            const meets = streamOpacity * density[cell] * (edges[i + 1] - edges[i])
            const passing = passed[k] * (meets < 1e-6 ? 1 : -Math.expm1(-meets) / meets)
            passed[k] *= Math.exp(-meets)
            const excess =
              (heating[cell] * luminosityErgPerS) / mass +
              planckMean[lightRow[cell]] * diffuse +
              streamOpacity * stream * passing
            out.excess[cell] = excess
            out.direct[cell] = excess > 0 ? (heating[cell] * luminosityErgPerS) / mass / excess : 1
            warm(out, cell)
          }
        }
      }

      /** Which share of the light leaves a cell for good, outwards along its latitude, and how much that drains it. */
      function findOpenings(width: number): void {
        for (let k = 0; k < width; k++) {
          const all = column[RADII * MAX_LATITUDES + k]
          for (let i = SHELLS - 1; i >= 0; i--) {
            const at = i * MAX_LATITUDES + k
            const cell = at - MAX_LATITUDES
            const thick = edges[i + 1] - edges[i]
            // What lies outside, as it is for light of the colour that is here.
            const outside = i === 0 ? all : all - 0.5 * (column[cell] + column[at])
            open[at] = Math.exp(-SLANT * outside * rosseland[lightRow[Math.max(cell, k)]])
            const r = Math.sqrt(edges[i] * edges[i + 1])
            leaks[at] = LEAK * open[at] * 4 * Math.PI * r * thick * (sine[k + 1] - sine[k])
          }
        }
      }

      function solveDiffusion(width: number): void {
        const stride = width + 1
        const total = SHELLS * width
        band.fill(0, 0, total * stride)
        flux.fill(0)
        // Starlight warms a cell from its inner face: out of a deep one, what it brings need not diffuse from the middle.
        for (let i = 1; i < SHELLS; i++) {
          const thick = edges[i + 1] - edges[i]
          for (let k = 0; k < width; k++) {
            const deep = 0.5 * resistance[i * MAX_LATITUDES + k] * thick
            const heat = heating[(i - 1) * MAX_LATITUDES + k]
            flux[(i - 1) * width + k] += (heat * deep) / (1 + deep)
            flux[i * width + k] += heat / (1 + deep)
          }
        }
        for (let i = 0; i < SHELLS; i++) {
          const thick = edges[i + 1] - edges[i]
          const r = Math.sqrt(edges[i] * edges[i + 1])
          for (let k = 0; k < width; k++) {
            const at = i * width + k
            const mine = resistance[i * MAX_LATITUDES + k]
            band[at * stride] += leaks[i * MAX_LATITUDES + k]
            const area = 4 * Math.PI * edges[i + 1] ** 2 * (sine[k + 1] - sine[k])
            if (i + 1 < SHELLS) {
              const next = resistance[(i + 1) * MAX_LATITUDES + k]
              const thickness = 0.5 * (mine * thick + next * (edges[i + 2] - edges[i + 1]))
              join(at, at + width, area / thickness, stride)
            } else band[at * stride] += area / (0.5 * mine * thick + 1)
            if (k + 1 < width) {
              const side = 4 * Math.PI * r * thick * Math.cos(latitude[k + 1])
              const next = resistance[i * MAX_LATITUDES + k + 1]
              const mineWide = mine * (latitude[k + 1] - latitude[k])
              const nextWide = next * (latitude[k + 2] - latitude[k + 1])
              join(at, at + 1, side / (0.5 * r * (mineWide + nextWide)), stride)
            }
          }
        }
        solveBand(band, stride, width, total, flux)
        // From packed to the grid's stride, from behind so that nothing is overwritten before it is moved.
        for (let i = SHELLS - 1; i >= 0; i--)
          for (let k = width - 1; k >= 0; k--) flux[i * MAX_LATITUDES + k] = flux[i * width + k]
      }

      function join(a: number, b: number, conductance: number, stride: number): void {
        band[a * stride] += conductance
        band[b * stride] += conductance
        band[a * stride + b - a] -= conductance
      }
    },
  }
}
