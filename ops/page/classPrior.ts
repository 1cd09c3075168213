// Class probabilities under another prior over classes: each is weighed by the ratio of the two priors.
import type { ClassAnswer } from './starAnswer.ts'

/**
 * By Bayes' rule p(class | star) under another prior is proportional to p(class | star) * wanted / stated.
 * @param wanted a weight for each class, in their order; they need not sum to 1
 * @returns probabilities that sum to 1, and the priors as shares; the stated ones where nothing has weight
 */
export function underPrior(classes: readonly ClassAnswer[], wanted: readonly number[]): readonly ClassAnswer[] {
  const weights = classes.map(({ probability, prior }, i) => (prior > 0 ? (probability * wanted[i]) / prior : 0))
  const [sum, priorSum] = [total(weights), total(wanted)]
  if (!(sum > 0) || !(priorSum > 0)) return classes
  return classes.map(({ name }, i) => ({ name, probability: weights[i] / sum, prior: wanted[i] / priorSum }))
}

/** P(young): both kinds of young stars. */
export function youngOf(classes: readonly ClassAnswer[]): number {
  return total(classes.filter(({ name }) => name.startsWith('young')).map(({ probability }) => probability))
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
