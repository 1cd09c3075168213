// `birthline draw populations`: the stars of a simulation as pictures, real ones on top.
import { join, resolve } from 'node:path'
import { FusionError } from '../../schemas/index.ts'
import { writeTextFile } from '../../streams/index.ts'
import { count, openProgress } from '../terminal/progressLine.ts'
import { type CommandCode, exitCodes } from './commandLine.ts'
import { makeOutFolder } from './outFolder.ts'

/** Contours of more would look the same. */
const MAX_STARS = 100_000
const LOOK_STARS = 1000

export const drawPopulations: CommandCode = async (line, args, values) => {
  const { terminal, signal, nowMs, workingFolder } = line
  const folder = resolve(workingFolder, args[0])
  const outFolder = resolve(workingFolder, String(values.out))
  const { openShards, shardRows } = await import('../simulation/shardReader.ts')
  const { openPopulations, realValues } = await import('../simulation/populationFigures.ts')
  const { wordsOf } = await import('../figures/axisLabel.ts')
  const { populationPlot } = await import('../figures/populationPlot.ts')
  const manifest = await openShards(folder)
  const real = realValues(
    await realGroups(typeof values.real === 'string' ? resolve(workingFolder, values.real) : null),
  )
  const populations = openPopulations(
    manifest.classes,
    manifest.columns.map(({ name }) => name),
  )
  const total = Math.min(MAX_STARS, manifest.starCount)
  const progress = openProgress(terminal, 'reading', 'stars', nowMs)
  let done = 0
  try {
    for await (const row of shardRows(folder, manifest, total)) {
      if (done % LOOK_STARS === 0) signal.throwIfAborted()
      populations.addSimulated(String(row.truth_class), name => {
        const cell = row[name]
        return typeof cell === 'number' ? cell : null
      })
      progress.update(++done, total)
    }
  } finally {
    progress.end()
  }
  for (const value of real) populations.addReal(value)
  const subtitle = `${count(done)} stars of the recipe ${manifest.recipeName}, seed ${manifest.seed}`
  const figures = populations.figures(subtitle, `${count(real.length)} real stars as points`)
  if (figures.size === 0) {
    throw new FusionError('FILE_UNREADABLE', `${folder} has none of the columns that are drawn; simulate it anew.`)
  }
  await makeOutFolder(outFolder)
  const paths: string[] = []
  for (const [name, figure] of figures) {
    const path = join(outFolder, `${name}.svg`)
    await writeTextFile(path, populationPlot({ ...figure, classes: figure.classes.map(wordsOf) }))
    paths.push(path)
  }
  await terminal.print(
    terminal.isJson ? JSON.stringify({ starCount: done, realCount: real.length, paths }) : paths.join('\n'),
  )
  return exitCodes.ok
}

/** The stars that come with birthline, and those of a folder of catalogues. */
async function realGroups(folder: string | null) {
  const { readDemoPlan } = await import('../demo/demoPlan.ts')
  const { readDemoGroups } = await import('../evaluation/demoStars.ts')
  const { readCatalogueGroups } = await import('../evaluation/catalogueStars.ts')
  const demo = await readDemoGroups(readDemoPlan())
  return folder === null ? demo : [...demo, ...(await readCatalogueGroups(folder))]
}
