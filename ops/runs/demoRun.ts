// The demo: surveys arrive one after another, stars are fused, and a line for each shows what it was worth.
import { newestDelivery } from '../../actors/index.ts'
import { decode } from '../../schemas/index.ts'
import { type Log, type LogReader, readColumnMap } from '../../streams/index.ts'
import type { CommandLine } from '../commands/commandLine.ts'
import { type DemoFile, type DemoPlan, demoFile } from '../demo/demoPlan.ts'
import { latestStar } from '../stars/starFinder.ts'
import { idsOfStar } from '../stars/starIds.ts'
import { count } from '../terminal/progressLine.ts'
import { openLetterCount } from './gainCount.ts'
import { type PipelineRun, settle } from './pipelineRun.ts'
import { typicalWidths, WidthBook, type Widths, widthsOf } from './sharpening.ts'

export interface ArrivalSummary {
  readonly file: DemoFile
  /** True when it had been taken in before, and nothing of it was left to infer. */
  readonly isRepeat: boolean
  readonly rowCount: number
  readonly refusedCount: number
  /** Stars that nothing was known of before. */
  readonly newCount: number
  /** Stars that were known, and whose posterior changed. */
  readonly changedCount: number
  /** Typical half widths of the stars that changed, before and after; of the new ones only after. */
  readonly before: Widths | null
  readonly after: Widths | null
}

/**
 * Takes the files in, in their order, each through the whole pipeline before the next.
 * @returns one summary a file; fewer where the signal ended it
 */
export async function runArrivals(
  line: CommandLine,
  run: PipelineRun,
  plan: DemoPlan,
  onArrival: (summary: ArrivalSummary, index: number) => Promise<void>,
): Promise<readonly ArrivalSummary[]> {
  const summaries: ArrivalSummary[] = []
  const book = new WidthBook()
  const reader = run.log.openReader({ topics: ['posteriors'] })
  try {
    await readNews(run.log, reader, book)
    // What an interrupted run left waiting is news of the file it was at.
    const newest = await newestDelivery(run.log)
    const cutOff = plan.files.find(({ file, survey }) => file === newest?.file && survey === newest.survey)
    const refusedSinceStart = await openLetterCount(run.log)
    await settle(line, run.pipeline)
    if (cutOff === undefined) await readNews(run.log, reader, book)
    for (const [i, file] of plan.files.entries()) {
      if (line.signal.aborted) break
      const refused = file === cutOff ? refusedSinceStart : await openLetterCount(run.log)
      const map = file.map === undefined ? {} : { map: await readColumnMap(demoFile(file.map)) }
      const delivery = { path: demoFile(file.file), survey: file.survey, ...map }
      const result = await run.pipeline.ingest(delivery, line.signal)
      await settle(line, run.pipeline)
      if (line.signal.aborted || !result.delivery.isComplete) break
      const news = result.isRepeat && file !== cutOff ? noNews : await readNews(run.log, reader, book)
      const refusedCount = await refused()
      const summary: ArrivalSummary = {
        file,
        isRepeat: result.isRepeat && news.after === null && refusedCount === 0,
        rowCount: Number(result.delivery.rowCount + result.delivery.badRowCount),
        refusedCount,
        ...news,
      }
      summaries.push(summary)
      await onArrival(summary, i)
    }
  } finally {
    await reader.close()
  }
  return summaries
}

type News = Pick<ArrivalSummary, 'newCount' | 'changedCount' | 'before' | 'after'>

const noNews: News = { newCount: 0, changedCount: 0, before: null, after: null }

/** What was committed since it was last asked. */
async function readNews(log: Log, reader: LogReader, book: WidthBook): Promise<News> {
  const first = new Map<string, Widths | null>()
  const last = new Map<string, Widths>()
  for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
    for (const { value } of batch.records) {
      if (value === null) continue
      const posterior = decode('posterior', value)
      const { starId } = posterior
      const star = book.has(starId) ? null : await latestStar(log, starId)
      const before = book.enter(posterior, star === null ? [] : idsOfStar(star))
      // A star may change more than once in one arrival: what counts is before the first and after the last.
      if (!first.has(starId)) first.set(starId, before)
      last.set(starId, widthsOf(posterior))
    }
  }
  const known = [...first.values()].filter(one => one !== null)
  return {
    newCount: first.size - known.length,
    changedCount: known.length,
    before: typicalWidths(known),
    after: typicalWidths([...last.values()]),
  }
}

const columns: readonly (readonly [title: string, width: number])[] = [
  ['Survey', 9],
  ['Cluster', 13],
  ['Rows', 5],
  ['New', 5],
  ['Known', 6],
  ['Refused', 8],
  ['log age', 15],
  ['A_V (mag)', 15],
  ['Teff (%)', 15],
  ['Distance (%)', 15],
]

export const arrivalHeading: readonly string[] = [
  `   ${columns.map(([title, width], i) => (i < 2 ? title.padEnd(width) : title.padStart(width))).join(' ')}`,
  `   ${columns.map(([, width]) => '-'.repeat(width)).join(' ')}`,
]

/** One line; where a survey came to known stars, the typical half width of their 68% interval before and after. */
export function arrivalLine(summary: ArrivalSummary, index: number, plan: DemoPlan): string {
  const { file, rowCount, newCount, changedCount, refusedCount, before, after } = summary
  const cluster = plan.clusters.find(one => one.cluster === file.cluster)?.title ?? ''
  const percent = (dex: number) => 100 * (10 ** dex - 1)
  const change = (digits: number, read: (widths: Widths) => number) => {
    if (after === null) return ''
    const now = `±${read(after).toFixed(digits)}`
    return before === null ? now : `±${read(before).toFixed(digits)} → ${now}`
  }
  const cells = [
    file.survey,
    cluster,
    count(rowCount),
    count(newCount),
    count(changedCount),
    refusedCount === 0 ? '' : count(refusedCount),
    change(2, widths => widths.logAgeYr),
    change(2, widths => widths.avMag),
    change(1, widths => percent(widths.logTeffK)),
    change(1, widths => percent(widths.logDistancePc)),
  ]
  const text = cells.map((cell, i) => (i < 2 ? cell.padEnd(columns[i][1]) : cell.padStart(columns[i][1])))
  return `${String(index + 1).padStart(2)} ${text.join(' ')}`.trimEnd()
}
