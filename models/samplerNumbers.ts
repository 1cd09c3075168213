// The random numbers that a star's posterior is drawn with: of the star's own stream, whoever it is inferred with.
import { createHash } from 'node:crypto'
import { emptyArrays } from './engine/tensorSpec.ts'
import { fillNormals } from './math/normals.ts'
import { createRng } from './math/rng.ts'
import type { InferOptions } from './posterior.ts'
import { drawInputs } from './student/mixtureDraw.ts'
import { PARAMETER_COUNT } from './tokens/layout.ts'
import type { ModelCard } from './training/modelCard.ts'

/** Of the inputs of `posteriorGraph`, all but what is known of the star. */
export type SamplerNumbers = Readonly<Record<string, Float32Array>>

/** @param round tells apart the posteriors that are drawn of one star with one seed */
export function samplerNumbers(card: ModelCard, key: string, options: InferOptions, round: number): SamplerNumbers {
  if (card.student === undefined) return { noise: samplerNoise(card, key, options, round) }
  const rng = starRng(key, options, round)
  const { chances, normals } = emptyArrays(drawInputs(card.student, options.sampleCount))
  for (let i = 0; i < chances.length; i++) chances[i] = rng.uniform()
  fillNormals(rng, normals)
  return { chances, normals }
}

/** [L, 1, S, 7] standard normal, for the sampler of many steps. */
export function samplerNoise({ sampler }: ModelCard, key: string, options: InferOptions, round: number): Float32Array {
  const noise = new Float32Array(sampler.steps * options.sampleCount * PARAMETER_COUNT)
  fillNormals(starRng(key, options, round), noise)
  return noise
}

function starRng(key: string, { seed }: InferOptions, round: number) {
  const rng = createRng(Number(BigInt.asUintN(53, seed)), round)
  // 48 bits of the key's hash: an exact integer.
  rng.seek(createHash('sha256').update(key).digest().readUIntLE(0, 6))
  return rng
}
