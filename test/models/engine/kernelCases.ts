// One or more calls of every kernel in the table: operands and attributes, as tfjs's operations would pass them.

export interface Operand {
  readonly shape: readonly number[]
  readonly dtype: 'float32' | 'int32' | 'bool'
  readonly low: number
  readonly high: number
  /** Made inside the graph instead of fed, as a weight or a constant would be. */
  readonly isConstant?: boolean
  /** Given numbers instead of random ones. */
  readonly values?: readonly number[]
}

export interface KernelCase {
  readonly kernel: string
  readonly inputs: Readonly<Record<string, Operand>> | readonly Operand[]
  readonly attrs?: Readonly<Record<string, unknown>>
}

const f = (shape: number[], low = -2, high = 2): Operand => ({ shape, dtype: 'float32', low, high })
const i = (shape: number[], low = -5, high = 6): Operand => ({ shape, dtype: 'int32', low, high })
const b = (shape: number[]): Operand => ({ shape, dtype: 'bool', low: 0, high: 2 })
const given = (values: number[], dtype: Operand['dtype'] = 'float32'): Operand => ({
  shape: [values.length],
  dtype,
  low: 0,
  high: 0,
  values,
})
const constant = (operand: Operand): Operand => ({ ...operand, isConstant: true })
const filled = (value: number, shape: number[], dtype: Operand['dtype'] = 'float32'): Operand => ({
  shape,
  dtype,
  low: 0,
  high: 0,
  isConstant: true,
  values: Array.from({ length: shape.reduce((n, k) => n * k, 1) }, () => value),
})

const x = [3, 5]
export const kernelCases: KernelCase[] = []
const add = (kernel: string, inputs: KernelCase['inputs'], attrs: KernelCase['attrs'] = {}) =>
  kernelCases.push({ kernel, inputs, attrs })

for (const kernel of [
  'Abs',
  'Asinh',
  'Atan',
  'Ceil',
  'Cos',
  'Cosh',
  'Elu',
  'Erf',
  'Exp',
  'Expm1',
  'Floor',
  'Neg',
  'Relu',
  'Relu6',
  'Round',
  'Selu',
  'Sigmoid',
  'Sign',
  'Sin',
  'Sinh',
  'Softplus',
  'Square',
  'Tan',
  'Tanh',
  'IsNan',
  'IsInf',
  'IsFinite',
  'Identity',
  'ZerosLike',
  'OnesLike',
])
  add(kernel, { x: f([4, 25], -1.5, 1.5) })
for (const kernel of ['Erf', 'Exp', 'Softplus', 'Tanh', 'Relu6', 'Selu', 'Elu', 'Expm1'])
  add(kernel, { x: f([200], -9, 9) })
add('Sigmoid', { x: f([200], -15, 15) })
for (const kernel of ['Acos', 'Asin', 'Atanh']) add(kernel, { x: f([60], -0.99, 0.99) })
for (const kernel of ['Log', 'Reciprocal', 'Rsqrt', 'Sqrt', 'Log1p']) add(kernel, { x: f([60], 0.01, 9) })
add('Acosh', { x: f([60], 1.01, 9) })
for (const kernel of ['Log1p', 'Expm1', 'Tanh', 'Sin', 'Softplus']) add(kernel, { x: f([60], -1e-5, 1e-5) })
for (const kernel of ['IsNan', 'IsInf', 'IsFinite']) add(kernel, { x: given([1, Infinity, -Infinity, Number.NaN, 0]) })
add('Round', { x: given([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5]) })
for (const kernel of ['Abs', 'Neg', 'Sign', 'Relu', 'Square', 'Identity', 'ZerosLike', 'OnesLike'])
  add(kernel, { x: i(x) })
add('LogicalNot', { x: b(x) })
add('LeakyRelu', { x: f(x) }, { alpha: 0.3 })
add('Prelu', { x: f([2, 3, 4]), alpha: f([4], 0, 1) })
add('EluGrad', { dy: f(x), y: f(x, -0.9, 2) })
for (const alpha of [0, 0.25]) add('Step', { x: given([-1, 0, 2, -0.5]) }, { alpha })
add('ClipByValue', { x: f(x) }, { clipValueMin: -0.5, clipValueMax: 1 })
for (const [from, to] of [
  [f(x), 'int32'],
  [f(x), 'bool'],
  [i(x), 'float32'],
  [i(x, -1, 2), 'bool'],
  [b(x), 'float32'],
  [b(x), 'int32'],
  [filled(2.7, x), 'int32'],
  [filled(-2.7, x), 'bool'],
] as const) {
  add('Cast', { x: from }, { dtype: to })
}

const floats = (make: (shape: number[]) => Operand): Operand[][] => [
  [make([2, 3, 4]), make([2, 3, 4])],
  [make([2, 3, 4]), make([4])],
  [make([3, 1]), make([2, 1, 4])],
  [make([2, 3]), { ...make([]), shape: [] }],
  [filled(1, [2, 3]), make([2, 3])],
  [make([2, 3]), filled(1, [3])],
  [filled(2, [2, 3]), filled(3, [3])],
  [constant(make([2, 3])), make([2, 3])],
  [filled(2, [4, 2, 3]), make([2, 3])],
]
for (const kernel of [
  'Add',
  'Sub',
  'Multiply',
  'RealDiv',
  'Maximum',
  'Minimum',
  'SquaredDifference',
  'Atan2',
  'Equal',
  'NotEqual',
  'Greater',
  'GreaterEqual',
  'Less',
  'LessEqual',
]) {
  for (const [a, c] of floats(shape => f(shape, 0.5, 2))) add(kernel, { a, b: c })
  add(kernel, { a: f(x), b: f(x) })
}
for (const [a, c] of [
  [0, 0],
  [1, 0],
  [0, 1],
]) {
  add('Add', { a: filled(a, x), b: f(x) })
  add('Multiply', { a: f(x), b: filled(c, x) })
}
for (const kernel of [
  'Add',
  'Sub',
  'Multiply',
  'Maximum',
  'Minimum',
  'SquaredDifference',
  'Equal',
  'NotEqual',
  'Greater',
  'GreaterEqual',
  'Less',
  'LessEqual',
]) {
  add(kernel, { a: i(x), b: i([5]) })
}
add('Atan2', { a: given([0, 0, 1, -1, 1, -1, 1, -1, 0]), b: given([1, -1, 0, 0, 1, 1, -1, -1, 0]) })
add('Pow', { a: f(x, 0.1, 3), b: f(x) })
add('Pow', { a: f(x), b: filled(2, []) })
add('FloorDiv', { a: i(x), b: given([-3, -2, 2, 3, 4], 'int32') })
add('FloorDiv', { a: f(x, -9, 9), b: given([-3, -2, 2, 3, 4]) })
add('Mod', { a: i(x), b: given([-3, -2, 2, 3, 4], 'int32') })
add('Mod', { a: f(x, -9, 9), b: given([-3.5, -2, 2, 3, 4]) })
add('AddN', [f(x), f(x), filled(0, x), f(x)])
for (const kernel of ['LogicalAnd', 'LogicalOr']) add(kernel, { a: b(x), b: b([5]) })
for (const make of [f, i]) add('Select', { condition: b(x), t: make(x), e: make(x) })
add('Select', { condition: b(x), t: b(x), e: b(x) })
add('Select', { condition: b(x), t: f(x), e: filled(-1e9, x) })

for (const [axis, keepDims] of [
  [[0], false],
  [[1], true],
  [[0, 2], false],
  [[-1], true],
  [[0, 1, 2], false],
  [null, false],
  [[], false],
]) {
  for (const kernel of ['Sum', 'Mean', 'Min', 'Prod']) add(kernel, { x: f([3, 4, 5], -1.5, 1.5) }, { axis, keepDims })
  add('Max', { x: f([3, 4, 5]) }, { reductionIndices: axis, keepDims })
  for (const kernel of ['All', 'Any']) add(kernel, { x: b([3, 2, 2]) }, { axis, keepDims })
}
for (const kernel of ['Sum', 'Prod', 'Min']) add(kernel, { x: i([3, 4], 1, 4) }, { axis: 0, keepDims: false })
add('Sum', { x: b([3, 4]) }, { axis: 0, keepDims: false })
add('Sum', { x: filled(2, [3, 4]) }, { axis: 1, keepDims: true })
add('Mean', { x: f([64, 80]) }, { axis: [0, 1], keepDims: false })
for (const kernel of ['ArgMax', 'ArgMin']) for (const axis of [0, 1]) add(kernel, { x: f([3, 4, 2]) }, { axis })
for (const dim of [2, -1]) add('Softmax', { logits: f([2, 3, 6], -8, 8) }, { dim })
add('Softmax', { logits: given([0, -1e9, 1, -1e9]) }, { dim: 0 })
for (const exclusive of [false, true])
  for (const reverse of [false, true])
    for (const axis of [0, 1]) add('Cumsum', { x: f(x) }, { axis, exclusive, reverse })

add('Reshape', { x: f([2, 6]) }, { shape: [3, -1] })
add('Reshape', { x: filled(4, [2, 6]) }, { shape: [12] })
for (const dim of [0, 1, 2, -1]) add('ExpandDims', { input: f([2, 3]) }, { dim })
for (const perm of [
  [1, 0, 2],
  [2, 0, 1],
  [0, 1, 2],
])
  add('Transpose', { x: f([2, 3, 4]) }, { perm })
add('Transpose', { x: filled(3, [2, 3]) }, { perm: [1, 0] })
add('Slice', { x: f([4, 5]) }, { begin: [1, 2], size: [2, -1] })
add('Slice', { x: b([4, 5]) }, { begin: [0, 0], size: [4, 5] })
add('Slice', { x: filled(3, [4, 5]) }, { begin: [1, 2], size: [2, 2] })
const masks = { beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 }
add('StridedSlice', { x: f([6, 7]) }, { ...masks, begin: [1, 0], end: [6, 7], strides: [2, 3] })
add('StridedSlice', { x: f([6, 7]) }, { ...masks, begin: [5, 6], end: [0, 1], strides: [-2, -1], endMask: 3 })
add('StridedSlice', { x: f([6, 7]) }, { ...masks, begin: [2, 0], end: [3, 7], strides: [1, 1], shrinkAxisMask: 1 })
add('StridedSlice', { x: f([6, 7]) }, { ...masks, begin: [0, 0], end: [6, 7], strides: [1, 1] })
for (const dims of [[0], [1], [0, 2], 1]) add('Reverse', { x: f([2, 3, 4]) }, { dims })
for (const axis of [0, 1, -1]) add('Concat', [f([2, 3]), f([2, 3]), filled(0, [2, 3])], { axis })
add('Concat', [b([2, 3]), b([2, 1])], { axis: 1 })
for (const axis of [0, 1, 2]) add('Pack', [f([2, 3]), f([2, 3])], { axis })
for (const [numOrSizeSplits, axis] of [
  [3, 1],
  [[1, 2, 3], -1],
  [2, 0],
  [1, 0],
])
  add('SplitV', { x: f([2, 6]) }, { numOrSizeSplits, axis })
add('SplitV', { x: filled(7, [2, 6]) }, { numOrSizeSplits: 2, axis: 1 })
for (const axis of [0, 1, 2]) add('Unpack', { value: f([2, 3, 2]) }, { axis })
for (const reps of [
  [2, 1, 1],
  [1, 3, 1],
  [2, 3, 4],
  [1, 1, 5],
])
  add('Tile', { x: f([2, 1, 3]) }, { reps })
add('Tile', { x: b([2, 1]) }, { reps: [1, 4] })
add('Tile', { x: filled(1, [2, 1]) }, { reps: [1, 4] })
add(
  'PadV2',
  { x: f(x) },
  {
    paddings: [
      [1, 0],
      [2, 3],
    ],
    constantValue: -1.5,
  },
)
add(
  'PadV2',
  { x: i(x) },
  {
    paddings: [
      [0, 0],
      [1, 0],
    ],
    constantValue: 7,
  },
)
add('Fill', {}, { shape: [2, 3], value: 2.5, dtype: 'float32' })
add('Range', {}, { start: 1, stop: 9, step: 2, dtype: 'int32' })
add('LinSpace', {}, { start: -1, stop: 2, num: 7 })

for (const [axis, indices] of [
  [0, i([4], 0, 3)],
  [1, i([2, 2], 0, 4)],
  [-1, i([], 0, 2)],
] as const)
  add('GatherV2', { x: f([3, 4, 2]), indices }, { axis, batchDims: 0 })
add('GatherV2', { x: f([3, 4, 2]), indices: i([3, 5], 0, 4) }, { axis: 1, batchDims: 1 })
add('GatherNd', { params: f([3, 4, 2]), indices: i([5, 2], 0, 3) })
add('OneHot', { indices: i([3, 4], -1, 6) }, { depth: 5, onValue: 1, offValue: 0, dtype: 'float32' })
add('OneHot', { indices: i([6], 0, 5) }, { depth: 5, onValue: 3, offValue: -1, dtype: 'float32' })
add('OneHot', { indices: i([6], 0, 5) }, { depth: 5, onValue: 1, offValue: 0, dtype: 'int32' })
add('UnsortedSegmentSum', { x: f([9, 2, 3]), segmentIds: i([9], -1, 5) }, { numSegments: 4 })
add('UnsortedSegmentSum', { x: f([9]), segmentIds: i([9], 0, 4) }, { numSegments: 4 })
add('ScatterNd', { indices: i([6, 1], 0, 4), updates: f([6, 3]) }, { shape: [4, 3] })
add('TensorScatterUpdate', {
  tensor: f([4, 3]),
  indices: { ...given([2, 0], 'int32'), shape: [2, 1] },
  updates: f([2, 3]),
})
add('TopK', { x: f([4, 9]) }, { k: 3, sorted: true })

for (const transposeA of [false, true]) {
  for (const transposeB of [false, true]) {
    for (const [batchA, batchB] of [
      [[], []],
      [[2], [2]],
      [
        [2, 3],
        [2, 3],
      ],
      [[2], [1]],
      [[2], []],
    ]) {
      const a = f([...batchA, ...(transposeA ? [6, 4] : [4, 6])])
      const c = f([...batchB, ...(transposeB ? [5, 6] : [6, 5])])
      add('BatchMatMul', { a, b: c }, { transposeA, transposeB })
    }
  }
}
add('BatchMatMul', { a: i([2, 3]), b: i([3, 2]) }, { transposeA: false, transposeB: false })
for (const activation of ['linear', 'relu', 'elu', 'sigmoid']) {
  add(
    '_FusedMatMul',
    { a: f([4, 6]), b: f([6, 5]), bias: f([5]) },
    { transposeA: false, transposeB: false, activation },
  )
}
for (const [equation, ...shapes] of [
  ['bthd,bshd->bhts', [2, 3, 2, 4], [2, 5, 2, 4]],
  ['bhts, bshd -> bthd', [2, 2, 3, 5], [2, 5, 2, 4]],
  ['bd,de->be', [3, 4], [4, 5]],
  ['ij->ji', [2, 3]],
  ['ijk->i', [2, 3, 4]],
  ['ij,ij->', [2, 3], [2, 3]],
] as [string, ...number[][]][])
  add(
    'Einsum',
    shapes.map(shape => f(shape)),
    { equation },
  )
