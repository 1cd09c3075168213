// `birthline ablation --sky real`: a network taught on the default simulator, adapted to real stars without labels, and judged by labels.
import { join, resolve } from 'node:path'
import { writeTextFile } from '../../streams/index.ts'
import { skyDocument } from '../ablation/skyDocument.ts'
import { halveSky, readSkyGroups } from '../ablation/skyGroups.ts'
import { readDemoPlan } from '../demo/demoPlan.ts'
import { markdownPage } from '../report/markdownPage.ts'
import { finishedCells, seedsOf } from './ablationRuns.ts'
import { type CommandCode, exitCodes } from './commandLine.ts'
import { optionRefused, wholeOption } from './numberOptions.ts'
import { makeOutFolder } from './outFolder.ts'

const PAGE = 'ablation-sky'
/** What a simulated sky alone can have. */
const simulatedOnly = ['pairs', 'only'] as const

export const ablationOnSky: CommandCode = async (line, _args, values) => {
  const { latentScale, pilotFolder, readCheckpoint, runSkyAblation, skyPlan, summarizeSky } = await import(
    '../../models/index.ts'
  )
  const { terminal, config, workingFolder } = line
  for (const name of simulatedOnly)
    if (values[name] !== undefined)
      throw optionRefused(name, values[name], 'left out with --sky real, where no star is known in both worlds')
  const outFolder = resolve(workingFolder, String(values.out))
  const seeds = seedsOf(line, values)
  const plan = {
    ...skyPlan,
    stars: wholeOption(values, 'stars', 1000, 1_000_000, skyPlan.stars),
    steps: wholeOption(values, 'steps', 10, 1_000_000, skyPlan.steps),
    baseSteps: wholeOption(values, 'baseSteps', 10, 1_000_000, skyPlan.baseSteps),
  }
  const folder = typeof values.catalogues === 'string' ? resolve(workingFolder, values.catalogues) : null
  const groups = await readSkyGroups(readDemoPlan(), folder)
  await makeOutFolder(outFolder)
  const scale = latentScale(readCheckpoint(pilotFolder).card)
  const cells = await finishedCells(line, outFolder, options =>
    runSkyAblation(scale, plan, seeds, seed => halveSky(groups, seed), options),
  )
  if (cells === null) return exitCodes.interrupted
  const summaries = summarizeSky(cells)
  const told = (['stars', 'baseSteps', 'steps'] as const).flatMap(name =>
    plan[name] === skyPlan[name] ? [] : [` --${name === 'baseSteps' ? 'base-steps' : name} ${plan[name]}`],
  )
  const command = `birthline ablation --sky real${folder === null ? '' : ' --catalogues FOLDER'} --out FOLDER --seeds ${seeds.length} --seed ${config.seed}${told.join('')}`
  const [pagePath, jsonPath] = [join(outFolder, `${PAGE}.md`), join(outFolder, `${PAGE}.json`)]
  await writeTextFile(pagePath, markdownPage(skyDocument(summaries, cells, command), 'figures').text)
  await writeTextFile(jsonPath, `${JSON.stringify({ command, plan, conditions: summaries, cells }, null, 1)}\n`)
  if (terminal.isJson) {
    await terminal.print(JSON.stringify({ isFinished: true, pagePath, jsonPath, conditions: summaries }))
    return exitCodes.ok
  }
  for (const { condition, parameters, c2st } of summaries) {
    const told = parameters.map(
      ({ name, bias, coverage }) =>
        `${name} off by ${bias.mean.toFixed(3)}, its coverage by ${(100 * coverage.mean).toFixed(0)} points`,
    )
    await terminal.print(`${condition}: ${told.join('; ')}; C2ST ${c2st.mean.toFixed(3)}`)
  }
  await terminal.print(`Page: ${pagePath}\nNumbers: ${jsonPath}`)
  return exitCodes.ok
}
