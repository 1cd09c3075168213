// A training of a joint model that was stopped, on disk: its state, and the best weights so far.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FusionError } from '../../schemas/index.ts'
import type { TrainingState } from '../engine/trainingSession.ts'

export interface JointState {
  readonly state: TrainingState
  readonly best: { readonly step: number; readonly loss: number; readonly average: Float32Array }
}

const vectors = ['parameters', 'firstMoment', 'secondMoment', 'average'] as const

/** Hash of all that decides a training, 16 hexadecimal digits: a saved state belongs to one of them. */
export function trainingHash(recipe: unknown, values: Float64Array): string {
  return createHash('sha256')
    .update(JSON.stringify(recipe))
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex')
    .slice(0, 16)
}

/** Saves the state; a kill in the middle leaves the state before. */
export function saveJointState(path: string, hash: string, { state, best }: JointState): void {
  mkdirSync(join(path, '..'), { recursive: true })
  const header = { hash, step: state.step, size: state.parameters.length, bestStep: best.step, bestLoss: best.loss }
  const arrays = [...vectors.map(name => state[name]), best.average]
  const body = arrays.map(array => Buffer.from(array.buffer, array.byteOffset, array.byteLength))
  writeFileSync(`${path}.partial`, Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), ...body]))
  renameSync(`${path}.partial`, path)
}

/** @throws FusionError MODEL_MISMATCH when the file is of another training or damaged */
export function loadJointState(path: string, hash: string): JointState | null {
  if (!existsSync(path)) return null
  const bytes = readFileSync(path)
  const end = bytes.indexOf(10)
  const header = readHeader(bytes.subarray(0, Math.max(0, end)).toString())
  if (header?.hash !== hash || bytes.length !== end + 1 + 4 * header.size * (vectors.length + 1)) {
    throw new FusionError(
      'MODEL_MISMATCH',
      `${path} belongs to another training or is damaged. Give another --out, or remove the file to start anew.`,
    )
  }
  const at = (k: number) => {
    const from = end + 1 + 4 * header.size * k
    return new Float32Array(new Uint8Array(bytes.subarray(from, from + 4 * header.size)).buffer)
  }
  return {
    state: { step: header.step, parameters: at(0), firstMoment: at(1), secondMoment: at(2), average: at(3) },
    best: { step: header.bestStep, loss: header.bestLoss ?? Number.POSITIVE_INFINITY, average: at(4) },
  }
}

/** A finished training needs it no more. */
export function removeJointState(path: string): void {
  rmSync(path, { force: true })
}

interface Header {
  readonly hash: string
  readonly step: number
  readonly size: number
  readonly bestStep: number
  readonly bestLoss: number | null
}

function readHeader(text: string): Header | null {
  try {
    return JSON.parse(text) as Header
  } catch {
    return null
  }
}
