// One process of scaleBench.ts: the whole pipeline on brokers, with a model that waits and does not work.
// node scaleProcess.js BROKERS PREFIX NUMBER PARTITIONS COST_MS. Each line is a question; it ends with its input.
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { startPipeline } from '../../actors/index.ts'
import type { PosteriorModel } from '../../models/index.ts'
import { openLog } from '../../streams/index.ts'
import { openPosteriorModel } from './closedFormModel.ts'

const [addresses, prefix, number, partitions, costMs] = process.argv.slice(2)

/** One star after another, as a single card would do them, however many batches wait. */
async function waitingModel(starMs: number): Promise<PosteriorModel> {
  const model = await openPosteriorModel()
  let last: Promise<unknown> = Promise.resolve()
  return {
    ...model,
    async infer(stars, options) {
      const mine = last.then(() => sleep(stars.length * starMs))
      last = mine
      await mine
      return model.infer(stars, options)
    },
  }
}

const log = await openLog({
  kind: 'kafka',
  brokers: addresses.split(','),
  prefix,
  transactionalId: `${prefix}${number}`,
  partitions: Number(partitions),
})
const pipeline = startPipeline({ log, model: await waitingModel(Number(costMs)), sampleCount: 256, seed: 1n })
for await (const _ of createInterface({ input: process.stdin })) {
  const inferred = (await pipeline.status()).find(({ group }) => group === 'infer')?.consumed ?? 0
  const { user, system } = process.cpuUsage()
  process.stdout.write(`${JSON.stringify({ inferred, cpuSeconds: (user + system) / 1e6 })}\n`)
}
await pipeline.stop()
await log.close()
