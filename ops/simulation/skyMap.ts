// The frame of a map of the sky: all of it, or the patch where the stars are.
import { RAD_PER_DEG } from '../../schemas/index.ts'
import type { PopulationAxis } from '../figures/populationPlot.ts'
import { niceTicks, readable } from '../figures/svg.ts'

/** Longitudes, deg, against sines of latitudes: equal areas. */
interface SkyPoints {
  readonly xs: readonly number[]
  readonly ys: readonly number[]
}

export interface SkyFrame {
  readonly x: PopulationAxis
  readonly y: PopulationAxis
  /** The longitude that is drawn for one of any turn. */
  place(lDeg: number): number
}

/** Wider patches are shown on the whole sky. */
const PATCH_DEG = 25
/** Nearer to a pole longitudes are no measure. */
const HIGHEST_DEG = 75
const MARGIN = 1.15
const LATITUDES_DEG = [-90, -60, -30, 0, 30, 60, 90]
const signed = (deg: number, digits: number) => readable(deg, digits)
const turned = (lDeg: number) => ((lDeg % 360) + 360) % 360

/**
 * @param aspect width over height of the map
 * @returns a patch on which a small circle is a circle, or the whole sky with the Galactic centre in the middle, longitudes rising to the left
 */
export function skyFrame(groups: readonly SkyPoints[], aspect: number): SkyFrame {
  return patchOf(groups, aspect) ?? wholeSky
}

const axisOf = (sines: readonly number[], ticksDeg: readonly number[]): PopulationAxis => {
  const ticks = ticksDeg.map(deg => Math.sin(deg * RAD_PER_DEG))
  const digits = Math.max(0, ...ticksDeg.map(deg => String(deg).split('.')[1]?.length ?? 0))
  return {
    label: 'b (deg)',
    range: { low: sines[0], high: sines[1] },
    ticks,
    tickText: tick => signed(ticksDeg[ticks.indexOf(tick)], digits),
  }
}

const wholeSky: SkyFrame = {
  x: {
    label: 'l (deg)',
    isReversed: true,
    range: { low: -180, high: 180 },
    ticks: [-180, -120, -60, 0, 60, 120, 180],
    tickText: tick => `${turned(tick)}`,
  },
  y: axisOf([-1, 1], LATITUDES_DEG),
  place: lDeg => turned(lDeg + 180) - 180,
}

function patchOf(groups: readonly SkyPoints[], aspect: number): SkyFrame | null {
  const longitudes = groups.flatMap(({ xs }) => xs)
  const latitudes = groups.flatMap(({ ys }) => ys.map(sine => Math.asin(sine) / RAD_PER_DEG))
  if (longitudes.length === 0) return null
  const mean = (of: (rad: number) => number) => longitudes.reduce((sum, deg) => sum + of(deg * RAD_PER_DEG), 0)
  const middleDeg = Math.atan2(mean(Math.sin), mean(Math.cos)) / RAD_PER_DEG
  const away = (lDeg: number) => turned(lDeg - middleDeg + 180) - 180
  const [west, east] = extent(longitudes.map(away))
  const [south, north] = extent(latitudes)
  const centreDeg = (south + north) / 2
  const narrow = Math.cos(centreDeg * RAD_PER_DEG)
  const [halfWidthDeg, halfHeightDeg] = [((east - west) / 2) * narrow, (north - south) / 2]
  if (Math.max(halfWidthDeg, halfHeightDeg, 0.01) > PATCH_DEG || Math.abs(centreDeg) + halfHeightDeg > HIGHEST_DEG)
    return null
  // True degrees from the middle to the upper edge.
  const halfDeg = MARGIN * Math.max(halfWidthDeg / aspect, halfHeightDeg, 0.01)
  const lMiddleDeg = middleDeg + (west + east) / 2
  const lHalfDeg = (halfDeg * aspect) / narrow
  const sine = Math.sin(centreDeg * RAD_PER_DEG)
  // Where areas are equal, a degree of latitude is as high as the cosine.
  const halfSine = halfDeg * RAD_PER_DEG * narrow
  const edges = [Math.max(-1, sine - halfSine), Math.min(1, sine + halfSine)]
  const [lowDeg, highDeg] = edges.map(edge => Math.asin(edge) / RAD_PER_DEG)
  const range = { low: lMiddleDeg - lHalfDeg, high: lMiddleDeg + lHalfDeg }
  return {
    x: {
      label: 'l (deg)',
      isReversed: true,
      range,
      ticks: niceTicks(range.low, range.high, 7),
      tickText: tick => String(Number(turned(tick).toFixed(4))),
    },
    y: axisOf(edges, niceTicks(lowDeg, highDeg, 6)),
    place: lDeg => lMiddleDeg + turned(lDeg - lMiddleDeg + 180) - 180,
  }
}

function extent(values: readonly number[]): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return [low, high]
}
