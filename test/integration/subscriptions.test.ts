import { openLog } from '../../streams/openLog.ts'
import { temporaryFolder } from '../actors/logFolder.ts'
import { subscriptionContract } from './subscriptionContract.ts'

subscriptionContract('subscriptions over the embedded log', async topics =>
  openLog({ kind: 'embedded', folder: await temporaryFolder(), topics }),
)
