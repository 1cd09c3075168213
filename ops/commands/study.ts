// `birthline study`: the pilot study, true against predicted ages, with the classic neural posterior beside the model.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { SimulatedStars, StarInput } from '../../models/index.ts'
import { packageFile } from '../../schemas/index.ts'
import { writeTextFile } from '../../streams/index.ts'
import { openProgress } from '../terminal/progressLine.ts'
import { type CommandCode, exitCodes, roomySeed } from './commandLine.ts'
import { wholeOption } from './numberOptions.ts'
import { makeOutFolder } from './outFolder.ts'

const SAMPLES = 256
const NAMES = ['logAgeYr']
const SEED_OFFSET = 9_000_003

interface Panel {
  readonly heading: string
  readonly truths: Float64Array
  readonly medians: Float64Array
  /** Fraction of truths within the central 68% interval. */
  readonly covered: number
}

/** Age samples of one star. */
type Ages = (star: StarInput) => Promise<Float32Array>

export const study: CommandCode = async (line, _args, values) => {
  const starCount = wholeOption(values, 'stars', 100, 100_000)
  const { config, terminal, signal, nowMs } = line
  const outFolder = resolve(line.workingFolder, String(values.out))
  const npeFolder = packageFile('models', 'checkpoints', 'npe')
  const models = await import('../../models/index.ts')
  const { agePlot } = await import('../figures/agePlot.ts')
  const model = await models.openPosteriorModel(config.modelFolder ?? undefined)
  const npe = existsSync(join(npeFolder, 'model.json')) ? await models.openNpe(npeFolder, SAMPLES) : null
  const progress = openProgress(terminal, 'studying', 'posteriors', nowMs)
  const seed = roomySeed(line) + SEED_OFFSET
  const draw = (missing: 'none' | 'mixed') =>
    models.drawSimulatedStars(models.createPilotSimulator({ missing }), null, NAMES, {
      seed,
      count: starCount,
      maxDraws: starCount,
    })
  const complete = draw('none')
  const incomplete = draw('mixed')
  const total = starCount * (npe === null ? 2 : 3)
  let done = 0
  const panelOf = async (heading: string, drawn: SimulatedStars, ages: Ages): Promise<Panel> => {
    const medians = new Float64Array(drawn.stars.length)
    let covered = 0
    for (const [i, star] of drawn.stars.entries()) {
      signal.throwIfAborted()
      const { q16, q50, q84 } = models.summarize('logAgeYr', await ages(star))
      medians[i] = q50
      if (q16 <= drawn.truths[i] && drawn.truths[i] <= q84) covered++
      progress.update(++done, total)
    }
    return { heading, truths: drawn.truths, medians, covered: covered / drawn.stars.length }
  }
  const ours: Ages = async star => {
    const [{ samples }] = await model.infer([star], { sampleCount: SAMPLES, seed: config.seed })
    return samples.subarray(0, SAMPLES)
  }
  try {
    const panels = [await panelOf('star model, nothing missing', complete, ours)]
    if (npe !== null) {
      const flow: Ages = async star => (await npe.sample(star, roomySeed(line))).subarray(0, SAMPLES)
      panels.unshift(await panelOf('classic NPE, nothing missing', complete, flow))
    }
    panels.push(await panelOf('star model, surveys missing', incomplete, ours))
    progress.end()
    const subtitle = `${starCount} fresh simulated stars each; posterior medians`
    const svg = agePlot({ title: 'True against predicted age', subtitle, quantity: 'logAgeYr', panels })
    const numbers = panels.map(({ heading, truths, medians, covered }) => ({
      heading,
      starCount,
      ...residualsOf(truths, medians),
      coverage68: covered,
    }))
    await makeOutFolder(outFolder)
    const figurePath = join(outFolder, 'pilot-study.svg')
    const jsonPath = join(outFolder, 'pilot-study.json')
    const command = `birthline study --stars ${starCount} --seed ${config.seed}`
    await writeTextFile(figurePath, svg)
    await writeTextFile(
      jsonPath,
      `${JSON.stringify({ command, modelFingerprint: model.fingerprint, panels: numbers }, null, 1)}\n`,
    )
    if (terminal.isJson) await terminal.print(JSON.stringify({ figurePath, jsonPath, panels: numbers }))
    else {
      for (const n of numbers) {
        await terminal.print(
          `${n.heading}: median error ${n.biasDex.toFixed(3)} dex, scatter ${n.scatterDex.toFixed(3)} dex, ${(100 * n.coverage68).toFixed(1)}% of truths within the 68% interval`,
        )
      }
      await terminal.print(`Figure: ${figurePath}\nNumbers: ${jsonPath}`)
    }
    return exitCodes.ok
  } finally {
    progress.end()
    await model.close()
    await npe?.close()
  }
}

/** Median of (predicted - true) and half the width of its central 68%, dex. */
function residualsOf(truths: Float64Array, medians: Float64Array): { biasDex: number; scatterDex: number } {
  const residuals = medians.map((median, i) => median - truths[i]).sort()
  const at = (fraction: number) => residuals[Math.round(fraction * (residuals.length - 1))]
  return { biasDex: at(0.5), scatterDex: 0.5 * (at(0.841345) - at(0.158655)) }
}
