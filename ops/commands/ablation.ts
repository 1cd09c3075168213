// `birthline ablation`: a network taught on one world, adapted to another in several ways, and what each wins back.
import { join, resolve } from 'node:path'
import { writeTextFile } from '../../streams/index.ts'
import { ablationDocument } from '../ablation/ablationDocument.ts'
import { ablationPlot } from '../figures/ablationPlot.ts'
import { markdownPage } from '../report/markdownPage.ts'
import { ablationOnSky } from './ablationOnSky.ts'
import { finishedCells, seedsOf } from './ablationRuns.ts'
import { type CommandCode, exitCodes } from './commandLine.ts'
import { optionRefused, wholeOption } from './numberOptions.ts'
import { makeOutFolder } from './outFolder.ts'

const PAGE = 'ablation'

export const ablation: CommandCode = async (line, _args, values) => {
  const { ablationPlan, latentScale, pilotFolder, readCheckpoint, runAblation, summarizeAblation } = await import(
    '../../models/index.ts'
  )
  if (values.sky === 'real') return ablationOnSky(line, _args, values)
  if (values.sky !== 'simulated') throw optionRefused('sky', values.sky, "'simulated' or 'real'")
  if (values.catalogues !== undefined)
    throw optionRefused('catalogues', values.catalogues, 'left out without --sky real')
  const { terminal, config } = line
  const outFolder = resolve(line.workingFolder, String(values.out))
  const seeds = seedsOf(line, values)
  const names = ablationPlan.conditions.map(({ name }) => name)
  const { only } = values
  if (only !== undefined && !names.slice(1, -1).includes(String(only)))
    throw optionRefused('only', only, `one of '${names.slice(1, -1).join("', '")}'`)
  const plan = {
    ...ablationPlan,
    // The gap is counted from the first to the last.
    conditions: ablationPlan.conditions.filter(
      ({ name }, k) => only === undefined || name === only || k === 0 || k === names.length - 1,
    ),
    stars: wholeOption(values, 'stars', 100, 1_000_000, ablationPlan.stars),
    pairs: wholeOption(values, 'pairs', 1, 1_000_000, ablationPlan.pairs),
    steps: wholeOption(values, 'steps', 10, 1_000_000, ablationPlan.steps),
    baseSteps: wholeOption(values, 'baseSteps', 10, 1_000_000, ablationPlan.baseSteps),
  }
  await makeOutFolder(outFolder)
  const scale = latentScale(readCheckpoint(pilotFolder).card)
  const cells = await finishedCells(line, outFolder, options => runAblation(scale, plan, seeds, options))
  if (cells === null) return exitCodes.interrupted
  const summaries = summarizeAblation(cells)
  const figure = ablationPlot(
    'What adaptation wins back of the gap between two worlds',
    `${plan.testStars} fresh stars of the sky for each of ${seeds.length} seeds; 0 is without adaptation, 1 with labels of the sky`,
    summaries.slice(1, -1).map(({ condition, eachWonBack }) => ({
      name: condition,
      bias: eachWonBack.map(({ bias }) => bias),
      coverage: eachWonBack.map(({ coverage }) => coverage),
    })),
  )
  const told = (['stars', 'pairs', 'baseSteps', 'steps'] as const).flatMap(name =>
    plan[name] === ablationPlan[name] ? [] : [` --${name === 'baseSteps' ? 'base-steps' : name} ${plan[name]}`],
  )
  if (only !== undefined) told.push(` --only "${String(only)}"`)
  const command = `birthline ablation --out FOLDER --seeds ${seeds.length} --seed ${config.seed}${told.join('')}`
  const page = markdownPage(ablationDocument(summaries, cells, figure, command), 'figures')
  await makeOutFolder(join(outFolder, 'figures'))
  const [pagePath, jsonPath] = [join(outFolder, `${PAGE}.md`), join(outFolder, `${PAGE}.json`)]
  await writeTextFile(pagePath, page.text)
  for (const [name, svg] of page.figures) await writeTextFile(join(outFolder, name), svg)
  await writeTextFile(jsonPath, `${JSON.stringify({ command, plan, conditions: summaries, cells }, null, 1)}\n`)
  if (terminal.isJson) {
    await terminal.print(JSON.stringify({ isFinished: true, pagePath, jsonPath, conditions: summaries }))
    return exitCodes.ok
  }
  for (const { condition, biasWonBack, coverageWonBack, c2st } of summaries) {
    const [bias, coverage] = [biasWonBack, coverageWonBack].map(won =>
      won === null ? 'no gap' : `${(100 * won.mean).toFixed(0)}%`,
    )
    await terminal.print(
      `${condition}: won back ${bias} of the bias, ${coverage} of the coverage; C2ST ${c2st.mean.toFixed(3)}`,
    )
  }
  await terminal.print(`Page: ${pagePath}\nNumbers: ${jsonPath}`)
  return exitCodes.ok
}
