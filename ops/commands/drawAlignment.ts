// `birthline draw alignment`: how plans of transport match simulated stars with real ones, with and without known pairs.
import { resolve } from 'node:path'
import { writeTextFile } from '../../streams/index.ts'
import { type CommandCode, exitCodes, seedOf } from './commandLine.ts'
import { checkNamedFiles } from './namedFiles.ts'
import { wholeOption } from './numberOptions.ts'

const plans = [
  { term: 'exact', name: 'Exact transport' },
  { term: 'gromov', name: 'Gromov-Wasserstein' },
  { term: 'keypoint', name: 'Keypoint-guided' },
] as const

export const drawAlignment: CommandCode = async (line, _args, values) => {
  const { terminal, signal, workingFolder } = line
  const path = resolve(workingFolder, String(values.out))
  await checkNamedFiles([{ what: '--out', path, isWritten: true }])
  const count = wholeOption(values, 'count', 2, 100)
  const seed = seedOf(line)
  const { alignmentDefaults, alignmentPlan, matchingDemo, rightShare } = await import('../../models/index.ts')
  const { planPlot } = await import('../figures/planPlot.ts')
  const demo = matchingDemo(count, seed)
  const { source, target, pairs } = demo
  const results = plans.map(({ term, name }) => {
    signal.throwIfAborted()
    const { plan, converged, iterations } = alignmentPlan(term, source, target, pairs, alignmentDefaults)
    return { term, name, plan, converged, iterations, rightShare: rightShare(demo, plan) }
  })
  const pointsOf = ({ rows, values }: typeof source) =>
    Array.from({ length: rows }, (_, i) => ({ x: values[2 * i], y: values[2 * i + 1], kind: Math.floor(i / count) }))
  const linksOf = ({ rows, columns, values }: typeof source) =>
    Array.from(values, (mass, k) => ({ source: Math.floor(k / columns), target: k % columns, share: mass * rows }))
      // Fainter ones would not be seen.
      .filter(({ share }) => share > 0.02)
  const percent = (share: number) => `${(100 * share).toFixed(0)}%`
  const figure = planPlot({
    title: 'Three kinds of stars, simulated and seen, matched by transport',
    subtitles: [
      `${count} stars of each kind on each side; each kind has moved another way. One pair of each kind is known.`,
      'A plan sees the places alone, not the kinds; only the last is told the pairs.',
    ],
    source: pointsOf(source),
    target: pointsOf(target),
    pairs,
    panels: [
      { heading: 'Samples', note: 'colour: kind', links: [] },
      ...results.map(({ name, plan, rightShare }) => ({
        heading: name,
        note: `${percent(rightShare)} of the mass goes to its own kind`,
        links: linksOf(plan),
      })),
    ],
  })
  await writeTextFile(path, figure)
  if (terminal.isJson) {
    const told = results.map(({ plan: _plan, name: _name, ...result }) => result)
    await terminal.print(JSON.stringify({ path, count, seed, pairs, plans: told }))
    return exitCodes.ok
  }
  const cells = (texts: readonly string[]) =>
    texts.map((text, k) => (k === 0 ? text.padEnd(20) : text.padStart(12))).join('')
  await terminal.print(cells(['plan', 'own kind', 'iterations', 'converged']))
  for (const { name, rightShare, iterations, converged } of results)
    await terminal.print(cells([name, percent(rightShare), String(iterations), converged ? 'yes' : 'no']))
  await terminal.print(`Figure: ${path}`)
  return exitCodes.ok
}
