// The log as those open it who only look: beside whoever writes it, and with a word on what to do where there is none.
import { existsSync } from 'node:fs'
import { FusionError } from '../../schemas/index.ts'
import { type Log, openLog } from '../../streams/index.ts'
import type { Config } from '../config.ts'

/** Folder of the embedded log within the data folder: outputs lie beside it. */
export function logFolder(config: Config): string {
  return `${config.dataFolder}/log`
}

/** @throws FusionError LOG_UNAVAILABLE when there is no log yet, and what opening it throws */
export function openStarLog(config: Config): Promise<Log> {
  const folder = logFolder(config)
  if (!existsSync(folder)) {
    throw new FusionError(
      'LOG_UNAVAILABLE',
      `There is no log in ${config.dataFolder}: run \`birthline run --demo\` or \`birthline ingest\` first, or name another folder with --data.`,
    )
  }
  return openLog({ kind: 'embedded', folder, readOnly: true })
}
