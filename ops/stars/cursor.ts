// Where a subscription stands, as one short word: what `watch --from` and `Last-Event-ID` take.
import { FusionError } from '../../schemas/index.ts'
import type { Position } from '../../streams/index.ts'

/** Such as `0:12.1:7.3:40`, the next offset of each partition. */
export function formatCursor(positions: readonly Position[]): string {
  return [...positions]
    .sort((a, b) => a.partition - b.partition)
    .map(({ partition, offset }) => `${partition}:${offset}`)
    .join('.')
}

/** @throws FusionError QUESTION_INVALID when the word is no cursor */
export function parseCursor(text: string, topic: string): readonly Position[] {
  const positions = text.split('.').map(part => {
    const match = /^(\d{1,5}):(\d{1,15})$/.exec(part)
    if (match === null) {
      const shown = JSON.stringify(text.slice(0, 60))
      throw new FusionError('QUESTION_INVALID', `${shown} is no cursor: give one as it was received, such as 0:12.1:7.`)
    }
    return { topic, partition: Number(match[1]), offset: Number(match[2]) }
  })
  if (new Set(positions.map(({ partition }) => partition)).size !== positions.length) {
    throw new FusionError(
      'QUESTION_INVALID',
      `The cursor ${text.slice(0, 60)} names a partition twice: give one as it was received.`,
    )
  }
  return positions
}
