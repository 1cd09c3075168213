// A row of `birthline infer`: what came in, as it came, and the posterior beside it.
import { type StarPosterior, summarize } from '../../models/index.ts'
import { starClasses, youngClasses } from '../../schemas/index.ts'
import type { Column, Row, Value, WritableColumn } from '../../streams/index.ts'
import { posteriorCells, posteriorColumns } from './catalogue.ts'

/** How the samples were drawn. */
export interface Drawing {
  readonly model: string
  readonly sampleCount: number
  readonly seed: bigint
}

const ownColumns: readonly WritableColumn[] = [
  { name: 'row', type: 'long', description: 'row of the input table, the first is 1' },
  { name: 'id', type: 'string', description: 'id of the star', ucd: 'meta.id;meta.main' },
  ...posteriorColumns,
  { name: 'input_flags', type: 'string', description: 'what was raised while the row was read' },
]
const ownNames = new Set(ownColumns.map(({ name }) => name))

/** Input columns whose names are taken go by `file.` and their name, as in a column map. */
const inputName = (name: string) => (ownNames.has(name) ? `file.${name}` : name)

/** Results first, then the columns of the input. */
export function resultColumns(input: readonly Column[]): readonly WritableColumn[] {
  return [...ownColumns, ...input.map(column => ({ ...column, name: inputName(column.name) }))]
}

export interface ReadStar {
  readonly rowNumber: number
  readonly row: Row
  readonly key: string
  readonly flags: readonly string[]
}

export function resultRow(star: ReadStar, answer: StarPosterior, drawing: Drawing, input: readonly Column[]): Row {
  const { sampleNames, samples, classProbabilities, classPrior } = answer
  const { sampleCount } = drawing
  const classes = starClasses.map((name, i) => ({ name, probability: classProbabilities[i], prior: classPrior[i] }))
  const young = classes.filter(({ name }) => youngClasses.includes(name))
  const cells = posteriorCells({
    ...drawing,
    summaries: sampleNames.map((name, i) => summarize(name, samples.subarray(i * sampleCount, (i + 1) * sampleCount))),
    classes,
    youngProbability: young.reduce((sum, { probability }) => sum + probability, 0),
    observables: answer.observables,
    flags: answer.flags,
    familiarity: answer.familiarity,
  })
  return {
    ...cells,
    row: BigInt(star.rowNumber),
    id: star.key,
    input_flags: star.flags.join(' '),
    ...Object.fromEntries(input.map(column => [inputName(column.name), fitting(column, star.row[column.name])])),
  }
}

/** A cell that is not what its column promises was handed over as its text: it has no place in the same column. */
function fitting(column: Column, cell: Value | undefined): Value {
  if (cell === undefined || cell === null || column.arraySize !== null) return cell ?? null
  const isText = column.type === 'text' || column.type === 'string'
  return isText || typeof cell !== 'string' ? cell : null
}
