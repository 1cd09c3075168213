// Every size of the network, with its default, in one place.
import { ASKED_SLOTS, FEATURE_COUNT, GIVEN_SLOTS, PARAMETER_COUNT } from '../tokens/layout.ts'
import { constant, dense, gaussian, type WeightSpec } from './weights.ts'

export interface StarModelConfig {
  /** Width D of a token. */
  readonly width: number
  readonly heads: number
  readonly layers: number
  /** Width inside a block's feed-forward part. */
  readonly hidden: number
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

/** Frequencies of the noise-level embedding. */
export const NOISE_FREQUENCIES = 8

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
  for (let l = 0; l < c.layers; l++) {
    specs.push(
      dense(`block${l}.qkv`, [c.width, 3 * c.width]),
      constant(`block${l}.qkvBias`, [3 * c.width], 0),
      dense(`block${l}.mix`, [c.width, c.width], 0.5),
      constant(`block${l}.mixBias`, [c.width], 0),
      dense(`block${l}.up`, [c.width, c.hidden]),
      constant(`block${l}.upBias`, [c.hidden], 0),
      dense(`block${l}.down`, [c.hidden, c.width], 0.5),
      constant(`block${l}.downBias`, [c.width], 0),
      constant(`block${l}.modulate`, [c.width, 4 * c.width], 0),
      constant(`block${l}.modulateBias`, [4 * c.width], 0),
    )
  }
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
