// Interpolation between the nodes of a regular table, and nowhere else: outside there is no answer.

export interface Grid {
  /** Nodes of the leading axes, each ascending. */
  readonly axes: readonly Float64Array[]
  /** Values at one node. */
  readonly width: number
  /** Row-major: the leading axes, then the `width` values of a node; NaN marks a node that does not exist. */
  readonly values: Float32Array
}

/**
 * Place of x on an axis, in nodes: 2.25 lies a quarter of the way from node 2 to node 3.
 *
 * @returns 0 to length - 1, or -1 outside the axis (and for NaN)
 */
export function placeOn(axis: Float64Array, x: number): number {
  const last = axis.length - 1
  if (!(x >= axis[0] && x <= axis[last])) return -1
  if (last === 0) return 0
  const low = intervalOf(axis, x)
  return low + (x - axis[low]) / (axis[low + 1] - axis[low])
}

/** Index k with nodes[k] <= x < nodes[k + 1], kept inside an ascending table. */
export function intervalOf(nodes: ArrayLike<number>, x: number): number {
  let low = 0
  let high = nodes.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (nodes[middle] <= x) low = middle
    else high = middle
  }
  return low
}

/** The first index whose value is at least x, in an ascending table; the last index where there is none. */
export function firstAtLeast(values: ArrayLike<number>, x: number): number {
  let [low, high] = [0, values.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (values[middle] >= x) high = middle
    else low = middle + 1
  }
  return low
}

/**
 * Multilinear interpolation of all values of a grid at once.
 *
 * @param places one place per axis, from `placeOn`
 * @param out [width] receives the values; untouched when the answer is false
 * @returns false outside the grid, and where a node with weight does not exist
 *
 * Accuracy: exact for functions linear in every axis, second order in the node spacing otherwise.
 */
export function interpolate(grid: Grid, places: ArrayLike<number>, out: Float64Array): boolean {
  const dimensions = grid.axes.length
  const { width, values } = grid
  const sum = scratch(width)
  sum.fill(0)
  for (let corner = 0; corner < 1 << dimensions; corner++) {
    let weight = 1
    let offset = 0
    for (let d = 0; d < dimensions && weight !== 0; d++) {
      const place = places[d]
      if (place < 0) return false
      const low = Math.floor(place)
      const fraction = place - low
      const isHigh = (corner >> d) & 1
      weight *= isHigh ? fraction : 1 - fraction
      offset = offset * grid.axes[d].length + low + isHigh
    }
    if (weight === 0) continue
    const from = offset * width
    for (let k = 0; k < width; k++) sum[k] += weight * values[from + k]
  }
  // A node that does not exist is NaN, and NaN stays NaN in a sum.
  for (let k = 0; k < width; k++) if (Number.isNaN(sum[k])) return false
  for (let k = 0; k < width; k++) out[k] = sum[k]
  return true
}

const scratches = new Map<number, Float64Array>()

function scratch(width: number): Float64Array {
  let found = scratches.get(width)
  if (found === undefined) {
    found = new Float64Array(width)
    scratches.set(width, found)
  }
  return found
}
