// The last step of a trace: a finished graph -> the bytes of an ordinary .onnx file.
import onnxProto from 'onnx-proto'
import type { Attribute, ElementType, GraphContent, GraphPort } from './graphBuilder.ts'

const { onnx } = onnxProto

// IR 8 is the version that came with opset 18's predecessors; every onnxruntime since 1.14 reads both.
const IR_VERSION = 8
const OPSET_VERSION = 18

/** ONNX's own numbers for element types (onnx.proto, TensorProto.DataType). */
export const onnxElementTypes: Readonly<Record<ElementType, number>> = { float32: 1, int32: 6, int64: 7, bool: 9 }

function encodeAttribute(name: string, value: Attribute) {
  const { AttributeType } = onnx.AttributeProto
  if (typeof value === 'number') return { name, type: AttributeType.INT, i: value }
  if (typeof value === 'string') return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) }
  if ('float' in value) return { name, type: AttributeType.FLOAT, f: value.float }
  return { name, type: AttributeType.INTS, ints: [...value] }
}

function encodePort({ name, dtype, shape }: GraphPort) {
  return {
    name,
    type: {
      tensorType: {
        elemType: onnxElementTypes[dtype],
        shape: { dim: shape.map(length => ({ dimValue: length })) },
      },
    },
  }
}

/**
 * Encode a graph as an ONNX model (opset 18). The same content gives the same bytes.
 *
 * Source: https://github.com/onnx/onnx/blob/main/docs/IR.md
 */
export function encodeOnnx(content: GraphContent): Uint8Array {
  const model = onnx.ModelProto.create({
    irVersion: IR_VERSION,
    producerName: 'birthline',
    opsetImport: [{ domain: '', version: OPSET_VERSION }],
    graph: {
      name: 'traced',
      node: content.nodes.map(node => ({
        opType: node.op,
        input: [...node.inputs],
        output: [...node.outputs],
        attribute: Object.entries(node.attributes).map(([name, value]) => encodeAttribute(name, value)),
      })),
      initializer: content.constants.map(({ name, dtype, shape, bytes }) => ({
        name,
        dataType: onnxElementTypes[dtype],
        dims: [...shape],
        rawData: bytes,
      })),
      input: content.inputs.map(encodePort),
      output: content.outputs.map(encodePort),
    },
  })
  return Uint8Array.from(onnx.ModelProto.encode(model).finish())
}
