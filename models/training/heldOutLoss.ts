// The loss of batches that are never trained on, noise and masks included, so that numbers of two steps can be compared.
import { Session } from '../engine/session.ts'
import type { TensorSpec } from '../engine/tensorSpec.ts'
import { traceGraph } from '../engine/tracer.ts'
import type { Weights } from '../transformer/weights.ts'

type Arrays = Readonly<Record<string, Float32Array>>

export interface HeldOutLoss {
  /** Mean over the batches. */
  of(weights: Arrays): Promise<number>
  close(): Promise<void>
}

/** @param lossOf sees weights and batch among its inputs, and returns a scalar */
export async function openHeldOutLoss(
  weightSpecs: readonly TensorSpec[],
  batchSpecs: readonly TensorSpec[],
  batches: readonly Arrays[],
  lossOf: (input: Weights) => Weights[string],
): Promise<HeldOutLoss> {
  const inputs = [...weightSpecs.map(({ name, shape }) => ({ name, shape })), ...batchSpecs]
  const session = await Session.open(traceGraph(inputs, input => ({ heldOut: lossOf(input).reshape([1]) })))
  return {
    async of(weights) {
      let sum = 0
      for (const feeds of batches) sum += (await session.run({ ...weights, ...feeds })).heldOut[0]
      return sum / batches.length
    },
    close: () => session.close(),
  }
}
