// `birthline train encoders`: what several instruments see of a star goes to one place, and how often it is found again there.
import { join, resolve } from 'node:path'
import type { PairRetrieval } from '../../models/index.ts'
import { writeTextFile } from '../../streams/index.ts'
import { duration, openProgress } from '../terminal/progressLine.ts'
import { openStepNotes } from '../terminal/stepNotes.ts'
import { type CommandCode, exitCodes } from './commandLine.ts'
import { wholeOption } from './numberOptions.ts'
import { drawLosses } from './train.ts'

const MAX_STEPS = 10_000_000

export const trainEncoderSet: CommandCode = async (line, _args, values) => {
  const {
    encoderRecipe,
    encoderRetrieval,
    latentScale,
    measureRetrieval,
    pilotFolder,
    readCheckpoint,
    trainEncoders,
    writeEncoders,
  } = await import('../../models/index.ts')
  const { terminal, signal, nowMs } = line
  const outFolder = resolve(line.workingFolder, String(values.out))
  const recipe = {
    ...encoderRecipe,
    steps: wholeOption(values, 'steps', 1, MAX_STEPS, encoderRecipe.steps),
    ...(typeof values.seed === 'string' ? { seed: Number(line.config.seed) } : {}),
  }
  const { card, fingerprint } = readCheckpoint(pilotFolder)
  const scale = latentScale(card)
  const note = openStepNotes(terminal, nowMs)
  const { isFinished, step, weights, losses } = await trainEncoders(scale, recipe, {
    workFolder: join(outFolder, 'work'),
    batchThreads: wholeOption(values, 'batchThreads', 1, 256, 1),
    signal,
    onProgress({ step, steps, loss, stepMs, remainingS }) {
      note(
        `training: step ${step} of ${steps}, loss ${loss.toFixed(4)} nats, ${stepMs.toFixed(0)} ms a step, about ${duration(remainingS)} left`,
      )
    },
  })
  if (!isFinished) {
    if (terminal.isJson) await terminal.print(JSON.stringify({ isFinished, step, steps: recipe.steps, outFolder }))
    else terminal.note(`birthline: stopped at step ${step} of ${recipe.steps}; the same command goes on from there`)
    return exitCodes.interrupted
  }
  const progress = openProgress(terminal, 'looking for partners', 'stars', nowMs)
  const retrieval = await measureRetrieval(weights, recipe.network, scale, {
    ...encoderRetrieval,
    signal,
    onStars: (done, total) => progress.update(done, total),
  })
  progress.end()
  writeEncoders(outFolder, { format: 1, recipe, model: fingerprint, retrieval }, weights)
  await writeTextFile(join(outFolder, 'losses.svg'), await drawLosses('Training of the encoders', losses))
  if (terminal.isJson) {
    await terminal.print(JSON.stringify({ isFinished, step, steps: recipe.steps, outFolder, retrieval }))
    return exitCodes.ok
  }
  for (const one of retrieval) await terminal.print(retrievalText(one))
  await terminal.print(`The encoders are in ${outFolder}.`)
  return exitCodes.ok
}

/** Such as `boss among apogee: of 1000 stars 61.2% found, 97.0% among ten, median place 1`. */
export function retrievalText({ from, to, stars, topOne, topTen, medianRank }: PairRetrieval): string {
  const found = `${(100 * topOne).toFixed(1)}% found, ${(100 * topTen).toFixed(1)}% among ten`
  return `${from} among ${to}: of ${stars} stars ${found}, median place ${medianRank}`
}
