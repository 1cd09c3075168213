// Stars per second against the number of processes that share one Kafka broker, which is started here. Inference waits
// instead of working, as if each process had a card of its own, so that what is measured is how the work is shared.
// node dist/ops/bench/scaleBench.js [--json] [--processes 1,2,4,8] [--stars 200] [--cost 50] [--partitions 16]
//   --stars: for each process; --cost: ms a star
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { packageFile } from '../../schemas/index.ts'
import { openLog } from '../../streams/index.ts'
import { type Broker, startBroker } from '../kafka/kafkaBroker.ts'
import { makeKnownStars } from './arrivals.ts'
import { describeCommand, describeMachine, renderMachine } from './harness.ts'
import { type LineProcess, startLineProcess } from './lineProcess.ts'
import { readGroupCpuSeconds } from './processTime.ts'
import { quantile, windowRate } from './statistics.ts'

const SEED = 9
/** Of each process, before the measured stars: connections, compilers, and proof that it has its partitions. */
const WARM_UP_STARS = 20
/** Counted is the time in which all processes are busy: not while work begins, nor while it runs out. */
const WINDOW = { from: 0.1, to: 0.8 }
/** Of the processes' rate, were each as fast as one alone, what the last step must reach while cores are left. */
const WANTED_EFFICIENCY = 0.85

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    processes: { type: 'string', default: '1,2,4,8' },
    stars: { type: 'string', default: '200' },
    cost: { type: 'string', default: '50' },
    partitions: { type: 'string', default: '16' },
  },
})
const counts = flags.processes.split(',').map(Number)
const [starsPerProcess, costMs, partitions] = [flags.stars, flags.cost, flags.partitions].map(Number)

interface Row {
  readonly processes: number
  readonly starsPerSecond: number
  /** Its rate over that of the first row, by the number of processes. */
  readonly efficiency: number
  /** Stars of the process that had the fewest and of the one that had the most. */
  readonly shares: readonly [number, number]
  /** Busy on average while it was measured, of all processes and of the broker. */
  readonly cores: number
  readonly brokerCores: number | null
}

interface Counted {
  readonly inferred: number
  readonly cpuSeconds: number
}

async function measure(broker: Broker, processes: number, folder: string): Promise<Omit<Row, 'efficiency'>> {
  const prefix = `scale${processes}.`
  const log = await openLog({
    kind: 'kafka',
    brokers: broker.addresses,
    prefix,
    transactionalId: `${prefix}driver`,
    partitions,
  })
  const script = packageFile('dist', 'ops', 'bench', 'scaleProcess.js')
  const settings = [broker.addresses.join(','), prefix]
  const children: LineProcess[] = []
  const stop = new AbortController()
  try {
    const warmUp = WARM_UP_STARS * processes
    const { news } = await makeKnownStars(folder, warmUp + starsPerProcess * processes, SEED)
    const reader = log.openReader({ topics: ['posteriors'] })
    const seenMs: number[] = []
    const readUntil = async (count: number) => {
      while (seenMs.length < count) {
        const batch = await reader.next(stop.signal)
        const nowMs = performance.now()
        for (const _ of batch?.records ?? []) seenMs.push(nowMs)
      }
    }
    for (let i = 0; i < processes; i++) {
      children.push(startLineProcess(process.execPath, [script, ...settings, `${i}`, flags.partitions, flags.cost]))
    }
    const ask = async () => (await Promise.all(children.map(child => child.ask({})))) as unknown as readonly Counted[]
    await ask()
    // The last to come takes its partitions over.
    await sleep(3000)
    await log.transact({ outputs: news.slice(0, warmUp).map(({ output }) => output) })
    await readUntil(warmUp)
    const before = await ask()
    const brokerBefore = readGroupCpuSeconds(broker.processGroups)
    const startMs = performance.now()
    await log.transact({ outputs: news.slice(warmUp).map(({ output }) => output) })
    await readUntil(news.length)
    const seconds = (performance.now() - startMs) / 1000
    const after = await ask()
    const brokerAfter = readGroupCpuSeconds(broker.processGroups)
    const shares = after.map(({ inferred }, i) => inferred - before[i].inferred)
    const cpuSeconds = after.reduce((sum, one, i) => sum + one.cpuSeconds - before[i].cpuSeconds, 0)
    await reader.close()
    return {
      processes,
      starsPerSecond: windowRate(seenMs.slice(warmUp), WINDOW),
      shares: [quantile(shares, 0), quantile(shares, 1)],
      cores: cpuSeconds / seconds,
      brokerCores: brokerBefore === null || brokerAfter === null ? null : (brokerAfter - brokerBefore) / seconds,
    }
  } finally {
    stop.abort()
    await Promise.all(children.map(child => child.close()))
    await log.close()
  }
}

const folder = mkdtempSync(join(tmpdir(), 'birthline-bench-'))
let broker: Broker | null = null
try {
  broker = await startBroker()
  const rows: Row[] = []
  for (const processes of counts) {
    const row = await measure(broker, processes, folder)
    const [first = row] = rows
    const efficiency = (row.starsPerSecond * first.processes) / (first.starsPerSecond * row.processes)
    rows.push({ ...row, efficiency })
  }
  const machine = describeMachine()
  const cores = availableParallelism()
  // Where the machine itself is full, more processes cannot help.
  const withRoom = rows.filter(row => row.cores + (row.brokerCores ?? 0) < 0.8 * cores)
  const isReached = withRoom.every(({ efficiency }) => efficiency >= WANTED_EFFICIENCY)
  if (flags.json) {
    const setting = { command: describeCommand(), machine, starsPerProcess, costMs, partitions }
    process.stdout.write(
      `${JSON.stringify({ ...setting, rows, wantedEfficiency: WANTED_EFFICIENCY, isReached }, null, 2)}\n`,
    )
  } else {
    const cells = rows.map(row => [
      `${row.processes}`,
      row.starsPerSecond.toFixed(1),
      row.efficiency.toFixed(2),
      row.shares.join(' to '),
      row.cores.toFixed(2),
      row.brokerCores?.toFixed(2) ?? '?',
    ])
    const heading = ['processes', 'stars/s', 'efficiency', 'stars each', 'cores', 'broker cores']
    const lines = [heading, ...cells].map(line => line.map(cell => cell.padStart(13)).join(''))
    const what = `${starsPerProcess} stars for each process, ${costMs} ms a star, ${partitions} partitions: at most ${1000 / costMs} stars/s a process`
    const verdict = `wanted: at least ${WANTED_EFFICIENCY} while cores are left; ${isReached ? 'reached' : 'missed'}`
    process.stdout.write(`${[describeCommand(), renderMachine(machine), what, ...lines, verdict].join('\n')}\n`)
  }
} finally {
  await broker?.stop()
  rmSync(folder, { recursive: true, force: true })
}
