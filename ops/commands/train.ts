// `birthline train`: simulated stars in, a checkpoint out; stopped and taken up again at will.
import { join, resolve } from 'node:path'
import type { LossPoint } from '../../models/index.ts'
import { writeTextFile } from '../../streams/index.ts'
import { describeProgress, duration, openProgress } from '../terminal/progressLine.ts'
import { openStepNotes } from '../terminal/stepNotes.ts'
import { type CommandCode, type CommandLine, exitCodes } from './commandLine.ts'
import { wholeOption } from './numberOptions.ts'

export const trainPilotModel: CommandCode = async (line, _args, values) => {
  const { createPilotSimulator, pilotRecipe, trainStarModel } = await import('../../models/index.ts')
  const { terminal, signal, nowMs } = line
  const outFolder = resolve(line.workingFolder, String(values.out))
  const steps = wholeOption(values, 'steps', 1, 10_000_000, pilotRecipe.steps)
  const recipe = {
    ...pilotRecipe,
    steps,
    ...(typeof values.seed === 'string' ? { seed: Number(line.config.seed) } : {}),
  }
  const startedMs = nowMs()
  const note = openStepNotes(terminal, nowMs)
  const result = await trainStarModel(recipe, createPilotSimulator({ hasSpectra: recipe.hasSpectra }), {
    plainSimulator: createPilotSimulator(),
    batchThreads: wholeOption(values, 'batchThreads', 1, 256, 1),
    device: line.config.device,
    workFolder: resolve(outFolder, 'work'),
    outFolder,
    signal,
    onProgress(progress) {
      const { step, loss, validationLoss, stepMs, remainingS } = progress
      const held = validationLoss === null ? '' : `, held out ${validationLoss.toFixed(4)}`
      note(
        `training: step ${step} of ${progress.steps}, loss ${loss.toFixed(4)}${held}, ${stepMs.toFixed(0)} ms a step, about ${duration(remainingS)} left`,
      )
    },
  })
  if (result.isFinished) {
    const { adoptSampler, samplerTrial, trySamplers } = await import('../../models/index.ts')
    terminal.note('choosing the sampler by measured calibration, a few minutes')
    const request = steps < pilotRecipe.steps ? { ...samplerTrial, starCount: 100 } : samplerTrial
    const trials = await trySamplers(outFolder, createPilotSimulator(), { ...request, signal }, trial => {
      terminal.note(
        `${trial.kind}, ${trial.steps} steps: ranks off by ${trial.meanDistance.toFixed(4)} (worst ${trial.worstDistance.toFixed(4)}), ${trial.msPerStar.toFixed(1)} ms a star`,
      )
    })
    adoptSampler(outFolder, trials)
    await correct(line, outFolder, steps < pilotRecipe.steps)
    await measureFamiliarity(line, outFolder, steps < pilotRecipe.steps)
    await writeTextFile(join(outFolder, 'losses.svg'), await drawLosses('Training of the pilot model', result.losses))
  }
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

/**
 * Measures what is still wrong in complete data and the demo's commonest patterns, and ships it with the checkpoint.
 * @param only text in the names of the patterns that are measured; those of the others stay
 */
async function correct(
  { terminal, signal }: CommandLine,
  outFolder: string,
  isTrial: boolean,
  only?: string,
  starCount?: number,
): Promise<void> {
  const { adoptCorrections, correctionMeasure, learnCorrections, pixelSpectraOf, readCheckpoint } = await import(
    '../../models/index.ts'
  )
  const { patternsNamed, patternSimulators } = await import('../calibration/missingPatterns.ts')
  const { card } = readCheckpoint(outFolder)
  const patterns = patternsNamed(only, pixelSpectraOf(card)).map(({ given }) => given)
  terminal.note(`measuring ${patterns.length} patterns of missing data, a few minutes`)
  const size = isTrial
    ? { ...correctionMeasure, starCount: 100, maxDraws: 20_000 }
    : { ...correctionMeasure, ...(starCount === undefined ? {} : { starCount }) }
  const learned = await learnCorrections(outFolder, patternSimulators(), { ...size, patterns, signal }, (done, total) =>
    terminal.note(`measured ${done} of ${total} patterns`),
  )
  adoptCorrections(outFolder, learned, only === undefined ? [] : card.corrections)
}

/** Measures how far apart embeddings of simulated stars lie, and ships it with the checkpoint. */
async function measureFamiliarity({ terminal, signal, nowMs }: CommandLine, folder: string, isTrial: boolean) {
  const { adoptFamiliarity, createPilotSimulator, familiarityMeasure, learnFamiliarity } = await import(
    '../../models/index.ts'
  )
  const request = isTrial ? { ...familiarityMeasure, starCount: 6000 } : familiarityMeasure
  const progress = openProgress(terminal, 'embedding', 'stars', nowMs)
  const laws = await learnFamiliarity(
    folder,
    createPilotSimulator({ hasSpectra: true }),
    { ...request, signal },
    (done, total) => progress.update(done, total),
  )
  progress.end()
  adoptFamiliarity(folder, laws)
  return laws
}

export const trainFamiliarity: CommandCode = async (line, _args, values) => {
  const { terminal } = line
  const folder = resolve(line.workingFolder, String(values.out))
  const laws = await measureFamiliarity(line, folder, false)
  const families = laws.map(({ family, starCount }) => ({ family, starCount }))
  if (terminal.isJson) {
    await terminal.print(JSON.stringify({ folder, families }))
    return exitCodes.ok
  }
  for (const { family, starCount } of families) await terminal.print(`${family}: ${starCount} stars`)
  await terminal.print(`${families.length} families of stars were measured; the card in ${folder} holds their laws.`)
  return exitCodes.ok
}

export const trainCorrections: CommandCode = async (line, _args, values) => {
  const { terminal } = line
  const folder = resolve(line.workingFolder, String(values.out))
  const only = typeof values.only === 'string' ? values.only : undefined
  const starCount = values.stars === undefined ? undefined : wholeOption(values, 'stars', 100, 1_000_000)
  await correct(line, folder, false, only, starCount)
  const { readCheckpoint } = await import('../../models/index.ts')
  const { corrections } = readCheckpoint(folder).card
  await terminal.print(
    terminal.isJson
      ? JSON.stringify({ folder, corrections: corrections.map(({ given }) => given) })
      : `${corrections.length} patterns are corrected by the card in ${folder}. Next: birthline train familiarity --out ${folder}`,
  )
  return exitCodes.ok
}

/** The loss curve of a run as a figure. */
export async function drawLosses(title: string, losses: readonly LossPoint[]): Promise<string> {
  const { lossPlot } = await import('../figures/lossPlot.ts')
  const validation = losses.flatMap(({ step, validationLoss }) =>
    validationLoss === null ? [] : [{ step, loss: validationLoss }],
  )
  return lossPlot(title, 'loss against step; validation on stars never trained on', [
    { name: 'training', points: losses },
    { name: 'validation', points: validation },
  ])
}

export const trainNpeModel: CommandCode = async (line, _args, values) => {
  const { createPilotSimulator, npeRecipe, npeSpectraRecipe, trainNpe } = await import('../../models/index.ts')
  const { terminal, signal } = line
  const outFolder = resolve(line.workingFolder, String(values.out))
  const hasSpectra = values.spectra === true
  const recipe = hasSpectra ? npeSpectraRecipe : npeRecipe
  const simulator = createPilotSimulator({ missing: 'none', hasSpectra })
  const heldOutLoss = await trainNpe(recipe, simulator, outFolder, {
    signal,
    onStep(step, loss) {
      if (terminal.showsProgress)
        terminal.note(`training: step ${step} of ${recipe.steps}, loss ${loss.toFixed(4)} nats`)
    },
  })
  await terminal.print(
    terminal.isJson
      ? JSON.stringify({ outFolder, heldOutLoss })
      : `The baseline is in ${outFolder}: ${heldOutLoss.toFixed(4)} nats on stars it never saw.`,
  )
  return signal.aborted ? exitCodes.interrupted : exitCodes.ok
}
