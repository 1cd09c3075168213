// Temperatures that a model gives mean spectra of spectral types, seen by BOSS, from which no simulated line was changed.
// node dist/ops/bench/typeBench.js [--model models/checkpoints/spectra] [--signal 40]
import { parseArgs } from 'node:util'
import { createRng, meanSpectra, meanSpectrumAngstrom, openPosteriorModel, summarize } from '../../models/index.ts'
import { packageFile, type SpectrumSegment } from '../../schemas/index.ts'

const { values } = parseArgs({
  options: { model: { type: 'string' }, signal: { type: 'string', default: '40' } },
})
const signalToNoise = Number(values.signal)
const SAMPLES = 256
/** Pixels of BOSS to a bin of the means. */
const PIXELS = 3
const model = await openPosteriorModel(values.model ?? packageFile('models', 'checkpoints', 'spectra'))
const print = (text: string) => process.stdout.write(`${text}\n`)
const rng = createRng(1)

/** As BOSS would deliver it: its own pixels, between the bins linearly, with the noise of photons. */
function observed(fluxes: Float32Array): SpectrumSegment {
  const count = PIXELS * (fluxes.length - 1)
  const light = Float64Array.from({ length: count }, (_, i) => {
    const [j, part] = [Math.floor(i / PIXELS), (i % PIXELS) / PIXELS]
    return fluxes[j] + part * (fluxes[j + 1] - fluxes[j])
  })
  const errors = light.map(flux => Math.sqrt(Math.max(flux, 0.05)) / signalToNoise)
  return {
    ...{ name: 'coadd', medium: 'vacuum', wavelengthUnit: 'Angstrom', wavelengthScale: 'log10', wavelengthLaw: null },
    wavelengths: Array.from(light, (_, i) => Math.log10(meanSpectrumAngstrom(i / PIXELS))),
    ...{ fluxUnit: '', fluxScale: 'relative', masks: [], signalToNoise, badPixelCount: 0, missingPixelCount: 0 },
    fluxes: Array.from(light, (flux, i) => flux + errors[i] * rng.normal()),
    ivars: Array.from(errors, error => 1 / error ** 2),
  }
}

print('| Type | Teff of dwarfs, K | Posterior, K | Off |')
print('|---|--:|---|--:|')
const offs: number[] = []
let within = 0
for (const { type, teffK, fluxes, isJudge } of meanSpectra()) {
  if (!isJudge) continue
  const star = { key: type, given: [], pixels: [{ survey: 'boss', segments: [observed(fluxes)] }] }
  const [{ sampleNames, samples }] = await model.infer([star], { sampleCount: SAMPLES, seed: 1n })
  const at = sampleNames.indexOf('logTeffK') * SAMPLES
  const { q16, q50, q84 } = summarize('logTeffK', samples.subarray(at, at + SAMPLES))
  const [low, median, high] = [q16, q50, q84].map(log => 10 ** log)
  const off = median / teffK - 1
  offs.push(off)
  if (low <= teffK && teffK <= high) within += 1
  print(
    `| ${type} | ${teffK} | ${median.toFixed(0)} (${low.toFixed(0)} to ${high.toFixed(0)}) | ${(100 * off).toFixed(1)}% |`,
  )
}
const percent = (share: number) => `${(100 * share).toFixed(1)}%`
const mean = offs.reduce((sum, off) => sum + off, 0) / offs.length
const rms = Math.sqrt(offs.reduce((sum, off) => sum + off ** 2, 0) / offs.length)
print(`mean ${percent(mean)}, root mean square ${percent(rms)}; ${within} of ${offs.length} within 68%`)
await model.close()
