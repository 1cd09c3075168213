// The process that the swap test kills: takes tables in while the model in force changes, and ends when all has gone its way.
// node swappingProcess.mjs LOG_CONFIG SEED SURVEY=TABLE...
import { setTimeout as sleep } from 'node:timers/promises'
import { ServedModel, serveModel, servingModel, startPipeline } from '../../dist/actors/index.js'
import { createRng } from '../../dist/models/index.js'
import { openPosteriorModel } from '../../dist/ops/bench/closedFormModel.js'
import { openLog } from '../../dist/streams/index.js'

const [config, seed, ...tables] = process.argv.slice(2)
const rng = createRng(Number(seed))
const models = ['a', 'b']

async function openNamed(fingerprint) {
  const model = await openPosteriorModel()
  return {
    ...model,
    fingerprint,
    async infer(stars, options) {
      await sleep(rng.integer(30))
      // The parent aims its kills by these: soon after a batch is answered, and so about when it is written.
      process.stdout.write('answered\n')
      return model.infer(stars, options)
    },
    ask: async () => [],
  }
}

const log = await openLog(JSON.parse(config))
const first = (await servingModel(log)) ?? models[0]
await serveModel(log, first)
const served = new ServedModel(log, await openNamed(first), openNamed)
const pipeline = startPipeline({ log, model: served, served, sampleCount: 8, seed: 7n })
let isOver = false
const swapping = (async () => {
  while (!isOver) {
    await sleep(5 + rng.integer(60))
    await serveModel(log, models[rng.integer(2)])
  }
})()
for (const table of tables) {
  const [survey, path] = table.split(/=(.*)/s)
  await pipeline.ingest({ path, survey })
}
await pipeline.idle()
isOver = true
await swapping
await pipeline.stop()
await served.close()
await log.close()
