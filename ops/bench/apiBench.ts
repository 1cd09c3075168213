// What one server gives to those who ask while its pipeline infers: summaries in lists, and posteriors with their samples.
// node dist/ops/bench/apiBench.js [--json] [--seconds 10] [--stars 2000] [--samples 256] [--workers 1] [--limit 100] [--clients 4]
// The clients run in a process of their own, as clients do; its processor time is told beside that of the server.
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { openInferPool, startPipeline } from '../../actors/index.ts'
import { openLog, registrySubjects } from '../../streams/index.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { startServer } from '../server/server.ts'
import { describeCommand, describeMachine, renderMachine } from './harness.ts'
import { writeSampleSurveys } from './sampleSurveys.ts'

const WANTED = { summaries: 3000, posteriors: 300 } as const
const SEED = 11

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '10' },
    stars: { type: 'string', default: '2000' },
    samples: { type: 'string', default: '256' },
    workers: { type: 'string', default: '1' },
    limit: { type: 'string', default: '100' },
    clients: { type: 'string', default: '4' },
    ask: { type: 'string' },
    url: { type: 'string' },
  },
})
const [seconds, starCount, sampleCount, threads, limit, clients] = [
  ...[flags.seconds, flags.stars, flags.samples, flags.workers, flags.limit, flags.clients],
].map(Number)

type Asked = keyof typeof WANTED

interface Tally {
  readonly items: number
  readonly wallS: number
  readonly cpuS: number
}

const cpuSeconds = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** The clients' side: asks until the time is over, each client one question at a time. */
async function askOn(url: string, asked: Asked): Promise<Tally> {
  const list = async (after: string | null) => {
    const response = await fetch(`${url}/v1/stars?limit=${limit}${after === null ? '' : `&after=${after}`}`)
    if (!response.ok) throw new RangeError(`apiBench: the server answered ${response.status}`)
    return (await response.json()) as {
      readonly stars: readonly { readonly starId: string }[]
      readonly next: string | null
    }
  }
  const ids = (await list(null)).stars.map(({ starId }) => starId)
  const [start, startCpu] = [performance.now(), cpuSeconds()]
  const isOver = () => performance.now() - start > 1000 * seconds
  let items = 0
  const client = async (number: number) => {
    let after: string | null = null
    for (let i = number; !isOver(); i += clients) {
      if (asked === 'summaries') {
        const page = await list(after)
        items += page.stars.length
        after = page.next
      } else {
        const response = await fetch(`${url}/v1/stars/${encodeURIComponent(ids[i % ids.length])}/posterior`)
        const { samples } = (await response.json()) as { readonly samples: Readonly<Record<string, readonly number[]>> }
        if (Object.values(samples)[0].length !== sampleCount) throw new RangeError('apiBench: samples are missing')
        items++
      }
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)))
  return { items, wallS: (performance.now() - start) / 1000, cpuS: cpuSeconds() - startCpu }
}

function tallyOf(child: ChildProcess): Promise<Tally> {
  return new Promise((resolve, reject) => {
    child.once('message', tally => resolve(tally as Tally))
    child.once('error', reject)
    child.once('exit', code => reject(new RangeError(`apiBench: the clients ended with ${code}`)))
  })
}

async function measure(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'birthline-bench-'))
  const model = await openInferPool({ checkpointFolder: null, threads })
  const log = await openLog({ kind: 'embedded', folder: join(folder, 'log') })
  const pipeline = startPipeline({ log, model, sampleCount, seed: 1n })
  const metrics = createMetrics(log, [], () => performance.now())
  const server = await startServer(
    {
      ...{ version: 'bench', log, metrics, dataFolder: folder, tls: null, questions: null, model: model.fingerprint },
      ...{ trouble: () => null, subjects: registrySubjects(''), access: { tokens: [], health: 'open' } },
      limits: {
        ...{ maxBodyBytes: 65_536, requestsPerMinute: 1e9, maxSubscribers: 10, heartbeatMs: 15_000 },
        ...{ headTimeoutMs: 10_000, requestTimeoutMs: 30_000, closeGraceMs: 1000 },
      },
      report(error) {
        throw error
      },
    },
    '127.0.0.1',
    0,
  )
  const inferred = async () => (await pipeline.status()).find(({ group }) => group === 'infer')?.consumed ?? 0
  try {
    const plan = { starCount, starsPerDeg2: 2000, surveys: ['gaiaDr3', 'twoMass'] as const }
    const [first] = await writeSampleSurveys(folder, { ...plan, seed: SEED })
    await pipeline.ingest(first)
    await pipeline.idle()
    const rows = []
    // More stars than can be inferred meanwhile, so that the pipeline has work all the time.
    const more = mkdtempSync(join(folder, 'more-'))
    for (const table of await writeSampleSurveys(more, { ...plan, starCount: 20 * starCount, seed: SEED + 1 }))
      await pipeline.ingest(table)
    for (const asked of ['summaries', 'posteriors'] as const) {
      const [startCpu, before] = [cpuSeconds(), await inferred()]
      const args = [...process.argv.slice(2), '--ask', asked, '--url', server.url]
      const tally = await tallyOf(fork(fileURLToPath(import.meta.url), args))
      const served = { cpuS: cpuSeconds() - startCpu, inferred: (await inferred()) - before }
      rows.push({
        asked,
        perSecond: tally.items / tally.wallS,
        wanted: WANTED[asked],
        serverCores: served.cpuS / tally.wallS,
        clientCores: tally.cpuS / tally.wallS,
        perServerCpuSecond: tally.items / served.cpuS,
        starsInferredPerSecond: served.inferred / tally.wallS,
      })
    }
    const machine = describeMachine()
    if (flags.json) process.stdout.write(`${JSON.stringify({ machine, rows }, null, 2)}\n`)
    else {
      const lines = rows.map(row => {
        const load = `${row.starsInferredPerSecond.toFixed(0)} stars/s inferred beside it`
        const cores = `server and pipeline ${row.serverCores.toFixed(2)} cores, clients ${row.clientCores.toFixed(2)}`
        return `${row.asked}: ${row.perSecond.toFixed(0)} a second, wanted ${row.wanted}; ${load}; ${cores}`
      })
      process.stdout.write(`${describeCommand()}\n${renderMachine(machine)}\n${lines.join('\n')}\n`)
    }
  } finally {
    await server.close()
    metrics.close()
    await pipeline.stop()
    await log.close()
    await model.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

if (flags.ask === undefined) await measure()
else process.send?.(await askOn(String(flags.url), flags.ask as Asked), () => process.disconnect())
