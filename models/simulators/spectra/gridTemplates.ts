// A user's own grid of synthetic spectra in place of the built-in templates.
import { FusionError } from '../../../schemas/index.ts'
import type { OpticalPhotosphere } from '../xp/xpStarlight.ts'
import type { FineGrid } from './fineGrid.ts'
import type { SpectralTemplates } from './spectralTemplates.ts'
import { type SpectrographName, spectrographs } from './spectrographFacts.ts'
import { cornersOf, type TemplateAxes } from './templateCorners.ts'

/** The light at the surface of a model of a star. */
export interface GridModel {
  /** Where it comes from, to begin a sentence with. */
  readonly place: string
  readonly teffK: number
  readonly loggDex: number
  readonly fehDex: number
  /** [N] in vacuum, rising. */
  readonly angstrom: Float64Array
  /** [N] F_lambda in erg/s/cm2/Angstrom, none below 0. */
  readonly fluxes: Float64Array
}

type Parameters = Pick<OpticalPhotosphere, 'teffK' | 'loggDex' | 'fehDex'>

/** Has the nodes of each axis, rising. */
export interface GridTemplates extends SpectralTemplates, TemplateAxes {
  readonly modelCount: number
  /** Boxes between neighbouring nodes, and how many of them have a model in each corner. */
  readonly boxCount: number
  readonly fullBoxCount: number
  /** Why there is no spectrum of a star, such as `no model of 5000 K, log g 4.5, [Fe/H] 0`; null where there is one. */
  reasonAgainst(star: Parameters): string | null
}

export interface GridBuilder {
  /**
   * Takes the light of a model to the bins of the surveys; nothing else of it is kept.
   * @throws FusionError VALUE_OUT_OF_RANGE when it does not reach over them, shines nowhere, or is there already; RECORD_TOO_LARGE at one too many
   */
  add(model: GridModel): void
  /** @throws FusionError VALUE_OUT_OF_RANGE when all have one temperature */
  finish(): GridTemplates
}

/** 380 MB of them in the optical; PHOENIX has some 7,500 from 2300 to 12,000 K without those of other alpha elements. */
const MAX_MODELS = 10_000
/** Darker than this share of a model's brightest bin is as dark as this: logarithms have no 0. */
const DARKEST = 1e-12
const axisNames = ['teffK', 'loggDex', 'fehDex'] as const

interface Node extends Parameters {
  readonly place: string
  /** [grid.count] each. */
  readonly lnFluxes: ReadonlyMap<FineGrid, Float32Array>
}

const keyOf = ({ teffK, loggDex, fehDex }: Parameters) => `${teffK} K, log g ${loggDex}, [Fe/H] ${fehDex}`

/**
 * Between models ln of the flux is linear in 1 / Teff, log g and [Fe/H]; where one of the corners is missing there is no spectrum.
 * @param surveys that the templates are for: each model must have their light
 */
export function createGridBuilder(surveys: readonly SpectrographName[]): GridBuilder {
  const grids = [...new Set(surveys.map(name => spectrographs[name].grid))]
  const nodes = new Map<string, Node>()
  return {
    add({ place, angstrom, fluxes, ...star }) {
      const { teffK, loggDex, fehDex } = star
      const refuse = (problem: string) => new FusionError('VALUE_OUT_OF_RANGE', `${place} ${problem}.`)
      const key = keyOf(star)
      const same = nodes.get(key)
      if (same !== undefined) throw refuse(`is a model of ${key} as is ${same.place}; keep one of them in the folder`)
      if (nodes.size === MAX_MODELS) {
        throw new FusionError(
          'RECORD_TOO_LARGE',
          `${place} is one model more than ${MAX_MODELS}; take a part of the grid.`,
        )
      }
      const lnFluxes = new Map<FineGrid, Float32Array>()
      for (const grid of grids) {
        const [from, to] = [edgeOf(grid, 0), edgeOf(grid, grid.count)]
        const [first, last] = [angstrom[0], angstrom[angstrom.length - 1]]
        if (!(first <= from && last >= to)) {
          throw refuse(
            `reaches from ${first} to ${last} Angstrom: templates need ${from.toFixed(0)} to ${to.toFixed(0)}; take a grid that does`,
          )
        }
        const means = binMeans(angstrom, fluxes, grid)
        const brightest = means.reduce((most, one) => Math.max(most, one), 0)
        if (brightest === 0)
          throw refuse(`has no light from ${from.toFixed(0)} to ${to.toFixed(0)} Angstrom; leave it out`)
        lnFluxes.set(
          grid,
          Float32Array.from(means, mean => Math.log(Math.max(mean, DARKEST * brightest))),
        )
      }
      nodes.set(key, { place, teffK, loggDex, fehDex, lnFluxes })
    },
    finish() {
      const [teffK, loggDex, fehDex] = axisNames.map(name =>
        [...new Set(Array.from(nodes.values(), node => node[name]))].sort((a, b) => a - b),
      )
      if (teffK.length < 2) {
        throw new FusionError(
          'VALUE_OUT_OF_RANGE',
          `A grid of ${nodes.size} models of one temperature has nothing between them: give it two temperatures or more.`,
        )
      }
      return gridTemplates(nodes, { teffK, loggDex, fehDex })
    },
  }
}

function gridTemplates(nodes: ReadonlyMap<string, Node>, axes: TemplateAxes): GridTemplates {
  const { teffK, loggDex, fehDex } = axes
  const corners = (star: Parameters) =>
    cornersOf(axes, star).map(({ t, g, z, weight }) => ({
      key: keyOf({ teffK: teffK[t], loggDex: loggDex[g], fehDex: fehDex[z] }),
      weight,
    }))
  const boxes = boxesOf(axes)
  return {
    ...{ modelCount: nodes.size, ...axes, boxCount: boxes.length },
    fullBoxCount: boxes.filter(middle => corners(middle).every(({ key }) => nodes.has(key))).length,
    reasonAgainst(star) {
      const around = corners(star)
      if (around.length === 0) return outsideText(axes, star)
      const missing = around.find(({ key }) => !nodes.has(key))
      return missing === undefined ? null : `no model of ${missing.key}`
    },
    fluxInto(star, grid, out) {
      const around = corners(star)
      const found = around.flatMap(({ key, weight }) => {
        const lnFlux = nodes.get(key)?.lnFluxes.get(grid)
        return lnFlux === undefined ? [] : [{ lnFlux, weight }]
      })
      if (found.length === 0 || found.length < around.length) return false
      for (let i = 0; i < grid.count; i++) {
        let sum = 0
        for (const { lnFlux, weight } of found) sum += weight * lnFlux[i]
        out[i] = Math.exp(sum)
      }
      return true
    },
  }
}

function outsideText(axes: TemplateAxes, star: Parameters): string {
  const name = axisNames.find(one => !(star[one] >= axes[one][0] && star[one] <= (axes[one].at(-1) ?? Number.NaN)))
  if (name === undefined) return ''
  const words = { teffK: 'temperatures in K', loggDex: 'log g', fehDex: '[Fe/H]' }
  return `${words[name]} from ${axes[name][0]} to ${axes[name].at(-1)}`
}

/** The middle of each box between neighbours; an axis of one node has that alone. */
function boxesOf(axes: TemplateAxes): readonly Parameters[] {
  const middles = (axis: readonly number[]) =>
    axis.length === 1 ? axis : axis.slice(1).map((above, k) => (axis[k] + above) / 2)
  return middles(axes.teffK).flatMap(teffK =>
    middles(axes.loggDex).flatMap(loggDex => middles(axes.fehDex).map(fehDex => ({ teffK, loggDex, fehDex }))),
  )
}

const edgeOf = ({ log10Start, log10Step }: FineGrid, i: number) => 10 ** (log10Start + log10Step * i)

/** Mean flux in each bin, of the straight lines between the pixels: no light is lost. @returns [grid.count] */
function binMeans(angstrom: Float64Array, fluxes: Float64Array, grid: FineGrid): Float64Array {
  const means = new Float64Array(grid.count)
  /** Light up to pixel k. */
  let sum = 0
  let k = 0
  const upTo = (edge: number) => {
    for (; angstrom[k + 1] < edge; k++) sum += ((angstrom[k + 1] - angstrom[k]) * (fluxes[k] + fluxes[k + 1])) / 2
    const beyond = edge - angstrom[k]
    const slope = (fluxes[k + 1] - fluxes[k]) / (angstrom[k + 1] - angstrom[k])
    return sum + beyond * (fluxes[k] + (slope * beyond) / 2)
  }
  let [edge, before] = [edgeOf(grid, 0), upTo(edgeOf(grid, 0))]
  for (let i = 0; i < grid.count; i++) {
    const next = edgeOf(grid, i + 1)
    const after = upTo(next)
    means[i] = Math.max(0, (after - before) / (next - edge))
    edge = next
    before = after
  }
  return means
}
