// Takes a file in, batch by batch, or puts all dead letters back, and tells how that goes, one JSON a line. Before its sixth
// batch it waits while a file of the same name that ends in `.hold` is there.
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { ingestFile, redriveDeadLetters } from '../../../dist/actors/index.js'
import { subscribe } from '../../../dist/schemas/index.js'
import { openLog } from '../../../dist/streams/index.js'

const [brokers, prefix, transactionalId, path] = process.argv.slice(2)
const tell = what => console.log(JSON.stringify(what))
subscribe('notice', ({ message }) => tell({ message }))
const log = await openLog({
  ...{ kind: 'kafka', brokers: brokers.split(','), prefix, transactionalId: `${prefix}${transactionalId}` },
  ...{ sessionTimeoutMs: 2000, transactionTimeoutMs: 5000 },
})
tell({ message: 'open' })
const signal = new AbortController().signal
let batches = 0
const waitForRoom = async () => {
  tell({ batches: batches++ })
  await sleep(25)
  while (batches > 5 && existsSync(`${path}.hold`)) await sleep(25)
}
if (path === '') tell(await redriveDeadLetters(log, { isWanted: () => true, signal }))
else {
  const control = { signal, waitForRoom, batchRows: 20 }
  const { delivery, isRepeat } = await ingestFile(log, { path, survey: 'gaiaDr3' }, control)
  tell({ isRepeat, ordinal: Number(delivery.ordinal), rowCount: Number(delivery.rowCount) })
}
await log.close()
