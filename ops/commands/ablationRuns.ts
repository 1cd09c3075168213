// What both ablations' commands share: their seeds, their progress, and what is said when they are stopped.
import { join } from 'node:path'
import type { AblationOptions } from '../../models/index.ts'
import { duration } from '../terminal/progressLine.ts'
import { openStepNotes } from '../terminal/stepNotes.ts'
import { type CommandLine, type OptionValues, roomySeed } from './commandLine.ts'
import { wholeOption } from './numberOptions.ts'

const MAX_SEEDS = 100

/** @throws FusionError CONFIG_INVALID when --seeds is no such number */
export function seedsOf(line: CommandLine, values: OptionValues): readonly number[] {
  const count = wholeOption(values, 'seeds', 1, MAX_SEEDS)
  const first = roomySeed(line)
  return Array.from({ length: count }, (_, k) => first + k)
}

/** The cells of an ablation whose work is kept in the folder; null where it was stopped, which has been told then. */
export async function finishedCells<Cell>(
  { terminal, signal, nowMs }: CommandLine,
  outFolder: string,
  run: (options: AblationOptions) => Promise<readonly Cell[] | null>,
): Promise<readonly Cell[] | null> {
  const note = openStepNotes(terminal, nowMs)
  let since: { readonly done: number; readonly ms: number } | null = null
  const cells = await run({
    workFolder: join(outFolder, 'work'),
    signal,
    onCounts: (seed, { simulated, real, paired }) =>
      terminal.note(`birthline: seed ${seed} has ${simulated} simulated stars, ${real} real ones, ${paired} pairs`),
    onSteps(done, total, doing) {
      since ??= { done, ms: nowMs() }
      const rate = (nowMs() - since.ms) / Math.max(1, done - since.done)
      note(`${doing}: step ${done} of ${total}, about ${duration(((total - done) * rate) / 1000)} left`)
    },
  }).catch((error: unknown) => {
    if (signal.aborted) return null
    throw error
  })
  if (cells !== null) return cells
  if (terminal.isJson) await terminal.print(JSON.stringify({ isFinished: false, outFolder }))
  else terminal.note('birthline: stopped; the same command goes on from there')
  return null
}
