// How warm the dust of a grid is: what it takes of the star directly, and of the light that other dust sends on.
import { type DustGrid, MAX_LATITUDES, RADII } from './dustGrid.ts'
import {
  emissionRows,
  planckMeanRows,
  rosselandRows,
  rowOf,
  rowOfEmission,
  rowTemperatureK,
  SIGMA,
} from './dustOpacity.ts'
import { ysoConstants } from './modelSets.ts'

/** One shell without dust inside the innermost cells, through which light passes from one side to the other. */
const SHELLS = RADII + 1
const HOLE = 0.3
const ROUNDS = 3

/** Row of the emission table of each cell of a grid, with and without what the dust has without the star. */
export interface DustTemperatures {
  readonly row: Uint16Array
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

/** Room for one object. */
export function createDustTemperatures(): DustTemperatures {
  return { row: new Uint16Array(RADII * MAX_LATITUDES), floorRow: 0 }
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

  return {
    solve(grid, luminosityErgPerS, floorK, out) {
      const { latitudes: n, radiusCm, latitude, sine, density, heating } = grid
      edges[0] = HOLE * radiusCm[0]
      for (let i = 0; i <= RADII; i++) edges[i + 1] = radiusCm[i]
      const { row } = out
      out.floorRow = rowOf(floorK)
      const hottest = rowOf(ysoConstants.sublimationK)
      // To begin with, as in the open light of the star.
      let innermostRow = out.floorRow
      for (let k = 0; k < n; k++) {
        if (density[k] <= 0) continue
        const mass = density[k] * (4 / 3) * Math.PI * (radiusCm[1] ** 3 - radiusCm[0] ** 3) * (sine[k + 1] - sine[k])
        innermostRow = Math.max(
          innermostRow,
          rowOfEmission((heating[k] * luminosityErgPerS) / mass + emissionRows[out.floorRow]),
        )
      }
      const innermostK = Math.min(rowTemperatureK(innermostRow), ysoConstants.sublimationK)
      for (let i = 0; i < RADII; i++) {
        const guess = innermostK * Math.sqrt(radiusCm[0] / radiusCm[i + 1])
        for (let k = 0; k < n; k++) row[i * MAX_LATITUDES + k] = rowOf(Math.max(guess, floorK))
      }
      for (let round = 0; round < ROUNDS; round++) {
        for (let i = 0; i < SHELLS; i++) {
          const r = Math.sqrt(edges[i] * edges[i + 1])
          for (let k = 0; k < n; k++) {
            const cell = (i - 1) * MAX_LATITUDES + k
            resistance[i * MAX_LATITUDES + k] = 2 / r + (i === 0 ? 0 : 3 * density[cell] * rosselandRows[row[cell]])
          }
        }
        solveDiffusion(n)
        for (let k = 0; k < n; k++) colour[k] = innermostK
        for (let i = 0; i < RADII; i++) {
          const width = radiusCm[i + 1] - radiusCm[i]
          const shell = (4 / 3) * Math.PI * (radiusCm[i + 1] ** 3 - radiusCm[i] ** 3)
          for (let k = 0; k < n; k++) {
            const cell = i * MAX_LATITUDES + k
            if (density[cell] <= 0) continue
            const diffuse = Math.max(0, flux[(i + 1) * MAX_LATITUDES + k]) * luminosityErgPerS
            const mass = density[cell] * shell * (sine[k + 1] - sine[k])
            // Light keeps the colour of the dust that sent it until it meets enough dust to take the local one.
            const here = (diffuse / (4 * SIGMA)) ** 0.25
            const local = 1 - Math.exp(-3 * density[cell] * rosselandRows[row[cell]] * width)
            colour[k] = Math.exp((1 - local) * Math.log(colour[k]) + local * Math.log(Math.max(here, floorK)))
            const opacity = planckMeanRows[rowOf(Math.min(colour[k], ysoConstants.sublimationK))]
            const emission = (heating[cell] * luminosityErgPerS) / mass + opacity * diffuse
            row[cell] = Math.min(rowOfEmission(emission + emissionRows[out.floorRow]), hottest)
          }
        }
      }

      /** Symmetric, banded and positive: Cholesky without roots. */
      function solveDiffusion(width: number): void {
        const stride = MAX_LATITUDES + 1
        const total = SHELLS * width
        band.fill(0)
        for (let i = 0; i < SHELLS; i++) {
          const thick = edges[i + 1] - edges[i]
          const r = Math.sqrt(edges[i] * edges[i + 1])
          for (let k = 0; k < width; k++) {
            const at = i * width + k
            const mine = resistance[i * MAX_LATITUDES + k]
            flux[at] = i === 0 ? 0 : heating[(i - 1) * MAX_LATITUDES + k]
            const area = 4 * Math.PI * edges[i + 1] ** 2 * (sine[k + 1] - sine[k])
            if (i + 1 < SHELLS) {
              const next = resistance[(i + 1) * MAX_LATITUDES + k]
              join(at, at + width, area / (0.5 * (mine * thick + next * (edges[i + 2] - edges[i + 1]))), stride)
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
        for (let j = 0; j < total; j++) {
          const pivot = band[j * stride]
          const last = Math.min(width, total - 1 - j)
          for (let a = 1; a <= last; a++) {
            const lower = band[j * stride + a]
            if (lower === 0) continue
            const factor = lower / pivot
            for (let b = a; b <= last; b++) band[(j + a) * stride + b - a] -= factor * band[j * stride + b]
            flux[j + a] -= factor * flux[j]
          }
        }
        for (let j = total - 1; j >= 0; j--) {
          let sum = flux[j]
          const last = Math.min(width, total - 1 - j)
          for (let a = 1; a <= last; a++) sum -= band[j * stride + a] * flux[j + a]
          flux[j] = sum / band[j * stride]
        }
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
