// Class probabilities under another prior, for consumers who believe in other abundances of classes.

/**
 * @param probabilities posterior class probabilities, summing to one
 * @param prior the prior they were computed under, every class above zero
 * @param wanted the prior to answer under, summing to one
 * @returns probabilities under the wanted prior, summing to one
 * @throws RangeError when the lengths differ or the wanted prior forbids every class the data allow
 *
 * Exact when the classes' own distributions of data do not change. Source: Saerens et al. 2002, Neural Computation 14, 21, equation 2.4.
 */
export function shiftPrior(
  probabilities: readonly number[],
  prior: readonly number[],
  wanted: readonly number[],
): readonly number[] {
  if (prior.length !== probabilities.length || wanted.length !== probabilities.length) {
    throw new RangeError(`shiftPrior: lengths ${probabilities.length}, ${prior.length}, ${wanted.length} differ`)
  }
  const weights = probabilities.map((probability, c) => (probability * wanted[c]) / prior[c])
  const sum = weights.reduce((a, b) => a + b, 0)
  if (!(sum > 0)) throw new RangeError('shiftPrior: the wanted prior leaves no class that the data allow')
  return weights.map(weight => weight / sum)
}
