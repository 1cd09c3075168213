// Where published models lie, and which of them the log has in force.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { servingModel } from '../../actors/index.ts'
import type { Config } from '../settings/config.ts'
import { logFolder, openStarLog } from './openStarLog.ts'

export function publishedFolder({ publishedFolder: folder, dataFolder }: Config): string {
  return folder ?? join(dataFolder, 'models')
}

/** Fingerprint of the model in force; `null` where there is no log yet, or it never had one. @throws what opening the log throws */
export async function modelInForce(config: Config): Promise<string | null> {
  if (config.kafkaBrokers === null && !existsSync(logFolder(config))) return null
  const log = await openStarLog(config)
  try {
    return await servingModel(log)
  } finally {
    await log.close()
  }
}
