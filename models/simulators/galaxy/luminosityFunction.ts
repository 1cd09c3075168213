// How many stars of a component are brighter than a magnitude, and which masses can be.
import { ramp } from '../../math/ramp.ts'
import type { Rng } from '../../math/rng.ts'
import { probit } from '../../math/special.ts'
import type { GalaxyComponent } from './components.ts'
import { type MassFunction, massFunction } from './massFunction.ts'
import { meanMassRatio, multiplicityAt } from './multiplicity.ts'
import type { StarLight } from './starLight.ts'

const BRIGHTEST = -12
const FAINTEST = 24
/** Steps of the bounds and of the counts, mag. */
const BOUND_STEP = 0.25
const COUNT_STEP = 0.1
/** Stars away from the Sun's radius have other abundances than the tables were made with: bounds are kept this much wider. */
const MARGIN_MAG = 0.2
/** Between a cell's corners its widths may be a little above those of the corners. */
const WIDTH_SAFETY = 1.1
/** Abundance shifts of the counts, where the component has a gradient; beyond them the last holds. */
const SHIFTS = [-0.4, 0, 0.6] as const
const AVS = [0, 0.5, 1.5, 4, 9, 18, 30, 60] as const
/** Abundance cells, as shares of the Gaussian; the outermost hundredth of a per cent is not drawn. */
const FEH_SHARES = [0.0001, 0.25, 0.75, 0.9999] as const

export interface LuminosityFunction {
  /** Primaries per solar mass of living stars, companions included, brighter than a magnitude at 10 pc, behind dust of this A_V, with abundances shifted. */
  countBelow(magnitude: number, avMag: number, fehShiftDex: number): number
  /** A bound of the same from above without dust: what `drawStar` proposes. */
  boundBelow(magnitude: number): number
  /**
   * A star that may be brighter than the magnitude; every star that is has its fair chance.
   * @param fehShiftDex of the mean abundance against the Sun's radius, as far as the component's gradient takes it
   * @param out [3] receives log age (yr), log mass (Msun), [Fe/H]
   * @returns false where the bound was too high, and another proposal must be made
   */
  drawStar(magnitude: number, fehShiftDex: number, rng: Rng, out: Float64Array): boolean
  /** Mean mass of a living primary with its companions, Msun. */
  readonly meanMsun: number
}

interface Cell {
  readonly probability: number
  readonly agesGyr: readonly [number, number]
  readonly fehShares: readonly [number, number]
  /** Per bound step: the lightest that can be this bright, over the heaviest that lives. */
  readonly lowMu: Float64Array
  /** Per bound step: largest share of stars born between those two masses. */
  readonly widths: Float64Array
}

/** Ages within which the heaviest living star changes by a few tens of per cent at most. */
function ageEdges([low, high]: readonly [number, number]): number[] {
  const edges = [low]
  for (const edge of [
    0.002, 0.005, 0.007, 0.01, 0.014, 0.02, 0.03, 0.05, 0.07, 0.1, 0.2, 0.3, 0.45, 0.7, 1.2, 1.4, 1.6, 1.8, 2.25, 2.5,
    3.5, 4, 6, 8.5,
  ])
    if (edge > low * 1.02 && edge < high * 0.98) edges.push(edge)
  edges.push(high)
  return edges
}

/** Masses of a table over the heaviest that lives: even in shares along the main sequence, then ever closer to 1. */
function massNodes(masses: MassFunction, leastMsun: number, mostMsun: number): number[] {
  const nodes: number[] = []
  const [low, high] = [masses.shareBelow(leastMsun), masses.shareBelow(0.5 * mostMsun)]
  for (let k = 0; k < 60; k++) nodes.push(masses.massAt(low + ((high - low) * k) / 60) / mostMsun)
  for (let k = 0; k < 80; k++) nodes.push(0.5 + 0.45 * (k / 80))
  for (let k = 0; k <= 160; k++) nodes.push(1 - 0.05 * (1 - k / 160) ** 2)
  return nodes
}

/**
 * Tables of a component: ages and abundances in cells, in each the counts by the midpoint rule and the masses that can be seen.
 * Accuracy of `countBelow`: 2 per cent against drawn stars (its test).
 */
export function createLuminosityFunction(component: GalaxyComponent, light: StarLight): LuminosityFunction {
  const masses = massFunction(component.masses)
  const { mean, sigma } = component.fehDex
  const fehAt = (share: number) => mean + sigma * probit(share)
  const edges = ageEdges(component.agesGyr)
  const cells: Cell[] = []
  const steps = Math.round((FAINTEST - BRIGHTEST) / BOUND_STEP) + 1
  const bins = Math.round((FAINTEST - BRIGHTEST) / COUNT_STEP) + 1
  const shifts = component.fehDex.perKpc === 0 ? [0] : SHIFTS
  const counts = shifts.map(() => AVS.map(() => new Float64Array(bins)))
  /** Share of stars born between a fraction of the heaviest that lives, and that. */
  const shareOfLife = (mu: number, most: number) => masses.shareBelow(most) - masses.shareBelow(mu * most)
  const span = component.agesGyr[1] - component.agesGyr[0]
  let livingMsun = 0
  let livingShare = 0
  for (let a = 0; a + 1 < edges.length; a++)
    for (let f = 0; f + 1 < FEH_SHARES.length; f++) {
      const agesGyr = [edges[a], edges[a + 1]] as const
      const fehShares = [FEH_SHARES[f], FEH_SHARES[f + 1]] as const
      const probability = ((agesGyr[1] - agesGyr[0]) / span) * (fehShares[1] - fehShares[0])
      const middleGyr = (agesGyr[0] + agesGyr[1]) / 2
      const middleFeh = fehAt((fehShares[0] + fehShares[1]) / 2)
      const lowMu = new Float64Array(steps).fill(1)
      const widths = new Float64Array(steps)
      const corners = agesGyr.flatMap(age => fehShares.map(share => [age, fehAt(share)] as const))
      const heaviest: number[] = []
      for (const [age, feh] of [...corners, [middleGyr, middleFeh] as const]) {
        const logAge = Math.log10(age) + 9
        const most = 10 ** light.heaviestLogMass(logAge, feh)
        heaviest.push(most)
        const nodes = massNodes(masses, light.minMsun, most)
        for (let k = 0; k < nodes.length; k++) {
          const magnitude = light.magnitudeAt(Math.log10(nodes[k] * most), logAge, feh, 0)
          const step = Math.max(0, Math.ceil((magnitude - BRIGHTEST) / BOUND_STEP))
          const below = nodes[Math.max(0, k - 1)]
          if (step < steps && below < lowMu[step]) lowMu[step] = below
        }
      }
      const shifted = shifts.flatMap(shift =>
        corners.map(([age, feh]) => 10 ** light.heaviestLogMass(Math.log10(age) + 9, feh + shift)),
      )
      for (let s = 0; s < steps; s++) {
        if (s > 0) lowMu[s] = Math.min(lowMu[s], lowMu[s - 1])
        for (const most of shifted) widths[s] = Math.max(widths[s], WIDTH_SAFETY * shareOfLife(lowMu[s], most))
      }
      const logAge = Math.log10(middleGyr) + 9
      shifts.forEach((shift, h) => {
        const feh = middleFeh + shift
        const most = 10 ** light.heaviestLogMass(logAge, feh)
        const nodes = massNodes(masses, light.minMsun, most)
        for (let k = 0; k + 1 < nodes.length; k++) {
          const weight = probability * (masses.shareBelow(nodes[k + 1] * most) - masses.shareBelow(nodes[k] * most))
          const logMass = Math.log10(((nodes[k] + nodes[k + 1]) / 2) * most)
          AVS.forEach((av, v) => {
            const magnitude = light.magnitudeAt(logMass, logAge, feh, av)
            const bin = Math.max(0, Math.ceil((magnitude - BRIGHTEST) / COUNT_STEP))
            if (bin < bins) counts[h][v][bin] += weight
          })
        }
      })
      const most = heaviest[heaviest.length - 1]
      livingMsun += probability * systemMsun(masses, most)
      livingShare += probability * masses.shareBelow(most)
      cells.push({ probability, agesGyr, fehShares, lowMu, widths })
    }
  for (const column of counts.flat()) for (let b = 1; b < bins; b++) column[b] += column[b - 1]
  const stepOf = (magnitude: number) =>
    Math.min(steps - 1, Math.max(0, Math.ceil((magnitude + MARGIN_MAG - BRIGHTEST) / BOUND_STEP)))
  const totals = Float64Array.from({ length: steps }, (_, s) =>
    cells.reduce((sum, c) => sum + c.probability * c.widths[s], 0),
  )

  function countAt(column: Float64Array, magnitude: number): number {
    const place = (magnitude - BRIGHTEST) / COUNT_STEP
    if (!(place > 0)) return 0
    if (place >= bins - 1) return column[bins - 1]
    const low = Math.floor(place)
    return column[low] + (column[low + 1] - column[low]) * (place - low)
  }

  return {
    meanMsun: livingMsun / livingShare,
    countBelow(magnitude, avMag, fehShiftDex) {
      if (avMag > AVS[AVS.length - 1]) return 0
      let v = 0
      while (v < AVS.length - 2 && avMag > AVS[v + 1]) v++
      const t = (avMag - AVS[v]) / (AVS[v + 1] - AVS[v])
      // Dimming is nearly linear in A_V, counts are not: both ends are asked at the same magnitude before dust.
      const bare = magnitude - light.leastExtinctionMag(avMag)
      const lowMag = bare + light.leastExtinctionMag(AVS[v])
      const highMag = bare + light.leastExtinctionMag(AVS[v + 1])
      const at = (h: number) => (1 - t) * countAt(counts[h][v], lowMag) + t * countAt(counts[h][v + 1], highMag)
      if (shifts.length === 1) return at(0) / livingMsun
      const h = fehShiftDex < 0 ? 0 : 1
      const w = ramp(fehShiftDex, SHIFTS[h], SHIFTS[h + 1])
      return ((1 - w) * at(h) + w * at(h + 1)) / livingMsun
    },
    boundBelow: magnitude => totals[stepOf(magnitude)] / livingMsun,
    drawStar(magnitude, fehShiftDex, rng, out) {
      const step = stepOf(magnitude)
      let rest = rng.uniform() * totals[step]
      let c = 0
      for (; c < cells.length - 1; c++) {
        rest -= cells[c].probability * cells[c].widths[step]
        if (rest < 0) break
      }
      const { agesGyr, fehShares, lowMu, widths } = cells[c]
      const logAge = Math.log10(agesGyr[0] + rng.uniform() * (agesGyr[1] - agesGyr[0])) + 9
      const feh = fehShiftDex + fehAt(fehShares[0] + rng.uniform() * (fehShares[1] - fehShares[0]))
      const most = 10 ** light.heaviestLogMass(logAge, feh)
      const high = masses.shareBelow(most)
      const low = masses.shareBelow(lowMu[step] * most)
      if (rng.uniform() * widths[step] >= high - low) return false
      out[0] = logAge
      out[1] = Math.log10(masses.massAt(low + rng.uniform() * (high - low)))
      out[2] = feh
      return true
    },
  }
}

/** Solar masses of primaries below a mass and of their companions, per primary born; Simpson's rule in log mass. */
function systemMsun(masses: MassFunction, mostMsun: number): number {
  const steps = 60
  const h = Math.log(mostMsun / masses.minMsun) / steps
  let sum = 0
  for (let k = 0; k <= steps; k++) {
    const m = masses.minMsun * Math.exp(k * h)
    const weight = k === 0 || k === steps ? 1 : k % 2 === 1 ? 4 : 2
    const companions = multiplicityAt(m).companionsPerStar * meanMassRatio(m)
    sum += (weight * h * m * m * masses.densityAt(m) * companions) / 3
  }
  return masses.massBelowMsun(mostMsun) + sum
}
