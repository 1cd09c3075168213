// Extinction laws: A(lambda) / A(V) at any wavelength of the bins and any R_V the law was made for.
import { cardelliForm, odonnellForm } from './cardelliLaws.ts'
import { type ExtinctionForm, TERM_COUNT } from './extinctionForm.ts'
import { fitzpatrick19Form, fitzpatrick99Form } from './fitzpatrickLaws.ts'
import { gordonForm } from './gordonLaw.ts'
import { BIN_COUNT, binCentresUm } from './wavelengths.ts'

const forms = {
  ccm89: cardelliForm,
  o94: odonnellForm,
  f99: fitzpatrick99Form,
  f19: fitzpatrick19Form,
  g23: gordonForm,
} as const satisfies Record<string, ExtinctionForm>

export const extinctionLawNames = ['ccm89', 'o94', 'f99', 'f19', 'g23'] as const
export type ExtinctionLawName = (typeof extinctionLawNames)[number]

export interface ExtinctionLaw extends Omit<ExtinctionForm, 'termsInto'> {
  readonly name: ExtinctionLawName
  /**
   * A(lambda) / A(V).
   * @throws RangeError when R_V lies outside `rvRange` or the wavelength outside 0.1 to 32 um (from 0.0912 for g23)
   */
  ratio(wavelengthUm: number, rv: number): number
  /**
   * [4] factors of 1, 1/R_V, 1/R_V^2 and R_V at a wavelength, for who asks for many R_V.
   * @throws RangeError when the wavelength lies outside 0.1 to 32 um (from 0.0912 for g23)
   */
  factorsAt(wavelengthUm: number): Float64Array
  /**
   * A(lambda) / A(V) in the middle of the 300 bins.
   * @param out [300]; untouched when the answer is false
   * @returns false when R_V lies outside `rvRange`
   */
  binRatiosInto(rv: number, out: Float64Array): boolean
  /** [4][300] factors of 1, 1/R_V, 1/R_V^2 and R_V in the middle of the bins; an all-zero factor is left out as undefined. */
  readonly binTerms: readonly (Float64Array | undefined)[]
}

const SHORTEST_UM = 0.1
const LONGEST_UM = 32
const INFRARED_POWER = -1.61

function termsAt(form: ExtinctionForm, wavelengthUm: number, out: Float64Array): void {
  const end = form.rangeUm[1]
  form.termsInto(1 / Math.min(wavelengthUm, end), out)
  if (wavelengthUm <= end) return
  const fall = (wavelengthUm / end) ** INFRARED_POWER
  for (let t = 0; t < TERM_COUNT; t++) out[t] *= fall
}

function termColumns(termsOfBin: (bin: number, out: Float64Array) => void): readonly (Float64Array | undefined)[] {
  const columns = Array.from({ length: TERM_COUNT }, () => new Float64Array(BIN_COUNT))
  const terms = new Float64Array(TERM_COUNT)
  for (let i = 0; i < BIN_COUNT; i++) {
    termsOfBin(i, terms)
    for (let t = 0; t < TERM_COUNT; t++) columns[t][i] = terms[t]
  }
  return columns.map(column => (column.some(term => term !== 0) ? column : undefined))
}

/** @param out [300] receives the sum of the factors times their powers of R_V */
function sumTermsInto(terms: readonly (Float64Array | undefined)[], rv: number, out: Float64Array): void {
  const [constant, inverse, inverseSquare, linear] = terms
  const factor = 1 / rv
  for (let i = 0; i < BIN_COUNT; i++) out[i] = (constant?.[i] ?? 0) + (inverse?.[i] ?? 0) * factor
  if (inverseSquare !== undefined) for (let i = 0; i < BIN_COUNT; i++) out[i] += inverseSquare[i] * factor * factor
  if (linear !== undefined) for (let i = 0; i < BIN_COUNT; i++) out[i] += linear[i] * rv
}

function createLaw(name: ExtinctionLawName): ExtinctionLaw {
  const { rvRange, rangeUm, continuation, source } = forms[name]
  const form: ExtinctionForm = forms[name]
  const binTerms = termColumns((i, out) => termsAt(form, binCentresUm[i], out))
  const shortestUm = Math.min(SHORTEST_UM, rangeUm[0])
  const isWithin = (rv: number) => rv >= rvRange[0] && rv <= rvRange[1]
  const assertWavelength = (wavelengthUm: number) => {
    if (!(wavelengthUm >= shortestUm && wavelengthUm <= LONGEST_UM))
      throw new RangeError(`${name} is known from ${shortestUm} to ${LONGEST_UM} um, not at ${wavelengthUm}`)
  }
  const terms = new Float64Array(TERM_COUNT)
  return {
    name,
    rvRange,
    rangeUm,
    continuation,
    source,
    binTerms,
    ratio(wavelengthUm, rv) {
      if (!isWithin(rv)) throw new RangeError(`${name} is made for R_V ${rvRange.join(' to ')}, not ${rv}`)
      assertWavelength(wavelengthUm)
      termsAt(form, wavelengthUm, terms)
      return terms[0] + terms[1] / rv + terms[2] / rv ** 2 + terms[3] * rv
    },
    factorsAt(wavelengthUm) {
      assertWavelength(wavelengthUm)
      const factors = new Float64Array(TERM_COUNT)
      termsAt(form, wavelengthUm, factors)
      return factors
    },
    binRatiosInto(rv, out) {
      if (!isWithin(rv)) return false
      sumTermsInto(binTerms, rv, out)
      return true
    },
  }
}

const laws = new Map<string, ExtinctionLaw>()

/**
 * An extinction law by its name.
 *
 * Accuracy: within 0.1% of dust_extinction 1.7 over each law's range (test/golden/photosphere).
 * @throws RangeError on a name that is none of `extinctionLawNames`
 */
export function extinctionLaw(name: string): ExtinctionLaw {
  const known = laws.get(name)
  if (known !== undefined) return known
  const found = extinctionLawNames.find(one => one === name)
  if (found === undefined)
    throw new RangeError(`there is no extinction law ${name}; the laws are ${extinctionLawNames.join(', ')}`)
  const law = createLaw(found)
  laws.set(name, law)
  return law
}
