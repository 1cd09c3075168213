// A training run on disk: its state, so that it can go on after a stop, and its loss curve.
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FusionError } from '../../schemas/index.ts'
import type { TrainingState } from '../engine/trainingSession.ts'
import { readArrays, writeArrays } from './wholeFile.ts'

export interface LossPoint {
  readonly step: number
  /** Mean over the steps since the point before. */
  readonly loss: number
  /** Its parts, where it has some. */
  readonly posteriorLoss?: number
  readonly questionLoss?: number
  readonly classLoss?: number
  /** On stars never trained on, with the averaged weights; null where not measured. */
  readonly validationLoss: number | null
}

const vectors = ['parameters', 'firstMoment', 'secondMoment', 'average'] as const

/** Hash of a recipe, 16 hexadecimal digits: a saved state belongs to one recipe. */
export function recipeHash(recipe: object): string {
  return createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 16)
}

/** Saves the state; a kill in the middle leaves the state before. */
export function saveState(folder: string, recipe: object, state: TrainingState): void {
  const header = { recipe: recipeHash(recipe), step: state.step, size: state.parameters.length }
  writeArrays(
    join(folder, 'state.bin'),
    header,
    vectors.map(name => state[name]),
  )
}

/**
 * The state to go on from, or null when there is none.
 * @throws FusionError MODEL_MISMATCH when it was made by another recipe
 */
export function loadState(folder: string, recipe: object): TrainingState | null {
  const path = join(folder, 'state.bin')
  const file = readArrays<{ readonly recipe: string; readonly step: number; readonly size: number }>(path)
  if (file === null) return null
  const { header, at } = file
  if (header.recipe !== recipeHash(recipe)) {
    throw new FusionError(
      'MODEL_MISMATCH',
      `${path} belongs to a run of another recipe. Give another folder, or remove this one to start anew.`,
    )
  }
  return { step: header.step, parameters: at(0), firstMoment: at(1), secondMoment: at(2), average: at(3) }
}

/** Adds a point to the loss curve. */
export function appendLoss(folder: string, point: LossPoint): void {
  mkdirSync(folder, { recursive: true })
  appendFileSync(join(folder, 'losses.jsonl'), `${JSON.stringify(point)}\n`)
}

/** The loss curve up to a step; points after it belong to work that was lost in a kill and will be done again. */
export function readLosses(folder: string, upTo = Number.POSITIVE_INFINITY): readonly LossPoint[] {
  const path = join(folder, 'losses.jsonl')
  if (!existsSync(path)) return []
  const points = readFileSync(path, 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as LossPoint)
  const byStep = new Map(points.filter(point => point.step <= upTo).map(point => [point.step, point]))
  return [...byStep.values()].sort((a, b) => a.step - b.step)
}
