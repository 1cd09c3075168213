// Which checkpoint a log's model in force is, and how another takes its place in a process that runs.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openInferPool, ServedModel, serveModel, servingModel } from '../../actors/index.ts'
import { findPublished, pilotFolder, publishedFolderOf, readCheckpoint, SHIPPED } from '../../models/index.ts'
import { FusionError, isFusionError } from '../../schemas/index.ts'
import { type Log, writeTextFile } from '../../streams/index.ts'
import type { CommandLine } from '../commands/commandLine.ts'
import type { Config } from '../settings/config.ts'
import { publishedFolder } from '../stars/publishedModels.ts'

/** A model by the name that it was published under, or `shipped`. */
export interface NamedModel {
  readonly name: string
  readonly model: string
  /** Folder of the checkpoint. */
  readonly folder: string
}

/** @throws FusionError MODEL_MISSING when none has the name, MODEL_MISMATCH or FILE_UNREADABLE when it cannot be used */
export function namedModel(config: Config, name: string): NamedModel {
  if (name === SHIPPED) return { name, folder: pilotFolder, model: readCheckpoint(pilotFolder).fingerprint }
  const published = publishedFolder(config)
  const { model } = findPublished(published, name)
  const folder = join(published, name)
  const found = readCheckpoint(folder).fingerprint
  if (found === model) return { name, folder, model }
  throw new FusionError(
    'MODEL_MISMATCH',
    `The checkpoint in ${folder} is ${found}, it was published as ${model}: \`birthline model verify ${name}\` says what has changed.`,
  )
}

/** Folder of the checkpoint with a fingerprint, of those that are at hand without being named; or null. */
export function folderOf(config: Config, model: string): string | null {
  if (readCheckpoint(pilotFolder).fingerprint === model) return pilotFolder
  return publishedFolderOf(publishedFolder(config), model)
}

/** The checkpoint that the settings name, else the one in force where it is at hand; `null` is the one that comes with birthline. */
export async function servingFolder(config: Config, log: Log): Promise<string | null> {
  if (config.modelFolder !== null) return config.modelFolder
  const serving = await servingModel(log)
  return serving === null ? null : folderOf(config, serving)
}

/** Opens the model in force, and whichever is put in force later. Whoever calls closes it. */
export async function openServed({ config, terminal }: CommandLine, log: Log): Promise<ServedModel> {
  const { device, workers: threads } = config
  const openPool = (checkpointFolder: string | null) => openInferPool({ checkpointFolder, threads, device })
  return new ServedModel(log, await openPool(await servingFolder(config, log)), async model => {
    const folder = folderOf(config, model)
    if (folder === null) return null
    const pool = await openPool(folder)
    terminal.note(`birthline: model ${model} is in force from here on`)
    return pool
  })
}

const LOOK_MS = 500

/** Where a process that holds the log is told which model to put in force: the log itself is its alone. */
function requestPath({ dataFolder }: Config): string {
  return join(dataFolder, 'use-model.json')
}

function readRequest(path: string): string {
  try {
    const { name } = Object(JSON.parse(readFileSync(path, 'utf8')))
    if (typeof name === 'string') return name
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new FusionError('FILE_UNREADABLE', `${path} asks for no model: \`birthline model use NAME\` writes it.`)
}

/** Puts models in force that others ask for meanwhile. @returns what ends it */
export function watchRequests({ config, terminal }: CommandLine, log: Log): () => Promise<void> {
  const path = requestPath(config)
  let working: Promise<void> = Promise.resolve()
  const look = async () => {
    if (!existsSync(path)) return
    try {
      await serveModel(log, namedModel(config, readRequest(path)).model)
    } catch (error) {
      if (!isFusionError(error)) throw error
      // Who asks sees that the request is gone and the model not in force; a log that is ill is told by the pipeline.
      terminal.note(`birthline: no other model is put in force: ${error.message}`)
    } finally {
      rmSync(path, { force: true })
    }
  }
  const timer = setInterval(() => {
    working = working.then(look)
  }, LOOK_MS)
  return async () => {
    clearInterval(timer)
    await working
  }
}

/**
 * Asks the process that holds the log to put a model in force.
 * @param inForce fingerprint of the model in force at present
 * @returns whether it has; false where the signal aborts or nobody takes it up in time, and then the request is taken back
 */
export async function requestModel(
  { config, signal }: Pick<CommandLine, 'config' | 'signal'>,
  { name, model }: NamedModel,
  inForce: () => Promise<string | null>,
  patienceMs: number,
): Promise<boolean> {
  const path = requestPath(config)
  await writeTextFile(path, `${JSON.stringify({ name, model })}\n`)
  try {
    for (let waitedMs = 0; waitedMs < patienceMs && !signal.aborted; waitedMs += LOOK_MS) {
      await new Promise(resolve => setTimeout(resolve, LOOK_MS))
      const isTaken = !existsSync(path)
      if ((await inForce()) === model) return true
      if (isTaken) return false
    }
    return false
  } finally {
    rmSync(path, { force: true })
  }
}
