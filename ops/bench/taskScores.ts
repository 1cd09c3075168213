// What reference tasks are judged by: their questions, the reference samples of each, and the best published scores.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  benchmarkObservations,
  conditionalReference,
  createRng,
  type Task,
  type TaskGiven,
} from '../../models/index.ts'

const OBSERVATIONS = 10
/** Draws that are observed, or given in part: no simulation that is learned from is among them. */
const OBSERVED_SEED = 777_001

export interface TaskQuestion {
  readonly kind: 'posterior' | 'conditional'
  readonly given: TaskGiven
}

/** The posteriors of ten observations, then so many conditionals drawn at random. */
export function questionsOf(task: Task, observations: number, conditionals: number): readonly TaskQuestion[] {
  const parameters = task.variables.filter(({ role }) => role === 'parameter').map(() => null)
  return [
    ...observationsOf(task)
      .slice(0, observations)
      .map(data => ({ kind: 'posterior' as const, given: [...parameters, ...data] })),
    ...randomQuestions(task, conditionals).map(given => ({ kind: 'conditional' as const, given })),
  ]
}

function observationsOf(task: Task): readonly (readonly number[])[] {
  const known = benchmarkObservations.get(task.name)
  if (known !== undefined) return known
  const width = task.variables.length
  const parameters = task.variables.filter(({ role }) => role === 'parameter').length
  const draws = task.draw(OBSERVED_SEED, 0, OBSERVATIONS)
  return Array.from({ length: OBSERVATIONS }, (_, i) => [...draws.subarray(i * width + parameters, (i + 1) * width)])
}

/** Half of the variables given, on average; at least one is, and one is asked. */
function randomQuestions(task: Task, count: number): readonly TaskGiven[] {
  const width = task.variables.length
  const draws = task.draw(OBSERVED_SEED + 1, 0, count)
  const rng = createRng(OBSERVED_SEED)
  return Array.from({ length: count }, (_, i) => {
    let given: TaskGiven = []
    do given = Array.from({ length: width }, (_, v) => (rng.uniform() < 0.5 ? draws[i * width + v] : null))
    while (given.every(value => value === null) || given.every(value => value !== null))
    return given
  })
}

/** Samples of the true answer; kept in a folder, if one is named, since those of chains take half a minute. */
export function referenceOf(task: Task, given: TaskGiven, count: number, folder?: string): Float64Array {
  const draw = () => conditionalReference(task, given, { seed: 9, count }).samples
  if (folder === undefined) return draw()
  const question = createHash('sha256').update(JSON.stringify(given)).digest('hex').slice(0, 16)
  const path = join(folder, `${task.name}-${question}-${count}.f64`)
  if (existsSync(path)) return new Float64Array(new Uint8Array(readFileSync(path)).buffer)
  const samples = draw()
  mkdirSync(folder, { recursive: true })
  // Several may draw the same at once.
  writeFileSync(`${path}.${process.pid}`, new Uint8Array(samples.buffer))
  renameSync(`${path}.${process.pid}`, path)
  return samples
}

/** The best published mean C2ST of any variant: Gloeckler et al. 2024 and the papers it compares with. */
export const publishedScores: Readonly<
  Record<string, Readonly<Record<string, { posterior?: number; conditional?: number }>>>
> = {
  '10000': {
    gaussian_linear: { posterior: 0.505 },
    gaussian_mixture: { posterior: 0.515 },
    two_moons: { posterior: 0.513, conditional: 0.526 },
    slcp: { posterior: 0.62, conditional: 0.598 },
    tree: { conditional: 0.536 },
    hmm: { conditional: 0.534 },
  },
  '1000': {
    gaussian_linear: { posterior: 0.539 },
    gaussian_mixture: { posterior: 0.572 },
    two_moons: { posterior: 0.611 },
    slcp: { posterior: 0.831 },
  },
}
