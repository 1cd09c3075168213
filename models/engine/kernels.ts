// The whole table: tfjs kernel -> ONNX nodes. A kernel that is missing here makes a trace fail with its name.
import { arithmeticKernels } from './arithmeticKernels.ts'
import { elementwiseKernels } from './elementwiseKernels.ts'
import { indexKernels } from './indexKernels.ts'
import { layerKernels } from './layerKernels.ts'
import type { KernelTable } from './lowering.ts'
import { matrixKernels } from './matrixKernels.ts'
import { reductionKernels } from './reductionKernels.ts'
import { shapeKernels } from './shapeKernels.ts'

export const kernels: KernelTable = {
  ...arithmeticKernels,
  ...elementwiseKernels,
  ...reductionKernels,
  ...shapeKernels,
  ...indexKernels,
  ...matrixKernels,
  ...layerKernels,
}
