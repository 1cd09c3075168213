// Whether a published model is still what was published: its bytes, its calibration, and that its graphs answer as it does.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isFusionError } from '../../schemas/index.ts'
import { publishingBounds, publishingChecks } from '../calibration/publishingBounds.ts'
import { readCalibrationReport } from '../calibration/reportFile.ts'
import { Session } from '../engine/session.ts'
import { sizeOf } from '../engine/tensorSpec.ts'
import { fillNormals } from '../math/normals.ts'
import { createRng } from '../math/rng.ts'
import { type Checkpoint, readCheckpoint } from '../training/checkpoint.ts'
import { findPublished, graphsOf } from './publishedFolder.ts'
import { fileOf, type PublishedModel } from './publishedModel.ts'

/** Of latents and logits, which are of order one; another release of the engine may round otherwise. */
const TOLERANCE = 1e-3

/**
 * What is wrong with a published model, a sentence each.
 * @throws FusionError MODEL_MISSING when there is none of this name
 */
export async function verifyPublished(folder: string, name: string): Promise<readonly string[]> {
  try {
    const entry = findPublished(folder, name)
    const faults = entry.files.flatMap(file => fileFault(join(folder, name), file))
    if (faults.length > 0) return faults
    const checkpoint = readCheckpoint(join(folder, name))
    if (checkpoint.fingerprint !== entry.model) {
      return [`the checkpoint is ${checkpoint.fingerprint}, the entry says ${entry.model}`]
    }
    return [...calibrationFaults(join(folder, name), entry), ...(await graphFaults(join(folder, name), checkpoint))]
  } catch (error) {
    if (!isFusionError(error) || error.code === 'MODEL_MISSING') throw error
    return [error.message]
  }
}

function fileFault(folder: string, { name, sha256 }: PublishedModel['files'][number]): readonly string[] {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(join(folder, name))
  } catch {
    return [`${name} is not there or cannot be read`]
  }
  return fileOf(name, bytes).sha256 === sha256 ? [] : [`${name} has changed since it was published`]
}

/** The bounds of this birthline may be others than those it was published by. */
function calibrationFaults(folder: string, { model }: PublishedModel): readonly string[] {
  const report = readCalibrationReport(join(folder, 'calibration.json'))
  if (report.modelFingerprint !== model) return ['calibration.json is of another model']
  return publishingChecks(report, publishingBounds)
    .filter(({ isWithin }) => !isWithin)
    .map(({ sentence }) => sentence)
}

async function graphFaults(folder: string, checkpoint: Checkpoint): Promise<readonly string[]> {
  const faults: string[] = []
  for (const [file, bytes] of graphsOf(checkpoint)) {
    const kept = readFileSync(join(folder, file))
    // Tracing gives the same bytes again, unless another birthline wrote them.
    if (Buffer.compare(kept, bytes) === 0) continue
    const stored = await answerOf(kept)
    const traced = await answerOf(bytes)
    // What a later birthline puts out beside it, an earlier graph need not know.
    const isSame = stored.every(([name, values]) => {
      const found = traced.find(([other]) => other === name)?.[1]
      return found?.length === values.length && values.every((value, i) => Math.abs(value - found[i]) <= TOLERANCE)
    })
    if (!isSame) faults.push(`${file} does not answer as the checkpoint does`)
  }
  return faults
}

/** What a graph makes of noise, every token being there. */
async function answerOf(bytes: Uint8Array): Promise<readonly (readonly [name: string, values: Float32Array])[]> {
  const session = await Session.open(bytes)
  try {
    const rng = createRng(1)
    const feeds = session.inputs.map(({ name, shape }) => {
      const values = new Float32Array(sizeOf(shape))
      if (name === 'mask') values.fill(1)
      else fillNormals(rng, values)
      return [name, values] as const
    })
    return Object.entries(await session.run(Object.fromEntries(feeds)))
  } finally {
    await session.close()
  }
}
