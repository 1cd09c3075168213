// A training that was stopped, on disk, where the weights that do best on what is held out are kept: its state, and the best so far.
import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { FusionError } from '../../schemas/index.ts'
import type { TrainingState } from '../engine/trainingSession.ts'
import { type ArrayFile, readArrays, writeArrays } from './wholeFile.ts'

export interface BestState {
  readonly state: TrainingState
  readonly best: { readonly step: number; readonly loss: number; readonly average: Float32Array }
}

const vectors = ['parameters', 'firstMoment', 'secondMoment', 'average'] as const

/** Hash of all that decides a training, 16 hexadecimal digits: a saved state belongs to one of them. */
export function trainingHash(recipe: unknown, values: Float64Array = new Float64Array()): string {
  return createHash('sha256')
    .update(JSON.stringify(recipe))
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex')
    .slice(0, 16)
}

interface Header {
  readonly hash: string
  readonly step: number
  readonly size: number
  readonly bestStep: number
  readonly bestLoss: number | null
}

/** Saves the state; a kill in the middle leaves the state before. */
export function saveBestState(path: string, hash: string, { state, best }: BestState): void {
  const header: Header = {
    hash,
    step: state.step,
    size: state.parameters.length,
    bestStep: best.step,
    // JSON has no infinity.
    bestLoss: Number.isFinite(best.loss) ? best.loss : null,
  }
  writeArrays(path, header, [...vectors.map(name => state[name]), best.average])
}

/** @throws FusionError MODEL_MISMATCH when the file is of another training or damaged */
export function loadBestState(path: string, hash: string): BestState | null {
  const file = readFile(path, hash)
  if (file === null) return null
  const { header, at } = file
  return {
    state: { step: header.step, parameters: at(0), firstMoment: at(1), secondMoment: at(2), average: at(3) },
    best: { step: header.bestStep, loss: header.bestLoss ?? Number.POSITIVE_INFINITY, average: at(4) },
  }
}

function readFile(path: string, hash: string): ArrayFile<Header> | null {
  try {
    const file = readArrays<Header>(path)
    if (file === null || (file.header.hash === hash && file.count === vectors.length + 1)) return file
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new FusionError(
    'MODEL_MISMATCH',
    `${path} belongs to another training or is damaged. Give another --out, or remove the file to start anew.`,
  )
}

/** A finished training needs it no more. */
export function removeBestState(path: string): void {
  rmSync(path, { force: true })
}
