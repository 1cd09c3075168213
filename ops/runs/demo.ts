// The demo from its first line to its last: what arrives, what is believed at the end, where it lies, what to try next.
import { join } from 'node:path'
import { findSamples, type KeptLetter, readRefusals } from '../../actors/index.ts'
import { agePrior, column, createPilotSimulator } from '../../models/index.ts'
import type { Log } from '../../streams/index.ts'
import { type CommandLine, type ExitCode, exitCodes } from '../commands/commandLine.ts'
import { type DemoPlan, readDemoPlan } from '../demo/demoPlan.ts'
import { type CatalogueEntry, readCatalogue } from '../stars/catalogueWriter.ts'
import { starView } from '../stars/starView.ts'
import { count, duration } from '../terminal/progressLine.ts'
import { type ClusterSummary, clusterOf, summarizeClusters } from './clusterSummary.ts'
import { type ArrivalSummary, arrivalHeading, arrivalLine, runArrivals } from './demoRun.ts'
import { clusterTable, starTable, typicalStars } from './demoTables.ts'
import type { PipelineRun } from './pipelineRun.ts'

const PRIOR_SEED = 11_000_027
const PRIOR_DRAWS = 60_000
const PRIOR_BIN_DEX = 0.03
const SHOWN_REFUSALS = 5
const SENTENCE_COLUMNS = 110

export async function runDemo(line: CommandLine, run: PipelineRun): Promise<ExitCode> {
  const { terminal, nowMs } = line
  const plan = readDemoPlan()
  const startedMs = nowMs()
  const say = (text: string) => (terminal.isJson ? Promise.resolve() : terminal.print(text))
  await say(
    `Real stars of ${plan.clusters.length} clusters arrive survey by survey; each that changes a star gives it a new posterior.`,
  )
  await say(
    'Shown is the typical half width of the 68% intervals, before and after a survey came to stars already known.\n',
  )
  let hasHeading = false
  const arrivals = await runArrivals(line, run, plan, async (summary, i) => {
    if (summary.isRepeat) return
    if (!hasHeading) for (const text of arrivalHeading) await say(text)
    hasHeading = true
    await say(arrivalLine(summary, i, plan))
  })
  if (line.signal.aborted) {
    terminal.note('birthline: stopped before the end; the same command goes on from there')
    return exitCodes.interrupted
  }
  const repeatCount = arrivals.filter(({ isRepeat }) => isRepeat).length
  if (repeatCount > 0)
    await say(`${repeatCount} of ${arrivals.length} files had arrived in an earlier run, and add nothing.`)
  const ending = await summarize(line, run.log, plan)
  const isOfOtherModel = ending.stars.some(({ posterior }) => posterior.model !== run.model.fingerprint)
  if (isOfOtherModel) {
    terminal.note(
      `birthline: these posteriors were made by another model; remove ${line.config.dataFolder} to begin anew`,
    )
  }
  if (terminal.isJson) await terminal.print(JSON.stringify(endingView(ending, arrivals)))
  else for (const text of describeEnding(ending, plan, (nowMs() - startedMs) / 1000)) await terminal.print(text)
  return exitCodes.ok
}

/** What the model believes of a star's age before any data: its stack must not count that once for each star. */
function pilotAgePrior() {
  const drawn = createPilotSimulator().draw({ seed: PRIOR_SEED, first: 0, count: PRIOR_DRAWS })
  return agePrior(column(drawn.parameters, 'logAgeYr'), PRIOR_BIN_DEX)
}

interface Ending {
  readonly clusters: readonly ClusterSummary[]
  readonly stars: readonly CatalogueEntry[]
  readonly starCount: number
  readonly refused: readonly KeptLetter[]
  readonly outputs: readonly { readonly what: string; readonly path: string }[]
}

async function summarize(line: CommandLine, log: Log, plan: DemoPlan): Promise<Ending> {
  const entries: CatalogueEntry[] = []
  for await (const entry of readCatalogue(log)) entries.push(entry)
  const clusters = await summarizeClusters(plan, entries, one => findSamples(log, one), pilotAgePrior())
  const stars = typicalStars(entries, clusters, ({ star }) => clusterOf(star, plan))
  const refused: KeptLetter[] = []
  for await (const one of readRefusals(log)) if (one.state === 'waiting') refused.push(one)
  // Drawing brings a document model with it, which the pipeline need not wait for.
  const { writeDemoOutputs } = await import('./demoOutputs.ts')
  const folder = join(line.config.dataFolder, 'results')
  const outputs = await writeDemoOutputs(log, folder, clusters, stars, line.signal)
  return { clusters, stars, starCount: entries.length, refused, outputs }
}

function describeEnding(ending: Ending, plan: DemoPlan, seconds: number): readonly string[] {
  const { clusters, stars, starCount, refused, outputs } = ending
  const titleOf = ({ star }: CatalogueEntry) =>
    plan.clusters.find(({ cluster }) => cluster === clusterOf(star, plan))?.title ?? ''
  const widest = Math.max(...outputs.map(({ what }) => what.length))
  const name = stars.length === 0 ? null : stars[0].star.starId
  const next = [
    ...(name === null ? [] : [`npx birthline star ${name} --corner star.svg`]),
    'npx birthline watch --class young --above 0.9 --from earliest --until-end',
    'npx birthline dead-letters list',
    'npx birthline run --serve',
  ]
  return [
    '',
    'Clusters (median and 68%; log age of their stars one by one, and one age for all of them, stacked: its interval',
    'knows of outliers and spread, and nothing of errors that all stars share)',
    ...clusterTable(clusters),
    '',
    'Some stars (median and 68%)',
    ...starTable(stars, titleOf),
    '',
    `Refused: ${count(refused.length)} records, kept with their reasons`,
    ...refused.slice(0, SHOWN_REFUSALS).map(({ letter }) => `  ${shorten(letter.reason)}`),
    ...(refused.length > SHOWN_REFUSALS ? [`  and ${refused.length - SHOWN_REFUSALS} more`] : []),
    '',
    ...outputs.map(({ what, path }) => `${what.padEnd(widest)}  ${path}`),
    '',
    `${count(starCount)} stars in ${duration(seconds)}. Next:`,
    ...next.map(command => `  ${command}`),
  ]
}

function shorten(sentence: string): string {
  return sentence.length <= SENTENCE_COLUMNS ? sentence : `${sentence.slice(0, SENTENCE_COLUMNS - 3)}...`
}

function endingView(ending: Ending, arrivals: readonly ArrivalSummary[]) {
  return {
    arrivals: arrivals.map(({ file, ...counts }) => ({ file: file.file, survey: file.survey, ...counts })),
    starCount: ending.starCount,
    clusters: ending.clusters.map(({ cluster, starCount, age, mixture, youngProbability, distancePc }) => ({
      cluster: cluster.cluster,
      starCount,
      age,
      mixtureLogAgeYr: mixture,
      publishedLogAgeYr: [cluster.logAgeYrLow, cluster.logAgeYrHigh],
      youngProbability,
      distancePc,
      publishedDistancePc: cluster.distancePc,
    })),
    stars: ending.stars.map(({ star, posterior }) => starView(star, posterior)),
    refused: ending.refused.map(({ letter }) => ({
      id: letter.deadLetterId,
      code: letter.code,
      origin: letter.origin,
      reason: letter.reason,
    })),
    outputs: ending.outputs,
  }
}
