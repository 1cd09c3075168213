// Figures: smooth densities of samples, for curves and contours only; nothing is inferred from them.

export interface Range {
  readonly low: number
  readonly high: number
}

/** Range that holds all but the outermost `tail` of the samples on each side, widened by a twelfth. */
export function rangeOf(samples: ArrayLike<number>, tail = 0.002): Range {
  const sorted = Float64Array.from(samples).sort()
  const low = quantileOf(sorted, tail)
  const high = quantileOf(sorted, 1 - tail)
  const pad = high > low ? (high - low) / 12 : Math.max(0.01, Math.abs(low) / 50)
  return { low: low - pad, high: high + pad }
}

/** Quantile of sorted values, linear between them. */
export function quantileOf(sorted: ArrayLike<number>, level: number): number {
  const place = Math.min(1, Math.max(0, level)) * (sorted.length - 1)
  const below = Math.floor(place)
  const above = Math.min(sorted.length - 1, below + 1)
  return sorted[below] + (place - below) * (sorted[above] - sorted[below])
}

/** 16th, 50th and 84th percentile. */
export function medianAndInterval(samples: ArrayLike<number>): readonly [number, number, number] {
  const sorted = Float64Array.from(samples).sort()
  return [quantileOf(sorted, 0.16), quantileOf(sorted, 0.5), quantileOf(sorted, 0.84)]
}

/**
 * Density of samples at equally spaced points of a range: a histogram smoothed by a Gaussian.
 * Weight that would leave the range is mirrored back, so that a density at a hard edge does not sink.
 *
 * @returns points, and densities that integrate to about one over the range
 * Source: bandwidth by Silverman 1986, eq. 3.31, with the spread taken from the 68% interval.
 */
export function densityCurve(
  samples: ArrayLike<number>,
  range: Range,
  pointCount: number,
): { readonly points: Float64Array; readonly densities: Float64Array } {
  const step = (range.high - range.low) / pointCount
  const counts = new Float64Array(pointCount)
  let inside = 0
  for (let i = 0; i < samples.length; i++) {
    const cell = Math.floor((samples[i] - range.low) / step)
    if (cell >= 0 && cell < pointCount) {
      counts[cell]++
      inside++
    }
  }
  const smooth = blur(counts, bandwidthOf(samples, samples.length ** -0.2) / step)
  const total = Math.max(1, inside) * step
  return {
    points: Float64Array.from({ length: pointCount }, (_, k) => range.low + (k + 0.5) * step),
    densities: smooth.map(count => count / total),
  }
}

/**
 * Density of pairs on a grid, and the density levels whose regions hold the given shares of it.
 *
 * @param shares such as [0.95, 0.68]
 * @param sharpness divides the width of the smoothing, which is right for one round heap; of narrow shapes more is seen above 1
 * @returns values [size x size], row by row from the bottom, and a level for each share
 */
export function densityGrid(
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  xRange: Range,
  yRange: Range,
  size: number,
  shares: readonly number[],
  sharpness = 1,
): { readonly values: Float64Array; readonly levels: readonly number[] } {
  const xStep = (xRange.high - xRange.low) / size
  const yStep = (yRange.high - yRange.low) / size
  let values = new Float64Array(size * size)
  for (let i = 0; i < xs.length; i++) {
    const column = Math.floor((xs[i] - xRange.low) / xStep)
    const row = Math.floor((ys[i] - yRange.low) / yStep)
    if (column >= 0 && column < size && row >= 0 && row < size) values[row * size + column]++
  }
  // A little smoother than the rule: contours of few samples are read by eye.
  const shrink = (1.3 * xs.length ** (-1 / 6)) / sharpness
  const [xWidth, yWidth] = [bandwidthOf(xs, shrink) / xStep, bandwidthOf(ys, shrink) / yStep]
  for (let row = 0; row < size; row++) {
    values.set(blur(values.slice(row * size, (row + 1) * size), xWidth), row * size)
  }
  const turned = (from: Float64Array) => from.map((_, i) => from[(i % size) * size + Math.floor(i / size)])
  values = turned(values)
  for (let column = 0; column < size; column++) {
    values.set(blur(values.slice(column * size, (column + 1) * size), yWidth), column * size)
  }
  values = turned(values)
  const falling = Float64Array.from(values).sort().reverse()
  const total = falling.reduce((sum, value) => sum + value, 0)
  const levels = shares.map(share => {
    let sum = 0
    for (const value of falling) {
      sum += value
      if (sum >= share * total) return value
    }
    return 0
  })
  return { values, levels }
}

function bandwidthOf(samples: ArrayLike<number>, shrink: number): number {
  const [low, , high] = medianAndInterval(samples)
  return 0.9 * ((high - low) / 2) * shrink
}

/** Gaussian of a width in cells, mirrored at both ends. */
function blur(counts: Float64Array, widthCells: number): Float64Array {
  const n = counts.length
  const sigma = Math.max(0.6, Math.min(n / 4, widthCells))
  const reach = Math.ceil(3.5 * sigma)
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, k) => Math.exp(-0.5 * ((k - reach) / sigma) ** 2))
  const norm = kernel.reduce((sum, weight) => sum + weight, 0)
  const out = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    if (counts[i] === 0) continue
    for (let k = -reach; k <= reach; k++) {
      let to = i + k
      while (to < 0 || to >= n) to = to < 0 ? -1 - to : 2 * n - 1 - to
      out[to] += (counts[i] * kernel[k + reach]) / norm
    }
  }
  return out
}
