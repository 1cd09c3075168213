// Kernels of our own (see layers.ts), which tfjs has only as several steps.
import type { KernelTable } from './lowering.ts'
import { castTo } from './lowering.ts'

export const layerKernels: KernelTable = {
  LayerNorm: ({ graph, inputs: { x }, attrs }) => {
    const { epsilon } = attrs as { epsilon: number }
    const width = x.shape[x.shape.length - 1]
    const perRow = { shape: [...x.shape.slice(0, -1), 1], dtype: 'float32' as const }
    const outputs = [{ shape: x.shape, dtype: 'float32' as const }, perRow, perRow]
    const gain = graph.fill(1, [width], 'float32')
    const attributes = { axis: -1, epsilon: { float: epsilon } }
    const [normalized, , inverse] = graph.split('LayerNormalization', [x, gain], outputs, attributes)
    return [normalized, inverse]
  },
  // Written step by step in the one order that onnxruntime knows as GELU and runs in a single pass.
  Gelu: ({ graph, inputs: { x } }) => {
    const number = (value: number) => graph.scalar(value, 'float32')
    const step = (op: string, ...inputs: Parameters<typeof graph.node>[1]) => graph.node(op, inputs, x.shape, 'float32')
    const erf = step('Erf', step('Div', castTo(graph, x, 'float32'), number(Math.SQRT2)))
    return step('Mul', step('Mul', x, step('Add', erf, number(1))), number(0.5))
  },
}
