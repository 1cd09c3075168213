// Do several runs from separate starts agree? If not, none of them has found all of the density.
import { quickProbit } from '../math/special.ts'

export interface ChainDiagnostics {
  /** Largest potential scale reduction over variables, of values and of distances from the median. */
  readonly worstRHat: number
  /** Fewest independent draws, over the same, whose mean would spread as the means of the runs do. */
  readonly leastEffectiveSize: number
  /** Where the worst R-hat was found. */
  readonly worstColumn: number
}

/**
 * Split R-hat of ranks made normal, and of distances from the median likewise: the first sees means that differ, the
 * second spreads. The effective size compares means of whole runs, so what a run never found counts against it.
 *
 * @param runs each [N, width] row by row, in the order of time; at least four, of one length
 * @throws RangeError when they are fewer or of other lengths
 *
 * Source: Vehtari et al. 2021 (Bayesian Analysis 16, 667).
 */
export function diagnoseRuns(runs: readonly Float64Array[], width: number): ChainDiagnostics {
  const rows = (runs[0]?.length ?? 0) / width
  if (runs.length < 4 || !Number.isInteger(rows) || rows < 4 || runs.some(run => run.length !== rows * width)) {
    throw new RangeError(`diagnoseRuns: ${runs.map(run => run.length).join(', ')} values in rows of ${width}`)
  }
  let [worstRHat, leastEffectiveSize, worstColumn] = [0, Infinity, 0]
  const column = new Float64Array(runs.length * rows)
  for (let k = 0; k < width; k++) {
    runs.forEach((run, r) => {
      for (let i = 0; i < rows; i++) column[r * rows + i] = run[i * width + k]
    })
    const median = column.slice().sort()[column.length >> 1]
    for (const values of [column, column.map(value => Math.abs(value - median))]) {
      const scores = rankScores(values)
      const rHat = potentialReduction(scores, rows, rows >> 1)
      if (!(rHat <= worstRHat)) [worstRHat, worstColumn] = [rHat, k]
      const { within, between } = spreads(scores, rows, rows)
      leastEffectiveSize = Math.min(leastEffectiveSize, (runs.length * within) / between)
    }
  }
  return { worstRHat, leastEffectiveSize, worstColumn }
}

/** R-hat of pieces of runs of so many rows: what the scale would shrink by, were they run for ever. */
function potentialReduction(scores: Float64Array, rows: number, pieceRows: number): number {
  const { within, between } = spreads(scores, rows, pieceRows)
  return Math.sqrt((pieceRows - 1) / pieceRows + between / within)
}

/** Mean variance within pieces, and variance of their means. */
function spreads(scores: Float64Array, rows: number, pieceRows: number): { within: number; between: number } {
  const means: number[] = []
  let within = 0
  for (let start = 0; start < scores.length; start += rows) {
    for (let from = start; from + pieceRows <= start + rows; from += pieceRows) {
      const piece = scores.subarray(from, from + pieceRows)
      const mean = piece.reduce((sum, score) => sum + score, 0) / pieceRows
      within += piece.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (pieceRows - 1)
      means.push(mean)
    }
  }
  const centre = means.reduce((sum, mean) => sum + mean, 0) / means.length
  const between = means.reduce((sum, mean) => sum + (mean - centre) ** 2, 0) / (means.length - 1)
  return { within: within / means.length, between }
}

/** Normal scores of the ranks over all runs: no tail is too heavy for them. */
function rankScores(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[a] - values[b])
  const scores = new Float64Array(values.length)
  order.forEach((at, rank) => {
    const share = (rank + 0.625) / (values.length + 0.25)
    scores[at] = share > 0.5 ? -quickProbit(1 - share) : quickProbit(share)
  })
  return scores
}
