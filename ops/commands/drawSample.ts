// `birthline draw sample`: samples of young stars above a threshold, beside those of a classic classifier.
import { join, resolve } from 'node:path'
import { openPosteriorModel } from '../../models/index.ts'
import { writeTextFile } from '../../streams/index.ts'
import { readDemoPlan } from '../demo/demoPlan.ts'
import { readCatalogueGroups } from '../evaluation/catalogueStars.ts'
import { readDemoGroups } from '../evaluation/demoStars.ts'
import { readClusterFacts } from '../evaluation/literatureAges.ts'
import { markdownPage } from '../report/markdownPage.ts'
import { labelledGroups } from '../samples/realSample.ts'
import { sampleDocument } from '../samples/sampleDocument.ts'
import { readBeside, starList } from '../samples/sampleListing.ts'
import { runSamples, type SamplePhase, type SampleStudy } from '../samples/sampleRun.ts'
import { openProgress, type ProgressLine } from '../terminal/progressLine.ts'
import { type CommandCode, type CommandLine, exitCodes, type OptionValues, roomySeed } from './commandLine.ts'
import { wholeOption } from './numberOptions.ts'
import { makeOutFolder } from './outFolder.ts'

/** Far from the seeds of training and of other studies. */
const SEED_OFFSET = 17_000_003
const PAGE = 'yso-samples'
const DIGITS = 6

export const drawSample: CommandCode = async (line, _args, values) => {
  const { config, terminal, signal, nowMs, workingFolder } = line
  const starCount = wholeOption(values, 'stars', 200, 100_000)
  const seed = roomySeed(line) + SEED_OFFSET
  const outFolder = resolve(workingFolder, String(values.out))
  const beside =
    typeof values.beside === 'string' ? await readBeside(values.beside, file => resolve(workingFolder, file)) : null
  const groups = await realGroups(line, values)
  const model = await openPosteriorModel(config.modelFolder ?? undefined)
  const lines = new Map<SamplePhase, ProgressLine>()
  try {
    const study = await runSamples({
      ...{ model, starCount, seed, groups, beside, signal },
      options: { sampleCount: config.sampleCount, seed: config.seed },
      onProgress: (phase, done, total) => {
        const progress = lines.get(phase) ?? openProgress(terminal, phase, 'stars', nowMs)
        lines.set(phase, progress)
        progress.update(done, total)
      },
    })
    const source = { command: commandOf(line, values), modelFingerprint: model.fingerprint }
    const page = markdownPage(sampleDocument(study, source), 'figures')
    const files = new Map([
      [`${PAGE}.md`, page.text],
      [`${PAGE}.json`, numbersOf(study, source)],
      [`${PAGE}-stars.csv`, starList(study.judged, groups)],
      ...page.figures,
    ])
    await makeOutFolder(join(outFolder, 'figures'))
    for (const [file, text] of files) await writeTextFile(join(outFolder, file), text)
    const [pagePath, jsonPath] = [join(outFolder, `${PAGE}.md`), join(outFolder, `${PAGE}.json`)]
    const starsPath = join(outFolder, `${PAGE}-stars.csv`)
    await terminal.print(
      terminal.isJson
        ? JSON.stringify({ pagePath, jsonPath, starsPath })
        : `Page: ${pagePath}\nNumbers: ${jsonPath}\nStars: ${starsPath}`,
    )
    return exitCodes.ok
  } finally {
    for (const progress of lines.values()) progress.end()
    await model.close()
  }
}

/** Those that come with birthline, and those of a folder of catalogues in their place where it has more. */
async function realGroups({ workingFolder }: CommandLine, values: OptionValues) {
  const folder = typeof values.catalogues === 'string' ? resolve(workingFolder, values.catalogues) : null
  const plan = readDemoPlan()
  const catalogued = folder === null ? [] : await readCatalogueGroups(folder)
  return labelledGroups([...catalogued, ...(await readDemoGroups(plan))], await readClusterFacts(plan, folder))
}

/** Single stars left out: the table has them. */
function numbersOf({ judged: _judged, maps, ...study }: SampleStudy, source: object): string {
  const rings = maps.map(({ stars: _stars, ...map }) => map)
  const short = (_key: string, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(DIGITS)) : value
  return `${JSON.stringify({ ...source, ...study, maps: rings }, short, 1)}\n`
}

function commandOf({ config }: CommandLine, values: OptionValues): string {
  const parts = [
    `birthline draw sample --stars ${String(values.stars)} --samples ${config.sampleCount} --seed ${config.seed}`,
    config.modelFolder === null ? '' : ' --model FOLDER',
    values.catalogues === undefined ? '' : ' --catalogues FOLDER',
    typeof values.beside === 'string' ? ` --beside ${values.beside.split('=')[0]}=FILE` : '',
  ]
  return `${parts.join('')} --out FOLDER`
}
