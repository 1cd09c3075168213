// Whether a later delivery has spoken for the row of a dead letter: under another column map, or of the same source.
// Told from the log as it lies, and written nowhere: it is the same whichever came through the pipeline first.
import { type DeadLetter, type Delivery, decode, parseSource, type RawRow, readSurvey } from '../schemas/index.ts'
import type { Log } from '../streams/index.ts'
import { isSameDelivery, ordinalOf } from './revision.ts'
import { rowOfLetter } from './rowLetter.ts'

export interface LaterDeliveries {
  /** What is wrong with the row in the later delivery, if anything, is told by a letter of its own. */
  speakFor(letter: DeadLetter): Promise<boolean>
}

export async function readLaterDeliveries(log: Log): Promise<LaterDeliveries> {
  const deliveries = await readDeliveries(log)
  const isReadAgain = ({ row, revision }: RawRow) => {
    const first = deliveries.get(ordinalOf(revision))
    if (first === undefined || first.content === '') return false
    return [...deliveries.values()].some(
      ({ content, survey, ordinal, nextRow }) =>
        content === first.content && survey === first.survey && ordinal > first.ordinal && nextRow > row,
    )
  }
  return {
    async speakFor(letter) {
      const row = rowOfLetter(letter)
      return row !== null && (isReadAgain(row) || (await isInForce(log, row)))
    },
  }
}

async function readDeliveries(log: Log): Promise<ReadonlyMap<bigint, Delivery>> {
  const deliveries = new Map<bigint, Delivery>()
  const reader = log.openReader({ topics: ['deliveries'] })
  try {
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
      for (const { value } of batch.records) {
        if (value === null) continue
        const delivery = decode('delivery', value)
        deliveries.set(delivery.ordinal, delivery)
      }
    }
  } finally {
    await reader.close()
  }
  return deliveries
}

/** Whether its source was accepted from a later delivery. */
async function isInForce(log: Log, { survey: name, cells, revision }: RawRow): Promise<boolean> {
  const survey = readSurvey(name)
  const parsed = parseSource(survey, cells[survey.id.column] ?? '')
  if (parsed === null) return false
  const record = await log.latest('sources', `${survey.family}:${parsed.source}`)
  if (record === null || record.value === null) return false
  const route = decode('sourceRoute', record.value)
  return (
    route.releaseRank === survey.releaseRank && route.revision > revision && !isSameDelivery(route.revision, revision)
  )
}
