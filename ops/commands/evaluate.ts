// `birthline evaluate`: the model on real stars -> a page that says how well it does and why, with figures and numbers.
import { dirname, join, resolve } from 'node:path'
import { writeTextFile } from '../../streams/index.ts'
import { openProgress } from '../terminal/progressLine.ts'
import { type CommandCode, type CommandLine, exitCodes, type OptionValues } from './commandLine.ts'
import { makeOutFolder } from './outFolder.ts'

const PAGE = 'real-stars'

export const evaluate: CommandCode = async (line, _args, values) => {
  const { config, terminal, signal, nowMs, workingFolder } = line
  const outFolder = resolve(workingFolder, String(values.out))
  const catalogueFolder = typeof values.catalogues === 'string' ? resolve(workingFolder, values.catalogues) : null
  // The engine and the figures load only when they are wanted.
  const { createPilotSimulator, openPosteriorModel } = await import('../../models/index.ts')
  const { readDemoPlan } = await import('../demo/demoPlan.ts')
  const { evaluationSizes, runEvaluation } = await import('../evaluation/evaluationRun.ts')
  const { reportJson } = await import('../evaluation/evaluationReport.ts')
  const { evaluationDocument } = await import('../report/evaluationDocument.ts')
  const { markdownPage } = await import('../report/markdownPage.ts')
  const model = await openPosteriorModel(config.modelFolder ?? undefined)
  const progress = openProgress(terminal, 'evaluating', 'posteriors', nowMs)
  try {
    const report = await runEvaluation({
      plan: readDemoPlan(),
      catalogueFolder,
      simulator: createPilotSimulator(),
      infer: (stars, options) => model.infer(stars, options),
      options: { sampleCount: config.sampleCount, seed: config.seed },
      modelFingerprint: model.fingerprint,
      sizes: evaluationSizes,
      command: commandOf(line, values),
      signal,
      onProgress: (done, total) => progress.update(done, total),
    })
    progress.end()
    const document = evaluationDocument(report)
    const page = markdownPage(document, 'figures')
    const files = new Map([[`${PAGE}.md`, page.text], [`${PAGE}.json`, reportJson(report)], ...page.figures])
    for (const [file, text] of files) {
      const path = join(outFolder, file)
      await makeOutFolder(dirname(path))
      await writeTextFile(path, text)
    }
    const pagePath = join(outFolder, `${PAGE}.md`)
    const jsonPath = join(outFolder, `${PAGE}.json`)
    if (terminal.isJson) {
      const figurePaths = [...page.figures.keys()].map(file => join(outFolder, file))
      await terminal.print(JSON.stringify({ pagePath, jsonPath, figurePaths }))
      return exitCodes.ok
    }
    for (const block of document.lead) {
      if (block.kind === 'list') for (const item of block.items) await terminal.print(item)
    }
    await terminal.print(`Page: ${pagePath}\nNumbers: ${jsonPath}`)
    return exitCodes.ok
  } finally {
    progress.end()
    await model.close()
  }
}

/** Folders of this machine are no part of it. */
function commandOf({ config }: CommandLine, values: OptionValues): string {
  const catalogues = typeof values.catalogues === 'string' ? ' --catalogues FOLDER' : ''
  return `birthline evaluate${catalogues} --out FOLDER --samples ${config.sampleCount} --seed ${config.seed}`
}
