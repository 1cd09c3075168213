// Step 6 of the walk, for subscribers: committed posteriors of a class, from any place in the log on.
import {
  classProbability,
  decodeKnown,
  FusionError,
  type Posterior,
  type WatchedClass,
  watchedClasses,
} from '../../schemas/index.ts'
import type { Log, Position } from '../../streams/index.ts'
import { formatCursor } from './cursor.ts'

export interface ClassCondition {
  readonly className: WatchedClass
  /** Smallest probability that passes. */
  readonly above: number
}

export interface FeedEvent {
  /** Going on from here sees what comes after this event. */
  readonly cursor: string
  /** `null` when a stretch of the log held nothing that passes. */
  readonly posterior: Posterior | null
  readonly probability: number
}

export interface FeedOptions extends ClassCondition {
  readonly from: 'earliest' | 'latest' | readonly Position[]
  /** End where the log ends, rather than wait for news. */
  readonly untilEnd?: boolean
}

/** @throws FusionError QUESTION_INVALID for a class or a probability that cannot be asked for */
export function parseCondition(className: string, above: string): ClassCondition {
  const found = watchedClasses.find(name => name === className)
  if (found === undefined) {
    const shown = JSON.stringify(className.slice(0, 60))
    throw new FusionError('QUESTION_INVALID', `No class is named ${shown}: choose ${watchedClasses.join(', ')}.`)
  }
  const probability = Number(above)
  if (above.trim() === '' || !(probability >= 0 && probability <= 1)) {
    throw new FusionError('QUESTION_INVALID', `The probability ${above.slice(0, 60)} is not from 0 to 1.`)
  }
  return { className: found, above: probability }
}

/**
 * Posteriors that pass, in the order of each partition. Nothing is read before it is asked for, so a slow reader
 * costs no memory. Ends when the signal aborts.
 */
export async function* classFeed(
  log: Log,
  options: FeedOptions,
  signal: AbortSignal,
): AsyncGenerator<FeedEvent, void, undefined> {
  const positions = new Map((await startPositions(log, options.from)).map(one => [one.partition, one]))
  const reader = log.openReader({ topics: ['posteriors'], from: [...positions.values()] })
  const advance = (position: Position) => {
    positions.set(position.partition, position)
    return formatCursor([...positions.values()])
  }
  try {
    while (!signal.aborted) {
      const batch = options.untilEnd === true ? await reader.poll() : await reader.next(signal)
      if (batch === null) return
      let hasPassed = false
      for (const { topic, partition, offset, value } of batch.records) {
        if (value === null) continue
        const posterior = decodeKnown('posterior', value, { topic, partition, offset })
        if (posterior === null) continue
        const probability = classProbability(posterior, options.className)
        hasPassed = probability >= options.above
        if (hasPassed) yield { cursor: advance({ topic, partition, offset: offset + 1 }), posterior, probability }
        if (signal.aborted) return
      }
      const cursor = advance(batch.next)
      if (!hasPassed) yield { cursor, posterior: null, probability: 0 }
    }
  } finally {
    await reader.close()
  }
}

/**
 * Every partition gets a place, so that a cursor is whole from the first event on.
 * @throws FusionError QUESTION_INVALID for a partition that there is not, LOG_OFFSET_LOST for a place the log does not hold
 */
export async function startPositions(
  log: Log,
  from: FeedOptions['from'],
  topic = 'posteriors',
): Promise<readonly Position[]> {
  const extents = await log.extents(topic)
  const given = new Map(typeof from === 'string' ? [] : from.map(position => [position.partition, position]))
  for (const { partition, offset } of given.values()) {
    const extent = extents.find(one => one.partition === partition)
    if (extent === undefined) {
      throw new FusionError(
        'QUESTION_INVALID',
        `The cursor names partition ${partition}, and there are ${extents.length}, from 0 on: give it as it was received.`,
      )
    }
    if (offset < extent.first || offset > extent.end) {
      throw new FusionError(
        'LOG_OFFSET_LOST',
        `The cursor stands at ${partition}:${offset}, and the log holds ${partition}:${extent.first} to ${partition}:${extent.end}: ` +
          'it is of another log, or of one that was restored from a copy; start from earliest or latest.',
        { detail: { partition, offset, first: extent.first, end: extent.end } },
      )
    }
  }
  return extents.map(
    ({ topic, partition, first, end }) =>
      given.get(partition) ?? { topic, partition, offset: from === 'latest' ? end : first },
  )
}
