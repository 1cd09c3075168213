// `birthline ablation`: a network taught on one world, adapted to another in several ways, and what each wins back.
import { join, resolve } from 'node:path'
import { writeTextFile } from '../../streams/index.ts'
import { ablationDocument } from '../ablation/ablationDocument.ts'
import { ablationPlot } from '../figures/ablationPlot.ts'
import { markdownPage } from '../report/markdownPage.ts'
import { duration } from '../terminal/progressLine.ts'
import { openStepNotes } from '../terminal/stepNotes.ts'
import { type CommandCode, exitCodes, roomySeed } from './commandLine.ts'
import { optionRefused, wholeOption } from './numberOptions.ts'
import { makeOutFolder } from './outFolder.ts'

const PAGE = 'ablation'
const MAX_SEEDS = 100

export const ablation: CommandCode = async (line, _args, values) => {
  const { ablationPlan, latentScale, pilotFolder, readCheckpoint, runAblation, summarizeAblation } = await import(
    '../../models/index.ts'
  )
  const { terminal, signal, nowMs, config } = line
  const outFolder = resolve(line.workingFolder, String(values.out))
  const seedCount = wholeOption(values, 'seeds', 1, MAX_SEEDS)
  const first = roomySeed(line)
  const seeds = Array.from({ length: seedCount }, (_, k) => first + k)
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
  const note = openStepNotes(terminal, nowMs)
  let since: { readonly done: number; readonly ms: number } | null = null
  const cells = await runAblation(latentScale(readCheckpoint(pilotFolder).card), plan, seeds, {
    workFolder: join(outFolder, 'work'),
    signal,
    onCounts: (seed, { simulated, real, paired }) =>
      terminal.note(`birthline: seed ${seed} has ${simulated} simulated stars, ${real} real ones, ${paired} pairs`),
    onSteps(done, total, doing) {
      since ??= { done, ms: nowMs() }
      const rate = (nowMs() - since.ms) / Math.max(1, done - since.done)
      note(`${doing}: step ${done} of ${total}, about ${duration(((total - done) * rate) / 1000)} left`)
    },
  }).catch((error: unknown) => {
    if (signal.aborted) return null
    throw error
  })
  if (cells === null) {
    if (terminal.isJson) await terminal.print(JSON.stringify({ isFinished: false, outFolder }))
    else terminal.note('birthline: stopped; the same command goes on from there')
    return exitCodes.interrupted
  }
  const summaries = summarizeAblation(cells)
  const figure = ablationPlot(
    'What adaptation wins back of the gap between two worlds',
    `${plan.testStars} fresh stars of the sky for each of ${seedCount} seeds; 0 is without adaptation, 1 with labels of the sky`,
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
  const command = `birthline ablation --out FOLDER --seeds ${seedCount} --seed ${config.seed}${told.join('')}`
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
