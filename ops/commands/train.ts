// `birthline train`: simulated stars in, a checkpoint out; stopped and taken up again at will.
import { resolve } from 'node:path'
import { FusionError } from '../../schemas/index.ts'
import { describeProgress, duration } from '../terminal/progressLine.ts'
import { type CommandCode, exitCodes, type OptionValues } from './commandLine.ts'

const REPORT_MS = 5000

export const trainPilotModel: CommandCode = async (line, _args, values) => {
  const { createPilotSimulator, pilotRecipe, trainStarModel } = await import('../../models/index.ts')
  const { terminal, signal, nowMs } = line
  const outFolder = resolve(line.workingFolder, String(values.out))
  const steps = readSteps(values) ?? pilotRecipe.steps
  const recipe = {
    ...pilotRecipe,
    steps,
    ...(typeof values.seed === 'string' ? { seed: Number(line.config.seed) } : {}),
  }
  const startedMs = nowMs()
  let shownMs = Number.NEGATIVE_INFINITY
  const result = await trainStarModel(recipe, createPilotSimulator(), {
    workFolder: resolve(outFolder, 'work'),
    outFolder,
    signal,
    onProgress(progress) {
      if (!terminal.showsProgress || nowMs() - shownMs < REPORT_MS) return
      shownMs = nowMs()
      const { step, loss, validationLoss, stepMs, remainingS } = progress
      const held = validationLoss === null ? '' : `, held out ${validationLoss.toFixed(4)}`
      terminal.note(
        `training: step ${step} of ${progress.steps}, loss ${loss.toFixed(4)}${held}, ${stepMs.toFixed(0)} ms a step, about ${duration(remainingS)} left`,
      )
    },
  })
  const last = result.losses.at(-1) ?? null
  if (terminal.isJson) {
    await terminal.print(
      JSON.stringify({ isFinished: result.isFinished, step: result.step, steps, outFolder, lastLoss: last }),
    )
  } else if (result.isFinished) {
    await terminal.print(
      `The checkpoint is in ${outFolder}: ${describeProgress(result.step, steps, 'steps', nowMs() - startedMs)}.`,
    )
    await terminal.print(`Next: birthline calibrate --model ${outFolder} --out calibration.html`)
  } else {
    terminal.note(`birthline: stopped at step ${result.step} of ${steps}; the same command goes on from there`)
  }
  return result.isFinished ? exitCodes.ok : exitCodes.interrupted
}

function readSteps(values: OptionValues): number | null {
  if (values.steps === undefined) return null
  const steps = Number(values.steps)
  if (!Number.isInteger(steps) || steps < 1 || steps > 10_000_000) {
    throw new FusionError(
      'CONFIG_INVALID',
      `--steps is "${String(values.steps)}": it must be a whole number from 1 to 10000000.`,
    )
  }
  return steps
}
