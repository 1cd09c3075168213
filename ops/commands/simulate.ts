// `birthline simulate`: stars whose truth is known, as one table or, with a recipe, as a folder of shards.
import { resolve } from 'node:path'
import type { Simulation } from '../../models/index.ts'
import { FusionError } from '../../schemas/index.ts'
import { openTableWriter, type Row, type Value } from '../../streams/index.ts'
import { openProgress, type ProgressLine } from '../terminal/progressLine.ts'
import {
  type CommandCode,
  type CommandLine,
  type ExitCode,
  exitCodes,
  type OptionValues,
  seedOf,
} from './commandLine.ts'
import { UsageError } from './failure.ts'
import { wholeOption } from './numberOptions.ts'

const BATCH_STARS = 1000
const DEFAULT_STARS = 1000
const MAX_STARS = 1_000_000_000
const DEFAULT_SHARD_STARS = 20_000
const MIN_SHARD_STARS = 10
const MAX_SHARD_STARS = 200_000
const MAX_RATE_PER_S = 1_000_000

export const simulate: CommandCode = async (line, args, values) => {
  const [recipeName] = args
  if (values.paced !== undefined) return simulatePaced(line, recipeName, values)
  const starCount = wholeOption(values, 'stars', 1, MAX_STARS, DEFAULT_STARS)
  if (typeof values.out !== 'string') throw new UsageError('simulate needs --out, a table or, with a recipe, a folder.')
  const path = resolve(line.workingFolder, values.out)
  return recipeName === undefined
    ? simulateTable(line, path, starCount)
    : simulateShards(line, recipeName, path, starCount, values)
}

async function simulatePaced(
  line: CommandLine,
  recipeName: string | undefined,
  values: OptionValues,
): Promise<ExitCode> {
  const ratePerS = Number(values.paced)
  if (!(ratePerS > 0 && ratePerS <= MAX_RATE_PER_S)) {
    throw new FusionError(
      'CONFIG_INVALID',
      `--paced is "${String(values.paced)}": it must be stars per second, above 0 and at most ${MAX_RATE_PER_S}.`,
    )
  }
  if (values.out !== undefined) throw new UsageError('simulate takes --out or --paced, not both.')
  const starCount = values.stars === undefined ? null : wholeOption(values, 'stars', 1, MAX_STARS)
  const { readRecipe } = await import('../simulation/recipeFile.ts')
  const { runPaced } = await import('../simulation/pacedRun.ts')
  const seed = values.seed === undefined ? null : seedOf(line)
  const recipe = await readRecipe(recipeName ?? 'pilot', line.workingFolder, seed)
  return runPaced(line, { recipe, ratePerS, starCount, infers: values.infer !== false })
}

async function simulateShards(
  line: CommandLine,
  recipeName: string,
  folder: string,
  starCount: number,
  values: OptionValues,
): Promise<ExitCode> {
  const shardStars = wholeOption(values, 'shardStars', MIN_SHARD_STARS, MAX_SHARD_STARS, DEFAULT_SHARD_STARS)
  const { readRecipe } = await import('../simulation/recipeFile.ts')
  const { runSimulation } = await import('../simulation/simulationRun.ts')
  const recipe = await readRecipe(recipeName, line.workingFolder, values.seed === undefined ? null : seedOf(line))
  const { terminal, nowMs, signal, config } = line
  let progress: ProgressLine | null = null
  try {
    const { manifest, keptStars } = await runSimulation({
      ...{ recipe, folder, starCount, shardStars, signal, threads: config.workers },
      onBegin(kept) {
        progress = openProgress(terminal, 'simulating', 'stars', nowMs, kept)
        if (kept > 0) terminal.note(`birthline: ${kept} stars in ${folder} are as they were written, and are kept`)
      },
      onProgress: stars => progress?.update(stars, starCount),
    })
    progressEnd(progress)
    const sizeBytes = manifest.shards.reduce((sum, shard) => sum + shard.sizeBytes, 0)
    const { recipeSha256, shards } = manifest
    const result = { folder, starCount, keptStars, shards: shards.length, sizeBytes, recipeSha256 }
    const text = `${starCount} stars in ${shards.length === 1 ? 'one shard' : `${shards.length} shards`} in ${folder}; manifest.json lists them`
    await terminal.print(terminal.isJson ? JSON.stringify(result) : text)
    return exitCodes.ok
  } finally {
    progressEnd(progress)
  }
}

function progressEnd(progress: ProgressLine | null): void {
  progress?.end()
}

async function simulateTable(line: CommandLine, path: string, starCount: number): Promise<ExitCode> {
  const { createPilotSimulator } = await import('../../models/index.ts')
  const { classColumn, measuredColumns, starColumn, starName, truthColumns } = await import(
    '../simulation/starColumns.ts'
  )
  const { terminal, signal, nowMs } = line
  const simulator = createPilotSimulator()
  const seed = seedOf(line)
  const meta = { title: 'birthline: simulated stars', simulator: simulator.name, seed: String(seed) }
  const truths = truthColumns([...simulator.parameters, ...simulator.derived])
  const columns = [starColumn, ...measuredColumns(simulator.observables), ...truths, classColumn]
  const writer = await openTableWriter(path, columns, { meta })
  const progress = openProgress(terminal, 'simulating', 'stars', nowMs)
  try {
    for (let first = 0; first < starCount; first += BATCH_STARS) {
      signal.throwIfAborted()
      const drawn = simulator.draw({ seed, first, count: Math.min(BATCH_STARS, starCount - first) })
      const rows = Array.from({ length: drawn.count }, (_, i) =>
        rowOf(drawn, i, starName(first + i), simulator.classes),
      )
      await writer.write(rows)
      progress.update(writer.rowCount, starCount)
      // A pause for timers and signals: a draw holds the thread.
      await new Promise(resolve => setImmediate(resolve))
    }
    await writer.close()
    progress.end()
    await terminal.print(terminal.isJson ? JSON.stringify({ path, starCount }) : `${starCount} stars in ${path}`)
    return exitCodes.ok
  } finally {
    progress.end()
    await writer.abandon()
  }
}

function rowOf(drawn: Simulation, i: number, star: string, classes: readonly string[]): Row {
  const cells: [string, Value][] = [['star', star]]
  for (const [name, presence] of drawn.presence) {
    if (presence[i] === 0) continue
    cells.push([name, drawn.observables.get(name)?.[i] ?? null])
    cells.push([`${name}_err`, drawn.errors.get(name)?.[i] ?? null])
  }
  for (const column of [drawn.parameters, drawn.derived]) {
    for (const [name, values] of column) cells.push([`truth_${name}`, values[i]])
  }
  cells.push(['truth_class', classes[drawn.classIndex[i]]])
  return Object.fromEntries(cells)
}
