// What a spectrum changed in what is believed of its star: the posterior before it and the one after, side by side.
import type { HistoryEntry } from './starHistory.ts'
import { type Interval, intervals } from './starView.ts'

export interface ParameterChange {
  readonly before: Interval
  readonly after: Interval
  /** Median after less the one before, in the unit of both. */
  readonly shift: number
  /** Width of the 68% interval after in units of the one before; `null` where that was without width. */
  readonly widthRatio: number | null
}

export interface SpectrumChange {
  readonly before: HistoryEntry
  readonly after: HistoryEntry
  /** Ids of the spectra that the later one was given and the earlier was not. */
  readonly gained: readonly string[]
  /** The other way round, such as one that was delivered anew. */
  readonly lost: readonly string[]
  readonly parameters: readonly ParameterChange[]
}

/**
 * The last two posteriors in a row of which the later was given other spectra by the same model.
 * @returns null where a star has none, as when its spectrum was there before its first posterior
 */
export function lastSpectrumChange(history: readonly HistoryEntry[]): SpectrumChange | null {
  for (let i = history.length - 1; i > 0; i--) {
    const change = changeBetween(history[i - 1], history[i])
    if (change !== null) return change
  }
  return null
}

function changeBetween(before: HistoryEntry, after: HistoryEntry): SpectrumChange | null {
  const [earlier, later] = [before.posterior, after.posterior]
  const gained = missingIn(later.spectra, earlier.spectra)
  const lost = missingIn(earlier.spectra, later.spectra)
  if (gained.length + lost.length === 0 || earlier.model !== later.model) return null
  const was = new Map(intervals(earlier.summaries).map(one => [one.label, one]))
  const parameters = intervals(later.summaries).flatMap(one => {
    const known = was.get(one.label)
    return known === undefined ? [] : [parameterChange(known, one)]
  })
  return { before, after, gained, lost, parameters }
}

function missingIn(ids: readonly string[] = [], others: readonly string[] = []): readonly string[] {
  return ids.filter(id => !others.includes(id))
}

function parameterChange(before: Interval, after: Interval): ParameterChange {
  const width = before.high - before.low
  const widthRatio = width > 0 ? (after.high - after.low) / width : null
  return { before, after, shift: after.median - before.median, widthRatio }
}
