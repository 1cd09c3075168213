// `birthline export`: the catalogue as a table of any format.
import { resolve } from 'node:path'
import { writeCatalogue } from '../stars/catalogueWriter.ts'
import { parseCondition } from '../stars/classFeed.ts'
import { openStarLog } from '../stars/openStarLog.ts'
import { openProgress } from '../terminal/progressLine.ts'
import { type CommandCode, exitCodes } from './commandLine.ts'
import { readOption } from './failure.ts'

export const exportCatalogue: CommandCode = async (line, _args, values) => {
  const { terminal, signal, nowMs } = line
  const path = resolve(line.workingFolder, String(values.out))
  const { class: className, above } = values
  const condition = typeof className === 'string' ? readOption(() => parseCondition(className, String(above))) : null
  const log = await openStarLog(line.config)
  const progress = openProgress(terminal, 'exporting', 'stars', nowMs)
  try {
    const starCount = await writeCatalogue(log, path, {
      condition,
      signal,
      onProgress: done => progress.update(done, null),
    })
    progress.end()
    await terminal.print(terminal.isJson ? JSON.stringify({ path, starCount }) : `${starCount} stars in ${path}`)
    return exitCodes.ok
  } finally {
    progress.end()
    await log.close()
  }
}
