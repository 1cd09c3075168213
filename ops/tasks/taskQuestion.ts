// What a task is asked on the command line: an observation file, values beside it, and names to be asked for.
import type { Task } from '../../models/index.ts'
import { FusionError } from '../../schemas/index.ts'
import { openTable, parseDouble } from '../../streams/index.ts'

export interface TaskQuestion {
  /** Variable -> its value. */
  readonly given: ReadonlyMap<number, number>
  /** In the order of the task. */
  readonly asked: readonly number[]
}

export interface TaskQuestionText {
  /** A table of one row whose columns are named as variables. */
  readonly observationPath: string | null
  /** name=value, separated by commas: beside the observation, or in its place. */
  readonly given: string | null
  /** Names, separated by commas; null asks for all that is not given. */
  readonly asked: string | null
}

const invalid = (sentence: string) => new FusionError('CONFIG_INVALID', sentence)

/** @throws FusionError CONFIG_INVALID when a name or a value cannot be, nothing is asked, or the file has not one row */
export async function readTaskQuestion(task: Task, text: TaskQuestionText): Promise<TaskQuestion> {
  const given = text.observationPath === null ? new Map() : await readObservation(task, text.observationPath)
  for (const part of partsOf(text.given)) {
    const [name, value, ...rest] = part.split('=').map(piece => piece.trim())
    if (value === undefined || rest.length > 0) throw invalid(`--given has "${part}": write it as name=value.`)
    given.set(indexOf(task, name, '--given'), numberOf(task, name, value, '--given'))
  }
  const all = [...task.variables.keys()]
  const asked = text.asked === null ? all.filter(i => !given.has(i)) : askedIn(task, text.asked)
  if (asked.length === 0) throw invalid('Every variable is given and none is left to ask for: leave one out.')
  const both = asked.find(i => given.has(i))
  if (both !== undefined) {
    throw invalid(`${task.variables[both].name} is both given and asked for: leave out one of the two.`)
  }
  return { given, asked }
}

const partsOf = (text: string | null) =>
  (text ?? '')
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')

function askedIn(task: Task, text: string): readonly number[] {
  const named = new Set(partsOf(text).map(name => indexOf(task, name, '--for')))
  return [...task.variables.keys()].filter(i => named.has(i))
}

function indexOf(task: Task, name: string, where: string): number {
  const index = task.variables.findIndex(one => one.name === name)
  if (index >= 0) return index
  const names = task.variables.map(one => one.name).join(', ')
  throw invalid(`${where} names "${name}", which ${task.name} does not have; it has ${names}.`)
}

function numberOf(task: Task, name: string, text: unknown, where: string): number {
  const value = parseDouble(text as string | number | null)
  const bounds = task.variables.find(one => one.name === name)?.bounds ?? null
  if (value === null || value === undefined || !Number.isFinite(value)) {
    throw invalid(`${where}: ${name} is "${String(text ?? '')}", which is no number.`)
  }
  if (bounds !== null && (value < bounds[0] || value > bounds[1])) {
    throw invalid(`${where}: ${name} is ${value}; it lies between ${bounds[0]} and ${bounds[1]}.`)
  }
  return value
}

async function readObservation(task: Task, path: string): Promise<Map<number, number>> {
  const table = await openTable(path)
  try {
    const given = new Map<number, number>()
    let rowCount = 0
    for await (const batch of table.batches()) {
      const [bad] = batch.badRows
      if (bad !== undefined) throw invalid(`${path}, row ${bad.row}: ${bad.reason}`)
      for (const row of batch.rows) {
        if (++rowCount > 1) throw invalid(`${path} has more than one row: an observation is one row.`)
        for (const { name } of table.columns) {
          const index = indexOf(task, name, path)
          // An empty cell was not observed: it is asked for.
          if (row[name] === null || row[name] === undefined || row[name] === '') continue
          given.set(index, numberOf(task, name, row[name], `${path}, row 1`))
        }
      }
    }
    if (rowCount === 0) throw invalid(`${path} has no row: an observation is one row below the names.`)
    return given
  } finally {
    await table.close()
  }
}
