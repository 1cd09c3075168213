// One run of a proof: processes write, copy and read while they are disturbed; then all come to their end, and what the log
// holds is judged by what they say.
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRng } from '../../../models/index.ts'
import { type LogConfig, openLog } from '../../../streams/index.ts'
import type { Disturbance } from './disturbances.ts'
import { checkHistory, type Sighting, type Verdict } from './historyCheck.ts'
import { readHistory } from './proofHistory.ts'
import { COPY, proofRecordOf, SOURCE } from './proofRoles.ts'
import type { Scene } from './scene.ts'
import { Workers } from './workers.ts'

export interface ProofReport extends Verdict {
  /** How processes refused to go on, by code, counted. */
  readonly refusals: Readonly<Record<string, number>>
}

const MOST_PAUSE_MS = 900
const FINISH_TIMEOUT_MS = 120_000

/** On Kafka each list is a process, in a folder all roles are in one. */
const processes: readonly (readonly string[])[] = [
  ['write a', 'copy'],
  ['write b', 'copy'],
  ['read one', 'foul c'],
]
const together: readonly (readonly string[])[] = [['write a', 'write b', 'copy', 'read one']]

/**
 * @param run a number that the scene has not seen
 * @throws Error when a process ends in a way that is not allowed, or never
 */
export async function runProof(
  scene: Scene,
  run: number,
  seed: number,
  plan: readonly Disturbance[],
  tell: (line: string) => void = () => {},
): Promise<ProofReport> {
  const rng = createRng(seed)
  const folder = await mkdtemp(join(tmpdir(), 'birthline-histories-'))
  const config = scene.configs(run)
  const workers = new Workers()
  try {
    const lists = scene.kind === 'embedded' ? together : processes
    for (const [i, roles] of lists.entries()) {
      await workers.start({ log: config(`process${i}`), roles, folder, seed: seed + i })
    }
    for (const disturbance of plan) {
      await sleep(rng.uniform() * MOST_PAUSE_MS)
      tell(disturbance.name)
      await disturbance.disturb({ scene, workers, rng })
      workers.throwIfFailed()
    }
    await sleep(MOST_PAUSE_MS)
    tell('all come to their end')
    await workers.finish(FINISH_TIMEOUT_MS)
    const files = await readdir(folder)
    const history = files.flatMap(file => readHistory(join(folder, file)))
    const [source, copies] = await readTopics(config('judge'))
    const verdict = checkHistory({ history, source, copies, sourceTopic: SOURCE, copyTopic: COPY })
    return { ...verdict, refusals: Object.fromEntries(workers.refusals) }
  } finally {
    await workers.kill()
    await rm(folder, { recursive: true, force: true })
  }
}

async function readTopics(config: LogConfig): Promise<(Sighting & { readonly number: number })[][]> {
  const log = await openLog({ ...config, readOnly: true })
  try {
    const found: (Sighting & { readonly number: number })[][] = []
    for (const topic of [SOURCE, COPY]) {
      const records: (Sighting & { readonly number: number })[] = []
      const reader = log.openReader({ topics: [topic] })
      for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
        for (const { partition, offset, value } of batch.records) {
          const { id, key, sequence, number } = proofRecordOf(value)
          records.push({ id, key, sequence, number, partition, offset })
        }
      }
      await reader.close()
      found.push(records)
    }
    return found
  } finally {
    await log.close()
  }
}
