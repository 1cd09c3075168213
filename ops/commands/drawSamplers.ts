// `birthline draw samplers`: how fast each way to draw from a diffusion nears the truth, for data whose truth is known.
import { resolve } from 'node:path'
import { writeTextFile } from '../../streams/index.ts'
import { type CommandCode, exitCodes } from './commandLine.ts'
import { checkNamedFiles } from './namedFiles.ts'
import { numberOption } from './numberOptions.ts'

/** Steps of which two are equal need as many calls more: powers of two, and one. */
const CALLS = [9, 17, 33, 65, 129] as const

export const drawSamplers: CommandCode = async (line, _args, values) => {
  const { terminal, signal, workingFolder } = line
  const path = resolve(workingFolder, String(values.out))
  await checkNamedFiles([{ what: '--out', path, isWritten: true }])
  const target = {
    mean: numberOption(values, 'mean', -3, 3),
    sd: numberOption(values, 'width', 0.02, 1),
  }
  const models = await import('../../models/index.ts')
  const { samplerPlot } = await import('../figures/samplerPlot.ts')
  const { levelCountWithin, limitLaw, logUniformLevels, normalDistance, pilotNoise, samplerKinds, samplerLaw } = models
  const curves = samplerKinds.map(kind => ({
    name: kind,
    points: CALLS.flatMap(calls => {
      signal.throwIfAborted()
      const count = levelCountWithin(kind, calls)
      if (count === null) return []
      const levels = logUniformLevels(pilotNoise, count)
      const law = samplerLaw(kind, target, levels)
      const distance = (other: typeof target) => normalDistance(law, other) / target.sd
      return [{ calls, fromLimit: distance(limitLaw(kind, target, levels)), fromTruth: distance(target) }]
    }),
  }))
  const { sigmaMin, sigmaMax } = pilotNoise
  const subtitles = [
    `Data N(${target.mean}, ${target.sd}^2) with the exact denoiser; noise from ${sigmaMax} to ${sigmaMin}, even in the logarithm.`,
    "Wasserstein's distance of what is drawn, in units of the data's width. Laws are propagated, not sampled.",
  ]
  await writeTextFile(path, samplerPlot('Samplers against the closed form', subtitles, curves))
  if (terminal.isJson) {
    await terminal.print(JSON.stringify({ path, target, noise: pilotNoise, samplers: curves }))
    return exitCodes.ok
  }
  const cells = (texts: readonly string[]) =>
    texts.map((text, k) => (k === 0 ? text.padEnd(15) : text.padStart(11))).join('')
  await terminal.print(cells(['distance after', ...CALLS.map(calls => `${calls} calls`), 'order']))
  for (const { name, points } of curves) {
    const [coarse, fine] = points.slice(-2)
    const order = Math.log2(coarse.fromLimit / fine.fromLimit)
    const distances = points.map(({ fromTruth }) => fromTruth.toPrecision(2))
    await terminal.print(cells([name, ...distances, order.toFixed(2)]))
  }
  await terminal.print(`Figure: ${path}`)
  return exitCodes.ok
}
