// A published model as it lies on disk: a checkpoint with what it was made from, how it was judged, and its graphs.
import { createHash } from 'node:crypto'
import { FusionError } from '../../schemas/index.ts'
import type { BoundCheck, PublishingBounds } from '../calibration/publishingBounds.ts'
import type { ModelCard } from '../training/modelCard.ts'

export interface PublishedFile {
  readonly name: string
  readonly sizeBytes: number
  readonly sha256: string
}

export interface PublishedModel {
  readonly format: 1
  readonly name: string
  /** Fingerprint: every posterior of it carries this. */
  readonly model: string
  /** Fingerprint of the vocabulary it was trained with. */
  readonly schema: string
  /** What it was trained by, as its card tells; `null` where that does not. */
  readonly recipe: unknown
  readonly recipeHash: string | null
  readonly seed: number | null
  readonly simulator: string | null
  /** Fingerprint of the stars it was trained on; `null` where the training kept none. */
  readonly data: string | null
  /** Loss and trials of samplers, as its card tells. */
  readonly scores: Readonly<Record<string, unknown>>
  readonly calibration: PublishedCalibration
  readonly publishedAt: string
  readonly files: readonly PublishedFile[]
}

export interface PublishedCalibration {
  /** The command that makes the report again. */
  readonly command: string
  readonly bounds: PublishingBounds
  readonly patternCount: number
  readonly checkCount: number
  /** The check that chance explains least; its value may lie within the bound. */
  readonly leastLikely: BoundCheck
}

export const ENTRY_FILE = 'published.json'

/** The checkpoint that comes with birthline goes by this name. */
export const SHIPPED = 'shipped'

/** @throws FusionError CONFIG_INVALID for what cannot be the name of a published model */
export function checkName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name) && name !== SHIPPED) return
  throw new FusionError(
    'CONFIG_INVALID',
    `"${name}" cannot be the name of a model: it takes letters, digits, dots, dashes and underscores, begins with a letter or digit, has at most 64, and is not "${SHIPPED}". Give another with --name.`,
  )
}

/** What a card tells of the making of its model. */
export function originOf({
  training,
}: ModelCard): Pick<PublishedModel, 'recipe' | 'recipeHash' | 'seed' | 'simulator' | 'data' | 'scores'> {
  const { recipe = null, recipeHash, simulator, data, ...scores } = training
  const seed = Object(recipe).seed
  return {
    recipe,
    recipeHash: textOrNull(recipeHash),
    seed: typeof seed === 'number' ? seed : null,
    simulator: textOrNull(simulator),
    data: textOrNull(data),
    scores,
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** What an entry keeps of a file, to know it by. */
export function fileOf(name: string, bytes: Uint8Array): PublishedFile {
  return { name, sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** An entry as it was written, or null where it is damaged. */
export function parseEntry(text: string): PublishedModel | null {
  try {
    const entry = JSON.parse(text) as PublishedModel
    const { format, name, model, schema, publishedAt, calibration, files } = entry
    const isWhole =
      format === 1 &&
      [name, model, schema, publishedAt, calibration.command, calibration.leastLikely.sentence].every(
        one => typeof one === 'string',
      ) &&
      [calibration.patternCount, calibration.checkCount].every(Number.isInteger) &&
      files.length > 0 &&
      files.every(
        ({ name: file, sizeBytes, sha256 }) => /^[\w.]+$/.test(file) && sizeBytes >= 0 && sha256.length === 64,
      )
    return isWhole ? entry : null
  } catch {
    return null
  }
}
