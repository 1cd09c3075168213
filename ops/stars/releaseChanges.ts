// What changed between two releases, added up source by source: counts, fields, and the sources that moved most.
import { type ReleaseSide, releasePairs, type SideName, type SourcePair } from '../../actors/index.ts'
import {
  ChangeTally,
  compareObservations,
  type FieldChanges,
  type FieldShift,
  largestShift,
  type SourceChange,
} from '../../models/index.ts'
import { type Log, openTableWriter, type Row, type TableWriter } from '../../streams/index.ts'
import { changeColumns, changeRow, otherIdOfPair } from './changeTable.ts'

export interface ChangesOptions {
  readonly scratchFolder: string
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
  /** Table of all that is not the same; `null` writes none. */
  readonly path: string | null
  /** Changed sources are listed and written where a field moved by more than this. */
  readonly aboveSigma: number
  /** Listed of each kind. */
  readonly limit: number
}

export interface MovedSource {
  readonly source: string
  /** All of the source that moved by more than `aboveSigma`, the largest first. */
  readonly shifts: readonly FieldShift[]
}

export interface LoneSource {
  readonly source: string
  /** Another id that it has within its own survey, by which the other release may know it. */
  readonly otherId: string | null
}

export interface ReleaseChanges {
  readonly counts: {
    readonly before: number
    readonly after: number
    readonly new: number
    readonly gone: number
    readonly changed: number
    readonly unchanged: number
  }
  /** Rows that could not be compared. */
  readonly refused: Readonly<Record<SideName, number>>
  readonly fields: readonly FieldChanges[]
  readonly otherFlagsCount: number
  readonly otherLinksCount: number
  readonly otherColumnsCount: number
  /** The largest shifts, the largest first. */
  readonly moved: readonly MovedSource[]
  /** Some of the sources that only one of the two has. */
  readonly newSources: readonly LoneSource[]
  readonly goneSources: readonly LoneSource[]
  /** In the table. */
  readonly rowCount: number
}

const BATCH_ROWS = 500

/** @throws what `releasePairs` throws, and FusionError CONFIG_INVALID or FILE_UNWRITABLE for the table */
export async function findReleaseChanges(
  log: Log,
  before: ReleaseSide,
  after: ReleaseSide,
  options: ChangesOptions,
): Promise<ReleaseChanges> {
  const { path, limit, aboveSigma } = options
  const writer = path === null ? null : await openTableWriter(path, changeColumns(before.family))
  const tally = new ChangeTally()
  const refused = { before: 0, after: 0 }
  const counts = { before: 0, after: 0, new: 0, gone: 0, changed: 0, unchanged: 0 }
  const examples: Record<'new' | 'gone', LoneSource[]> = { new: [], gone: [] }
  const ranking = new Ranking(limit)
  const onRefused = (side: SideName) => void refused[side]++
  try {
    const table = new RowBatches(writer)
    for await (const pair of releasePairs(log, before, after, { ...options, onRefused })) {
      const { kind, change } = changeOf(pair)
      if (pair.before !== null) counts.before++
      if (pair.after !== null) counts.after++
      counts[kind]++
      if (kind === 'unchanged') continue
      if (change === null) {
        if (kind !== 'changed' && examples[kind].length < limit) {
          examples[kind].push({ source: pair.source, otherId: otherIdOfPair(pair) })
        }
        await table.add(changeRow(pair, null))
        continue
      }
      tally.add(pair.source, change)
      const sigma = Math.abs(largestShift(change)?.sigma ?? 0)
      if (sigma > aboveSigma) ranking.add({ source: pair.source, shifts: shiftsAbove(change, aboveSigma) })
      if (sigma > aboveSigma || aboveSigma === 0) await table.add(changeRow(pair, change))
    }
    await table.flush()
    await writer?.close()
    const { otherFlagsCount, otherLinksCount, otherColumnsCount } = tally
    return {
      counts,
      refused,
      fields: tally.fields(),
      otherFlagsCount,
      otherLinksCount,
      otherColumnsCount,
      moved: ranking.best(),
      newSources: examples.new,
      goneSources: examples.gone,
      rowCount: writer?.rowCount ?? 0,
    }
  } finally {
    await writer?.abandon()
  }
}

function changeOf({ before, after }: SourcePair) {
  if (before === null) return { kind: 'new', change: null } as const
  if (after === null) return { kind: 'gone', change: null } as const
  const change = compareObservations(before, after)
  return { kind: change === null ? 'unchanged' : 'changed', change } as const
}

function shiftsAbove({ shifts }: SourceChange, aboveSigma: number): readonly FieldShift[] {
  return shifts
    .filter(({ sigma }) => sigma !== null && Math.abs(sigma) > aboveSigma)
    .sort((a, b) => Math.abs(b.sigma ?? 0) - Math.abs(a.sigma ?? 0))
}

/** The best of many, in memory for twice as many as are wanted. */
class Ranking {
  readonly #limit: number
  #kept: MovedSource[] = []

  constructor(limit: number) {
    this.#limit = limit
  }

  add(moved: MovedSource): void {
    this.#kept.push(moved)
    if (this.#kept.length >= 2 * this.#limit + 100) this.#kept = [...this.best()]
  }

  /** Those that moved as much as another by their ids, so that the order does not depend on that of the log. */
  best(): readonly MovedSource[] {
    const sigmaOf = ({ shifts }: MovedSource) => Math.abs(shifts[0].sigma ?? 0)
    return this.#kept.sort((a, b) => sigmaOf(b) - sigmaOf(a) || (a.source < b.source ? -1 : 1)).slice(0, this.#limit)
  }
}

class RowBatches {
  readonly #writer: TableWriter | null
  #rows: Row[] = []

  constructor(writer: TableWriter | null) {
    this.#writer = writer
  }

  async add(row: Row): Promise<void> {
    this.#rows.push(row)
    if (this.#rows.length >= BATCH_ROWS) await this.flush()
  }

  async flush(): Promise<void> {
    await this.#writer?.write(this.#rows)
    this.#rows = []
  }
}
