// Rows of a table -> the tensors of one training batch.
import { sigmaAt } from '../diffusion/schedule.ts'
import { emptyArrays } from '../engine/tensorSpec.ts'
import { createRng, type Rng } from '../math/rng.ts'
import { denoiseGaussian, expectedValues, type Regression, regressOn, shrinkageAt } from './jointGaussian.ts'
import { ASKED_FEATURES, GIVEN_FEATURES, givenFeatures } from './jointModel.ts'
import { drawQuestion, type JointQuestion, type QuestionShares } from './jointQuestion.ts'
import type { JointBase, JointVariable } from './jointTable.ts'

export type Feeds = Record<string, Float32Array>

/** Name -> shape of the tensors of a batch of B rows. */
export function jointBatchSpecs(rows: number, width: number): readonly { name: string; shape: readonly number[] }[] {
  return [
    { name: 'features', shape: [rows, width, GIVEN_FEATURES] },
    { name: 'mask', shape: [rows, width] },
    { name: 'noisy', shape: [rows, width, ASKED_FEATURES] },
    { name: 'sigma', shape: [rows] },
    { name: 'asked', shape: [rows, width] },
    { name: 'target', shape: [rows, width] },
  ]
}

export interface JointBatchOptions {
  readonly rows: number
  readonly sigmaMin: number
  readonly sigmaMax: number
  readonly questions: QuestionShares
}

/** Writes what an asked variable tells. */
export function writeNoisy(
  out: Float32Array,
  at: number,
  noisy: number,
  centre: number,
  guess: number,
  sigma: number,
  noisySd: number,
): void {
  out[at] = noisy / Math.sqrt(1 + sigma * sigma)
  out[at + 1] = (noisy - centre) / noisySd
  out[at + 2] = guess
}

/** @param latents [N, V] rows that batches are drawn from */
export function createJointBatches(
  variables: readonly JointVariable[],
  base: JointBase,
  latents: Float64Array,
  options: JointBatchOptions,
  seed: number,
): { make(index: number): Feeds } {
  const width = variables.length
  const count = latents.length / width
  const regressions = new Map<string, Regression>()
  const regress = (question: JointQuestion): Regression => {
    const key = question.given.join()
    let found = regressions.get(key)
    if (found === undefined) {
      found = regressOn(base.gaussian, width, question.asked, question.given)
      if (regressions.size < MAX_REGRESSIONS) regressions.set(key, found)
    }
    return found
  }
  return {
    make(index) {
      const rng = createRng(seed, PURPOSE)
      rng.seek(index)
      const specs = jointBatchSpecs(options.rows, width)
      const feeds: Feeds = emptyArrays(specs)
      for (let row = 0; row < options.rows; row++) {
        const from = rng.integer(count) * width
        const question = drawQuestion(variables, options.questions, rng)
        // Stratified: each batch sees low and high noise alike.
        const share = (row + rng.uniform()) / options.rows
        const sigma = sigmaAt(options, share)
        writeRow(feeds, row, latents.subarray(from, from + width), base, regress(question), sigma, rng)
      }
      return feeds
    },
  }
}

const PURPOSE = 0x6a74
/** Questions whose regression is kept: a table of few variables has no more. */
const MAX_REGRESSIONS = 4096

function writeRow(
  feeds: Feeds,
  row: number,
  clean: Float64Array,
  base: JointBase,
  regression: Regression,
  sigma: number,
  rng: Rng,
): void {
  const width = clean.length
  const { asked, given } = regression
  for (const i of given) {
    feeds.mask[row * width + i] = 1
    feeds.features.set(givenFeatures(clean[i]), (row * width + i) * GIVEN_FEATURES)
  }
  const centre = expectedValues(
    base.gaussian,
    regression,
    given.map(i => clean[i]),
  )
  const shrinkage = shrinkageAt(regression, sigma)
  const noisy = Float64Array.from(asked, i => clean[i] + sigma * rng.normal())
  const guess = new Float64Array(asked.length)
  denoiseGaussian(shrinkage, noisy, centre, guess)
  feeds.sigma[row] = sigma
  asked.forEach((i, r) => {
    const at = row * width + i
    feeds.asked[at] = 1
    writeNoisy(feeds.noisy, at * ASKED_FEATURES, noisy[r], centre[r], guess[r], sigma, shrinkage.noisySd[r])
    feeds.target[at] = (clean[i] - guess[r]) / shrinkage.residualSd[r]
  })
}
