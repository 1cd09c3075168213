// `birthline model`: published models; listed, shown, put there where their calibration allows it, and looked over.
import { basename, resolve } from 'node:path'
import type { ListedModel, PublishedModel } from '../../models/index.ts'
import { judgedPatterns } from '../calibration/missingPatterns.ts'
import { modelInForce, publishedFolder } from '../stars/publishedModels.ts'
import { renderTable } from '../terminal/textTable.ts'
import { type CommandCode, type CommandLine, exitCodes } from './commandLine.ts'

export const listModels: CommandCode = async line => {
  const { listPublished, SHIPPED, readCheckpoint, pilotFolder } = await import('../../models/index.ts')
  const { config, terminal } = line
  const listed = listPublished(publishedFolder(config))
  const inForce = await modelInForce(config)
  const shipped = readCheckpoint(pilotFolder).fingerprint
  if (terminal.isJson) {
    const models = listed.map(({ name, entry }) => ({
      ...(entry === null ? { name, isDamaged: true } : { ...entry, isDamaged: false }),
      isInForce: entry !== null && entry.model === inForce,
    }))
    await terminal.print(JSON.stringify({ inForce, shipped, models }))
    return exitCodes.ok
  }
  const mark = (model: string | undefined) => (model !== undefined && model === inForce ? 'in force' : '')
  const rows = [
    [SHIPPED, shipped, 'comes with birthline', '', mark(shipped)],
    ...listed.map(({ name, entry }) => [name, ...describe(entry), mark(entry?.model)]),
  ]
  const titles = ['Name', 'Model', 'Published', 'Checks', ''].map(title => ({ title }))
  for (const text of renderTable(titles, rows)) await terminal.print(text)
  if (inForce !== null && ![shipped, ...listed.map(({ entry }) => entry?.model)].includes(inForce)) {
    await terminal.print(`In force is model ${inForce}, which is not published here.`)
  }
  return exitCodes.ok
}

function describe(entry: ListedModel['entry']): readonly string[] {
  if (entry === null) return ['damaged', '', '']
  const { model, publishedAt, calibration } = entry
  return [model, publishedAt, `${calibration.checkCount} in ${calibration.patternCount} patterns`]
}

export const showModel: CommandCode = async (line, args) => {
  const { findPublished } = await import('../../models/index.ts')
  const { config, terminal } = line
  const entry = findPublished(publishedFolder(config), args[0])
  await terminal.print(terminal.isJson ? JSON.stringify(entry) : textOf(entry, line).join('\n'))
  return exitCodes.ok
}

function textOf(entry: PublishedModel, { config }: CommandLine): readonly string[] {
  const { name, model, publishedAt, schema, calibration, files } = entry
  const told = (value: string | number | null) => value ?? 'not told by its card'
  const { falseAlarmRate } = calibration.bounds
  return [
    `${name}: model ${model}, published ${publishedAt}`,
    `Trained by recipe ${told(entry.recipeHash)} with seed ${told(entry.seed)}, on stars of simulator ${told(entry.simulator)}, fingerprint ${told(entry.data)}; vocabulary ${schema}.`,
    `Scores: ${scoresText(entry)}.`,
    `Calibration: ${calibration.checkCount} checks in ${calibration.patternCount} patterns within their bounds, at ${100 * falseAlarmRate}% false alarms; made by \`${calibration.command}\`.`,
    `Least likely by chance: ${calibration.leastLikely.sentence}.`,
    `Files in ${resolve(publishedFolder(config), name)}:`,
    ...files.map(({ name: file, sizeBytes, sha256 }) => `  ${file}  ${sizeBytes} bytes  sha256 ${sha256}`),
  ]
}

/** Numbers that stand at the top of what the card tells. */
function scoresText({ scores }: PublishedModel): string {
  const numbers = Object.entries(Object(scores.lastLoss)).filter(([, value]) => typeof value === 'number')
  const texts = numbers.map(([key, value]) => `${key} ${Number((value as number).toPrecision(5))}`)
  return texts.length === 0 ? 'none told by its card' : texts.join(', ')
}

export const publish: CommandCode = async (line, args, values) => {
  const { pixelSpectraOf, publishModel, readCheckpoint } = await import('../../models/index.ts')
  const { config, terminal, workingFolder } = line
  const checkpointFolder = resolve(workingFolder, args[0])
  const { card } = readCheckpoint(checkpointFolder)
  const entry = publishModel({
    folder: publishedFolder(config),
    name: typeof values.name === 'string' ? values.name : basename(checkpointFolder),
    checkpointFolder,
    reportPath: resolve(workingFolder, String(values.calibration)),
    patterns: judgedPatterns(pixelSpectraOf(card)),
    publishedAt: new Date().toISOString(),
  })
  if (terminal.isJson) await terminal.print(JSON.stringify(entry))
  else {
    await terminal.print(
      `Model ${entry.model} is published as ${entry.name}: ${entry.calibration.checkCount} checks of its calibration are within their bounds.`,
    )
    await terminal.print(`Next: birthline model show ${entry.name}`)
  }
  return exitCodes.ok
}

export const verifyModels: CommandCode = async (line, args) => {
  const { listPublished, verifyPublished } = await import('../../models/index.ts')
  const { config, terminal } = line
  const folder = publishedFolder(config)
  const names = args.length > 0 ? args : listPublished(folder).map(({ name }) => name)
  const found: { readonly name: string; readonly faults: readonly string[] }[] = []
  for (const name of names) {
    const faults = await verifyPublished(folder, name)
    found.push({ name, faults })
    if (terminal.isJson) continue
    await terminal.print(faults.length === 0 ? `${name}: as it was published` : `${name}: ${faults.join('; ')}`)
  }
  const isSound = found.every(({ faults }) => faults.length === 0)
  if (terminal.isJson) await terminal.print(JSON.stringify({ isSound, models: found }))
  else if (names.length === 0) await terminal.print('No model is published yet.')
  return isSound ? exitCodes.ok : exitCodes.failure
}
