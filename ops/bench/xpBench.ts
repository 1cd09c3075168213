// XP spectra simulated in a second of processor time: model spectrum, dust, coefficients, noise and errors.
// node dist/ops/bench/xpBench.js [--stars 4000]
import { parseArgs } from 'node:util'
import { createRng, createXpSimulation } from '../../models/index.ts'

const { values } = parseArgs({ options: { stars: { type: 'string', default: '4000' } } })
const count = Number(values.stars)
const simulation = createXpSimulation()
const rng = createRng(1)

function simulate(): number {
  let published = 0
  for (let i = 0; i < count; i++) {
    rng.seek(i)
    const star = {
      family: 'kurucz',
      teffK: 4000 + 4000 * rng.uniform(),
      loggDex: 2 + 2.5 * rng.uniform(),
      fehDex: -1 * rng.uniform(),
      radiusRsun: 1,
      distancePc: 800,
      avMag: 2 * rng.uniform(),
      rv: 3.1,
    } as const
    if (simulation.observe(star, rng)?.isPublished) published++
  }
  return published
}

simulate()
const before = process.cpuUsage()
const published = simulate()
const { user, system } = process.cpuUsage(before)
process.stdout.write(`${((1e6 * count) / (user + system)).toFixed(0)} spectra/s, ${published} of ${count} published\n`)
