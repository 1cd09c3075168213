// Whether cost grows in proportion: processor time of posteriors against stars, samples and asked tokens, one doubled at a
// time, with the slope of a straight line in logarithms; 1 is proportional, less has a fixed part.
// node dist/ops/bench/linearBench.js [--rounds 3] [--json] [--out FILE.svg] a figure of it
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { modelParameters, openPosteriorModel, type Question, type StarInput } from '../../models/index.ts'
import { costPlot } from '../figures/costPlot.ts'
import { describeCommand, describeMachine, renderMachine } from './harness.ts'
import { median } from './statistics.ts'

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
})
const rounds = Number(flags.rounds)
const given = ['gMag', 'bpMag', 'rpMag', 'jMag', 'hMag', 'kMag'].map((quantity, i) => ({
  quantity,
  ...{ value: 14 - i / 3, err: 0.03, isLimit: false },
}))
const starsOf = (count: number): StarInput[] => Array.from({ length: count }, (_, i) => ({ key: `star ${i}`, given }))

function questionOf(count: number): Question {
  const asked = modelParameters.slice(0, count).map(name => ({ name, quantity: name, offsetDex: null }))
  return { asked, fixed: [], measured: [], conditions: [], without: [], isByTokens: true }
}

const model = await openPosteriorModel()
const infer = (stars: number, sampleCount: number) => model.infer(starsOf(stars), { sampleCount, seed: 1n })
const ask = (tokens: number, sampleCount: number) =>
  model.ask(starsOf(1), questionOf(tokens), { sampleCount, seed: 1n })
const series = [
  { of: 'stars, 256 samples each', sizes: [4, 8, 16, 32], run: (size: number) => infer(size, 256) },
  { of: 'samples of 4 stars', sizes: [256, 512, 1024, 2048], run: (size: number) => infer(4, size) },
  { of: 'samples by tokens, two asked', sizes: [128, 256, 512, 1024], run: (size: number) => ask(2, size) },
  { of: 'tokens asked, 128 samples', sizes: [1, 2, 4, 7], run: (size: number) => ask(size, 128) },
]

async function cpuMs(run: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** Least squares of log cost on log size. */
function slopeOf(sizes: readonly number[], costs: readonly number[]): number {
  const [x, y] = [sizes.map(Math.log), costs.map(Math.log)]
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
  const [mx, my] = [mean(x), mean(y)]
  return mean(x.map((value, i) => (value - mx) * (y[i] - my))) / mean(x.map(value => (value - mx) ** 2))
}

try {
  const found: { of: string; sizes: readonly number[]; cpuMs: readonly number[]; slope: number }[] = []
  for (const { of, sizes, run } of series) {
    const times = sizes.map((): number[] => [])
    // The first of each size opens its graph; sizes take turns.
    for (const size of sizes) await run(size)
    for (let round = 0; round < rounds; round++) {
      for (const [i, size] of sizes.entries()) times[i].push(await cpuMs(() => run(size)))
    }
    const costs = times.map(median)
    found.push({ of, sizes, cpuMs: costs, slope: slopeOf(sizes, costs) })
  }
  const report = { command: describeCommand(), machine: describeMachine(), found }
  if (flags.out !== undefined) {
    const curves = found.map(({ of, sizes, cpuMs: costs, slope }) => {
      return { name: of, slope, points: sizes.map((size, i) => ({ size, costMs: costs[i] })) }
    })
    const subtitle = `processor time of posteriors, medians of ${rounds} rounds; one number grows, the rest stays`
    writeFileSync(flags.out, costPlot('Cost against stars, samples and asked tokens', subtitle, curves))
  }
  if (flags.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  else {
    const lines = found.map(({ of, sizes, cpuMs: costs, slope }) => {
      const points = sizes.map((size, i) => `${size}: ${costs[i].toFixed(0)} ms`)
      return `${of}: ${points.join(', ')}; slope ${slope.toFixed(2)}`
    })
    process.stdout.write(`${[report.command, renderMachine(report.machine), ...lines].join('\n')}\n`)
  }
} finally {
  await model.close()
}
