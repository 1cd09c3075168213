import { expect, test } from 'vitest'
import { underPrior, youngOf } from '../../../ops/page/classPrior.ts'

const likelihoods = [0.2, 0.05, 0.6, 0.1]
const names = ['youngDisk', 'youngDiskless', 'mainSequence', 'giant']

/** Bayes' rule from the likelihoods themselves, which the page never sees. */
function posterior(priors: readonly number[]) {
  const joint = priors.map((prior, i) => prior * likelihoods[i])
  const sum = joint.reduce((a, b) => a + b, 0)
  return joint.map(one => one / sum)
}

test('probabilities under another prior are those that Bayes gives from the likelihoods', () => {
  const stated = [0.15, 0.35, 0.3, 0.2]
  const classes = posterior(stated).map((probability, i) => ({ name: names[i], probability, prior: stated[i] }))
  const wanted = [0.01, 0.02, 0.9, 0.07]
  const found = underPrior(
    classes,
    wanted.map(weight => 3 * weight),
  )
  for (const [i, probability] of posterior(wanted).entries()) expect(found[i].probability).toBeCloseTo(probability, 12)
  expect(found.map(({ prior }) => prior)[2]).toBeCloseTo(0.9, 12)
  expect(youngOf(found)).toBeCloseTo(posterior(wanted)[0] + posterior(wanted)[1], 12)
})

test('a prior without weight changes nothing, and a class the model excludes stays out', () => {
  const classes = [
    { name: 'giant', probability: 1, prior: 1 },
    { name: 'young', probability: 0, prior: 0 },
  ]
  expect(underPrior(classes, [0, 0])).toBe(classes)
  expect(underPrior(classes, [0.5, 0.5]).map(({ probability }) => probability)).toEqual([1, 0])
})
