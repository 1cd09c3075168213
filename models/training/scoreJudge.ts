// How near a learned score of three numbers is to the one it should have learned.
import { conditionMixture, drawMixture, type GaussianMixture, mixtureScore } from '../diffusion/closedForm.ts'
import { createRng } from '../math/rng.ts'
import { type LearnedScore, scoreRows, type ThreeQuestion } from './threeVariables.ts'

/**
 * Gradient of log p(asked | given), or of the product of two such densities where z is apart.
 *
 * @param point [3] noisy values of what is asked, exact ones of what is given
 * @returns [3] 0 where not asked
 */
export function trueScore(
  truth: GaussianMixture,
  { roles, isParted }: ThreeQuestion,
  point: ArrayLike<number>,
  sigma: number,
): number[] {
  const of = (role: string) => [0, 1, 2].filter(i => roles[i] === role)
  const given = new Map(of('given').map(i => [i, point[i]]))
  const score = [0, 0, 0]
  for (const group of isParted ? [[0, 1], [2]] : [[0, 1, 2]]) {
    const asked = of('asked').filter(i => group.includes(i))
    if (asked.length === 0) continue
    const slopes = mixtureScore(
      conditionMixture(truth, asked, given),
      asked.map(i => point[i]),
      sigma,
    )
    asked.forEach((i, n) => {
      score[i] = slopes[n]
    })
  }
  return score
}

/**
 * Root mean square of a learned score's error, over that of the score, where noisy data lie.
 *
 * @param judge the question by whose closed form it is judged, its own if not given
 */
export async function scoreError(
  learned: LearnedScore,
  truth: GaussianMixture,
  question: ThreeQuestion,
  sigma: number,
  seed: number,
  judge: ThreeQuestion = question,
): Promise<number> {
  const rng = createRng(seed, 0x3b)
  const clean = new Float64Array(3)
  const points = new Float64Array(3 * scoreRows)
  for (let row = 0; row < scoreRows; row++) {
    drawMixture(truth, rng, clean)
    clean.forEach((value, i) => {
      points[3 * row + i] = question.roles[i] === 'asked' ? value + sigma * rng.normal() : value
    })
  }
  const got = await learned.score(points, question, sigma)
  let [error, size] = [0, 0]
  for (let row = 0; row < scoreRows; row++) {
    trueScore(truth, judge, points.subarray(3 * row, 3 * row + 3), sigma).forEach((slope, i) => {
      error += (got[3 * row + i] - slope) ** 2
      size += slope ** 2
    })
  }
  return Math.sqrt(error / size)
}
