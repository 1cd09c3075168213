// `birthline release`: a data release out of the log, and whether one is still as it was written.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { FusionError, parseFilter } from '../../schemas/index.ts'
import { programVersion } from '../programVersion.ts'
import { checkFolder } from '../release/checksums.ts'
import { type ReleaseFormat, releaseFormats, writeRelease } from '../release/releaseRun.ts'
import { folderOf } from '../runs/modelInForce.ts'
import { openStarLog } from '../stars/openStarLog.ts'
import { openProgress } from '../terminal/progressLine.ts'
import { type CommandCode, exitCodes } from './commandLine.ts'
import { readOption, UsageError } from './failure.ts'

export const release: CommandCode = async (line, args, values) => {
  const { config, terminal, signal, nowMs } = line
  const folder = resolve(line.workingFolder, args[0])
  const where = typeof values.where === 'string' ? values.where : ''
  const filter = readOption(() => parseFilter({ where, moc: null, watchlist: [] }))
  const formats = formatsOf(String(values.format))
  const date = dateOf(values.date)
  const log = await openStarLog(config)
  const progress = openProgress(terminal, 'releasing', 'stars', nowMs)
  try {
    const { starCount } = await writeRelease(log, folder, {
      title: typeof values.title === 'string' ? values.title : 'birthline: newest posterior of every star',
      formats,
      filter,
      hasSamples: values.samples !== false && formats.includes('parquet'),
      date,
      birthline: programVersion(),
      folderOf: model => folderOf(config, model),
      signal,
      onProgress: done => progress.update(done, null),
    })
    progress.end()
    await terminal.print(terminal.isJson ? JSON.stringify({ folder, starCount }) : `${starCount} stars in ${folder}`)
    return exitCodes.ok
  } finally {
    progress.end()
    await log.close()
  }
}

export const checkRelease: CommandCode = async ({ terminal, workingFolder }, args) => {
  const folder = resolve(workingFolder, args[0])
  if (!existsSync(folder)) {
    throw new FusionError(
      'FILE_UNREADABLE',
      `There is no folder ${folder}: give the one that \`birthline release\` wrote.`,
    )
  }
  const { fileCount, faults } = await checkFolder(folder)
  if (terminal.isJson) await terminal.print(JSON.stringify({ folder, fileCount, faults }))
  else {
    for (const fault of faults) await terminal.print(fault)
    if (faults.length === 0) await terminal.print(`All ${fileCount} files are as they were written.`)
  }
  return faults.length === 0 ? exitCodes.ok : exitCodes.failure
}

function formatsOf(text: string): readonly ReleaseFormat[] {
  const names = text.split(',').map(name => name.trim())
  return names.map(name => {
    const found = releaseFormats.find(format => format === name)
    if (found === undefined) {
      throw new UsageError(
        `--format knows ${releaseFormats.join(', ')}, not "${name.slice(0, 40)}": give them separated by commas.`,
      )
    }
    return found
  })
}

function dateOf(value: string | boolean | undefined): string | null {
  if (typeof value !== 'string') return null
  const time = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(value) : Number.NaN
  // The 31st of a shorter month is a day of the next one to some.
  const isDay = !Number.isNaN(time) && new Date(time).toISOString().startsWith(value)
  if (!isDay) throw new UsageError(`--date is a day such as 2026-01-31, not "${value.slice(0, 40)}".`)
  return value
}
