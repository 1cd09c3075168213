// Temperatures that a model gives mean spectra of spectral types, seen by BOSS, from which no simulated line was changed; and whether it
// knows their like.
// node dist/ops/bench/typeBench.js [--model models/checkpoints/spectra] [--signal 40]
import { parseArgs } from 'node:util'
import { createRng, meanSpectra, openPosteriorModel, summarize } from '../../models/index.ts'
import { packageFile } from '../../schemas/index.ts'
import { typeSpectrum } from './typeSpectrum.ts'

const { values } = parseArgs({
  options: { model: { type: 'string' }, signal: { type: 'string', default: '40' } },
})
const signalToNoise = Number(values.signal)
const SAMPLES = 256
const model = await openPosteriorModel(values.model ?? packageFile('models', 'checkpoints', 'spectra'))
const print = (text: string) => process.stdout.write(`${text}\n`)
const rng = createRng(1)

print('| Type | Teff of dwarfs, K | Posterior, K | Off | Familiarity |')
print('|---|--:|---|--:|--:|')
const offs: number[] = []
let within = 0
for (const { type, teffK, fluxes, isJudge } of meanSpectra()) {
  if (!isJudge) continue
  const star = typeSpectrum(type, fluxes, signalToNoise, rng)
  const [{ sampleNames, samples, familiarity }] = await model.infer([star], { sampleCount: SAMPLES, seed: 1n })
  const at = sampleNames.indexOf('logTeffK') * SAMPLES
  const { q16, q50, q84 } = summarize('logTeffK', samples.subarray(at, at + SAMPLES))
  const [low, median, high] = [q16, q50, q84].map(log => 10 ** log)
  const off = median / teffK - 1
  offs.push(off)
  if (low <= teffK && teffK <= high) within += 1
  const interval = `${median.toFixed(0)} (${low.toFixed(0)} to ${high.toFixed(0)})`
  print(`| ${type} | ${teffK} | ${interval} | ${(100 * off).toFixed(1)}% | ${familiarity?.toFixed(3) ?? ''} |`)
}
const percent = (share: number) => `${(100 * share).toFixed(1)}%`
const mean = offs.reduce((sum, off) => sum + off, 0) / offs.length
const rms = Math.sqrt(offs.reduce((sum, off) => sum + off ** 2, 0) / offs.length)
print(`mean ${percent(mean)}, root mean square ${percent(rms)}; ${within} of ${offs.length} within 68%`)
await model.close()
