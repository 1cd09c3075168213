// Every size of the network, with its default, in one place.
import { ASKED_SLOTS, FEATURE_COUNT, GIVEN_SLOTS, PARAMETER_COUNT } from '../tokens/layout.ts'
import { blockWeights, NOISE_FREQUENCIES, type TokenModelConfig } from './tokenModel.ts'
import { constant, dense, gaussian, type WeightSpec } from './weights.ts'

export interface StarModelConfig extends TokenModelConfig {
  /** Width of the posterior head. */
  readonly headWidth: number
  readonly headBlocks: number
  readonly classCount: number
}

export const pilotConfig: StarModelConfig = {
  width: 64,
  heads: 4,
  layers: 4,
  hidden: 192,
  headWidth: 128,
  headBlocks: 3,
  classCount: 4,
}

/** Names and shapes of all weights. Biases and modulations start at zero, so each block starts as the identity. */
export function starModelWeights(c: StarModelConfig): readonly WeightSpec[] {
  const specs: WeightSpec[] = [
    dense('given.value', [GIVEN_SLOTS, FEATURE_COUNT, c.width]),
    gaussian('given.identity', [GIVEN_SLOTS, c.width], 0.5),
    gaussian('asked.value', [ASKED_SLOTS, c.width], 0.5),
    gaussian('asked.identity', [ASKED_SLOTS, c.width], 0.5),
    dense('noise.in', [2 * NOISE_FREQUENCIES + 1, c.width]),
    constant('noise.inBias', [c.width], 0),
  ]
  specs.push(...blockWeights(c))
  specs.push(
    constant('asked.out', [ASKED_SLOTS, c.width], 0),
    constant('asked.outBias', [ASKED_SLOTS], 0),
    dense('class.in', [c.width, c.width]),
    constant('class.inBias', [c.width], 0),
    constant('class.out', [c.width, c.classCount], 0),
    constant('class.outBias', [c.classCount], 0),
    dense('head.star', [c.width, c.headWidth]),
    dense('head.noise', [2 * NOISE_FREQUENCIES + 1, c.headWidth]),
    constant('head.conditionBias', [c.headWidth], 0),
    dense('head.in', [PARAMETER_COUNT, c.headWidth]),
    constant('head.inBias', [c.headWidth], 0),
    constant('head.out', [c.headWidth, PARAMETER_COUNT], 0),
    constant('head.outBias', [PARAMETER_COUNT], 0),
  )
  for (let b = 0; b < c.headBlocks; b++) {
    specs.push(
      dense(`head${b}.modulate`, [c.headWidth, 2 * c.headWidth], 0.5),
      constant(`head${b}.modulateBias`, [2 * c.headWidth], 0),
      dense(`head${b}.up`, [c.headWidth, c.headWidth]),
      dense(`head${b}.down`, [c.headWidth, c.headWidth], 0.5),
      constant(`head${b}.downBias`, [c.headWidth], 0),
    )
  }
  return specs
}
