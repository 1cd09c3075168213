// How long a partition goes without outputs: when its process is killed and another one takes over, with and without the
// state kept up there, and when a process starts, with and without a state of its own; for states of several sizes, on a
// broker that is started here.
// node dist/ops/bench/recoveryBench.js [--json] [--keys 1,10000,100000,300000] [--rounds 3] [--tail 5000]
//   [--session 10000] [--at-work 3]
//   --tail: keys that changed since the snapshot; --session: ms of silence until a process is out; --at-work: rounds with
//   the smallest state in which the process is killed while it writes, else it is killed at rest.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { packageFile } from '../../schemas/index.ts'
import { type Log, openLog } from '../../streams/index.ts'
import { type Broker, startBroker } from '../kafka/kafkaBroker.ts'
import { describeCommand, describeMachine, renderMachine } from './harness.ts'
import { type LineProcess, startLineProcess } from './lineProcess.ts'
import { ENTRY_BYTES, inputRecord, OUTPUT, type Place, recoveryLog, stateRecord } from './recoveryWork.ts'
import { type Spread, spreadOf } from './statistics.ts'

const RECORDS_PER_TRANSACTION = 10_000
/** Until a process that comes second has its place in the group. */
const JOIN_MS = 3000
/** Between two records while a process is killed at work, and how long they come before that, at least and at most. */
const WORK_MS = 3
const WORK_RANGE_MS = [500, 600] as const
/** The brokers abort by then what a killed process left open, and look only every ten seconds. */
const LONGEST_MS = 180_000

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    keys: { type: 'string', default: '1,10000,100000,300000' },
    rounds: { type: 'string', default: '3' },
    tail: { type: 'string', default: '5000' },
    session: { type: 'string', default: '10000' },
    'at-work': { type: 'string', default: '3' },
  },
})
const sizes = flags.keys.split(',').map(Number)
const [rounds, tail, sessionTimeoutMs, atWork] = [flags.rounds, flags.tail, flags.session, flags['at-work']].map(Number)

/** Seconds from the beginning to the next output that can be read. */
const scenes = {
  cold: 'start without state',
  snapshot: `start with a snapshot and ${tail} keys changed since`,
  killed: 'killed at rest, another takes over that has no state',
  standby: 'killed at rest, another takes over that stood by',
  atWork: 'killed at work, another takes over that stood by',
} as const
type Scene = keyof typeof scenes

interface Row extends Spread {
  readonly keys: number
  readonly scene: Scene
  readonly seconds: readonly number[]
}

/** Who made outputs, as they can be read. */
class Outputs {
  readonly #stop = new AbortController()
  readonly #waiting = new Map<string, (nowMs: number) => void>()
  readonly #reading: Promise<void>

  constructor(log: Log) {
    this.#reading = this.#read(log)
  }

  /** Resolves with the moment of the next output of a process. */
  next(name: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`no output of ${name} in ${LONGEST_MS} ms`)), LONGEST_MS)
      this.#waiting.set(name, nowMs => {
        clearTimeout(limit)
        this.#waiting.delete(name)
        resolve(nowMs)
      })
    })
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await this.#reading
  }

  async #read(log: Log): Promise<void> {
    const reader = log.openReader({ topics: [OUTPUT], from: 'latest' })
    for (;;) {
      const batch = await reader.next(this.#stop.signal)
      if (batch === null) break
      const nowMs = performance.now()
      for (const { value } of batch.records) this.#waiting.get(Buffer.from(value ?? []).toString())?.(nowMs)
    }
    await reader.close()
  }
}

/** One size of state, on topics of its own. */
class Stage {
  readonly #log: Log
  readonly #outputs: Outputs
  readonly #place: Place
  readonly #folder: string
  readonly #keys: number
  #names = 0

  static async open(broker: Broker, keys: number, folder: string): Promise<Stage> {
    const place = { brokers: broker.addresses, prefix: `recovery${keys}.`, sessionTimeoutMs }
    const log = await openLog(recoveryLog(place, 'driver'))
    for (let first = 0; first < keys; first += RECORDS_PER_TRANSACTION) {
      const length = Math.min(RECORDS_PER_TRANSACTION, keys - first)
      await log.transact({ outputs: Array.from({ length }, (_, i) => stateRecord(first + i, 1)) })
    }
    return new Stage(log, place, keys, folder)
  }

  private constructor(log: Log, place: Place, keys: number, folder: string) {
    this.#log = log
    this.#place = place
    this.#keys = keys
    this.#folder = folder
    this.#outputs = new Outputs(log)
  }

  /** @returns seconds */
  async play(scene: Scene, round: number): Promise<number> {
    if (scene === 'cold' || scene === 'snapshot') return this.#start(scene)
    return this.#takeOver(scene, round)
  }

  async close(): Promise<void> {
    await this.#outputs.close()
    await this.#log.close()
  }

  async #start(scene: 'cold' | 'snapshot'): Promise<number> {
    if (scene === 'cold') this.#clear('first')
    else await this.#log.transact({ outputs: Array.from({ length: tail }, (_, i) => stateRecord(i % this.#keys, 2)) })
    await this.#send()
    const startMs = performance.now()
    const first = this.#run('first', false)
    const endMs = await first.output()
    await first.process.close()
    return (endMs - startMs) / 1000
  }

  async #takeOver(scene: 'killed' | 'standby' | 'atWork', round: number): Promise<number> {
    const holder = this.#run('first', false)
    const begun = holder.output()
    await this.#send()
    await begun
    const isStandby = scene !== 'killed'
    const folder = isStandby ? 'standby' : 'second'
    if (!isStandby) this.#clear(folder)
    const other = this.#run(folder, isStandby)
    await other.process.ask({})
    await sleep(JOIN_MS)
    await (scene === 'atWork' ? this.#work(round) : Promise.all([holder.output(), this.#send()]))
    const startMs = performance.now()
    const next = other.output()
    await holder.process.kill()
    await this.#send()
    const endMs = await next
    await other.process.close()
    return (endMs - startMs) / 1000
  }

  /** So many records, one after another, that a transaction is open at most moments. */
  async #work(round: number): Promise<void> {
    const [least, most] = WORK_RANGE_MS
    const endMs = performance.now() + least + ((most - least) * (round + 0.5)) / atWork
    const sending: Promise<void>[] = []
    while (performance.now() < endMs) {
      sending.push(this.#send())
      await sleep(WORK_MS)
    }
    // What is on its way is worked on while the kill comes.
    Promise.allSettled(sending)
  }

  #run(folder: string, isStandby: boolean): { readonly process: LineProcess; output(): Promise<number> } {
    const name = `process${this.#names++}`
    const script = packageFile('dist', 'ops', 'bench', 'recoveryProcess.js')
    const args = [script, JSON.stringify(this.#place), name, join(this.#folder, folder), `${isStandby}`]
    return { process: startLineProcess(process.execPath, args), output: () => this.#outputs.next(name) }
  }

  async #send(): Promise<void> {
    await this.#log.transact({ outputs: [inputRecord(0)] })
  }

  #clear(folder: string): void {
    rmSync(join(this.#folder, folder), { recursive: true, force: true })
  }
}

async function measure(broker: Broker, keys: number, folder: string): Promise<Row[]> {
  const stage = await Stage.open(broker, keys, join(folder, `${keys}`))
  const seconds = new Map<Scene, number[]>()
  const play = async (scene: Scene, round: number) => {
    const took = await stage.play(scene, round)
    seconds.set(scene, [...(seconds.get(scene) ?? []), took])
    process.stderr.write(`${keys} keys, ${scenes[scene]}, round ${round + 1}: ${took.toFixed(2)} s\n`)
  }
  try {
    for (let round = 0; round < rounds; round++) {
      for (const scene of ['cold', 'snapshot', 'killed', 'standby'] as const) await play(scene, round)
    }
    for (let round = 0; keys === Math.min(...sizes) && round < atWork; round++) await play('atWork', round)
  } finally {
    await stage.close()
  }
  return [...seconds].map(([scene, list]) => ({ keys, scene, seconds: list, ...spreadOf(list) }))
}

const folder = mkdtempSync(join(tmpdir(), 'birthline-bench-'))
let broker: Broker | null = null
try {
  broker = await startBroker()
  const rows: Row[] = []
  for (const keys of sizes) rows.push(...(await measure(broker, keys, folder)))
  const setting = { command: describeCommand(), machine: describeMachine(), kafka: broker.version }
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ ...setting, rounds, tail, sessionTimeoutMs, scenes, rows }, null, 2)}\n`)
  } else {
    const lines = rows.map(
      ({ keys, scene, median, low, high }) =>
        `${`${keys}`.padStart(8)} keys  ${median.toFixed(2).padStart(7)} s  [${low.toFixed(2)}, ${high.toFixed(2)}]  ${scenes[scene]}`,
    )
    const what = `Apache Kafka ${broker.version}, one broker; a state of ${ENTRY_BYTES} B a key; out after ${sessionTimeoutMs} ms of silence`
    process.stdout.write(`${[setting.command, renderMachine(setting.machine), what, ...lines].join('\n')}\n`)
  }
} finally {
  await broker?.stop()
  rmSync(folder, { recursive: true, force: true })
}
