// Whether a later delivery has spoken for the row of a dead letter: under another column map, or of the same source; or
// its own was taken back.
// Told from the log as it lies, and written nowhere: it is the same whichever came through the pipeline first.
import { type DeadLetter, decode, isFusionError, type RawRow, readSurvey } from '../schemas/index.ts'
import type { Log } from '../streams/index.ts'
import { isTakenBack, readDeliveries } from './deliveries.ts'
import { isSameDelivery, ordinalOf } from './revision.ts'
import { rowOfLetter } from './rowLetter.ts'
import { sourceRouteOf } from './sourceRoutes.ts'

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
  const isGone = (revision: bigint) => {
    const delivery = deliveries.get(ordinalOf(revision))
    return delivery !== undefined && isTakenBack(delivery)
  }
  return {
    async speakFor(letter) {
      const ofSpectrum = letter.file?.revision ?? revisionInLetter(letter)
      if (ofSpectrum !== null) return isGone(ofSpectrum)
      const row = rowOfLetter(letter)
      // A row of a rollback speaks for an earlier delivery, and nothing later does.
      if (row === null || (row.takesBack ?? 0n) !== 0n) return false
      return isGone(row.revision) || isReadAgain(row) || (await isInForce(log, row))
    },
  }
}

/** Whether its source was accepted from a later delivery. */
async function isInForce(log: Log, row: RawRow): Promise<boolean> {
  const found = await sourceRouteOf(log, row)
  if (found === null || found.route.isWithdrawn === true) return false
  const { releaseRank, revision } = found.route
  return (
    releaseRank === readSurvey(row.survey).releaseRank &&
    revision > row.revision &&
    !isSameDelivery(revision, row.revision)
  )
}

/** Of a spectrum that was refused on its way to its star; null for all else. */
function revisionInLetter({ topic, bytes }: DeadLetter): bigint | null {
  if (topic !== 'spectra') return null
  try {
    return decode('spectrum', bytes).revision ?? 0n
  } catch (error) {
    if (isFusionError(error)) return null
    throw error
  }
}
