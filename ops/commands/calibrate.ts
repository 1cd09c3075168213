// `birthline calibrate`: simulated stars whose truth is known -> a page that says how far posteriors can be trusted.
import { dirname, resolve } from 'node:path'
import { FusionError } from '../../schemas/index.ts'
import { writeTextFile } from '../../streams/index.ts'
import { openProgress, type ProgressLine } from '../terminal/progressLine.ts'
import { type CommandCode, type CommandLine, exitCodes, type OptionValues } from './commandLine.ts'
import { wholeOption } from './numberOptions.ts'
import { makeOutFolder } from './outFolder.ts'

/** Each measurement of a star is taken away with this chance, beside what it lacks already. */
const RANDOM_CHANCES = [0, 0.3, 0.6]
/** Stars drawn for each that is wanted of a pattern: patterns as rare as one in so many are found. */
const DRAWS_PER_STAR = 8000

export const calibrate: CommandCode = async (line, _args, values) => {
  const starCount = wholeOption(values, 'stars', 50, 1_000_000)
  const pagePath = resolve(line.workingFolder, String(values.out))
  if (!/\.html?$/i.test(pagePath)) {
    throw new FusionError('CONFIG_INVALID', `--out is "${String(values.out)}": it must end with .html.`)
  }
  const jsonPath = pagePath.replace(/\.html?$/i, '.json')
  // Before minutes of work that could not be kept.
  await makeOutFolder(dirname(pagePath))
  // The engine and the figures load only when they are wanted.
  const { pilotFolder, pixelSpectraOf, publishingBounds, publishingChecks, readCheckpoint } = await import(
    '../../models/index.ts'
  )
  const { openInferPool } = await import('../../actors/index.ts')
  const { runCalibration } = await import('../calibration/calibrationRun.ts')
  const { openSectionStore } = await import('../calibration/sectionStore.ts')
  const { patternsNamed, patternSimulators } = await import('../calibration/missingPatterns.ts')
  const { calibrationDocument } = await import('../report/calibrationDocument.ts')
  const { htmlPage } = await import('../report/htmlPage.ts')
  const { config, terminal, signal, nowMs } = line
  const only = typeof values.only === 'string' ? values.only : undefined
  const { card } = readCheckpoint(config.modelFolder ?? pilotFolder)
  const patterns = patternsNamed(only, pixelSpectraOf(card))
  const model = await openInferPool({
    checkpointFolder: config.modelFolder,
    threads: config.workers,
    device: config.device,
  })
  const command = commandOf(line, values)
  const store = await openSectionStore(`${jsonPath}.partial`, `${model.fingerprint} ${command}`)
  const drawing = openProgress(terminal, 'simulating', 'stars', nowMs)
  let inferring: ProgressLine | null = null
  try {
    const { report, leftOut } = await runCalibration({
      simulatorOf: patternSimulators(),
      patterns,
      randomChances: only === undefined ? RANDOM_CHANCES : [],
      isLocal: true,
      starCount,
      maxDraws: DRAWS_PER_STAR * starCount,
      options: { sampleCount: config.sampleCount, seed: config.seed },
      modelFingerprint: model.fingerprint,
      command,
      store,
      infer: (stars, options) => model.infer(stars, options),
      signal,
      onDraw: (found, wanted) => drawing.update(found, wanted),
      onProgress(done, total) {
        if (inferring === null) drawing.end()
        inferring ??= openProgress(terminal, 'calibrating', 'posteriors', nowMs)
        inferring.update(done, total)
        if (done === total) inferring.end()
      },
    })
    await writeTextFile(jsonPath, `${JSON.stringify(report)}\n`)
    await writeTextFile(pagePath, htmlPage(calibrationDocument(report)))
    await store.clear()
    const failed = report.patterns.flatMap(({ pattern, verdicts }) =>
      verdicts.filter(one => !one.isPassed).map(one => `${pattern.name}: ${one.sentence}`),
    )
    const beyond = publishingChecks(report, publishingBounds)
      .filter(({ isWithin }) => !isWithin)
      .map(({ sentence }) => sentence)
    if (terminal.isJson) {
      await terminal.print(
        JSON.stringify({
          isPassed: report.isPassed,
          failed,
          beyondPublishing: beyond,
          leftOut: leftOut.map(one => one.name),
          pagePath,
          jsonPath,
        }),
      )
      return exitCodes.ok
    }
    for (const sentence of failed) await terminal.print(sentence)
    for (const { name } of leftOut) await terminal.print(`${name}: simulated too rarely to be judged.`)
    await terminal.print(report.isPassed ? 'Every check passed.' : `${failed.length} checks fell short.`)
    await terminal.print(
      beyond.length === 0
        ? 'None is beyond the bounds of publishing: docs/models.md.'
        : `Beyond the bounds of publishing: ${beyond.join('; ')}.`,
    )
    await terminal.print(`Page: ${pagePath}\nNumbers: ${jsonPath}`)
    return exitCodes.ok
  } finally {
    await model.close()
  }
}

function commandOf({ config }: CommandLine, values: OptionValues): string {
  const only = typeof values.only === 'string' ? ` --only "${values.only}"` : ''
  return `birthline calibrate --stars ${String(values.stars)} --samples ${config.sampleCount} --seed ${config.seed}${only}`
}
