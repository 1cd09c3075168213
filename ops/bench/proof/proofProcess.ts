// One process of a proof, with one log and some roles, until SIGTERM: then its writers end, its copiers when nothing is left.
// node dist/ops/bench/proof/proofProcess.js PLAN (as JSON)
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isFusionError } from '../../../schemas/index.ts'
import { type Log, type LogConfig, openLog } from '../../../streams/index.ts'
import { writeFoulRecords } from './foulWriter.ts'
import { COPIERS, copyRecords, readRecords, SOURCE, writeRecords } from './proofRoles.ts'

export interface ProofPlan {
  readonly log: LogConfig
  /** `write NAME`, `copy`, `read NAME`, `foul NAME`. */
  readonly roles: readonly string[]
  /** Where the histories are kept. */
  readonly folder: string
  readonly seed: number
}

/** The exit code of a process whose log refused to go on, after the code and the sentence on a line. */
export const REFUSED_EXIT = 4
const LOOK_MS = 100

/** Records that no copier has committed. */
export async function copyLag(log: Log): Promise<number> {
  const committed = await log.committed(COPIERS)
  const extents = await log.extents(SOURCE)
  return extents.reduce((lag, { partition, first, end }) => {
    const place = committed.find(one => one.topic === SOURCE && one.partition === partition)
    return lag + end - (place?.offset ?? first)
  }, 0)
}

async function main(plan: ProofPlan): Promise<void> {
  const log = await openLog(plan.log)
  const [writing, copying] = [new AbortController(), new AbortController()]
  process.on('SIGTERM', () => {
    if (!writing.signal.aborted) process.stdout.write('told to end\n')
    writing.abort()
  })
  process.stdout.write('open\n')
  const run = (role: string) => {
    const [kind, name = kind] = role.split(' ')
    const signal = kind === 'write' || kind === 'foul' ? writing.signal : copying.signal
    // A writer goes on with its history; a reader begins anew, and its file stays smaller than the log.
    const life = kind === 'read' ? `.${process.pid}` : ''
    const historyPath = join(plan.folder, `${kind}.${name}${life}.jsonl`)
    const tell = (step: string) => {
      if (copying.signal.aborted) process.stdout.write(`closing: ${role} ${step}\n`)
    }
    const context = { log, historyPath, seed: plan.seed, signal, tell }
    if (kind === 'write') return writeRecords(name, context)
    if (kind === 'copy') return copyRecords(context)
    if (kind === 'read') return readRecords(name, context)
    if (kind !== 'foul' || plan.log.kind !== 'kafka') throw new RangeError(`no role ${role} here`)
    return writeFoulRecords(name, context, { brokers: plan.log.brokers, prefix: plan.log.prefix ?? '' })
  }
  const isWriter = (role: string) => role.startsWith('write') || role.startsWith('foul')
  const writers = Promise.all(plan.roles.filter(isWriter).map(run))
  const others = Promise.all([untilAborted(copying.signal), ...plan.roles.filter(role => !isWriter(role)).map(run)])
  const told = new Promise<void>(resolve => writing.signal.addEventListener('abort', () => resolve()))
  await Promise.race([Promise.all([writers, told]), others])
  process.stdout.write('written\n')
  for (let lag = await copyLag(log); lag > 0; lag = await copyLag(log)) {
    // The last of these lines tells where a process stood that did not come to its end.
    process.stdout.write(`${lag} records to copy\n`)
    await Promise.race([sleep(LOOK_MS), others])
  }
  copying.abort()
  process.stdout.write('closing\n')
  await others
  process.stdout.write('closing: the log\n')
  await log.close()
  process.stdout.write('closed\n')
}

/** So that a process without a role holds its log until it is told to end. */
function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
}

if (import.meta.filename === process.argv[1]) {
  try {
    await main(JSON.parse(process.argv[2]) as ProofPlan)
    process.exit(0)
  } catch (error) {
    if (!isFusionError(error)) throw error
    console.error(`${error.code}: ${error.message}`)
    process.exit(REFUSED_EXIT)
  }
}
