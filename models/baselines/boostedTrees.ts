// Gradient-boosted trees for two classes, of features in bins: what catalogues of young stars are mostly made with, and a rival of the posterior.
// Written here because the well-kept packages of the registry have no boosting, and none is judged by another program's numbers.
import { type BinnedFeatures, binFeatures } from './binnedFeatures.ts'

export interface TreeOptions {
  readonly trees: number
  readonly leaves: number
  readonly learningRate: number
  /** Rows that a leaf holds at least. */
  readonly leastRows: number
}

/** The defaults of scikit-learn's HistGradientBoostingClassifier, with as many trees as it takes at most. */
export const treeDefaults: TreeOptions = { trees: 100, leaves: 31, learningRate: 0.1, leastRows: 20 }

export interface LabelledRows {
  /** [N x F] row by row, all finite. */
  readonly values: Float64Array
  readonly width: number
  /** [N] 1 or 0. */
  readonly labels: Uint8Array
  /** [N] above zero; left out: all alike. */
  readonly weights?: Float64Array
}

/** A node tests `values[feature] <= threshold`: then left, else right. A leaf has feature -1 and its value. */
interface Node {
  feature: number
  threshold: number
  left: number
  right: number
  value: number
}

export interface BoostedTrees {
  readonly width: number
  /** Log odds before any tree. */
  readonly baseline: number
  readonly trees: readonly (readonly Node[])[]
}

/** Sums over the rows of a node: gradients, Hessians, rows. */
interface Sums {
  readonly gradient: number
  readonly hessian: number
  readonly rows: number
}

interface Split extends Sums {
  readonly gain: number
  readonly feature: number
  readonly bin: number
}

/** Its rows in the order of all, and where it stands among the nodes. */
interface RowsOfNode {
  readonly place: number
  readonly from: number
  readonly to: number
}

/** A node that may be split. */
interface OpenNode extends Sums, RowsOfNode {
  readonly histogram: Float64Array
  readonly split: Split
}

const LEAST_HESSIAN = 1e-3
const TINY = 1e-15

/**
 * Trees grow leaf by leaf, the largest gain in the logistic loss first, with histograms of gradients.
 *
 * @throws RangeError when shapes differ, or all labels are alike
 * Source: Friedman 2001, Annals of Statistics 29, 1189; histograms after Ke et al. 2017 (LightGBM). Judged by scikit-learn.
 */
export function trainBoostedTrees(rows: LabelledRows, options: TreeOptions = treeDefaults): BoostedTrees {
  const { values, width, labels, weights } = rows
  const count = labels.length
  if (values.length !== count * width || (weights !== undefined && weights.length !== count))
    throw new RangeError(`boostedTrees: ${values.length} values are not ${count} rows of ${width}`)
  let [ones, all] = [0, 0]
  for (let i = 0; i < count; i++) {
    const weight = weights?.[i] ?? 1
    all += weight
    if (labels[i] === 1) ones += weight
  }
  if (!(ones > 0 && ones < all)) throw new RangeError('boostedTrees: all labels are alike')
  const baseline = Math.log(ones / (all - ones))
  const binned = binFeatures(values, width)
  const scores = new Float64Array(count).fill(baseline)
  const gradients = new Float64Array(count)
  const hessians = new Float64Array(count)
  const trees: Node[][] = []
  for (let t = 0; t < options.trees; t++) {
    for (let i = 0; i < count; i++) {
      const weight = weights?.[i] ?? 1
      const p = 1 / (1 + Math.exp(-scores[i]))
      gradients[i] = weight * (p - labels[i])
      hessians[i] = weight * p * (1 - p)
    }
    trees.push(growTree(binned, gradients, hessians, options, scores))
  }
  return { width, baseline, trees }
}

/** Adds what the tree says to the scores of its rows. */
function growTree(
  binned: BinnedFeatures,
  gradients: Float64Array,
  hessians: Float64Array,
  { leaves, learningRate, leastRows }: TreeOptions,
  scores: Float64Array,
): Node[] {
  const { bins, thresholds } = binned
  const count = gradients.length
  const order = Int32Array.from({ length: count }, (_, i) => i)
  const spare = new Int32Array(count)
  const nodes: Node[] = []
  const open: OpenNode[] = []
  const closed: RowsOfNode[] = []
  const leafOf = ({ gradient, hessian }: Sums) => -gradient / (hessian + TINY)

  function add(from: number, to: number, histogram: Float64Array, sums: Sums): void {
    const place = nodes.length
    nodes.push({ feature: -1, threshold: 0, left: -1, right: -1, value: learningRate * leafOf(sums) })
    const canSplit = sums.rows >= 2 * leastRows && sums.hessian >= LEAST_HESSIAN
    const split = canSplit ? bestSplit(histogram, thresholds, sums, leastRows) : null
    if (split === null) closed.push({ place, from, to })
    else open.push({ ...sums, place, from, to, histogram, split })
  }

  const whole = histogramOf(binned, order, 0, count, gradients, hessians)
  let [gradient, hessian] = [0, 0]
  for (let i = 0; i < count; i++) {
    gradient += gradients[i]
    hessian += hessians[i]
  }
  add(0, count, whole, { gradient, hessian, rows: count })
  while (open.length > 0 && open.length + closed.length < leaves) {
    let best = 0
    for (let k = 1; k < open.length; k++) if (open[k].split.gain > open[best].split.gain) best = k
    const [node] = open.splice(best, 1)
    const { split, from, to } = node
    const column = bins[split.feature]
    let [low, high] = [from, 0]
    for (let k = from; k < to; k++) {
      const row = order[k]
      if (column[row] <= split.bin) order[low++] = row
      else spare[high++] = row
    }
    order.set(spare.subarray(0, high), low)
    const left: Sums = split
    const right: Sums = {
      gradient: node.gradient - left.gradient,
      hessian: node.hessian - left.hessian,
      rows: node.rows - left.rows,
    }
    // Only the smaller side is counted; the other is what is left.
    const isLeftSmall = low - from <= to - low
    const [start, end] = isLeftSmall ? [from, low] : [low, to]
    const small = histogramOf(binned, order, start, end, gradients, hessians)
    const large = node.histogram
    for (let k = 0; k < large.length; k++) large[k] -= small[k]
    const parent = nodes[node.place]
    parent.feature = split.feature
    parent.threshold = thresholds[split.feature][split.bin]
    parent.left = nodes.length
    add(from, low, isLeftSmall ? small : large, left)
    parent.right = nodes.length
    add(low, to, isLeftSmall ? large : small, right)
  }
  for (const { place, from, to } of [...open, ...closed])
    for (let k = from; k < to; k++) scores[order[k]] += nodes[place].value
  return nodes
}

/** [F x 256 x 3] sums of gradients, of Hessians, and rows. */
function histogramOf(
  { bins, binCount }: BinnedFeatures,
  order: Int32Array,
  from: number,
  to: number,
  gradients: Float64Array,
  hessians: Float64Array,
): Float64Array {
  const histogram = new Float64Array(bins.length * binCount * 3)
  bins.forEach((column, f) => {
    const base = f * binCount * 3
    for (let k = from; k < to; k++) {
      const row = order[k]
      const at = base + column[row] * 3
      histogram[at] += gradients[row]
      histogram[at + 1] += hessians[row]
      histogram[at + 2]++
    }
  })
  return histogram
}

/** The split that lowers the loss most, null where none does. */
function bestSplit(
  histogram: Float64Array,
  thresholds: readonly Float64Array[],
  node: Sums,
  leastRows: number,
): Split | null {
  const binCount = histogram.length / thresholds.length / 3
  const won = (gradient: number, hessian: number) => (gradient * gradient) / (hessian + TINY)
  const before = won(node.gradient, node.hessian)
  let best: Split | null = null
  thresholds.forEach((edges, feature) => {
    let [gradient, hessian, rows] = [0, 0, 0]
    for (let bin = 0; bin < edges.length; bin++) {
      const at = (feature * binCount + bin) * 3
      gradient += histogram[at]
      hessian += histogram[at + 1]
      rows += histogram[at + 2]
      if (rows < leastRows || hessian < LEAST_HESSIAN) continue
      if (node.rows - rows < leastRows || node.hessian - hessian < LEAST_HESSIAN) break
      const gain = won(gradient, hessian) + won(node.gradient - gradient, node.hessian - hessian) - before
      if (gain > (best?.gain ?? 0)) best = { gain, feature, bin, gradient, hessian, rows }
    }
  })
  return best
}

/**
 * @param values [N x F] row by row
 * @returns [N] probabilities of a label of 1
 * @throws RangeError when the values are no whole number of rows
 */
export function predictTrees({ width, baseline, trees }: BoostedTrees, values: Float64Array): Float64Array {
  const count = values.length / width
  if (!Number.isInteger(count)) throw new RangeError(`predictTrees: ${values.length} values are not rows of ${width}`)
  return Float64Array.from({ length: count }, (_, i) => {
    let score = baseline
    for (const nodes of trees) {
      let node = nodes[0]
      while (node.feature >= 0)
        node = nodes[values[i * width + node.feature] <= node.threshold ? node.left : node.right]
      score += node.value
    }
    return 1 / (1 + Math.exp(-score))
  })
}
