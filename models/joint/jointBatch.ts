// Rows of a table -> the tensors of one training batch.
import { sigmaAt } from '../diffusion/schedule.ts'
import { emptyArrays } from '../engine/tensorSpec.ts'
import { createRng, type Rng } from '../math/rng.ts'
import { denoiseGaussian, expectedValues, type Regression, regressOn, shrinkageAt } from './jointGaussian.ts'
import { ASKED_NUMBERS, writeAsked } from './jointModel.ts'
import { drawQuestion, type JointQuestion, type QuestionShares } from './jointQuestion.ts'
import type { JointBase, JointTable } from './jointTable.ts'

export type Feeds = Record<string, Float32Array>

/** Name -> shape of the tensors of a batch of B rows. */
export function jointBatchSpecs(rows: number, width: number): readonly { name: string; shape: readonly number[] }[] {
  return [
    { name: 'given', shape: [rows, width] },
    { name: 'mask', shape: [rows, width] },
    { name: 'noisy', shape: [rows, width, ASKED_NUMBERS] },
    { name: 'sigma', shape: [rows] },
    { name: 'asked', shape: [rows, width] },
    { name: 'target', shape: [rows, width] },
  ]
}

export interface JointBatchOptions {
  readonly rows: number
  /** Rows of a batch that share what is given and what is asked. */
  readonly rowsPerQuestion: number
  readonly sigmaMin: number
  readonly sigmaMax: number
  readonly questions: QuestionShares
}

/** @param latents [N, V] rows that batches are drawn from */
export function createJointBatches(
  { variables, alike = [] }: Pick<JointTable, 'variables' | 'alike'>,
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
  const specs = jointBatchSpecs(options.rows, width)
  return {
    make(index) {
      const rng = createRng(seed, PURPOSE)
      rng.seek(index)
      const feeds: Feeds = emptyArrays(specs)
      const clean = new Float64Array(width)
      let regression: Regression | null = null
      for (let row = 0; row < options.rows; row++) {
        if (regression === null || row % options.rowsPerQuestion === 0) {
          regression = regress(drawQuestion(variables, options.questions, rng))
        }
        const from = rng.integer(count) * width
        clean.set(latents.subarray(from, from + width))
        shuffleAlike(clean, alike, rng)
        // Every level comes as often as any other, whatever its question: the rows that share one lie far apart in noise.
        const place = (row % options.rowsPerQuestion) * Math.ceil(options.rows / options.rowsPerQuestion)
        const stratum = Math.min(options.rows - 1, place + Math.floor(row / options.rowsPerQuestion))
        const sigma = sigmaAt(options, (stratum + rng.uniform()) / options.rows)
        writeRow(feeds, row, clean, base, regression, sigma, rng)
      }
      return feeds
    },
  }
}

const PURPOSE = 0x6a74
/** Questions whose regression is kept: a table of few variables has no more. */
const MAX_REGRESSIONS = 4096

/** Groups of variables that are drawn alike trade places. */
function shuffleAlike(clean: Float64Array, alike: readonly (readonly number[])[], rng: Rng): void {
  for (let last = alike.length - 1; last > 0; last--) {
    const other = rng.integer(last + 1)
    alike[last].forEach((i, k) => {
      const j = alike[other][k]
      const kept = clean[i]
      clean[i] = clean[j]
      clean[j] = kept
    })
  }
}

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
  const known = new Float64Array(given.length)
  given.forEach((i, k) => {
    feeds.mask[row * width + i] = 1
    feeds.given[row * width + i] = clean[i]
    known[k] = clean[i]
  })
  const centre = expectedValues(base.gaussian, regression, known)
  const shrinkage = shrinkageAt(regression, sigma)
  const noisy = new Float64Array(asked.length)
  for (let r = 0; r < asked.length; r++) noisy[r] = clean[asked[r]] + sigma * rng.normal()
  const guess = new Float64Array(asked.length)
  denoiseGaussian(shrinkage, noisy, centre, guess)
  feeds.sigma[row] = sigma
  asked.forEach((i, r) => {
    const at = row * width + i
    const [noisySd, residualSd] = [shrinkage.noisySd[r], shrinkage.residualSd[r]]
    feeds.asked[at] = 1
    const told = { noisy: noisy[r], centre: centre[r], guess: guess[r] }
    writeAsked(feeds.noisy, at * ASKED_NUMBERS, told, { sigma, noisySd, residualSd })
    feeds.target[at] = (clean[i] - guess[r]) / residualSd
  })
}
