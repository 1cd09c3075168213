// Spectra of each instrument encoded in a second of processor time: from the pixels as delivered to tokens and vector, one
// spectrum a call as they come, and in batches. Weights are random: what they have learned costs nothing.
// node dist/ops/bench/encoderBench.js [--spectra 200] [--batch 16] [--rounds 5] [--json]
import { parseArgs } from 'node:util'
import {
  createRng,
  encoderConfig,
  encoderTrial,
  type PixelModality,
  pixelModalities,
  spectrumTokens,
} from '../../models/index.ts'
import type { SpectrumSegment } from '../../schemas/index.ts'
import { describeCommand, describeMachine, renderMachine } from './harness.ts'

/** A second of one core, each instrument. */
const WANTED_PER_SECOND = 300

const { values: flags } = parseArgs({
  options: {
    spectra: { type: 'string', default: '200' },
    batch: { type: 'string', default: '16' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
})
const [spectra, batch, rounds] = [flags.spectra, flags.batch, flags.rounds].map(Number)

/** A spectrum on the instrument's own bins, a pixel each, with a few bad ones. */
function segmentOf({ grid }: PixelModality): SpectrumSegment {
  const rng = createRng(1)
  const count = grid.patches * grid.binsPerPatch
  return {
    ...{ name: 'coadd', medium: 'vacuum', wavelengthUnit: 'Angstrom', wavelengthScale: 'log10', wavelengths: [] },
    wavelengthLaw: { start: Math.log10(grid.firstAngstrom), step: grid.log10Step },
    ...{ fluxUnit: '', fluxScale: 'relative' },
    fluxes: Array.from({ length: count }, () => 10 + rng.normal()),
    ivars: Array.from({ length: count }, (_, i) => (i % 53 === 0 ? 0 : 1)),
    ...{ masks: [], signalToNoise: null, badPixelCount: 0, missingPixelCount: 0 },
  }
}

async function perSecond(work: () => Promise<void>, count: number): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (1e6 * count) / (user + system)
}

const results = []
for (const modality of pixelModalities) {
  const segment = segmentOf(modality)
  const [one, many] = [
    await encoderTrial(modality, encoderConfig, 1),
    await encoderTrial(modality, encoderConfig, batch),
  ]
  const runs = { pixels: [] as number[], single: [] as number[], batched: [] as number[] }
  const tokens = spectrumTokens(modality, [segment])
  for (let round = 0; round <= rounds; round++) {
    const times = {
      pixels: await perSecond(async () => {
        for (let i = 0; i < spectra; i++) spectrumTokens(modality, [segment])
      }, spectra),
      single: await perSecond(async () => {
        for (let i = 0; i < spectra; i++) await one.encode([spectrumTokens(modality, [segment])])
      }, spectra),
      batched: await perSecond(
        async () => {
          for (let i = 0; i < spectra; i += batch) await many.encode(Array.from({ length: batch }, () => tokens))
        },
        Math.ceil(spectra / batch) * batch,
      ),
    }
    // The first round warms up.
    if (round > 0) for (const key of ['pixels', 'single', 'batched'] as const) runs[key].push(times[key])
  }
  await one.close()
  await many.close()
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]
  results.push({
    instrument: modality.name,
    pixels: segment.fluxes.length,
    pixelsAlone: median(runs.pixels),
    oneByOne: median(runs.single),
    networkInBatches: median(runs.batched),
  })
}
if (flags.json) {
  process.stdout.write(
    `${JSON.stringify({ machine: describeMachine(), command: describeCommand(), wantedPerSecond: WANTED_PER_SECOND, results })}\n`,
  )
} else {
  const lines = results.map(
    one =>
      `${one.instrument.padEnd(10)} ${one.pixels} pixels: ${one.oneByOne.toFixed(0)} spectra a core second one by one, pixels alone ${one.pixelsAlone.toFixed(0)}, network in batches of ${batch} ${one.networkInBatches.toFixed(0)}; wanted ${WANTED_PER_SECOND}`,
  )
  process.stdout.write(`${renderMachine(describeMachine())}\n${describeCommand()}\n${lines.join('\n')}\n`)
}
