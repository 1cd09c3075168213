// `birthline simulate RECIPE --paced RATE`: simulated stars into the log at a steady rate, as their surveys would deliver them.
import { createHash } from 'node:crypto'
import { deliverStream, type RowStream, type StreamPace, type StreamResult } from '../../actors/index.ts'
import { type ForwardRecipe, openSimulator, type YsoCubes } from '../../models/index.ts'
import { FusionError, surveyNames } from '../../schemas/index.ts'
import { type CommandLine, type ExitCode, exitCodes } from '../commands/commandLine.ts'
import { runPipeline, settle, tellEnd, withWritableLog } from '../runs/pipelineRun.ts'
import { openProgress } from '../terminal/progressLine.ts'
import { createPacer } from './pacer.ts'
import { openCubes } from './recipeCubes.ts'
import { recipeSha256 } from './recipeFile.ts'
import { openSurveyView } from './surveyCells.ts'

export interface PacedRequest {
  readonly recipe: ForwardRecipe
  readonly ratePerS: number
  /** Of all runs together; `null` goes on until Ctrl-C. */
  readonly starCount: number | null
  readonly infers: boolean
}

const LOOK_MS = 500

/** @throws FusionError CONFIG_INVALID where no survey that can be taken in sees anything of it */
export function simulatedStream(recipe: ForwardRecipe, cubes?: YsoCubes): RowStream {
  const simulator = openSimulator(recipe, cubes)
  const identity = recipeSha256(recipe)
  const view = openSurveyView(simulator, recipe.surveys, recipe.seed, identity)
  if (view.surveys.length === 0) {
    throw new FusionError(
      'CONFIG_INVALID',
      `The recipe ${recipe.name} has none of the surveys that can be taken in (${surveyNames().join(', ')}); add one.`,
    )
  }
  return {
    name: `simulated-${recipe.name}-${identity.slice(0, 8)}`,
    parts: view.surveys.map(survey => {
      const fingerprint = createHash('sha256')
        .update(JSON.stringify(['simulated', identity, survey]))
        .digest('hex')
      return { survey, fingerprint: fingerprint.slice(0, 32) }
    }),
    rows: (first, count) => view.rowsOf(simulator.draw({ seed: recipe.seed, first, count }), first),
  }
}

/** @throws FusionError as `simulatedStream`, FILE_UNREADABLE for cubes that are broken */
export async function runPaced(line: CommandLine, request: PacedRequest): Promise<ExitCode> {
  const { cubes, close } = await openCubes(request.recipe)
  try {
    return await deliverPaced(line, request, simulatedStream(request.recipe, cubes))
  } finally {
    await close()
  }
}

async function deliverPaced(line: CommandLine, request: PacedRequest, stream: RowStream): Promise<ExitCode> {
  const { terminal, signal, nowMs } = line
  const { recipe, ratePerS, starCount: itemCount, infers } = request
  const pacer = createPacer(ratePerS, nowMs, signal)
  const behindOf = (count: number) => Math.min(pacer.behind(count), (itemCount ?? Number.POSITIVE_INFINITY) - count)
  let doneBefore: number | null = null
  let done = 0
  const pace: StreamPace = {
    itemCount,
    nextCount(count) {
      doneBefore ??= count
      done = count
      return pacer.nextCount(count)
    },
  }
  /** @param waiting records of the log that wait for a stage; `null` where other processes run the stages */
  const deliver = async (work: () => Promise<StreamResult>, waiting: (() => Promise<number>) | null) => {
    const startedMs = nowMs()
    const progress = openProgress(terminal, 'delivering', 'stars', nowMs)
    const look = setInterval(async () => {
      const lag = waiting === null ? '' : `, ${await waiting()} records wait`
      const sent = done - (doneBefore ?? 0)
      progress.update(sent, itemCount === null ? null : itemCount - (doneBefore ?? 0), asideOf(behindOf(done), lag))
    }, LOOK_MS)
    try {
      const result = await work()
      const sentStars = result.itemCount - (doneBefore ?? result.itemCount)
      return {
        ...result,
        sentStars,
        seconds: (nowMs() - startedMs) / 1000,
        behindStars: Math.max(0, behindOf(result.itemCount)),
      }
    } finally {
      clearInterval(look)
      progress.end()
    }
  }
  const tell = async (outcome: Awaited<ReturnType<typeof deliver>>, lag: number | null, isSettled: boolean) => {
    const { itemCount: stars, rowCount, sentStars, seconds, behindStars, isComplete } = outcome
    const starsPerS = sentStars / seconds
    const numbers = {
      recipe: recipe.name,
      stars,
      rows: rowCount,
      sentStars,
      starsPerS,
      behindStars,
      waitingRecords: lag,
    }
    const rate = `${starsPerS.toPrecision(3)} stars/s`
    const text = `${sentStars} stars were delivered at ${rate}${asideOf(behindStars, '')}; ${stars} stars and ${rowCount} rows of ${stream.name} are in the log.`
    await terminal.print(terminal.isJson ? JSON.stringify({ ...numbers, isComplete }) : text)
    // Without an end there is nothing that a Ctrl-C would cut short.
    return itemCount === null && isSettled ? exitCodes.interrupted : tellEnd(line, { isComplete, isSettled })
  }
  if (!infers) {
    return withWritableLog(line, async log => {
      const control = { signal, waitForRoom: async () => {}, ...pace }
      return tell(await deliver(() => deliverStream(log, stream, control), null), null, true)
    })
  }
  return runPipeline(line, async ({ pipeline }) => {
    const waiting = async () => (await pipeline.status()).reduce((sum, { lag }) => sum + lag, 0)
    const outcome = await deliver(() => pipeline.deliver(stream, pace, signal), waiting)
    const isSettled = await settle(line, pipeline)
    return tell(outcome, await waiting(), isSettled)
  })
}

/** What the rate falls short of, and what waits. */
function asideOf(behindStars: number, lag: string): string {
  return `${behindStars === 0 ? '' : `, ${behindStars} behind`}${lag}`
}
