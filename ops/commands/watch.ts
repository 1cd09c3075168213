// `birthline watch`: posteriors of a class, or what a saved filter tells, as they are committed, from where the last watch ended.
import { FusionError, type Posterior } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { classFeed, type FeedEvent, type FeedOptions, parseCondition } from '../stars/classFeed.ts'
import { parseCursor } from '../stars/cursor.ts'
import { keepCursor, readCursor } from '../stars/cursorStore.ts'
import { openStarLog } from '../stars/openStarLog.ts'
import { intervalOf, intervalText, posteriorView, surveyText } from '../stars/starView.ts'
import { eventView, subscriptionFeed, toldPosterior } from '../stars/subscriptionFeed.ts'
import { type CommandCode, exitCodes, type OptionValues } from './commandLine.ts'
import { readOption } from './failure.ts'
import { findSubscription } from './subscribe.ts'

export const watch: CommandCode = async (line, _args, values) => {
  const { terminal, config, signal } = line
  const condition = readOption(() => parseCondition(String(values.class), String(values.above)))
  const group = typeof values.group === 'string' ? values.group : null
  const place = readOption(() => startOf(values, group === null ? null : readCursor(config.dataFolder, group)))
  const untilEnd = values.untilEnd === true
  const log = await openStarLog(config)
  try {
    const told =
      typeof values.subscription === 'string'
        ? await toldLines(log, values.subscription, { place, untilEnd, isJson: terminal.isJson }, signal)
        : classLines(
            classFeed(log, { ...condition, from: fromOf(place, 'posteriors'), untilEnd }, signal),
            terminal.isJson,
          )
    for await (const { cursor, text } of told) {
      if (text !== null) await terminal.print(text)
      // Kept only once the line is out: a watch that dies may show its last line twice, and never skips one.
      if (group !== null) keepCursor(config.dataFolder, group, cursor)
    }
    return signal.aborted ? exitCodes.interrupted : exitCodes.ok
  } finally {
    await log.close()
  }
}

/** What is printed of an event; `null` where there is nothing to say. */
interface WatchedLine {
  readonly cursor: string
  readonly text: string | null
}

async function* classLines(events: AsyncIterable<FeedEvent>, isJson: boolean): AsyncGenerator<WatchedLine> {
  for await (const event of events) {
    const { cursor, posterior, probability } = event
    if (posterior === null) yield { cursor, text: null }
    else if (isJson) yield { cursor, text: JSON.stringify(classView(event)) }
    else yield { cursor, text: [starText(posterior, `P ${probability.toFixed(3)}`), cursor].join('  ') }
  }
}

interface ToldOptions {
  readonly place: string
  readonly untilEnd: boolean
  readonly isJson: boolean
}

async function toldLines(
  log: Log,
  wanted: string,
  { place, untilEnd, isJson }: ToldOptions,
  signal: AbortSignal,
): Promise<AsyncGenerator<WatchedLine>> {
  const subscription = await findSubscription(log, wanted)
  const feed = subscriptionFeed(log, subscription, { from: fromOf(place, subscription.topic), untilEnd }, signal)
  return lines()

  async function* lines(): AsyncGenerator<WatchedLine> {
    for await (const { cursor, event } of feed) {
      if (event === null) yield { cursor, text: null }
      else if (isJson) yield { cursor, text: JSON.stringify({ cursor, event: event.kind, ...eventView(event) }) }
      else {
        const posterior = toldPosterior(event)
        const star =
          posterior === null ? event.starId : starText(posterior, `P ${posterior.youngProbability.toFixed(3)}`)
        yield { cursor, text: [event.kind.padEnd('updated'.length), star, cursor].join('  ') }
      }
    }
  }
}

function fromOf(place: string, topic: string): FeedOptions['from'] {
  return place === 'earliest' || place === 'latest' ? place : parseCursor(place, topic)
}

function startOf(values: OptionValues, kept: string | null): string {
  const place = typeof values.from === 'string' ? values.from : (kept ?? 'latest')
  if (typeof values.from === 'string' && kept !== null) {
    throw new FusionError(
      'QUESTION_INVALID',
      `The group ${String(values.group)} already stands at ${kept}: leave --from out, or choose another group.`,
    )
  }
  // What is no cursor is told before the log is opened, whatever its topic.
  fromOf(place, 'posteriors')
  return place
}

function classView({ cursor, probability, posterior }: FeedEvent) {
  return { cursor, probability, posterior: posterior === null ? null : posteriorView(posterior) }
}

function starText(posterior: Posterior, probability: string): string {
  const shown = ['log age', 'Teff', 'A_V', 'distance'].map(label => {
    const interval = intervalOf(posterior.summaries, label)
    return interval === null ? '' : `${label} ${intervalText(interval)}`
  })
  return [posterior.starId, probability, ...shown, surveyText(posterior)].join('  ')
}
