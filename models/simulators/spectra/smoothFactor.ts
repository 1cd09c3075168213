// Smooth factors over many pixels for the price of few exponentials.

/** Places from node to node. */
export const NODE_STEP = 8

/** Nodes that span so many values: the last lies on the last value or beyond. */
export function nodeCount(values: number): number {
  return Math.ceil((values - 1) / NODE_STEP) + 1
}

/**
 * exp of a function that is linear between its nodes.
 * @param lnNodes [nodeCount(N)] natural logarithm at places 0, 8, 16, ...
 * @param out [N]
 *
 * Accuracy: rounding; for a curved function an eighth of its second difference from node to node.
 */
export function expOfNodesInto(lnNodes: Float64Array, out: Float64Array | Float32Array): void {
  for (let k = 0; k + 1 < lnNodes.length; k++) {
    const ratio = Math.exp((lnNodes[k + 1] - lnNodes[k]) / NODE_STEP)
    let value = Math.exp(lnNodes[k])
    const end = Math.min(out.length, (k + 1) * NODE_STEP)
    for (let i = k * NODE_STEP; i < end; i++) {
      out[i] = value
      value *= ratio
    }
  }
  const last = lnNodes.length - 1
  if (last * NODE_STEP < out.length) out[last * NODE_STEP] = Math.exp(lnNodes[last])
}
