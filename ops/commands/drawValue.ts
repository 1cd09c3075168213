// `birthline draw value` and `draw agreement`: simulated stars that everybody has seen, shown to the model by some surveys or others.
import { join, resolve } from 'node:path'
import { openPosteriorModel } from '../../models/index.ts'
import { writeTextFile } from '../../streams/index.ts'
import { markdownPage } from '../report/markdownPage.ts'
import type { ReportDocument } from '../report/reportDocument.ts'
import { openProgress } from '../terminal/progressLine.ts'
import { agreementDocument, compareSets } from '../value/agreementDocument.ts'
import { priorValue, setValueOf } from '../value/setPosteriors.ts'
import { runSets, type SetRun } from '../value/setRun.ts'
import { singleSets, valueSets } from '../value/surveySets.ts'
import { valueDocument } from '../value/valueDocument.ts'
import { type CommandCode, type CommandLine, exitCodes, type OptionValues, roomySeed } from './commandLine.ts'
import { wholeOption } from './numberOptions.ts'
import { makeOutFolder } from './outFolder.ts'

/** Far from the seeds of training and of other studies. */
const SEED_OFFSET = 11_000_003

export const drawValue: CommandCode = async (line, _args, values) => {
  const { seed, sets, ...source } = await posteriorsBy(valueSets, line, values)
  const study = {
    ...{ command: commandOf('value', line, values), ...source, prior: priorValue(sets[0]) },
    sets: sets.map(one => setValueOf(one, seed)),
  }
  return writeStudy(line, values, 'value', valueDocument(study), study)
}

export const drawAgreement: CommandCode = async (line, _args, values) => {
  const { sets, seed: _seed, ...source } = await posteriorsBy(singleSets, line, values)
  const study = { command: commandOf('agreement', line, values), ...source, pairs: compareSets(sets) }
  const pairs = study.pairs.map(({ parameters, ...pair }) => ({
    ...pair,
    parameters: parameters.map(({ differences: _differences, ...numbers }) => numbers),
  }))
  return writeStudy(line, values, 'agreement', agreementDocument(study), { ...study, pairs })
}

async function posteriorsBy(setsOf: SetRun['setsOf'], line: CommandLine, values: OptionValues) {
  const { config, terminal, signal, nowMs } = line
  const starCount = wholeOption(values, 'stars', 50, 10_000)
  const seed = roomySeed(line) + SEED_OFFSET
  const model = await openPosteriorModel(config.modelFolder ?? undefined)
  const progress = openProgress(terminal, 'comparing', 'posteriors', nowMs)
  try {
    const options = { sampleCount: config.sampleCount, seed: config.seed }
    const onProgress = (done: number, total: number) => progress.update(done, total)
    const sets = await runSets({ model, setsOf, starCount, seed, options, signal, onProgress })
    return { modelFingerprint: model.fingerprint, starCount: sets[0].draws.starCount, seed, sets }
  } finally {
    progress.end()
    await model.close()
  }
}

function commandOf(name: string, { config }: CommandLine, values: OptionValues): string {
  const model = config.modelFolder === null ? '' : ' --model FOLDER'
  return `birthline draw ${name} --stars ${String(values.stars)} --samples ${config.sampleCount} --seed ${config.seed}${model} --out FOLDER`
}

async function writeStudy(
  { terminal, workingFolder }: CommandLine,
  values: OptionValues,
  name: string,
  document: ReportDocument,
  numbers: object,
) {
  const outFolder = resolve(workingFolder, String(values.out))
  const page = markdownPage(document, 'figures')
  await makeOutFolder(join(outFolder, 'figures'))
  for (const [file, svg] of page.figures) await writeTextFile(join(outFolder, file), svg)
  const [pagePath, jsonPath] = [join(outFolder, `${name}.md`), join(outFolder, `${name}.json`)]
  await writeTextFile(pagePath, page.text)
  await writeTextFile(jsonPath, `${JSON.stringify(numbers, null, 1)}\n`)
  await terminal.print(
    terminal.isJson ? JSON.stringify({ pagePath, jsonPath }) : `Page: ${pagePath}\nNumbers: ${jsonPath}`,
  )
  return exitCodes.ok
}
