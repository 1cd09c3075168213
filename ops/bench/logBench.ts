// How fast the embedded log reads, transforms and commits, with bare LMDB doing the same in the same run.
// node dist/ops/bench/logBench.js [--json] [--rounds 11] [--records 200000] [--folder DIR]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Database, open, type RootDatabase } from 'lmdb'
import { type Log, openLog, type Topic } from '../../streams/index.ts'
import {
  type Contender,
  describeCommand,
  describeMachine,
  readMemory,
  renderComparison,
  renderMachine,
  runInterleaved,
} from './harness.ts'

const RECORD_BYTES = 400
const RECORDS_PER_TRANSACTION = 1000
/** What a pipeline on two cores must at least be able to move. */
const WANTED_PER_SECOND = 100_000

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '11' },
    records: { type: 'string', default: '200000' },
    folder: { type: 'string', default: tmpdir() },
  },
})
const records = Number(flags.records)

const forever = { record: 'rawRow', key: 'number', keep: 'all', retainBytes: null, retainMs: null } as const
const topics: readonly Topic[] = [
  { name: 'in', partitions: 1, ...forever },
  { name: 'out', partitions: 4, ...forever },
]

/** The same little work for both: a record is looked at and another made of it. */
function transform(value: Uint8Array): Uint8Array {
  const made = Uint8Array.from(value)
  made[0] ^= 0xff
  return made
}

function makeValue(number: number): Uint8Array {
  return new Uint8Array(RECORD_BYTES).fill(number & 0xff)
}

/** The log of the project: keys, four partitions, checksums, offsets committed with the outputs. */
function ourLog(): Contender {
  let folder = ''
  let log: Log
  return {
    name: 'embedded log',
    async prepare() {
      folder = mkdtempSync(join(flags.folder, 'birthline-bench-'))
      log = await openLog({ kind: 'embedded', folder, topics })
      for (let first = 0; first < records; first += RECORDS_PER_TRANSACTION) {
        const outputs = Array.from({ length: RECORDS_PER_TRANSACTION }, (_, i) => ({
          topic: 'in',
          key: `star ${first + i}`,
          value: makeValue(first + i),
        }))
        await log.transact({ outputs })
      }
    },
    async run() {
      const reader = log.openReader({ topics: ['in'], group: 'bench', maxRecords: RECORDS_PER_TRANSACTION })
      let done = 0
      for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
        const outputs = batch.records.map(record => ({
          topic: 'out',
          key: record.key,
          value: record.value && transform(record.value),
        }))
        await log.transact({ outputs, group: 'bench', offsets: [batch.next] })
        done += outputs.length
      }
      return done
    },
    async finish() {
      await log.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** LMDB itself, as fast as it goes with the same promise: one entry a record, on disk when a transaction returns. */
function bareLmdb(): Contender {
  let folder = ''
  let root: RootDatabase<Buffer, Buffer>
  let source: Database<Buffer, Buffer>
  let target: Database<Buffer, Buffer>
  const binary = { encoding: 'binary', keyEncoding: 'binary' } as const
  const keyOf = (number: number) => {
    const key = Buffer.allocUnsafe(6)
    key.writeUIntBE(number, 0, 6)
    return key
  }
  return {
    name: 'bare lmdb',
    prepare() {
      folder = mkdtempSync(join(flags.folder, 'birthline-bench-'))
      root = open({ path: join(folder, 'bare.mdb'), overlappingSync: false, ...binary })
      source = root.openDB<Buffer, Buffer>({ name: 'in', ...binary })
      target = root.openDB<Buffer, Buffer>({ name: 'out', ...binary })
      for (let first = 0; first < records; first += RECORDS_PER_TRANSACTION) {
        root.transactionSync(() => {
          for (let i = 0; i < RECORDS_PER_TRANSACTION; i++) {
            source.put(keyOf(first + i), Buffer.from(makeValue(first + i)))
          }
        })
      }
    },
    run() {
      const progress = Buffer.from('progress')
      let done = 0
      while (done < records) {
        const made: Uint8Array[] = []
        const range = { start: keyOf(done), end: keyOf(done + RECORDS_PER_TRANSACTION) }
        for (const { value } of source.getRange(range)) made.push(transform(value))
        root.transactionSync(() => {
          made.forEach((value, i) => {
            target.put(keyOf(done + i), Buffer.from(value.buffer))
          })
          root.put(progress, keyOf(done))
        })
        done += made.length
      }
      return done
    },
    async finish() {
      await root.close()
      rmSync(folder, { recursive: true })
    },
  }
}

const machine = describeMachine()
const comparison = await runInterleaved([ourLog(), bareLmdb()], { unit: 'records', rounds: Number(flags.rounds) })
const memory = readMemory()
if (flags.json) {
  const report = {
    command: describeCommand(),
    machine,
    recordBytes: RECORD_BYTES,
    recordsPerTransaction: RECORDS_PER_TRANSACTION,
    wantedPerSecond: WANTED_PER_SECOND,
    ...comparison,
    memory,
  }
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
} else {
  const what = `read, transform, commit durably: records of ${RECORD_BYTES} B, ${RECORDS_PER_TRANSACTION} a transaction`
  const wanted = `wanted: at least ${WANTED_PER_SECOND.toLocaleString('en-US')} records/s`
  const resident = `peak resident memory ${memory.peakResidentMiB} MiB, mapped file pages included`
  process.stdout.write(
    `${[describeCommand(), renderMachine(machine), what, renderComparison(comparison), wanted, resident].join('\n')}\n`,
  )
}
