// `birthline study`: true against predicted ages, with the classic neural posterior beside the model: the pilot study, and
// the same with spectra and half of all inputs missing.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { SimulatedStars, Simulator, StarInput } from '../../models/index.ts'
import { packageFile } from '../../schemas/index.ts'
import { writeTextFile } from '../../streams/index.ts'
import { openProgress } from '../terminal/progressLine.ts'
import { type CommandCode, exitCodes, roomySeed } from './commandLine.ts'
import { wholeOption } from './numberOptions.ts'
import { makeOutFolder } from './outFolder.ts'

const SAMPLES = 256
const NAMES = ['logAgeYr']
const SEED_OFFSET = 9_000_003
/** Of the inputs of the second study. */
const MISSING = 0.5

interface Panel {
  readonly heading: string
  readonly truths: Float64Array
  readonly medians: Float64Array
  /** Fraction of truths within the central 68% interval. */
  readonly covered: number
}

/** Age samples of one star. */
type Ages = (star: StarInput) => Promise<Float32Array>

interface PlannedPanel {
  readonly heading: string
  readonly drawn: () => SimulatedStars
  /** Null stands for the model. */
  readonly baseline: Ages | null
}

interface Study {
  /** Of its files. */
  readonly name: string
  readonly title: string
  readonly panels: readonly PlannedPanel[]
}

export const study: CommandCode = async (line, _args, values) => {
  const starCount = wholeOption(values, 'stars', 100, 100_000)
  const { config, terminal, signal, nowMs } = line
  const outFolder = resolve(line.workingFolder, String(values.out))
  const models = await import('../../models/index.ts')
  const { agePlot } = await import('../figures/agePlot.ts')
  const model = await models.openPosteriorModel(config.modelFolder ?? undefined)
  const [npe, npeSpectra] = await Promise.all(
    ['npe', 'npeSpectra'].map(async name => {
      const folder = packageFile('models', 'checkpoints', name)
      return existsSync(join(folder, 'model.json')) ? await models.openNpe(folder, SAMPLES) : null
    }),
  )
  const seed = roomySeed(line) + SEED_OFFSET
  const drawOf = (simulator: Simulator) => () =>
    models.drawSimulatedStars(simulator, null, NAMES, { seed, count: starCount, maxDraws: starCount })
  const agesOf = (flow: typeof npe): Ages | null =>
    flow === null ? null : async star => (await flow.sample(star, roomySeed(line))).subarray(0, SAMPLES)
  const ours: Ages = async star => {
    const [{ samples }] = await model.infer([star], { sampleCount: SAMPLES, seed: config.seed })
    return samples.subarray(0, SAMPLES)
  }
  const whole = models.createPilotSimulator({ missing: 'none', hasSpectra: true })
  const half = drawOf(models.withRandomGaps(whole, MISSING))
  const withoutSpectra = (drawn: SimulatedStars): SimulatedStars => ({
    ...drawn,
    stars: drawn.stars.map(({ key, given }) => ({ key, given })),
  })
  const baselinePanel = (flow: typeof npe, heading: string, drawn: () => SimulatedStars): readonly PlannedPanel[] =>
    flow === null ? [] : [{ heading, drawn, baseline: agesOf(flow) }]
  const complete = drawOf(models.createPilotSimulator({ missing: 'none' }))
  const studies: readonly Study[] = [
    {
      name: 'pilot-study',
      title: 'True against predicted age',
      panels: [
        ...baselinePanel(npe, 'classic NPE, nothing missing', complete),
        { heading: 'star model, nothing missing', drawn: complete, baseline: null },
        {
          heading: 'star model, surveys missing',
          drawn: drawOf(models.createPilotSimulator({ missing: 'mixed' })),
          baseline: null,
        },
      ],
    },
    {
      name: 'spectra-study',
      title: "True against predicted age, with Gaia's XP spectra",
      panels: [
        ...baselinePanel(npeSpectra, 'classic NPE, nothing missing', drawOf(whole)),
        { heading: 'star model, nothing missing', drawn: drawOf(whole), baseline: null },
        { heading: 'star model, half missing', drawn: half, baseline: null },
        { heading: 'the same without their spectra', drawn: () => withoutSpectra(half()), baseline: null },
      ],
    },
  ]
  const progress = openProgress(terminal, 'studying', 'posteriors', nowMs)
  const total = starCount * studies.reduce((sum, { panels }) => sum + panels.length, 0)
  let done = 0
  const panelOf = async ({ heading, drawn, baseline }: PlannedPanel): Promise<Panel> => {
    const { stars, truths } = drawn()
    const medians = new Float64Array(stars.length)
    let covered = 0
    for (const [i, star] of stars.entries()) {
      signal.throwIfAborted()
      const { q16, q50, q84 } = models.summarize('logAgeYr', await (baseline ?? ours)(star))
      medians[i] = q50
      if (q16 <= truths[i] && truths[i] <= q84) covered++
      progress.update(++done, total)
    }
    return { heading, truths, medians, covered: covered / stars.length }
  }
  try {
    await makeOutFolder(outFolder)
    const results = []
    for (const { name, title, panels: planned } of studies) {
      const panels: Panel[] = []
      for (const one of planned) panels.push(await panelOf(one))
      const subtitle = `${starCount} fresh simulated stars each; posterior medians`
      const numbers = panels.map(({ heading, truths, medians, covered }) => ({
        heading,
        starCount,
        ...residualsOf(truths, medians),
        coverage68: covered,
      }))
      const figurePath = join(outFolder, `${name}.svg`)
      const jsonPath = join(outFolder, `${name}.json`)
      const command = `birthline study --stars ${starCount} --seed ${config.seed}`
      await writeTextFile(figurePath, agePlot({ title, subtitle, quantity: 'logAgeYr', panels }))
      await writeTextFile(
        jsonPath,
        `${JSON.stringify({ command, modelFingerprint: model.fingerprint, panels: numbers }, null, 1)}\n`,
      )
      results.push({ name, title, figurePath, jsonPath, panels: numbers })
    }
    progress.end()
    if (terminal.isJson) await terminal.print(JSON.stringify({ studies: results }))
    for (const { title, panels, figurePath, jsonPath } of terminal.isJson ? [] : results) {
      await terminal.print(`${title}:`)
      for (const n of panels) {
        await terminal.print(
          `  ${n.heading}: median error ${n.biasDex.toFixed(3)} dex, scatter ${n.scatterDex.toFixed(3)} dex, ${(100 * n.coverage68).toFixed(1)}% of truths within the 68% interval`,
        )
      }
      await terminal.print(`  Figure: ${figurePath}\n  Numbers: ${jsonPath}`)
    }
    return exitCodes.ok
  } finally {
    progress.end()
    await model.close()
    await npe?.close()
    await npeSpectra?.close()
  }
}

/** Median of (predicted - true) and half the width of its central 68%, dex. */
function residualsOf(truths: Float64Array, medians: Float64Array): { biasDex: number; scatterDex: number } {
  const residuals = medians.map((median, i) => median - truths[i]).sort()
  const at = (fraction: number) => residuals[Math.round(fraction * (residuals.length - 1))]
  return { biasDex: at(0.5), scatterDex: 0.5 * (at(0.841345) - at(0.158655)) }
}
