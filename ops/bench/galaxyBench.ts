// Counts of simulated stars beside published ones, and stars drawn per second on one core.
// node dist/ops/bench/galaxyBench.js [--stars 10000]
import { parseArgs } from 'node:util'
import { createMilkyWay, createYoungStars, drawStars, type MilkyWayOptions } from '../../models/index.ts'

const { values } = parseArgs({ options: { stars: { type: 'string', default: '10000' } } })
const count = Number(values.stars)

/** What, the question, and the published number: of the whole sky, or per square degree of a cone. Sources: docs/forward-model.md. */
const rows: readonly (readonly [string, MilkyWayOptions, number])[] = [
  ['whole sky, V < 6', { limitMag: 6, band: 'johnsonVMag' }, 5326],
  ['whole sky, V < 10', { limitMag: 10, band: 'johnsonVMag' }, 382_925],
  ...(
    [
      [6, 5326],
      [10, 382_925],
      [12, 2_955_951],
      [14, 17_214_116],
      [17.65, 219_197_643],
      [20, 1.1e9],
    ] as const
  ).map(([limitMag, published]) => [`whole sky, G < ${limitMag}`, { limitMag }, published] as const),
  ['b = -57, G < 20.4', { limitMag: 20.4, cone: { lDeg: 100, bDeg: -57, radiusDeg: 5 } }, 2079],
  ['l = 260, b = -60, G < 21', { limitMag: 21, cone: { lDeg: 260, bDeg: -60, radiusDeg: 5 } }, 3184],
  ['l = 330, b = -4, G < 21', { limitMag: 21, cone: { lDeg: 330, bDeg: -4, radiusDeg: 0.5 } }, 580_777],
  ...(
    [
      [25, 1585],
      [10, 3981],
      [5, 10_000],
    ] as const
  ).map(
    ([bDeg, published]) =>
      [
        `l = 90, b = ${bDeg}, Ks < 14`,
        { limitMag: 14, band: 'ksMag', cone: { lDeg: 90, bDeg, radiusDeg: 1 } },
        published,
      ] as const,
  ),
]

process.stdout.write('counts                      model   published  ratio   stars/s\n')
for (const [what, options, published] of rows) {
  const sky = createMilkyWay(options)
  const { cone } = options
  const areaDeg2 =
    cone === undefined ? 1 : (2 * Math.PI * (1 - Math.cos((cone.radiusDeg * Math.PI) / 180)) * 180 ** 2) / Math.PI ** 2
  const model = sky.expectedStars().reduce((a, b) => a + b, 0) / areaDeg2
  drawStars(sky, { seed: 1, first: 0, count: Math.ceil(count / 5) })
  const start = performance.now()
  drawStars(sky, { seed: 2, first: 0, count })
  const perSecond = (1000 * count) / (performance.now() - start)
  const numbers = [model.toPrecision(4), published.toPrecision(4), (model / published).toFixed(2), perSecond.toFixed(0)]
  process.stdout.write(`${what.padEnd(25)} ${numbers.map(n => n.padStart(9)).join(' ')}\n`)
}
const young = createYoungStars()
drawStars(young, { seed: 1, first: 0, count })
const start = performance.now()
drawStars(young, { seed: 2, first: 0, count })
process.stdout.write(`young groups: ${((1000 * count) / (performance.now() - start)).toFixed(0)} stars/s\n`)
