// `birthline train spectra`: a checkpoint learns to read spectra with pixels.
import { join, resolve } from 'node:path'
import type { PairRetrieval } from '../../models/index.ts'
import { FusionError } from '../../schemas/index.ts'
import { writeTextFile } from '../../streams/index.ts'
import { pixelsOf } from '../spectra/spectraFolder.ts'
import { count, duration, openProgress } from '../terminal/progressLine.ts'
import { openStepNotes } from '../terminal/stepNotes.ts'
import { type CommandCode, exitCodes } from './commandLine.ts'
import { wholeOption } from './numberOptions.ts'
import { drawLosses } from './train.ts'
import { retrievalText } from './trainEncoders.ts'

const MAX_STEPS = 10_000_000

export const trainSpectraModel: CommandCode = async (line, _args, values) => {
  const { encoderRetrieval, measureSpectralRetrieval, pilotFolder, readCheckpoint, spectralRecipe, trainSpectra } =
    await import('../../models/index.ts')
  const { terminal, signal, nowMs, workingFolder } = line
  const outFolder = resolve(workingFolder, String(values.out))
  const baseFolder = typeof values.base === 'string' ? resolve(workingFolder, values.base) : pilotFolder
  if (baseFolder === outFolder) {
    throw new FusionError('CONFIG_INVALID', `--out names the folder of --base, ${outFolder}: give another one.`)
  }
  const base = readCheckpoint(baseFolder)
  const recipe = {
    ...spectralRecipe,
    steps: wholeOption(values, 'steps', 1, MAX_STEPS, spectralRecipe.steps),
    ...(typeof values.seed === 'string' ? { seed: Number(line.config.seed) } : {}),
  }
  const real = typeof values.real === 'string' ? await pixelsOf(resolve(workingFolder, values.real), signal) : noSpectra
  for (const refusal of real.refusals) terminal.note(`birthline: ${refusal}`)
  const note = openStepNotes(terminal, nowMs)
  const startedMs = nowMs()
  const { isFinished, step, losses } = await trainSpectra(base, recipe, real.pixels, {
    ...{ workFolder: join(outFolder, 'work'), outFolder, signal },
    batchThreads: wholeOption(values, 'batchThreads', 1, 256, 1),
    onInputs({ simulatedStars, realSpectra, realModality, pairsPerBatch }) {
      const ofReal = realModality === null ? 'no real spectra' : `${count(realSpectra)} real spectra of ${realModality}`
      terminal.note(
        `birthline: learning from ${count(simulatedStars)} simulated stars, ${ofReal}, ${pairsPerBatch.toFixed(1)} pairs a batch`,
      )
    },
    onProgress({ step, steps, loss, heldOutLoss, stepMs, remainingS }) {
      const held = heldOutLoss === null ? '' : `, held out ${heldOutLoss.toFixed(4)}`
      note(
        `training: step ${step} of ${steps}, loss ${loss.toFixed(4)}${held}, ${stepMs.toFixed(0)} ms a step, about ${duration(remainingS)} left`,
      )
    },
  })
  let retrieval: readonly PairRetrieval[] = []
  if (isFinished) {
    await writeTextFile(join(outFolder, 'losses.svg'), await drawLosses('Training of the spectra', losses))
    const progress = openProgress(terminal, 'looking for partners', 'stars', nowMs)
    retrieval = await measureSpectralRetrieval(readCheckpoint(outFolder), recipe.config, {
      ...encoderRetrieval,
      signal,
      onStars: (done, total) => progress.update(done, total),
    })
    progress.end()
  }
  if (terminal.isJson) {
    const lastLoss = losses.at(-1) ?? null
    await terminal.print(JSON.stringify({ isFinished, step, steps: recipe.steps, outFolder, lastLoss, retrieval }))
  } else if (isFinished) {
    for (const one of retrieval) await terminal.print(retrievalText(one))
    await terminal.print(
      `The checkpoint that reads spectra is in ${outFolder}, trained in ${duration((nowMs() - startedMs) / 1000)}.`,
    )
    await terminal.print(`Next: birthline train corrections --out ${outFolder}`)
  } else {
    terminal.note(`birthline: stopped at step ${step} of ${recipe.steps}; the same command goes on from there`)
  }
  return isFinished ? exitCodes.ok : exitCodes.interrupted
}

const noSpectra = { pixels: [], refusals: [] } as const
