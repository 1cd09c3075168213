// Spectra of BOSS, LAMOST and APOGEE simulated in a second of processor time: young stars with dust, velocity, rotation, lithium, emission, veil and noise.
// node dist/ops/bench/spectraBench.js [--stars 3000] [--rounds 5]
import { parseArgs } from 'node:util'
import {
  createRng,
  createSpectrumSimulation,
  drawLineGains,
  type Rng,
  type SpectralStar,
  type SpectrographName,
  spectrographNames,
} from '../../models/index.ts'
import { describeCommand, describeMachine, renderComparison, renderMachine, runInterleaved } from './harness.ts'

const { values } = parseArgs({
  options: { stars: { type: 'string', default: '3000' }, rounds: { type: 'string', default: '5' } },
})
const starCount = Number(values.stars)

function drawStar(rng: Rng): SpectralStar {
  const teffK = 3000 + 4000 * rng.uniform()
  return {
    family: rng.uniform() < 0.5 ? 'kurucz' : 'btSettl',
    teffK,
    loggDex: 3.5 + rng.uniform(),
    fehDex: -0.5 + 0.7 * rng.uniform(),
    radiusRsun: 1,
    distancePc: 400,
    avMag: 3 * rng.uniform(),
    rv: 3.1,
    velocityKmPerS: 20 * rng.normal(),
    lnLineGains: drawLineGains(teffK, rng),
    vsiniKmPerS: 5 + 100 * rng.uniform() ** 2,
    lithiumEwAngstrom: 0.6 * rng.uniform(),
    veil: { ratio: rng.uniform(), temperatureK: 8000 },
    warmDust: { ratio: rng.uniform(), temperatureK: 1500 },
    emission: [
      { line: 'hAlpha', ewAngstrom: 30 * rng.uniform(), fwhmKmPerS: 200 },
      { line: 'caK', ewAngstrom: 10 * rng.uniform(), fwhmKmPerS: 100 },
    ],
  }
}

function contender(name: SpectrographName) {
  const simulation = createSpectrumSimulation(name)
  const rng = createRng(1)
  const night = { signalToNoise: 30, skyRatio: 0.5, errorRatio: 1 }
  return {
    name,
    run() {
      const before = process.cpuUsage()
      let units = 0
      for (let i = 0; i < starCount; i++) {
        rng.seek(i)
        if (simulation.observe(drawStar(rng), night, rng) !== undefined) units++
      }
      const { user, system } = process.cpuUsage(before)
      return { units, seconds: (user + system) / 1e6 }
    },
  }
}

// The first round makes the templates: it is not counted.
const comparison = await runInterleaved(spectrographNames.map(contender), {
  unit: 'spectra',
  rounds: Number(values.rounds),
})
process.stdout.write(`${describeCommand()}\n${renderMachine(describeMachine())}\n${renderComparison(comparison)}\n`)
