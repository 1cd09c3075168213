// All stars of a choice as an Arrow file, for maps and diagrams: a few numbers of each.
import { setImmediate } from 'node:timers/promises'
import { type ColumnBatch, type ColumnField, ColumnTableWriter, quantity, starClasses } from '../../schemas/index.ts'
import type { FilterChoice } from './filterChoice.ts'
import { MAX_JUDGED } from './starList.ts'
import { scanStars } from './starScan.ts'
import type { StarTable } from './starTable.ts'

const BATCH_ROWS = 65_536
const medians = ['logAgeYr', 'avMag', 'logTeffK', 'logLuminosityLsun', 'logDistancePc']

const fields: readonly ColumnField[] = [
  { name: 'starId', type: 'text', unit: null, description: 'id of the star' },
  { name: 'raDeg', type: 'double', unit: 'deg', description: 'right ascension, ICRS' },
  { name: 'decDeg', type: 'double', unit: 'deg', description: 'declination, ICRS' },
  { name: 'youngProbability', type: 'float', unit: null, description: 'sum over the young classes' },
  { name: 'className', type: 'words', unit: null, description: 'the most probable class', words: starClasses },
  ...medians.map((name): ColumnField => {
    const { unit, description } = quantity(name)
    return { name, type: 'float', unit, description: `median of ${description}` }
  }),
  { name: 'gMag', type: 'float', unit: 'mag', description: 'Gaia G, Vega' },
  { name: 'bpRpMag', type: 'float', unit: 'mag', description: 'Gaia BP - RP, Vega' },
]

/**
 * @param limit stars at most; of more, a fair sample: those whose ids have the smallest hashes, the same each time
 * @returns an Arrow file; its metadata tell `total`, how many stars are chosen, and `isPartial`, where that counts only
 * a sample of them, since samples had to be read
 */
export async function starMap(table: StarTable, choice: FilterChoice, limit: number): Promise<Uint8Array> {
  const chosen: number[] = []
  await scanStars(table, choice, row => void chosen.push(row))
  const candidates = choice.judge === null ? chosen : fairSample(table, chosen, MAX_JUDGED)
  const passed = choice.judge === null ? chosen : await choice.judge(candidates)
  const rows = fairSample(table, passed, limit)
  const metadata = new Map([
    ['record', 'sky'],
    ['total', String(passed.length)],
    ['isPartial', String(candidates.length < chosen.length)],
  ])
  const writer = new ColumnTableWriter(fields, metadata)
  for (let start = 0; start < rows.length; start += BATCH_ROWS) {
    // Others had a turn: a star may have left.
    const some = rows.slice(start, start + BATCH_ROWS).filter(row => table.isListed(row))
    writer.write(columnsOf(table, some), some.length)
    await setImmediate()
  }
  return writer.finish()
}

function fairSample(table: StarTable, rows: readonly number[], limit: number): readonly number[] {
  if (rows.length <= limit) return rows
  const border = Uint32Array.from(rows, row => table.hashAt(row)).sort()[limit - 1]
  return rows.filter(row => table.hashAt(row) <= border).slice(0, limit)
}

function columnsOf(table: StarTable, rows: readonly number[]): ColumnBatch {
  const floats = (name: string) => {
    const column = table.numbers(name)
    return Float32Array.from(rows, row => column[row])
  }
  const doubles = (name: string) => {
    const column = table.numbers(name)
    return Float64Array.from(rows, row => column[row])
  }
  return {
    starId: rows.map(row => table.starId(row)),
    raDeg: doubles('raDeg'),
    decDeg: doubles('decDeg'),
    youngProbability: floats('youngProbability'),
    className: Uint8Array.from(rows, row => table.bestClass(row)),
    ...Object.fromEntries(medians.map(name => [name, floats(`${name}.q50`)])),
    gMag: floats('gMag'),
    bpRpMag: floats('bpRpMag'),
  }
}
