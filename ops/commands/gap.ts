// `birthline gap`: simulated against real stars -> a page that says how far they are apart, and in what.
import { join, resolve } from 'node:path'
import { writeTextFile } from '../../streams/index.ts'
import { openProgress } from '../terminal/progressLine.ts'
import { type CommandCode, exitCodes, seedOf } from './commandLine.ts'
import { makeOutFolder } from './outFolder.ts'

const PAGE = 'domain-gap'

export const gap: CommandCode = async (line, _args, values) => {
  const { config, terminal, signal, nowMs, workingFolder } = line
  const outFolder = resolve(workingFolder, String(values.out))
  const { readDemoPlan } = await import('../demo/demoPlan.ts')
  const { readDemoGroups } = await import('../evaluation/demoStars.ts')
  const { readGapGroups } = await import('../gap/gapGroups.ts')
  const { gapPopulations } = await import('../gap/gapPopulations.ts')
  const { runGap } = await import('../gap/gapRun.ts')
  const { gapDocument } = await import('../gap/gapDocument.ts')
  const { markdownPage } = await import('../report/markdownPage.ts')
  const groups = [
    ...(await readDemoGroups(readDemoPlan())),
    ...(typeof values.catalogues === 'string' ? await readGapGroups(resolve(workingFolder, values.catalogues)) : []),
  ]
  const progress = openProgress(terminal, 'comparing', 'scores', nowMs)
  try {
    const seed = seedOf(line)
    const onProgress = (done: number, total: number) => progress.update(done, total)
    const found = await runGap({ groups, populations: gapPopulations, seed, signal, onProgress })
    progress.end()
    const command = `birthline gap${values.catalogues === undefined ? '' : ' --catalogues FOLDER'} --out FOLDER --seed ${config.seed}`
    const page = markdownPage(gapDocument(found, command), 'figures')
    await makeOutFolder(outFolder)
    const [pagePath, jsonPath] = [join(outFolder, `${PAGE}.md`), join(outFolder, `${PAGE}.json`)]
    await writeTextFile(pagePath, page.text)
    await writeTextFile(jsonPath, `${JSON.stringify({ command, populations: found }, null, 1)}\n`)
    if (terminal.isJson) {
      await terminal.print(JSON.stringify({ pagePath, jsonPath }))
      return exitCodes.ok
    }
    for (const { population, gaps } of found) {
      const scores = gaps.map(({ subset, withMagnitude }) => `${subset.title} ${withMagnitude.accuracy.toFixed(2)}`)
      await terminal.print(`${population.title}: ${scores.join(', ')}`)
    }
    await terminal.print(`Page: ${pagePath}\nNumbers: ${jsonPath}`)
    return exitCodes.ok
  } finally {
    progress.end()
  }
}
