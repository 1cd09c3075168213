// Samples of all parameters given all data, by a student: one graph call for a thousand of them.
import * as tf from '@tensorflow/tfjs'
import { Session } from '../engine/session.ts'
import { constantsOf, traceGraph } from '../engine/tracer.ts'
import { expectedValues } from '../joint/jointGaussian.ts'
import { scaleValue, unscaleValue } from '../joint/variableScale.ts'
import { fillNormals } from '../math/normals.ts'
import { createRng } from '../math/rng.ts'
import { drawInputs, drawWhite } from './mixtureDraw.ts'
import { mixtureWeights, readData } from './mixtureNetwork.ts'
import type { StudentModel } from './studentTrainer.ts'

export interface StudentRequest {
  /** Variable -> its value: all data, and nothing else. */
  readonly given: ReadonlyMap<number, number>
  readonly count: number
  readonly seed: number
  readonly signal?: AbortSignal
}

export interface StudentSampler {
  /**
   * @returns [count, A] values, row by row
   * @throws RangeError when not all data are given, or something else is
   */
  sample(request: StudentRequest): Promise<Float64Array>
  close(): Promise<void>
}

/** Samples of one graph call. */
const CHUNK = 1000
const PURPOSE = 0x7370

/** @throws FusionError as `Session.open` does */
export async function openStudent({ config, scale, weights }: StudentModel): Promise<StudentSampler> {
  const { base, regression, factor } = scale
  const { asked, given } = regression
  const [a, calls] = [asked.length, config.levels.length + 1]
  const graph = traceGraph(
    [
      { name: 'data', shape: [1, given.length] },
      { name: 'centre', shape: [1, a] },
      ...drawInputs(config, CHUNK),
      { name: 'unwhiten', shape: [a, a] },
    ],
    input => {
      const white = drawWhite(input, config, readData(input, config, input.data), input) as tf.Tensor2D
      return { latents: tf.add(tf.matMul(white, input.unwhiten as tf.Tensor2D, false, true), input.centre) }
    },
    constantsOf(mixtureWeights(config), weights),
  )
  const session = await Session.open(graph)
  const unwhiten = Float32Array.from(factor, (value, i) => (i % a > Math.floor(i / a) ? 0 : value))
  const chances = new Float32Array(calls * CHUNK)
  const normals = new Float32Array((2 * calls - 1) * CHUNK * a)
  return {
    async sample({ given: values, count, seed, signal }) {
      if (values.size !== given.length || !given.every(i => values.has(i))) {
        throw new RangeError('StudentSampler: all data must be given, and nothing else')
      }
      const latents = given.map(i => scaleValue(base.scales[i], values.get(i) as number))
      const data = Float32Array.from(latents)
      const centre = Float32Array.from(expectedValues(base.gaussian, regression, latents))
      const rng = createRng(seed, PURPOSE)
      const samples = new Float64Array(count * a)
      for (let first = 0; first < count; first += CHUNK) {
        signal?.throwIfAborted()
        rng.seek(first / CHUNK)
        for (let i = 0; i < chances.length; i++) chances[i] = rng.uniform()
        fillNormals(rng, normals)
        const found = (await session.run({ data, centre, chances, normals, unwhiten })).latents
        const kept = Math.min(CHUNK, count - first) * a
        for (let i = 0; i < kept; i++) samples[first * a + i] = unscaleValue(base.scales[asked[i % a]], found[i])
      }
      return samples
    },
    close: () => session.close(),
  }
}
