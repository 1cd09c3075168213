// The process that killBench kills: takes in tables one after another, or takes one back by its number, and ends when
// every record has gone its way. Before and after spectra it waits for that: which of a star and its spectrum comes first
// would else be a matter of chance.
// node dist/ops/bench/killRun.js LOG_FOLDER (SURVEY=TABLE | spectra=FILE | rollback=NUMBER | subscribe=NAME:FILTER)...
import { setTimeout as sleep } from 'node:timers/promises'
import {
  groupLag,
  isTakenBack,
  notifyGroup,
  readDeliveries,
  readSubscription,
  SPECTRA,
  saveSubscription,
  startPipeline,
} from '../../actors/index.ts'
import { openLog, topics } from '../../streams/index.ts'
import { openPosteriorModel } from './closedFormModel.ts'
import { historyTopics } from './subscriptionHistory.ts'

const [folder, ...steps] = process.argv.slice(2)

const SUBSCRIBE = 'subscribe'
const notifies = steps.some(step => step.startsWith(SUBSCRIBE))
const log = await openLog({ kind: 'embedded', folder, topics: notifies ? historyTopics : topics })
const pipeline = startPipeline({ log, model: await openPosteriorModel(), sampleCount: 16, seed: 7n, notifies })
// The parent aims its kills from here on.
process.stdout.write('started\n')
// What was taken back is not to be taken in anew when the process starts again.
const takenBack = [...(await readDeliveries(log)).values()].filter(isTakenBack).map(({ ordinal }) => Number(ordinal))
for (const [i, step] of steps.entries()) {
  const [name, value] = step.split(/=(.*)/s)
  if (name === SUBSCRIBE) {
    const [id, where] = value.split(/:(.*)/s)
    const wanted = { id, name: id, where, moc: null, watchlist: [], createdMs: 1n }
    if ((await readSubscription(log, id)) === null) await saveSubscription(log, wanted)
  } else if (name === 'rollback') await pipeline.rollBack(BigInt(value))
  else if (name === SPECTRA) {
    await pipeline.idle()
    await pipeline.ingest({ path: value, survey: name })
    await pipeline.idle()
  } else if (!takenBack.includes(i + 1)) await pipeline.ingest({ path: value, survey: name })
}
await pipeline.idle()
while (notifies && (await groupLag(log, notifyGroup.group, notifyGroup.topics)) > 0) await sleep(5)
await pipeline.stop()
await log.close()
