// Smooth factors over many pixels for the price of few exponentials.

/** Nodes, `step` places apart, that span so many values: the last lies on the last value or beyond. */
export function nodeCount(values: number, step: number): number {
  return Math.ceil((values - 1) / step) + 1
}

/**
 * exp of a function that is linear between its nodes.
 * @param lnNodes [nodeCount(N, step)] natural logarithm at places 0, step, 2 step, ...
 * @param out [N]
 *
 * Accuracy: rounding; for a curved function an eighth of its second difference from node to node.
 */
export function expOfNodesInto(lnNodes: Float64Array, out: Float64Array | Float32Array, step: number): void {
  for (let k = 0; k + 1 < lnNodes.length; k++) {
    const ratio = Math.exp((lnNodes[k + 1] - lnNodes[k]) / step)
    let value = Math.exp(lnNodes[k])
    const end = Math.min(out.length, (k + 1) * step)
    for (let i = k * step; i < end; i++) {
      out[i] = value
      value *= ratio
    }
  }
  const last = lnNodes.length - 1
  if (last * step < out.length) out[last * step] = Math.exp(lnNodes[last])
}
