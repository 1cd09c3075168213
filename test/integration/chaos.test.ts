import { openLog } from '../../streams/openLog.ts'
import { temporaryFolder } from '../actors/logFolder.ts'
import { chaosContract } from './chaosContract.ts'

chaosContract('actors over the embedded log', async topics =>
  openLog({ kind: 'embedded', folder: await temporaryFolder(), topics }),
)
