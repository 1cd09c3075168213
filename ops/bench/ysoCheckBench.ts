// The fast spectra of young stars against radiative transfer by packets of light, per object, view and range of wavelength.
// node dist/ops/bench/ysoCheckBench.js [--packets 400000] [--threads 2] [--sets 2] [--json]
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import {
  binWidthsUm,
  createRng,
  createYsoSed,
  createYsoSeds,
  drawYso,
  modelSets,
  planck,
  sedWavelengthsUm,
  starLuminosity,
  type Yso,
} from '../../models/index.ts'
import { describeCommand, describeMachine, renderMachine } from './harness.ts'
import { type PacketOutcome, VIEWS } from './packetTransfer.ts'
import type { PacketTask } from './packetWorker.ts'

const SEED = 5
const { values: flags } = parseArgs({
  options: {
    packets: { type: 'string', default: '400000' },
    threads: { type: 'string', default: '2' },
    sets: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
  },
})
const [packets, threads, perSet] = [flags.packets, flags.threads, flags.sets].map(Number)
if (![packets, threads].every(n => Number.isInteger(n) && n > 0) || !Number.isInteger(perSet) || perSet < 0) {
  process.stderr.write('--packets and --threads take whole numbers from 1, --sets from 0\n')
  process.exit(1)
}

/** Ranges of wavelength, micron. */
const ranges = [
  [0.4, 0.9],
  [0.9, 2],
  [2, 5],
  [5, 8],
  [8, 13],
  [13, 30],
  [30, 100],
  [100, 500],
] as const
/** Which views are told: from the edge, halfway and from above. */
const told = [0, Math.floor(VIEWS / 2), VIEWS - 1]
/** Packets of a range that a comparison needs: an error of a tenth. */
const FEWEST = 100

const star = {
  starRadiusRsun: 2,
  starTeffK: 4000,
  disk: null,
  envelope: null,
  cavity: null,
  innerRadiusRsub: 1,
  hasAmbient: false,
  inclinationDeg: 0,
}
const disk = { massMsun: 1e-5, outerRadiusAu: 300, flaringPower: 1.1, surfacePower: -1, height100Au: 8 }
const falling = { kind: 'ulrich', densityGPerCm3: 1e-19, centrifugalRadiusAu: 300 } as const
const around = (densityGPerCm3: number) => ({ kind: 'powerLaw', densityGPerCm3, power: -1.5 }) as const
const cavity = { power: 1.5, openingDeg: 20, densityGPerCm3: 1e-22 }
const objects: { readonly name: string; readonly yso: Yso }[] = [
  { name: 'thin shell', yso: { ...star, envelope: around(1e-22), hasAmbient: true } },
  { name: 'thick shell with a hole', yso: { ...star, envelope: around(1e-20), innerRadiusRsub: 30, hasAmbient: true } },
  { name: 'light disk', yso: { ...star, disk: { ...disk, massMsun: 1e-7 } } },
  { name: 'disk', yso: { ...star, disk } },
  { name: 'heavy disk', yso: { ...star, disk: { ...disk, massMsun: 1e-4 } } },
  { name: 'disk with a hole, hot star', yso: { ...star, starTeffK: 9000, disk, innerRadiusRsub: 20 } },
  { name: 'infall', yso: { ...star, envelope: falling, hasAmbient: true } },
  { name: 'infall with cavities', yso: { ...star, envelope: falling, cavity, hasAmbient: true } },
  { name: 'disk, infall and cavities', yso: { ...star, disk, envelope: falling, cavity, hasAmbient: true } },
]
for (const set of modelSets) {
  if (set === 's---s-i') continue
  const rng = createRng(SEED)
  for (let i = 0; i < perSet; i++) {
    rng.seek(i)
    objects.push({ name: `${set} ${i}`, yso: drawYso(set, rng) })
  }
}

/** Sum over each range, of shares of the star's luminosity in each bin. */
const inRanges = (light: (i: number) => number): number[] =>
  ranges.map(([from, to]) => {
    let sum = 0
    for (let i = 0; i < sedWavelengthsUm.length; i++)
      if (sedWavelengthsUm[i] >= from && sedWavelengthsUm[i] < to) sum += light(i)
    return sum
  })

const seds = createYsoSeds()
const sed = createYsoSed([1e12])
/** [told][ranges] of the fast spectrum, the mean over directions of each view. */
function seeFast(yso: Yso): number[][] {
  seds.place(yso)
  const starlight = sedWavelengthsUm.map((w, i) => planck(w, yso.starTeffK) * binWidthsUm[i])
  const whole = starlight.reduce((a, b) => a + b, 0)
  const luminosity = starLuminosity(yso)
  const parts = [0.1, 0.3, 0.5, 0.7, 0.9]
  return told.map(view => {
    const sums = parts.map(part => {
      seds.see((Math.acos((view + part) / VIEWS) * 180) / Math.PI, sed)
      return inRanges(
        i =>
          (starlight[i] / whole) * (Math.exp(-sed.starDepth[i]) + sed.scattered[i]) +
          (sed.thermal[i] * binWidthsUm[i]) / luminosity,
      )
    })
    return ranges.map((_, r) => sums.reduce((sum, one) => sum + one[r] / parts.length, 0))
  })
}

function sendAll(): Promise<PacketOutcome[]> {
  return new Promise((resolve, reject) => {
    const outcomes: PacketOutcome[] = []
    let next = 0
    let done = 0
    const workers = Array.from({ length: Math.min(threads, objects.length) }, () => {
      const worker = new Worker(new URL('./packetWorker.js', import.meta.url))
      const give = () => {
        if (next >= objects.length) return
        const task: PacketTask = { index: next, yso: objects[next].yso, packets, seed: SEED }
        next++
        worker.postMessage(task)
      }
      worker.on('error', reject)
      worker.on('message', ({ index, outcome }: { index: number; outcome: PacketOutcome }) => {
        outcomes[index] = outcome
        done++
        if (done === objects.length) {
          for (const one of workers) void one.terminate()
          resolve(outcomes)
        } else give()
      })
      give()
      return worker
    })
  })
}

const outcomes = await sendAll()
const table = objects.map(({ name, yso }, at) => {
  const { light, absorbed, lost } = outcomes[at]
  const fast = seeFast(yso)
  const differences = told.map((view, v) => {
    const truth = inRanges(i => light[view][i])
    return ranges.map((_, r) =>
      (truth[r] * packets) / VIEWS < FEWEST || !(fast[v][r] > 0) ? null : Math.log10(fast[v][r] / truth[r]),
    )
  })
  return { name, absorbed, lost, differences }
})

/** Of all objects whose packets nearly all came out. */
const quantiles = told.map((_, v) =>
  ranges.map((_, r) => {
    const found = table
      .filter(({ lost }) => lost < 0.02)
      .map(({ differences }) => differences[v][r])
      .filter(d => d !== null)
      .sort((a, b) => a - b)
    const at = (share: number) => (found.length < 5 ? null : found[Math.round(share * (found.length - 1))])
    return { count: found.length, low: at(0.16), median: at(0.5), high: at(0.84) }
  }),
)

const views = ['edge', 'half', 'pole']
if (flags.json) {
  const report = { machine: describeMachine(), command: describeCommand(), packets, ranges, views, table, quantiles }
  process.stdout.write(`${JSON.stringify(report)}\n`)
} else {
  const cell = (d: number | null) => (d === null ? '-' : d.toFixed(2)).padStart(8)
  const lines = [
    renderMachine(describeMachine()),
    describeCommand(),
    `log10 of fast over packets, by range of wavelength in micron; views from the edge, halfway and from the pole, each a fifth of the cosine`,
    `${'object'.padEnd(28)}${'view'.padEnd(6)}${ranges.map(([a, b]) => `${a}-${b}`.padStart(8)).join('')}   lost`,
  ]
  for (const { name, lost, differences } of table)
    differences.forEach((row, v) => {
      lines.push(
        `${(v === 0 ? name : '').padEnd(28)}${views[v].padEnd(6)}${row.map(cell).join('')}   ${v === 0 ? lost.toFixed(3) : ''}`,
      )
    })
  lines.push('', 'All objects of which less than 2% was given up: 16%, median, 84%')
  quantiles.forEach((row, v) => {
    for (const part of ['low', 'median', 'high'] as const)
      lines.push(
        `${(part === 'low' ? views[v] : '').padEnd(28)}${part.padEnd(6)}${row.map(one => cell(one[part])).join('')}`,
      )
  })
  process.stdout.write(`${lines.join('\n')}\n`)
}
