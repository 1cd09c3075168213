// Simulated stars per second, drawn and on disk as shards: on several threads, on one, and as rows by the writer of tables.
// node dist/ops/bench/simulateBench.js [--json] [--stars 200000] [--threads 2] [--rounds 3] [--folder DIR] [--recipe pilot]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openSimulator } from '../../models/index.ts'
import { openTableWriter } from '../../streams/index.ts'
import { openCubes } from '../simulation/recipeCubes.ts'
import { readRecipe } from '../simulation/recipeFile.ts'
import { runSimulation } from '../simulation/simulationRun.ts'
import { openShardBuffer, shardColumns } from '../simulation/starColumns.ts'
import {
  type Contender,
  describeCommand,
  describeMachine,
  readMemory,
  renderComparison,
  renderMachine,
  runInterleaved,
} from './harness.ts'

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    stars: { type: 'string', default: '200000' },
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '3' },
    folder: { type: 'string', default: tmpdir() },
    recipe: { type: 'string', default: 'pilot' },
  },
})
const [starCount, threads, rounds] = [flags.stars, flags.threads, flags.rounds].map(Number)
const SHARD_STARS = 20_000
const ROWS_AT_ONCE = 1000
const recipe = await readRecipe(flags.recipe, process.cwd(), null)

function shards(threadCount: number): Contender {
  let folder = ''
  return {
    name: threadCount === 1 ? 'shards, 1 thread' : `shards, ${threadCount} threads`,
    prepare() {
      folder = mkdtempSync(join(flags.folder, 'birthline-bench-'))
    },
    async run() {
      const signal = new AbortController().signal
      const size = { starCount, shardStars: SHARD_STARS, threads: threadCount }
      await runSimulation({ recipe, folder, ...size, signal, onBegin() {}, onProgress() {} })
      return starCount
    },
    finish() {
      rmSync(folder, { recursive: true })
    },
  }
}

/** The same columns of the same stars, an object each. */
function rows(): Contender {
  let folder = ''
  return {
    name: 'rows, 1 thread',
    prepare() {
      folder = mkdtempSync(join(flags.folder, 'birthline-bench-'))
    },
    async run() {
      const { cubes, close } = await openCubes(recipe)
      const simulator = openSimulator(recipe, cubes)
      const buffer = openShardBuffer(simulator, ROWS_AT_ONCE)
      const writer = await openTableWriter(join(folder, 'stars.parquet'), shardColumns(simulator))
      for (let first = 0; first < starCount; first += ROWS_AT_ONCE) {
        const count = Math.min(ROWS_AT_ONCE, starCount - first)
        buffer.add(simulator.draw({ seed: recipe.seed, first, count }))
        const columns = buffer.take(first)
        const cellOf = (i: number) => (column: (typeof columns)[number]) =>
          [column.name, column.present?.[i] === 0 ? null : column.values[i]] as const
        await writer.write(Array.from({ length: count }, (_, i) => Object.fromEntries(columns.map(cellOf(i)))))
      }
      await writer.close()
      await close()
      return starCount
    },
    finish() {
      rmSync(folder, { recursive: true })
    },
  }
}

const machine = describeMachine()
const manyThreads = shards(threads)
// Alone and first: the rivals' memory is not to be counted.
await manyThreads.prepare?.()
await manyThreads.run()
await manyThreads.finish?.()
const memory = readMemory()
const contenders = [manyThreads, ...(threads === 1 ? [] : [shards(1)]), rows()]
const comparison = await runInterleaved(contenders, { unit: 'stars', rounds, warmUps: 0 })
if (flags.json) {
  const report = { command: describeCommand(), machine, starCount, ...comparison, memory }
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
} else {
  const what = `${starCount} stars of the recipe ${recipe.name}, drawn and written to disk`
  const resident = `peak resident memory ${memory.peakResidentMiB} MiB with ${threads} threads, before the rivals ran`
  const lines = [describeCommand(), renderMachine(machine), what, renderComparison(comparison), resident]
  process.stdout.write(`${lines.join('\n')}\n`)
}
