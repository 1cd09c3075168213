// The process that killBench kills: takes in tables one after another, and ends when every record has gone its way.
// node dist/ops/bench/killRun.js LOG_FOLDER SURVEY=TABLE...
import { startPipeline } from '../../actors/index.ts'
import { openLog } from '../../streams/index.ts'
import { openPosteriorModel } from './closedFormModel.ts'

const [folder, ...tables] = process.argv.slice(2)

const log = await openLog({ kind: 'embedded', folder })
const pipeline = startPipeline({ log, model: await openPosteriorModel(), sampleCount: 16, seed: 7n })
// The parent aims its kills from here on.
process.stdout.write('started\n')
for (const table of tables) {
  const [survey, path] = table.split(/=(.*)/s)
  await pipeline.ingest({ path, survey })
}
await pipeline.idle()
await pipeline.stop()
await log.close()
