// The folder of published models: a folder for each, whole or not there. Each is a checkpoint that can be named as any other.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FusionError } from '../../schemas/index.ts'
import type { MissingPattern } from '../calibration/calibrationReport.ts'
import { type BoundCheck, publishingBounds, publishingChecks } from '../calibration/publishingBounds.ts'
import { checkWanted, readCalibrationReport } from '../calibration/reportFile.ts'
import { posteriorGraph, questionGraph } from '../modelGraphs.ts'
import { modelObservables, modelParameters } from '../tokens/layout.ts'
import { type Checkpoint, checkpointFiles, readCheckpoint } from '../training/checkpoint.ts'
import { checkName, ENTRY_FILE, fileOf, originOf, type PublishedModel, parseEntry } from './publishedModel.ts'

export interface PublishRequest {
  /** Of the published models; made where it is not there. */
  readonly folder: string
  readonly name: string
  readonly checkpointFolder: string
  /** JSON that `birthline calibrate` wrote. */
  readonly reportPath: string
  /** What the report has to judge. */
  readonly patterns: readonly MissingPattern[]
  /** As ISO 8601. */
  readonly publishedAt: string
}

export interface ListedModel {
  readonly name: string
  /** `null` where it is damaged. */
  readonly entry: PublishedModel | null
}

/** Samples of one call of the graph that is written. */
export const GRAPH_SAMPLES = 256
const SHOWN_FAILURES = 5

/** Every published model, by name. @throws FusionError FILE_UNREADABLE when the folder cannot be read */
export function listPublished(folder: string): readonly ListedModel[] {
  let names: string[]
  try {
    names = existsSync(folder) ? readdirSync(folder) : []
  } catch (cause) {
    throw new FusionError('FILE_UNREADABLE', `The folder of published models ${folder} cannot be read.`, { cause })
  }
  return names
    .filter(name => !name.startsWith('.') && existsSync(join(folder, name, ENTRY_FILE)))
    .sort()
    .map(name => ({ name, entry: entryOf(folder, name) }))
}

/** @throws FusionError MODEL_MISSING when none has the name, FILE_UNREADABLE when it is damaged */
export function findPublished(folder: string, name: string): PublishedModel {
  if (!existsSync(join(folder, name, ENTRY_FILE)) || name.includes('/')) {
    const known = listPublished(folder).map(one => one.name)
    const there = known.length === 0 ? 'none is published yet' : `there are ${known.join(', ')}`
    throw new FusionError(
      'MODEL_MISSING',
      `No published model in ${folder} is named "${name}", ${there}: \`birthline model publish\` puts one there.`,
    )
  }
  const entry = entryOf(folder, name)
  if (entry !== null) return entry
  throw new FusionError(
    'FILE_UNREADABLE',
    `${join(folder, name, ENTRY_FILE)} is damaged: remove the folder and publish the model anew.`,
  )
}

/** Folder of the published checkpoint with a fingerprint, or null. */
export function publishedFolderOf(folder: string, model: string): string | null {
  const found = listPublished(folder).find(({ entry }) => entry?.model === model)
  return found === undefined ? null : join(folder, found.name)
}

/**
 * Publishes a checkpoint; one that is there already under this name is left as it is.
 *
 * @throws FusionError MODEL_UNCALIBRATED when its calibration does not hold to the bounds, what reading the checkpoint or the
 * report throws, CONFIG_INVALID for a name that is taken or cannot be, FILE_UNWRITABLE
 */
export function publishModel(request: PublishRequest): PublishedModel {
  const { folder, name, checkpointFolder, reportPath, patterns, publishedAt } = request
  checkName(name)
  const checkpoint = readCheckpoint(checkpointFolder)
  const model = checkpoint.fingerprint
  const known = existsSync(join(folder, name)) ? findPublished(folder, name) : null
  if (known !== null && known.model !== model) {
    throw new FusionError(
      'CONFIG_INVALID',
      `The name "${name}" is taken by model ${known.model}, this one is ${model}: give another with --name.`,
    )
  }
  const report = readCalibrationReport(reportPath)
  checkWanted(report, { model, patterns, bounds: publishingBounds }, reportPath)
  const checks = publishingChecks(report, publishingBounds)
  refuseFailed(checkpointFolder, checks)
  if (known !== null) return known
  const contents = new Map<string, Uint8Array>([
    ...checkpointFiles(checkpoint.card).map(file => [file, readFileSync(join(checkpointFolder, file))] as const),
    ['calibration.json', Buffer.from(`${JSON.stringify(report)}\n`)],
    ...graphsOf(checkpoint),
  ])
  const entry: PublishedModel = {
    format: 1,
    name,
    model,
    schema: checkpoint.card.schema,
    ...originOf(checkpoint.card),
    calibration: {
      command: report.command,
      bounds: publishingBounds,
      patternCount: report.patterns.length,
      checkCount: checks.length,
      leastLikely: checks.reduce((least, one) => (one.pValue < least.pValue ? one : least)),
    },
    publishedAt,
    files: Array.from(contents, ([file, bytes]) => fileOf(file, bytes)),
  }
  writeEntry(folder, name, new Map([...contents, [ENTRY_FILE, Buffer.from(`${JSON.stringify(entry, null, 1)}\n`)]]))
  return entry
}

/** The graphs that are written beside a published checkpoint. */
export function graphsOf(checkpoint: Checkpoint): readonly (readonly [file: string, bytes: Uint8Array])[] {
  const parameterSlots = modelParameters.map((_, p) => modelObservables.length + p)
  return [
    ['posterior.onnx', posteriorGraph(checkpoint, GRAPH_SAMPLES).bytes],
    ['question.onnx', questionGraph(checkpoint, parameterSlots).bytes],
  ]
}

function refuseFailed(checkpointFolder: string, checks: readonly BoundCheck[]): void {
  const failed = checks.filter(({ isWithin }) => !isWithin).sort((a, b) => a.pValue - b.pValue)
  if (failed.length === 0) return
  const shown = failed.slice(0, SHOWN_FAILURES).map(({ sentence }) => sentence)
  const more = failed.length - shown.length
  throw new FusionError(
    'MODEL_UNCALIBRATED',
    `The model in ${checkpointFolder} is not published, ${failed.length} of ${checks.length} checks of its calibration fall outside their bounds: ${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`,
    { detail: { failed: failed.length, checks: checks.length } },
  )
}

function entryOf(folder: string, name: string): PublishedModel | null {
  const entry = parseEntry(readFileSync(join(folder, name, ENTRY_FILE), 'utf8'))
  return entry?.name === name ? entry : null
}

/** A kill in the middle leaves a folder that nobody lists. */
function writeEntry(folder: string, name: string, contents: ReadonlyMap<string, Uint8Array>): void {
  const partial = join(folder, `.${name}.partial`)
  try {
    rmSync(partial, { recursive: true, force: true })
    mkdirSync(partial, { recursive: true })
    for (const [file, bytes] of contents) writeFileSync(join(partial, file), bytes)
    renameSync(partial, join(folder, name))
  } catch (cause) {
    throw new FusionError(
      'FILE_UNWRITABLE',
      `The model cannot be written to ${join(folder, name)}: make room or rights there, or name another folder with --published.`,
      { cause },
    )
  }
}
