// `birthline simulate`: stars whose truth is known, as a table that `birthline infer` reads.
import { resolve } from 'node:path'
import type { Simulation } from '../../models/index.ts'
import { FusionError, quantity } from '../../schemas/index.ts'
import { openTableWriter, type Row, type Value, type WritableColumn } from '../../streams/index.ts'
import { openProgress } from '../terminal/progressLine.ts'
import { type CommandCode, exitCodes } from './commandLine.ts'

const BATCH_STARS = 1000
const MAX_STARS = 1_000_000_000

export const simulate: CommandCode = async (line, _args, values) => {
  const starCount = Number(values.stars)
  if (!Number.isInteger(starCount) || starCount < 1 || starCount > MAX_STARS) {
    throw new FusionError(
      'CONFIG_INVALID',
      `--stars is "${String(values.stars)}": it must be a whole number from 1 to ${MAX_STARS}.`,
    )
  }
  const { createPilotSimulator } = await import('../../models/index.ts')
  const { terminal, signal, config, nowMs } = line
  const path = resolve(line.workingFolder, String(values.out))
  const simulator = createPilotSimulator()
  const seed = Number(BigInt.asUintN(53, config.seed))
  const meta = { title: 'birthline: simulated stars', simulator: simulator.name, seed: String(seed) }
  const parameters = [...simulator.parameters, ...simulator.derived]
  const writer = await openTableWriter(path, columnsOf(simulator.observables, parameters), { meta })
  const progress = openProgress(terminal, 'simulating', 'stars', nowMs)
  try {
    for (let first = 0; first < starCount; first += BATCH_STARS) {
      signal.throwIfAborted()
      const drawn = simulator.draw({ seed, first, count: Math.min(BATCH_STARS, starCount - first) })
      const rows = Array.from({ length: drawn.count }, (_, i) => rowOf(drawn, i, first, simulator.classes))
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

function columnsOf(observables: readonly string[], parameters: readonly string[]): readonly WritableColumn[] {
  const measured = observables.flatMap((name): WritableColumn[] => {
    const { unit, description } = quantity(name)
    return [
      { name, type: 'float', unit, description },
      { name: `${name}_err`, type: 'float', unit, description: `1-sigma error of ${name}` },
    ]
  })
  const truths = parameters.map((name): WritableColumn => {
    const { unit, description } = quantity(name)
    return { name: `truth_${name}`, type: 'float', unit, description: `true ${description}` }
  })
  return [
    { name: 'star', type: 'string', description: 'seed and number of the star', ucd: 'meta.id;meta.main' },
    ...measured,
    ...truths,
    { name: 'truth_class', type: 'string', description: 'true class' },
  ]
}

function rowOf(drawn: Simulation, i: number, first: number, classes: readonly string[]): Row {
  const cells: [string, Value][] = [['star', `sim-${first + i}`]]
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
