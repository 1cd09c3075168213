// Records of a log as texts, and all of them at once, for the tests of everything that writes to one.
import type { Log, LogBatch, LogReader, LogRecord, Output, Position, ReadOptions } from '../../streams/log.ts'

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export function textOf(record: LogRecord | null): string | null {
  return record?.value == null ? null : new TextDecoder().decode(record.value)
}

export function output(topic: string, key: string | null, text: string | null): Output {
  return { topic, key, value: text === null ? null : bytesOf(text) }
}

/** Everything a reader has to give until it is at the end. */
export async function drain(reader: LogReader): Promise<LogRecord[]> {
  const records: LogRecord[] = []
  for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) records.push(...batch.records)
  return records
}

export async function readAll(log: Log, options: ReadOptions): Promise<LogRecord[]> {
  const reader = log.openReader(options)
  const records = await drain(reader)
  await reader.close()
  return records
}

/** Reads to the end. */
export async function batchSizes(reader: LogReader): Promise<number[]> {
  const batches: LogBatch[] = []
  for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) batches.push(batch)
  await reader.close()
  return batches.map(batch => batch.records.length)
}

export function byPlace(a: Position, b: Position): number {
  return a.topic.localeCompare(b.topic) || a.partition - b.partition
}
