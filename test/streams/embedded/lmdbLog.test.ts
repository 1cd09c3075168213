import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLog } from '../../../streams/openLog.ts'
import type { Topic } from '../../../streams/topics.ts'
import { keepingContract } from '../keepingContract.ts'
import { type LogPlace, logContract } from '../logContract.ts'

async function makePlace(topics: readonly Topic[]): Promise<LogPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'birthline-log-'))
  return {
    open: () => openLog({ kind: 'embedded', folder, topics }),
    remove: () => rm(folder, { recursive: true }),
  }
}

logContract('the embedded log', makePlace)
keepingContract('the embedded log', makePlace)
