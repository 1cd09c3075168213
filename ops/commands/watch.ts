// `birthline watch`: posteriors of a class as they are committed, from where the last watch ended.
import { FusionError } from '../../schemas/index.ts'
import { classFeed, type FeedEvent, type FeedOptions, parseCondition } from '../stars/classFeed.ts'
import { parseCursor } from '../stars/cursor.ts'
import { keepCursor, readCursor } from '../stars/cursorStore.ts'
import { openStarLog } from '../stars/openStarLog.ts'
import { intervalOf, intervalText, posteriorView, surveyText } from '../stars/starView.ts'
import { type CommandCode, exitCodes, type OptionValues } from './commandLine.ts'
import { readOption } from './failure.ts'

export const watch: CommandCode = async (line, _args, values) => {
  const { terminal, config, signal } = line
  const condition = readOption(() => parseCondition(String(values.class), String(values.above)))
  const group = typeof values.group === 'string' ? values.group : null
  const from = readOption(() => startOf(values, group === null ? null : readCursor(config.dataFolder, group)))
  const log = await openStarLog(config)
  try {
    const options = { ...condition, from, untilEnd: values.untilEnd === true }
    for await (const event of classFeed(log, options, signal)) {
      if (event.posterior !== null) {
        await terminal.print(terminal.isJson ? JSON.stringify(eventView(event)) : describeEvent(event))
      }
      // Kept only once the line is out: a watch that dies may show its last line twice, and never skips one.
      if (group !== null) keepCursor(config.dataFolder, group, event.cursor)
    }
    return signal.aborted ? exitCodes.interrupted : exitCodes.ok
  } finally {
    await log.close()
  }
}

function startOf(values: OptionValues, kept: string | null): FeedOptions['from'] {
  const place = typeof values.from === 'string' ? values.from : (kept ?? 'latest')
  if (typeof values.from === 'string' && kept !== null) {
    throw new FusionError(
      'QUESTION_INVALID',
      `The group ${String(values.group)} already stands at ${kept}: leave --from out, or choose another group.`,
    )
  }
  return place === 'earliest' || place === 'latest' ? place : parseCursor(place, 'posteriors')
}

function eventView({ cursor, probability, posterior }: FeedEvent) {
  return { cursor, probability, posterior: posterior === null ? null : posteriorView(posterior) }
}

function describeEvent({ cursor, probability, posterior }: FeedEvent): string {
  if (posterior === null) return ''
  const shown = ['log age', 'Teff', 'A_V', 'distance'].map(label => {
    const interval = intervalOf(posterior.summaries, label)
    return interval === null ? '' : `${label} ${intervalText(interval)}`
  })
  return [posterior.starId, `P ${probability.toFixed(3)}`, ...shown, surveyText(posterior), cursor].join('  ')
}
