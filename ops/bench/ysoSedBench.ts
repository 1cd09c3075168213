// Spectra of young stars in dust per second on one core, one view of each object against nine of each, and how far their energy had to be balanced.
// node dist/ops/bench/ysoSedBench.js [--objects 360] [--rounds 5] [--json]
import { parseArgs } from 'node:util'
import { createRng, createYsoSed, createYsoSeds, drawYso, modelSets } from '../../models/index.ts'
import {
  describeCommand,
  describeMachine,
  renderComparison,
  renderMachine,
  runInterleaved,
  type TimedWork,
} from './harness.ts'

const { values: flags } = parseArgs({
  options: {
    objects: { type: 'string', default: '360' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
})
const objects = Number(flags.objects)
const rounds = Number(flags.rounds)
if (!(Number.isInteger(objects) && objects >= modelSets.length && Number.isInteger(rounds) && rounds > 0)) {
  process.stderr.write(`--objects takes a whole number from ${modelSets.length}, --rounds one from 1\n`)
  process.exit(1)
}

const rng = createRng(11)
const drawn = Array.from({ length: objects }, (_, i) => {
  const set = modelSets[i % modelSets.length]
  return { set, yso: drawYso(set, rng) }
})
const seds = createYsoSeds()

/** Processor time, since others on the machine would else count as ours. */
function timed(apertures: readonly number[], views: number): TimedWork {
  const sed = createYsoSed(apertures)
  const start = process.cpuUsage()
  for (const { yso } of drawn) {
    seds.place(yso)
    for (let view = 0; view < views; view++) seds.see(views === 1 ? yso.inclinationDeg : 5 + 10 * view, sed)
  }
  const { user, system } = process.cpuUsage(start)
  return { units: objects * views, seconds: (user + system) / 1e6 }
}

const comparison = await runInterleaved(
  [
    { name: 'one view, one aperture', run: () => timed([3000], 1) },
    { name: 'nine views, one aperture', run: () => timed([3000], 9) },
    {
      name: 'nine views, 20 apertures',
      run: () =>
        timed(
          Array.from({ length: 20 }, (_, i) => 100 * 10 ** ((4 * i) / 19)),
          9,
        ),
    },
  ],
  { unit: 'spectra', rounds },
)

const quantile = (sorted: readonly number[], share: number): number => sorted[Math.floor(share * (sorted.length - 1))]
const balances = modelSets.flatMap(set => {
  const found = drawn
    .filter(one => one.set === set)
    .map(({ yso }) => seds.place(yso))
    .filter(({ absorbed }) => absorbed > 1e-3)
    .map(({ balance }) => balance)
    .sort((a, b) => a - b)
  return found.length === 0
    ? []
    : [{ set, p10: quantile(found, 0.1), median: quantile(found, 0.5), p90: quantile(found, 0.9) }]
})

if (flags.json) {
  process.stdout.write(
    `${JSON.stringify({ machine: describeMachine(), command: describeCommand(), ...comparison, balances })}\n`,
  )
} else {
  process.stdout.write(`${renderMachine(describeMachine())}\n${describeCommand()}\n${renderComparison(comparison)}\n`)
  process.stdout.write('\nset      balance: tenth, median, nine tenths\n')
  for (const { set, p10, median, p90 } of balances)
    process.stdout.write(`${set.padEnd(9)}${[p10, median, p90].map(x => x.toFixed(2).padStart(8)).join('')}\n`)
}
