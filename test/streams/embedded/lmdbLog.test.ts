import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLog } from '../../../streams/openLog.ts'
import { logContract } from '../logContract.ts'

logContract('the embedded log', async topics => {
  const folder = await mkdtemp(join(tmpdir(), 'birthline-log-'))
  return {
    open: () => openLog({ kind: 'embedded', folder, topics }),
    remove: () => rm(folder, { recursive: true }),
  }
})
