// Reports: a comparison of posteriors with labels as a table row, and in words.
import type { LabelComparison } from '../../models/index.ts'
import type { Split } from '../evaluation/causes.ts'
import type { LabelledQuantity } from '../evaluation/realStar.ts'
import { signedText } from '../figures/labelPlot.ts'
import { readable } from '../figures/svg.ts'
import { type ReportBlock, table } from './reportDocument.ts'

export interface ShownQuantity {
  readonly words: string
  /** Label of an axis, with its unit. */
  readonly axis: string
  readonly unit: string
  readonly digits: number
}

const shownQuantities: Readonly<Record<LabelledQuantity, ShownQuantity>> = {
  teffK: { words: 'effective temperature', axis: 'T_eff (K)', unit: 'K', digits: 0 },
  loggDex: { words: 'surface gravity', axis: 'log g (cm s^{\u22122})', unit: 'dex', digits: 2 },
  logDistancePc: { words: 'distance', axis: 'log d (pc)', unit: 'dex', digits: 3 },
  logAgeYr: { words: 'age', axis: 'log age (yr)', unit: 'dex', digits: 2 },
}

export function shownQuantity(quantity: LabelledQuantity): ShownQuantity {
  return shownQuantities[quantity]
}

const headings = [
  'stars',
  'N',
  'bias',
  'scatter',
  'claimed error',
  '68% interval holds',
  '95% interval holds',
  'z median',
  'z scatter',
  '|z| > 3',
]

export interface NamedComparison {
  readonly title: string
  readonly comparison: LabelComparison
}

/** A table of comparisons of one quantity, one a row. */
export function comparisonTable(caption: string, shown: ShownQuantity, rows: readonly NamedComparison[]): ReportBlock {
  return table(
    caption,
    headings,
    rows.map(({ title, comparison }) => [title, ...cells(comparison, shown)]),
  )
}

function cells(found: LabelComparison, { unit, digits }: ShownQuantity): string[] {
  return [
    found.starCount.toLocaleString('en-US'),
    `${signedText(found.bias, digits)} \u00b1 ${readable(found.biasErr, digits)} ${unit}`,
    `${readable(found.scatter, digits)} ${unit}`,
    `${readable(claimedErr(found), digits)} ${unit}`,
    percentWithErr(found.coverage68),
    percentWithErr(found.coverage95),
    signedText(found.z.median, 2),
    readable(found.z.scatter, 2),
    `${readable(100 * found.z.farShare, 1)}%`,
  ]
}

export function percentWithErr({ covered, standardErr }: LabelComparison['coverage68']): string {
  return `${readable(100 * covered, 1)} \u00b1 ${readable(100 * standardErr, 1)}%`
}

/** Error that posterior and label claim together, for the typical star. */
export function claimedErr({ typicalErr, typicalLabelErr }: LabelComparison): number {
  return Math.hypot(typicalErr, typicalLabelErr)
}

/**
 * What a comparison says, in a few sentences.
 * @param priorErr half of the middle 68% of the quantity before any data
 */
export function comparisonWords(found: LabelComparison, shown: ShownQuantity, priorErr: number): string {
  const share = found.typicalErr / priorErr
  const news = share > 0.7 ? 'The data say little of it: a' : 'A'
  return `${biasWords(found, shown)} ${coverageWords(found)} ${news} typical posterior is ${readable(share, 2)} times as wide as the prior.`
}

/** Whether the 68% or the 95% interval holds fewer labels than chance allows. */
export function holdsTooFew({ coverage68, coverage95 }: LabelComparison): boolean {
  return [coverage68, coverage95].some(({ covered, level, standardErr }) => covered < level - 2 * standardErr)
}

function biasWords(found: LabelComparison, { unit, digits }: ShownQuantity): string {
  const size = `${signedText(found.bias, digits)} \u00b1 ${readable(found.biasErr, digits)} ${unit}`
  if (Math.abs(found.bias) <= 3 * found.biasErr) return `No bias beyond three of its errors (${size}).`
  const share = Math.abs(found.bias) / claimedErr(found)
  return `Biased by ${size}, which is ${readable(share, 1)} of the error that a typical star claims.`
}

function coverageWords({ coverage68, coverage95, z, bias, typicalErr, typicalLabelErr }: LabelComparison): string {
  const gap = (one: typeof coverage68) => (one.covered - one.level) / one.standardErr
  const [gap68, gap95] = [gap(coverage68), gap(coverage95)]
  const held = `${readable(100 * coverage68.covered, 0)}% and ${readable(100 * coverage95.covered, 0)}% of the labels`
  if (Math.abs(gap68) <= 2 && Math.abs(gap95) <= 2) return `The 68% and 95% intervals hold ${held}, as they should.`
  if (gap68 >= -2 && gap95 >= -2) {
    return `The 68% and 95% intervals hold ${held}, too many: errors are claimed larger than they are, the scores scatter by ${readable(z.scatter, 2)} instead of 1.`
  }
  const isByBias = Math.abs(bias) > 0.4 * Math.hypot(typicalErr, typicalLabelErr)
  const why =
    z.scatter > 1.1
      ? `the scores scatter by ${readable(z.scatter, 2)} instead of 1${isByBias ? ', on top of the bias' : ''}`
      : isByBias
        ? 'the bias alone does that, the scatter is not larger than claimed'
        : `${readable(100 * z.farShare, 1)}% lie beyond three of their errors`
  return `The 68% and 95% intervals hold ${held}, too few: ${why}.`
}

/** Which kinds of stars explain a comparison, and which do not, as sentences. */
export function causeWords(splits: readonly Split[], { unit, digits }: ShownQuantity): readonly string[] {
  const found = splits.filter(split => split.isSignificant)
  const rest = splits.filter(split => !split.isSignificant)
  const describe = ({ cause, inside, outside }: Split) => {
    const held = (one: LabelComparison) => `${readable(100 * one.coverage68.covered, 0)}%`
    const numbers = `${sentence(cause.kind)} (${inside.starCount}): bias ${signedText(inside.bias, digits)} ${unit} against ${signedText(outside.bias, digits)} ${unit} for the others, 68% intervals hold ${held(inside)} against ${held(outside)}.`
    // A reason to miss explains nothing where they miss less.
    return isWorse(inside, outside)
      ? `${numbers} ${sentence(cause.reason)}.`
      : `${numbers} It is the others that miss more.`
  }
  const silent =
    rest.length === 0
      ? []
      : [`No difference beyond three standard errors for ${rest.map(split => split.cause.kind).join('; ')}.`]
  return [...found.map(describe), ...silent]
}

function isWorse(inside: LabelComparison, outside: LabelComparison): boolean {
  if (Math.abs(inside.bias) > Math.abs(outside.bias)) return true
  return inside.coverage68.covered < Math.min(0.68, outside.coverage68.covered)
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}
