// What a trace is written into: a list of ONNX nodes and constants, each kept once. onnxGraph.ts turns it into bytes.
import { createHash } from 'node:crypto'
import { sizeOf } from './tensorSpec.ts'

export type ElementType = 'float32' | 'int32' | 'int64' | 'bool'

/** number -> INT, number[] -> INTS, string -> STRING; a float says so, since 1 could be either. */
export type Attribute = number | readonly number[] | string | { readonly float: number }
export type Attributes = Readonly<Record<string, Attribute>>

/**
 * A tensor of the graph. `fill` is set when every element is that number; such a value has no node until it is used.
 * Otherwise it is `scale` times the node's result: the factor waits until somebody needs the numbers, since products
 * and sums that follow can carry it for nothing, and a pass over a large tensor costs as much as a matrix product.
 */
export interface Value {
  readonly shape: readonly number[]
  readonly dtype: ElementType
  readonly name: string | null
  readonly fill: number | null
  readonly scale: number
}

// Beyond this a waiting factor could carry what comes before it out of float32's range.
const MAX_SCALE = 1e4

export interface GraphNode {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Attributes
}

export interface GraphConstant {
  readonly name: string
  readonly dtype: ElementType
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

export interface GraphPort {
  readonly name: string
  readonly dtype: ElementType
  readonly shape: readonly number[]
}

export interface GraphContent {
  readonly nodes: readonly GraphNode[]
  readonly constants: readonly GraphConstant[]
  readonly inputs: readonly GraphPort[]
  readonly outputs: readonly GraphPort[]
}

function bytesOf(dtype: ElementType, values: ArrayLike<number | boolean>): Uint8Array {
  const numbers = Array.from(values, Number)
  switch (dtype) {
    case 'float32':
      return new Uint8Array(Float32Array.from(numbers).buffer)
    case 'int32':
      return new Uint8Array(Int32Array.from(numbers).buffer)
    case 'int64':
      return new Uint8Array(BigInt64Array.from(numbers, BigInt).buffer)
    case 'bool':
      return Uint8Array.from(numbers, value => (value === 0 ? 0 : 1))
  }
}

/** Collects the graph of one trace. Equal constants and equal nodes are kept once, so a trace cannot grow by repeating itself. */
export class GraphBuilder {
  private readonly nodes: GraphNode[] = []
  private readonly nodesByKey = new Map<string, readonly string[]>()
  private readonly constants = new Map<string, GraphConstant>()
  private readonly inputs: GraphPort[] = []
  private readonly outputs: GraphPort[] = []
  /** Output -> the value it shows. */
  private readonly sources = new Map<string, string>()
  private count = 0

  private nextName(): string {
    this.count += 1
    return `_${this.count}`
  }

  input(name: string, shape: readonly number[], dtype: ElementType): Value {
    this.inputs.push({ name, shape, dtype })
    return { name, shape, dtype, fill: null, scale: 1 }
  }

  output(name: string, value: Value): void {
    this.outputs.push({ name, shape: value.shape, dtype: value.dtype })
    this.sources.set(name, this.nameOf(value))
  }

  /** A constant tensor; one whose elements are all equal stays a fill. */
  constant(values: ArrayLike<number | boolean>, shape: readonly number[], dtype: ElementType): Value {
    const first = Number(values[0])
    let isFill = values.length > 0
    for (let i = 1; isFill && i < values.length; i++) isFill = Object.is(Number(values[i]), first)
    if (isFill) return this.fill(first, shape, dtype)
    return { name: this.initializer(values, shape, dtype), shape, dtype, fill: null, scale: 1 }
  }

  fill(value: number, shape: readonly number[], dtype: ElementType): Value {
    return { name: null, shape, dtype, fill: value, scale: 1 }
  }

  scalar(value: number, dtype: ElementType): Value {
    return this.fill(value, [], dtype)
  }

  /** `factor` times a float32 value, without a node where the factor can wait. */
  scaled(value: Value, factor: number): Value {
    if (value.fill !== null) return this.fill(value.fill * factor, value.shape, value.dtype)
    const scale = value.scale * factor
    if (Math.abs(scale) <= MAX_SCALE && Math.abs(scale) >= 1 / MAX_SCALE) return { ...value, scale }
    return this.node('Mul', [value, this.scalar(factor, value.dtype)], value.shape, value.dtype)
  }

  /** Apply a linear step to the unscaled value and let the factor wait behind it. */
  linear(value: Value, step: (unscaled: Value) => Value): Value {
    return this.scaled(step({ ...value, scale: 1 }), value.scale)
  }

  /** A shape, a list of axes and the like, as ONNX wants them. */
  int64s(values: readonly number[]): Value {
    return {
      name: this.initializer(values, [values.length], 'int64'),
      shape: [values.length],
      dtype: 'int64',
      fill: null,
      scale: 1,
    }
  }

  /** Append a node with one output; null stands for an optional input left out. */
  node(
    op: string,
    inputs: readonly (Value | null)[],
    shape: readonly number[],
    dtype: ElementType,
    attributes: Attributes = {},
  ): Value {
    return this.split(op, inputs, [{ shape, dtype }], attributes)[0]
  }

  /** Append a node with several outputs. */
  split(
    op: string,
    inputs: readonly (Value | null)[],
    outputs: readonly Pick<Value, 'shape' | 'dtype'>[],
    attributes: Attributes = {},
  ): Value[] {
    const inputNames = inputs.map(value => (value === null ? '' : this.nameOf(value)))
    const key = JSON.stringify([op, inputNames, attributes, outputs.length, op === 'Cast' ? outputs[0].dtype : null])
    let names = this.nodesByKey.get(key)
    if (names === undefined) {
      names = outputs.map(() => this.nextName())
      this.nodes.push({ op, inputs: inputNames, outputs: names, attributes })
      this.nodesByKey.set(key, names)
    }
    const found = names
    return outputs.map(({ shape, dtype }, i) => ({ name: found[i], shape, dtype, fill: null, scale: 1 }))
  }

  /** What the trace made, without the nodes and constants that no output needs. */
  content(): GraphContent {
    const made = new Set(this.nodes.flatMap(node => node.outputs))
    const renamed = new Map<string, string>()
    const copies: GraphNode[] = []
    for (const [output, source] of this.sources) {
      // The first output that shows a node's result becomes its name; inputs, constants and second outputs need a copy.
      if (made.has(source) && !renamed.has(source)) renamed.set(source, output)
      else copies.push({ op: 'Identity', inputs: [source], outputs: [output], attributes: {} })
    }
    const needed = new Set(this.sources.values())
    const nodes: GraphNode[] = []
    for (const node of this.nodes.toReversed()) {
      if (!node.outputs.some(name => needed.has(name))) continue
      for (const name of node.inputs) needed.add(name)
      nodes.push(node)
    }
    const rename = (node: GraphNode) => ({
      ...node,
      inputs: node.inputs.map(name => renamed.get(name) ?? name),
      outputs: node.outputs.map(name => renamed.get(name) ?? name),
    })
    const constants = [...this.constants.values()].filter(constant => needed.has(constant.name))
    return { nodes: [...nodes.reverse(), ...copies].map(rename), constants, inputs: this.inputs, outputs: this.outputs }
  }

  private nameOf(value: Value): string {
    if (value.scale !== 1) {
      const unscaled = { ...value, scale: 1 }
      const { shape, dtype } = value
      if (value.scale === -1) return this.nameOf(this.node('Neg', [unscaled], shape, dtype))
      return this.nameOf(this.node('Mul', [unscaled, this.scalar(value.scale, dtype)], shape, dtype))
    }
    if (value.name !== null) return value.name
    if (value.fill === null) throw new TypeError('GraphBuilder: a value has neither a name nor a fill')
    const scalar = this.initializer([value.fill], [], value.dtype)
    if (value.shape.length === 0) return scalar
    const source: Value = { name: scalar, shape: [], dtype: value.dtype, fill: null, scale: 1 }
    // Filled on demand by the runtime: an initializer of zeros would make the file as large as the batch.
    return this.nameOf(this.node('Expand', [source, this.int64s(value.shape)], value.shape, value.dtype))
  }

  private initializer(values: ArrayLike<number | boolean>, shape: readonly number[], dtype: ElementType): string {
    if (values.length !== sizeOf(shape)) {
      throw new RangeError(`GraphBuilder: ${values.length} values do not fill the shape [${shape}]`)
    }
    const bytes = bytesOf(dtype, values)
    const key = `${dtype} ${shape.join()} ${createHash('sha256').update(bytes).digest('hex')}`
    let constant = this.constants.get(key)
    if (constant === undefined) {
      constant = { name: this.nextName(), dtype, shape, bytes }
      this.constants.set(key, constant)
    }
    return constant.name
  }
}
