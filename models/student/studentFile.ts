// A student on disk, beside the model that taught it: student.bin, one line of JSON and the weights.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FusionError } from '../../schemas/index.ts'
import { layOut, packParameters, unpackParameters } from '../engine/parameterLayout.ts'
import type { JointModel } from '../joint/jointTrainer.ts'
import { type ArrayFile, readArrays, writeArrays } from '../training/wholeFile.ts'
import { type MixtureConfig, mixtureWeights } from './mixtureNetwork.ts'
import { studentScale } from './studentScale.ts'
import type { StudentModel, StudentRecipe } from './studentTrainer.ts'

const FORMAT = 2
const FILE = 'student.bin'

interface Header {
  readonly format: number
  readonly size: number
  /** Hash of the teacher's weights: another teacher's student would answer in other coordinates. */
  readonly teacher: string
  readonly config: MixtureConfig
  readonly recipe: StudentRecipe
}

const teacherHash = (folder: string) =>
  createHash('sha256')
    .update(readFileSync(join(folder, 'weights.bin')))
    .digest('hex')
    .slice(0, 16)

/** @param folder of the model that taught it */
export function writeStudentFile(folder: string, recipe: StudentRecipe, { config, weights }: StudentModel): void {
  const layout = layOut(mixtureWeights(config))
  const header: Header = { format: FORMAT, size: layout.size, teacher: teacherHash(folder), config, recipe }
  writeArrays(join(folder, FILE), header, [packParameters(layout, weights)])
}

/** @throws FusionError MODEL_MISSING when there is none, MODEL_MISMATCH when it is damaged or of another teacher */
export function readStudentFile(folder: string, task: string, { variables, base }: JointModel): StudentModel {
  const file = readFile(folder)
  if (file === null) {
    throw new FusionError(
      'MODEL_MISSING',
      `The model in ${folder} has no student: teach one with "birthline task ${task} distil --model ${folder}".`,
    )
  }
  const { header, count, at } = file
  const isWhole = header.format === FORMAT && count === 1 && header.size === layOut(mixtureWeights(header.config)).size
  if (!isWhole || header.teacher !== teacherHash(folder)) {
    throw new FusionError(
      'MODEL_MISMATCH',
      `${join(folder, FILE)} is damaged or of another model: teach the student anew with "birthline task ${task} distil --model ${folder}".`,
    )
  }
  const weights = unpackParameters(layOut(mixtureWeights(header.config)), at(0))
  return { config: header.config, scale: studentScale(variables, base), weights }
}

function readFile(folder: string): ArrayFile<Header> | null {
  try {
    return readArrays<Header>(join(folder, FILE))
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new FusionError('MODEL_MISMATCH', `${join(folder, FILE)} is damaged: teach the student anew.`, { cause })
  }
}
