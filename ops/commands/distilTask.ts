// `birthline task NAME distil`: a student beside a learned task, for its posterior in few calls.
import { resolve } from 'node:path'
import type { Task } from '../../models/index.ts'
import { FusionError } from '../../schemas/index.ts'
import { duration } from '../terminal/progressLine.ts'
import { openStepNotes } from '../terminal/stepNotes.ts'
import { type CommandLine, type ExitCode, exitCodes, type OptionValues, roomySeed } from './commandLine.ts'
import { wholeOption } from './numberOptions.ts'

const MIN_LESSONS = 100
const MAX_LESSONS = 1_000_000
const MAX_STEPS = 10_000_000

/** Asks the model in --model for samples, and teaches the student from them. */
export async function distil(line: CommandLine, task: Task, values: OptionValues): Promise<ExitCode> {
  const { drawLessons, jointSampling, readJointFile, studentRecipe, studentScale, trainStudent, writeStudentFile } =
    await import('../../models/index.ts')
  const { terminal, signal, nowMs } = line
  const folder = resolve(line.workingFolder, String(values.model))
  const { card, models } = readJointFile(folder)
  if (card.task !== task.name) {
    throw new FusionError(
      'MODEL_MISMATCH',
      `The model in ${folder} has learned ${card.task}, not ${task.name}; name that task or give another --model.`,
    )
  }
  const standard = studentRecipe(roomySeed(line))
  const recipe = {
    ...standard,
    lessons: wholeOption(values, 'lessons', MIN_LESSONS, MAX_LESSONS, standard.lessons),
    steps: wholeOption(values, 'steps', 1, MAX_STEPS, standard.steps),
  }
  const startedMs = nowMs()
  const scale = studentScale(task.variables, models[0].base)
  if (terminal.showsProgress) terminal.note(`asking the model for ${recipe.lessons} samples`)
  const simulations = task.draw(card.seed, 0, card.simulations)
  const lessons = await drawLessons(models, scale, simulations, recipe, jointSampling, signal)
  const note = openStepNotes(terminal, nowMs)
  const student = await trainStudent(scale, lessons, recipe, {
    signal,
    onProgress({ step, steps, loss, remainingS }) {
      note(`teaching: step ${step} of ${steps}, loss ${loss.toFixed(4)}, about ${duration(remainingS)} left`)
    },
  })
  writeStudentFile(folder, recipe, student)
  const tookS = (nowMs() - startedMs) / 1000
  if (terminal.isJson) await terminal.print(JSON.stringify({ task: task.name, recipe, folder, tookS }))
  else {
    await terminal.print(`${task.title}: the student is in ${folder}, taught in ${duration(tookS)}.`)
    await terminal.print(
      `Next: birthline task ${task.name} sample --fast --model ${folder} --observation OBS.csv --samples 1000 --out samples.csv`,
    )
  }
  return exitCodes.ok
}
