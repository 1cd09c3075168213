// `birthline star`: what went in, what came out, and how it changed as surveys arrived.
import { resolve } from 'node:path'
import { findSamples } from '../../actors/index.ts'
import { FusionError, type Posterior, type Star } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { lostSamples } from '../stars/lostSamples.ts'
import { openStarLog } from '../stars/openStarLog.ts'
import { type SourceColumns, sourceColumns } from '../stars/sourceColumns.ts'
import { lastSpectrumChange, type SpectrumChange } from '../stars/spectrumChange.ts'
import { changeText, pixelTable, spectraTable } from '../stars/spectrumText.ts'
import { type FoundStar, findStars, latestPosterior } from '../stars/starFinder.ts'
import { type HistoryEntry, starHistory } from '../stars/starHistory.ts'
import { intervalOf, intervals, intervalText, posteriorView, starView, surveyText } from '../stars/starView.ts'
import { renderTable } from '../terminal/textTable.ts'
import { type CommandCode, type CommandLine, exitCodes } from './commandLine.ts'

export const star: CommandCode = async (line, args, values) => {
  const log = await openStarLog(line.config)
  try {
    const id = args.join(' ')
    const found = await findStars(log, id)
    if (found.length !== 1) throw notOneStar(id, found)
    const [{ star: known }] = found
    const posterior = await latestPosterior(log, known.starId)
    const history = await starHistory(log, known)
    const kept = await sourceColumns(log, known)
    const change = lastSpectrumChange(history)
    const { terminal } = line
    if (terminal.isJson) {
      const view = {
        star: starView(known, posterior),
        history: history.map(({ posterior: one }) => posteriorView(one)),
        sourceColumns: kept,
        spectrumChange: change === null ? null : changeView(change),
      }
      await terminal.print(JSON.stringify(view))
    } else {
      for (const text of describeStar(known, posterior, history, kept, change)) await terminal.print(text)
    }
    if (typeof values.corner === 'string') await drawTo(values.corner, line, log, known, posterior)
    return exitCodes.ok
  } finally {
    await log.close()
  }
}

/** The posteriors by their places in the history. */
function changeView({ before, after, ...change }: SpectrumChange): Readonly<Record<string, unknown>> {
  return { before: before.index, after: after.index, ...change }
}

async function drawTo(
  file: string,
  line: CommandLine,
  log: Log,
  known: Star,
  posterior: Posterior | null,
): Promise<void> {
  if (posterior === null) {
    throw new FusionError(
      'QUESTION_INVALID',
      `Star ${known.starId} has no posterior to draw: run \`birthline run\` to infer what waits.`,
    )
  }
  const samples = await findSamples(log, posterior)
  if (samples === null) throw new FusionError('QUESTION_INVALID', lostSamples(posterior))
  // Drawing brings a document model with it, which nobody else needs.
  const { writeCorner } = await import('../stars/starFigures.ts')
  const path = resolve(line.workingFolder, file)
  await writeCorner(path, known.starId, posterior, samples)
  line.terminal.note(`Corner plot: ${path}`)
}

/** What to say where an id is of none, or of several. */
export function notOneStar(id: string, found: readonly FoundStar[]): FusionError {
  const shown = JSON.stringify(id)
  const names = found.map(({ foundBy }) => foundBy)
  return new FusionError(
    'QUESTION_INVALID',
    names.length === 0
      ? `No star is known by the id ${shown}: check it, or ingest its survey first.`
      : `The id ${shown} stands for ${names.length} stars: ask for one of ${names.join(', ')}.`,
  )
}

function describeStar(
  known: Star,
  posterior: Posterior | null,
  history: readonly HistoryEntry[],
  kept: readonly SourceColumns[],
  change: SpectrumChange | null,
): readonly string[] {
  const sources = known.sources.map(({ survey, source, matchedBy, matchProbability, separationArcsec }) => [
    survey,
    source,
    matchedBy,
    matchProbability.toFixed(3),
    separationArcsec === null ? '' : separationArcsec.toFixed(2),
  ])
  const measurements = known.measurements.map(({ quantity, value, err, isLimit, survey }) => [
    quantity,
    `${isLimit ? '>' : ''}${value.toFixed(3)}`,
    err.toFixed(3),
    survey,
  ])
  return [
    `Star ${known.starId}`,
    `RA ${known.raDeg.toFixed(6)}  Dec ${known.decDeg.toFixed(6)}  (ICRS, J${known.epochJyr.toFixed(1)})`,
    ...(known.isAmbiguous ? ['A joined source could as well belong to another star.'] : []),
    ...(known.isRetired ? ['It was merged into another star, or its sources were withdrawn.'] : []),
    ...(known.flags.length === 0 ? [] : [`Flags: ${known.flags.join(', ')}`]),
    '',
    ...renderTable(
      [{ title: 'Survey' }, { title: 'Source' }, { title: 'Joined by' }, right('Probability'), right('Separation (")')],
      sources,
    ),
    '',
    ...renderTable([{ title: 'Measured' }, right('Value'), right('Error'), { title: 'Survey' }], measurements),
    '',
    ...spectraTable(known.spectra ?? [], posterior),
    ...pixelTable(known, posterior),
    ...kept.flatMap(describeColumns),
    ...(posterior === null ? ['No posterior yet.'] : describePosterior(posterior)),
    '',
    ...changeText(change),
    ...describeHistory(history),
  ]
}

function describeColumns({ survey, source, columns, leftOut }: SourceColumns): readonly string[] {
  const rows = Object.entries(columns)
  return [
    `Other columns of ${survey} ${source}, as delivered${leftOut === 0 ? '' : ` (and ${leftOut} more)`}`,
    ...renderTable([{ title: 'Column' }, { title: 'Value' }], rows),
    '',
  ]
}

function describePosterior(posterior: Posterior): readonly string[] {
  const { sampleCount, seed, model, observables, flags, classes, youngProbability, uncorrected = [] } = posterior
  const drawn = new Map(intervals(uncorrected).map(one => [one.label, intervalText(one)]))
  const parameters = intervals(posterior.summaries).map(one => [
    one.label,
    one.median.toFixed(one.digits),
    `-${(one.median - one.low).toFixed(one.digits)}`,
    `+${(one.high - one.median).toFixed(one.digits)}`,
    one.unit,
    ...(drawn.size === 0 ? [] : [drawn.get(one.label) ?? '']),
  ])
  const titles = [{ title: 'Parameter' }, right('Median'), right('68%'), right(''), { title: 'Unit' }]
  return [
    `Posterior of ${sampleCount} samples (seed ${seed}, model ${model.slice(0, 12)}), given ${observables.join(', ')}`,
    ...(flags.length === 0 ? [] : [`Warnings: ${flags.join(', ')}`]),
    ...familiarityText(posterior),
    '',
    ...renderTable([...titles, ...(drawn.size === 0 ? [] : [right('Uncorrected')])], parameters),
    '',
    ...renderTable(
      [{ title: 'Class' }, right('Probability'), right('Prior')],
      classes.map(one => [one.name, one.probability.toFixed(3), one.prior.toFixed(3)]),
    ),
    `P(young) = ${youngProbability.toFixed(3)}`,
  ]
}

/** How like the stars of the training it is, where the model tells. */
function familiarityText({ familiarity, flags }: Posterior): readonly string[] {
  if (familiarity === undefined || familiarity === null) return []
  const share = `${(100 * familiarity).toPrecision(2)}% of the stars that the model was trained on lie as far out`
  return [
    flags.includes('unlikeTraining')
      ? `It is unlike any star the model was trained on: ${share}.`
      : `Of its kind ${share}.`,
  ]
}

function describeHistory(history: readonly HistoryEntry[]): readonly string[] {
  const rows = history.map(({ index, posterior: one }) => [
    String(index),
    surveyText(one),
    ...['log age', 'Teff', 'A_V', 'distance'].map(label => {
      const interval = intervalOf(one.summaries, label)
      return interval === null ? '' : intervalText(interval)
    }),
    one.youngProbability.toFixed(3),
  ])
  const titles = ['log age', 'Teff (K)', 'A_V (mag)', 'Distance (pc)', 'P(young)'].map(right)
  return renderTable([right('#'), { title: 'Surveys' }, ...titles], rows)
}

function right(title: string) {
  return { title, align: 'right' } as const
}
