// Features in bins of about equal counts, as histograms of boosted trees take them.

export interface BinnedFeatures {
  /** For each feature [N] the bin of each row. */
  readonly bins: readonly Uint8Array[]
  /** For each feature the upper edges of its bins, but the last; a value on an edge lies below it. */
  readonly thresholds: readonly Float64Array[]
  /** Room for bins in a feature. */
  readonly binCount: number
}

const MOST_BINS = 255

/**
 * @param values [N x F] row by row, all finite
 * @throws RangeError when a value is not finite
 *
 * Edges are those of scikit-learn: midpoints between values where there are few, else quantiles (averaged inverted distribution).
 */
export function binFeatures(values: Float64Array, width: number): BinnedFeatures {
  const count = values.length / width
  const bins: Uint8Array[] = []
  const thresholds: Float64Array[] = []
  for (let f = 0; f < width; f++) {
    const column = Float64Array.from({ length: count }, (_, i) => values[i * width + f])
    if (!column.every(Number.isFinite)) throw new RangeError(`binFeatures: a value of feature ${f} is not finite`)
    const edges = edgesOf(column.toSorted())
    thresholds.push(edges)
    bins.push(Uint8Array.from(column, value => binAt(edges, value)))
  }
  return { bins, thresholds, binCount: MOST_BINS + 1 }
}

function edgesOf(sorted: Float64Array): Float64Array {
  const distinct = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1])
  if (distinct.length <= MOST_BINS) return distinct.slice(1).map((value, i) => (value + distinct[i]) / 2)
  const count = sorted.length
  const quantiles = Array.from({ length: MOST_BINS - 1 }, (_, k) => {
    const at = (k + 1) * count
    const place = Math.floor(at / MOST_BINS)
    return at % MOST_BINS === 0 ? (sorted[place - 1] + sorted[place]) / 2 : sorted[place]
  })
  return Float64Array.from(new Set(quantiles))
}

/** How many edges lie below the value. */
function binAt(edges: Float64Array, value: number): number {
  let [low, high] = [0, edges.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (edges[middle] < value) low = middle + 1
    else high = middle
  }
  return low
}
