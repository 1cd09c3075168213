// What the lower rooms say, as records of the structured log: a line for each batch with its place and outcome, and, where
// wanted, one for each record with the names it is known by.
import { type BatchPlace, type Move, type PlacedRecord, subscribe } from '../../schemas/index.ts'
import type { EventLog, Fields } from './eventLog.ts'
import { recordIds } from './recordIds.ts'

/** Records a second that are told one by one; of more, how many they were. */
const MAX_PER_SECOND = 1000

/** Listens until the returned function is called. */
export function logPipeline(log: EventLog, nowMs: () => number): () => void {
  const stops = [
    subscribe('batch', ({ actor: stage, place, consumed, emitted, refused, readMs, stepMs, commitMs }) => {
      const took = { readMs: rounded(readMs), stepMs: rounded(stepMs), commitMs: rounded(commitMs) }
      log.write('info', 'batch', {
        ...{ stage, ...placeFields(stage, place), outcome: 'committed' },
        ...{ consumed, emitted, refused, ...took },
      })
    }),
    subscribe('abandoned', ({ actor: stage, place, code, message: reason }) =>
      log.write('warn', 'batch', { stage, ...placeFields(stage, place), outcome: 'aborted', code, reason }),
    ),
    subscribe('failure', ({ actor: stage, code, message: reason, decision, attempt, delayMs }) =>
      log.write(decision === 'restart' ? 'warn' : 'error', 'failure', {
        ...{ stage, code, reason, decision, attempt, delayMs },
      }),
    ),
    subscribe('notice', ({ room, message }) => log.write('warn', 'notice', { room, reason: message })),
    subscribe('arrival', ({ file, survey, records }) => {
      const rows = records.filter(({ topic }) => topic === 'raw')
      const refused = records.length - rows.length
      const offsets = rows.map(({ offset }) => offset)
      log.write('info', 'arrival', {
        ...{ file, survey, rows: rows.length, refused, topic: 'raw', partition: rows[0]?.partition ?? null },
        ...{ firstOffset: offsets[0] ?? null, lastOffset: offsets.at(-1) ?? null },
      })
    }),
    subscribe('answer', ({ status, ...rest }) =>
      log.write(status >= 500 ? 'error' : 'info', 'answer', { ...rest, status, durationMs: rounded(rest.durationMs) }),
    ),
  ]
  if (log.isDetailed) stops.push(logRecords(log, nowMs))
  return () => {
    for (const stop of stops) stop()
  }
}

function logRecords(log: EventLog, nowMs: () => number): () => void {
  let secondMs = nowMs()
  let told = 0
  let untold = 0
  const mayTell = (): boolean => {
    if (nowMs() - secondMs >= 1000) {
      if (untold > 0) log.write('debug', 'records not told', { count: untold })
      secondMs = nowMs()
      told = 0
      untold = 0
    }
    if (told < MAX_PER_SECOND) told++
    else untold++
    return untold === 0
  }
  const stops = [
    subscribe('arrival', ({ file, records }) => {
      for (const record of records)
        if (mayTell()) log.write('debug', 'record', { stage: 'file', file, to: [shown(record)] })
    }),
    subscribe('moves', ({ actor: stage, moves }) => {
      for (const move of moves) if (mayTell()) log.write('debug', 'record', { stage, ...movedFields(move) })
    }),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

function movedFields({ from, to }: Move): Fields {
  return { from: shown(from), to: to.map(shown) }
}

function shown(record: PlacedRecord): Fields {
  const { topic, partition, offset, key } = record
  return { place: `${topic}/${partition}@${offset}`, key, ...recordIds(record) }
}

/** The same words for a batch that was committed and for one that came to nothing. */
function placeFields(stage: string, { topic, partition, firstOffset, nextOffset }: BatchPlace): Fields {
  return { batch: `${stage}:${topic}/${partition}@${firstOffset}`, topic, partition, firstOffset, nextOffset }
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
