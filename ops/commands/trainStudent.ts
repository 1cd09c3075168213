// `birthline train student`: a checkpoint whose posteriors take a few calls, taught by one that takes a dozen.
import { join, resolve } from 'node:path'
import { FusionError } from '../../schemas/index.ts'
import { writeTextFile } from '../../streams/index.ts'
import { duration, openProgress } from '../terminal/progressLine.ts'
import { openStepNotes } from '../terminal/stepNotes.ts'
import { type CommandCode, exitCodes } from './commandLine.ts'
import { wholeOption } from './numberOptions.ts'
import { drawLosses } from './train.ts'

const MAX_STEPS = 10_000_000
/** Some for the scores of what was not learned from are kept back. */
const MIN_STARS = 256
const MAX_STARS = 1_000_000

export const trainStudentModel: CommandCode = async (line, _args, values) => {
  const { drawStarLessons, pilotFolder, readCheckpoint, starStudentRecipe, trainStarStudent } = await import(
    '../../models/index.ts'
  )
  const { terminal, signal, nowMs, workingFolder } = line
  const outFolder = resolve(workingFolder, String(values.out))
  const teacherFolder = typeof values.teacher === 'string' ? resolve(workingFolder, values.teacher) : pilotFolder
  if (teacherFolder === outFolder) {
    throw new FusionError('CONFIG_INVALID', `--out names the folder of the teacher, ${outFolder}: give another one.`)
  }
  const teacher = readCheckpoint(teacherFolder)
  if (teacher.card.student !== undefined) {
    throw new FusionError(
      'CONFIG_INVALID',
      `The model in ${teacherFolder} has a student itself: name the model that taught it with --teacher.`,
    )
  }
  const recipe = {
    ...starStudentRecipe,
    steps: wholeOption(values, 'steps', 1, MAX_STEPS, starStudentRecipe.steps),
    stars: wholeOption(values, 'stars', MIN_STARS, MAX_STARS, starStudentRecipe.stars),
    ...(typeof values.seed === 'string' ? { seed: Number(line.config.seed) } : {}),
  }
  const startedMs = nowMs()
  const askTeacher = async () => {
    const progress = openProgress(terminal, 'asking the teacher', 'stars', nowMs)
    const lessons = await drawStarLessons(teacher, {
      ...recipe,
      batchThreads: wholeOption(values, 'batchThreads', 1, 256, 1),
      signal,
      onStars: (done, total) => progress.update(done, total),
    })
    progress.end()
    return lessons
  }
  const note = openStepNotes(terminal, nowMs)
  const result = await trainStarStudent(teacher, askTeacher, recipe, {
    ...{ workFolder: join(outFolder, 'work'), outFolder, signal },
    onProgress({ step, steps, loss, heldOutLoss, stepMs, remainingS }) {
      const held = heldOutLoss === null ? '' : `, held out ${heldOutLoss.toFixed(4)}`
      note(
        `teaching: step ${step} of ${steps}, loss ${loss.toFixed(4)}${held}, ${stepMs.toFixed(0)} ms a step, about ${duration(remainingS)} left`,
      )
    },
  })
  const { isFinished, step, losses } = result
  if (isFinished) {
    await writeTextFile(join(outFolder, 'losses.svg'), await drawLosses('Teaching of the student', losses))
  }
  if (terminal.isJson) {
    const lastLoss = losses.at(-1) ?? null
    await terminal.print(JSON.stringify({ isFinished, step, steps: recipe.steps, outFolder, lastLoss }))
  } else if (isFinished) {
    await terminal.print(
      `The checkpoint with its student is in ${outFolder}, taught in ${duration((nowMs() - startedMs) / 1000)}.`,
    )
    await terminal.print(`Next: birthline calibrate --model ${outFolder} --out calibration.html`)
  } else {
    terminal.note(`birthline: stopped at step ${step} of ${recipe.steps}; the same command goes on from there`)
  }
  return isFinished ? exitCodes.ok : exitCodes.interrupted
}
