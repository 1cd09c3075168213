// An encoder as a graph, weights inside.
import type { TracedGraph } from '../engine/tensorSpec.ts'
import { constantsOf, traceGraph } from '../engine/tracer.ts'
import type { Modality } from './modality.ts'
import { type EncoderConfig, type EncoderOutput, encodeModality, encoderWeights } from './spectrumEncoder.ts'

/**
 * @param weights by the names of `encoderWeights`
 * @returns a graph from features [B, slots, features] and mask [B, slots] to tokens and z, or one of them, see `encodeModality`
 */
export function encoderGraph(
  modality: Modality,
  c: EncoderConfig,
  weights: Readonly<Record<string, Float32Array>>,
  batch: number,
  outputs: readonly EncoderOutput[] = ['tokens', 'z'],
): TracedGraph {
  return traceGraph(
    [
      { name: 'features', shape: [batch, modality.slots, modality.features] },
      { name: 'mask', shape: [batch, modality.slots] },
    ],
    input => encodeModality(input, modality, c, input.features, input.mask, outputs),
    constantsOf(encoderWeights(modality, c, outputs), weights),
  )
}
