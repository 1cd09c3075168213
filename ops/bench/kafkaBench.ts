// The log on Kafka against bare kafkajs, and our actors against Kafka Streams, on one broker that is started here.
// Needs Java 17 with javac, and Maven. node dist/ops/bench/kafkaBench.js [--json] [--rounds 7] [--records 200000]
//   [--keys 20000] [--batch 5000] [--streams-threads 2] [--commit-ms 100] [--only copy|count] [--profile DIR]
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { parseArgs } from 'node:util'
import { packageFile } from '../../schemas/index.ts'
import { type Log, openLog } from '../../streams/index.ts'
import { kafkaClassPath } from '../kafka/brokerJars.ts'
import { findJava } from '../kafka/javaTools.ts'
import { type Broker, startBroker } from '../kafka/kafkaBroker.ts'
import {
  type Comparison,
  type Contender,
  compareRounds,
  describeCommand,
  describeMachine,
  renderComparison,
  renderMachine,
  runInterleaved,
} from './harness.ts'
import {
  type ContenderName,
  copiers,
  counters,
  INPUT,
  inputRecord,
  logConfig,
  outputOf,
  PREFIX,
  RECORD_BYTES,
  type RoundAnswer,
} from './kafkaWork.ts'
import { type LineProcess, startLineProcess } from './lineProcess.ts'
import { readGroupCpuSeconds } from './processTime.ts'
import { type Spread, spreadOf } from './statistics.ts'

/** Of bare kafkajs, what the log must reach; of Kafka Streams, for each core that the client keeps busy. */
const WANTED_OF_KAFKAJS = 0.9
const WANTED_OF_STREAMS_PER_CORE = 1
const RECORDS_PER_TRANSACTION = 10_000

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '7' },
    records: { type: 'string', default: '200000' },
    keys: { type: 'string', default: '20000' },
    batch: { type: 'string', default: '5000' },
    'streams-threads': { type: 'string', default: '2' },
    'commit-ms': { type: 'string', default: '100' },
    only: { type: 'string' },
    profile: { type: 'string' },
  },
})
const [rounds, records, keys, batchRecords] = [flags.rounds, flags.records, flags.keys, flags.batch].map(Number)

const labels: Readonly<Record<ContenderName, string>> = {
  log: 'our log on Kafka',
  kafkajs: 'bare kafkajs',
  actors: 'our actors',
  streams: 'Kafka Streams',
}

function startContender(name: ContenderName, broker: Broker, folder: string): LineProcess {
  const addresses = broker.addresses.join(',')
  if (name === 'streams') {
    const classPath = [folder, kafkaClassPath('kafka-streams')].join(delimiter)
    const jvm = ['-Xmx1g', '-XX:+UseSerialGC', '-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-cp', classPath]
    const topics = [PREFIX + INPUT, PREFIX + outputOf(name)]
    const settings = [join(folder, 'state'), flags['streams-threads'], flags['commit-ms']]
    return startLineProcess(findJava(), [...jvm, 'StreamsRival', addresses, ...topics, ...settings])
  }
  const profile = flags.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${join(flags.profile, name)}`]
  const script = packageFile('dist', 'ops', 'bench', 'kafkaContender.js')
  return startLineProcess(process.execPath, [...profile, script, name, addresses])
}

/** Beside the java that runs. */
function compileRival(folder: string): void {
  const source = packageFile('ops', 'bench', 'streamsRival.java')
  const javac = findJava().replace(/java$/, 'javac')
  const { status, stderr } = spawnSync(javac, ['-cp', kafkaClassPath('kafka-streams'), '-d', folder, source], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`javac could not compile ${source}: ${stderr || 'it does not run'}`)
}

async function fillInput(log: Log): Promise<void> {
  for (let first = 0; first < records; first += RECORDS_PER_TRANSACTION) {
    const length = Math.min(RECORDS_PER_TRANSACTION, records - first)
    await log.transact({ outputs: Array.from({ length }, (_, i) => inputRecord(first + i, keys)) })
  }
}

/** Every record that was read must have come out once, from all rounds together. */
async function checkOutput(log: Log, name: ContenderName, expected: number): Promise<void> {
  const reader = log.openReader({ topics: [outputOf(name)], maxRecords: RECORDS_PER_TRANSACTION, maxBytes: 2 ** 23 })
  let found = 0
  for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) found += batch.records.length
  await reader.close()
  if (found !== expected) throw new Error(`${labels[name]} wrote ${found} records instead of ${expected}`)
}

interface Outcome {
  readonly speed: Comparison
  /** Records for each second of a core that the contender's own process used. */
  readonly perCore: Comparison
  /** Cores that the brokers kept busy meanwhile, times seconds, for a million records; null where nobody says. */
  readonly brokerSeconds: readonly ({ readonly name: string } & Spread)[] | null
}

async function compare(names: readonly ContenderName[], broker: Broker, log: Log, folder: string): Promise<Outcome> {
  const processes = names.map(name => startContender(name, broker, folder))
  const perCore = names.map((): number[] => [])
  const brokerSeconds = names.map((): number[] => [])
  try {
    const contenders = names.map((name, i): Contender => {
      let round = 0
      return {
        name: labels[name],
        async run() {
          const before = readGroupCpuSeconds(broker.processGroups)
          const question = { do: 'run', group: `${name}-${round++}`, records, batchRecords }
          const { units, seconds, cpuSeconds } = (await processes[i].ask(question)) as RoundAnswer
          const after = readGroupCpuSeconds(broker.processGroups)
          perCore[i].push(units / cpuSeconds)
          if (before !== null && after !== null) brokerSeconds[i].push(((after - before) * 1e6) / units)
          return { units, seconds }
        },
      }
    })
    const speed = await runInterleaved(contenders, { unit: 'records', rounds, warmUps: 1 })
    for (const name of names) await checkOutput(log, name, (rounds + 1) * records)
    const measured = (values: readonly number[]) => values.slice(-rounds)
    return {
      speed,
      perCore: compareRounds(
        names.map((name, i) => ({ name: labels[name], unitsPerSecond: measured(perCore[i]) })),
        'records',
      ),
      brokerSeconds: brokerSeconds.some(one => one.length === 0)
        ? null
        : names.map((name, i) => ({ name: labels[name], ...spreadOf(measured(brokerSeconds[i])) })),
    }
  } finally {
    await Promise.all(processes.map(one => one.close()))
  }
}

function render(what: string, { speed, perCore, brokerSeconds }: Outcome): string {
  const broker = brokerSeconds?.map(one => `${one.name} ${one.median.toFixed(1)} s`).join(', ') ?? 'not known here'
  return [
    '',
    what,
    renderComparison(speed),
    'for each second of a core of the client:',
    renderComparison(perCore),
    `the broker's own cores, for a million records: ${broker}`,
  ].join('\n')
}

const folder = mkdtempSync(join(tmpdir(), 'birthline-bench-'))
let broker: Broker | null = null
let log: Log | null = null
try {
  compileRival(folder)
  broker = await startBroker()
  log = await openLog(logConfig(broker.addresses, 'bench'))
  await fillInput(log)
  const copy = flags.only === 'count' ? null : await compare(copiers, broker, log, folder)
  const count = flags.only === 'copy' ? null : await compare(counters, broker, log, folder)
  const setting = {
    command: describeCommand(),
    machine: describeMachine(),
    kafka: broker.version,
    recordBytes: RECORD_BYTES,
    records,
    keys,
    batchRecords,
    streamsThreads: Number(flags['streams-threads']),
    commitMs: Number(flags['commit-ms']),
  }
  const targets = {
    copyOfKafkaJs: { wanted: WANTED_OF_KAFKAJS, reached: copy?.speed.ratios[0].median ?? null },
    countOfStreamsPerCore: { wanted: WANTED_OF_STREAMS_PER_CORE, reached: count?.perCore.ratios[0].median ?? null },
  }
  if (flags.json) process.stdout.write(`${JSON.stringify({ ...setting, copy, count, targets }, null, 2)}\n`)
  else {
    const lines = [
      setting.command,
      renderMachine(setting.machine),
      `Apache Kafka ${broker.version}, one broker; ${records} records of ${RECORD_BYTES} B a round, exactly once`,
    ]
    if (copy !== null) lines.push(render('consume, transform, produce; at most a batch a transaction', copy))
    if (count !== null) lines.push(render(`count and sum of ${keys} keys, each update told`, count))
    for (const [name, { wanted, reached }] of Object.entries(targets)) {
      if (reached !== null)
        lines.push(
          `${name}: ${reached.toFixed(2)}, wanted at least ${wanted}: ${reached >= wanted ? 'reached' : 'missed'}`,
        )
    }
    process.stdout.write(`${lines.join('\n')}\n`)
  }
} finally {
  await log?.close()
  await broker?.stop()
  rmSync(folder, { recursive: true, force: true })
}
