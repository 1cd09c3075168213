// The process that killBench kills: takes in tables one after another, or takes one back by its number, and ends when
// every record has gone its way. Before and after spectra it waits for that: which of a star and its spectrum comes first
// would else be a matter of chance.
// node dist/ops/bench/killRun.js LOG_FOLDER (SURVEY=TABLE | spectra=FILE | rollback=NUMBER)...
import { isTakenBack, readDeliveries, SPECTRA, startPipeline } from '../../actors/index.ts'
import { openLog } from '../../streams/index.ts'
import { openPosteriorModel } from './closedFormModel.ts'

const [folder, ...steps] = process.argv.slice(2)

const log = await openLog({ kind: 'embedded', folder })
const pipeline = startPipeline({ log, model: await openPosteriorModel(), sampleCount: 16, seed: 7n })
// The parent aims its kills from here on.
process.stdout.write('started\n')
// What was taken back is not to be taken in anew when the process starts again.
const takenBack = [...(await readDeliveries(log)).values()].filter(isTakenBack).map(({ ordinal }) => Number(ordinal))
for (const [i, step] of steps.entries()) {
  const [name, value] = step.split(/=(.*)/s)
  if (name === 'rollback') await pipeline.rollBack(BigInt(value))
  else if (name === SPECTRA) {
    await pipeline.idle()
    await pipeline.ingest({ path: value, survey: name })
    await pipeline.idle()
  } else if (!takenBack.includes(i + 1)) await pipeline.ingest({ path: value, survey: name })
}
await pipeline.idle()
await pipeline.stop()
await log.close()
