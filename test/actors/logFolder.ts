// A log in a temporary folder, and what to read out of it, for tests of actors.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { decode, type RecordName, type Records } from '../../schemas/index.ts'
import { type Log, openLog, topics } from '../../streams/index.ts'

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'birthline-actors-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Closed and removed with the test. */
export async function temporaryLog(): Promise<Log> {
  const folder = await temporaryFolder()
  const log = await openLog({ kind: 'embedded', folder })
  onTestFinished(() => log.close())
  return log
}

export interface TopicEntry<N extends RecordName> {
  readonly partition: number
  readonly key: string | null
  /** `null` is a tombstone. */
  readonly value: Records[N] | null
}

/** Everything in a topic, partition by partition. */
export async function readTopic<N extends RecordName>(log: Log, name: string, record: N): Promise<TopicEntry<N>[]> {
  if (topics.find(topic => topic.name === name)?.record !== record) throw new RangeError(`${name} holds no ${record}`)
  const entries: TopicEntry<N>[] = []
  const reader = log.openReader({ topics: [name] })
  for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
    for (const { partition, key, value } of batch.records) {
      entries.push({ partition, key, value: value === null ? null : decode(record, value) })
    }
  }
  await reader.close()
  return entries.sort((a, b) => a.partition - b.partition)
}
