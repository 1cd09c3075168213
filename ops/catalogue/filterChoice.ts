// A filter as it is asked of the table: where to look, what to ask of each row, and what only samples can tell.
import { readSamples } from '../../actors/index.ts'
import {
  type CellRange,
  type CompiledFilter,
  type FilteredPosterior,
  inferredNames,
  SKY_ORDER,
  starClasses,
} from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { LIST_ORDER } from './cellLists.ts'
import type { SkyRegion } from './skyRegion.ts'
import type { StarChoice } from './starScan.ts'
import type { StarTable } from './starTable.ts'

/** Of more cells a look at every star is no slower. */
const MAX_CELLS = 20_000
/** Samples that are read at one time. */
const AT_ONCE = 25

/** A row in the eyes of a filter, without a copy of it. */
class TableRow implements FilteredPosterior {
  readonly #table: StarTable
  row = 0

  constructor(table: StarTable) {
    this.#table = table
  }

  get starId() {
    return this.#table.starId(this.row)
  }
  get raDeg() {
    return this.#table.numbers('raDeg')[this.row]
  }
  get decDeg() {
    return this.#table.numbers('decDeg')[this.row]
  }
  get youngProbability() {
    return this.#table.numbers('youngProbability')[this.row]
  }
  get surveys() {
    return this.#table.surveys(this.row)
  }
  get flags() {
    return this.#table.flags(this.row)
  }
  get classes() {
    return starClasses.map(name => ({ name, probability: this.#table.numbers(name)[this.row] }))
  }
  get summaries() {
    return inferredNames.flatMap(parameter => {
      const found = this.#table.quantiles(this.row, parameter)
      return found === null ? [] : [{ parameter, ...found }]
    })
  }
}

export interface FilterChoice extends StarChoice {
  /** Those of the rows whose samples pass too; null where samples are not asked for, and all rows pass. */
  readonly judge: ((rows: readonly number[]) => Promise<readonly number[]>) | null
}

/**
 * @param regions beside those of the filter
 * @param rows the only ones that a watchlist leaves; null where there is none
 */
export function filterChoice(
  log: Pick<Log, 'latest'>,
  table: StarTable,
  filter: CompiledFilter,
  regions: readonly SkyRegion[] = [],
  rows: readonly number[] | null = null,
): FilterChoice {
  const seen = new TableRow(table)
  // Whoever watches has named the rows: any word of the list stands for them.
  const aliases = filter.watched === null ? [] : [...filter.watched].slice(0, 1)
  const look = (row: number) => {
    seen.row = row
    return seen
  }
  const judgeOne = async (row: number): Promise<boolean> => {
    const posteriorId = table.posteriorId(row)
    const samples = await readSamples(log, 'samples', posteriorId)
    if (!table.isListed(row) || table.posteriorId(row) !== posteriorId) return false
    return filter.matches(look(row), () => samples, aliases)
  }
  return {
    rows,
    regions: filter.cells === null ? regions : [...regions, cellsRegion(filter.cells)],
    accepts: row => filter.passes(look(row), aliases),
    judge: filter.needsSamples
      ? async candidates => {
          const passed: number[] = []
          for (let at = 0; at < candidates.length; at += AT_ONCE) {
            const some = candidates.slice(at, at + AT_ONCE)
            const isRight = await Promise.all(some.map(judgeOne))
            passed.push(...some.filter((_, i) => isRight[i]))
          }
          return passed
        }
      : null,
  }
}

/** The cells of the table in which the ranges lie; what is within them is for the filter to say. */
function cellsRegion(ranges: readonly CellRange[]): SkyRegion {
  const width = 4 ** (SKY_ORDER - LIST_ORDER)
  const cells: number[] = []
  for (const { from, to } of ranges) {
    const last = Math.ceil(to / width) - 1
    for (let cell = Math.max(Math.floor(from / width), (cells.at(-1) ?? -1) + 1); cell <= last; cell++) cells.push(cell)
    if (cells.length > MAX_CELLS) return { cells: null, contains: () => true }
  }
  return { cells, contains: () => true }
}
