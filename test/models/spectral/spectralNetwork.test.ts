import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { simulatedGiven, simulatedSpectra } from '../../../models/calibration/simulatedStars.ts'
import {
  createPilotSimulator,
  createPixelNights,
  createRng,
  openPosteriorModel,
  pilotFolder,
  pixelSpectraOf,
  readCheckpoint,
  type StarInput,
  spectralRecipe,
  spectrumNames,
} from '../../../models/index.ts'
import { readPixels } from '../../../models/spectral/givenPixels.ts'
import { spectralWeights, startingHead } from '../../../models/spectral/spectralNetwork.ts'
import { summarize } from '../../../models/summary.ts'
import { withoutSpectra, writeCheckpoint } from '../../../models/training/checkpoint.ts'
import { drawWeights } from '../../../models/transformer/weights.ts'

const folder = mkdtempSync(join(tmpdir(), 'birthline-test-'))
afterAll(() => rmSync(folder, { recursive: true }))
const pilot = withoutSpectra(readCheckpoint(pilotFolder))
const spectral = {
  ...spectralRecipe.config,
  encoder: { width: 16, heads: 2, layers: 1, hidden: 16, outTokens: 2, outWidth: 64, sharedWidth: 8 },
  join: { width: 16, heads: 2, layers: 1, hidden: 16 },
}
const simulation = createPilotSimulator({ hasSpectra: true }).draw({ seed: 3, first: 0, count: 40 })
const nights = createPixelNights(['boss', 'lamostLrs'])
const place = [...Array(40).keys()].find(i => nights(simulation, i, createRng(1)).every(one => one !== null)) ?? 0
const pixels = nights(simulation, place, createRng(1)).flatMap(one => (one === null ? [] : [one]))
const plain: StarInput = {
  key: 'one',
  given: simulatedGiven(simulation, place),
  spectra: simulatedSpectra(simulation, place),
}
const options = { sampleCount: 32, seed: 5n }

/** The pilot, with spectra read by weights that know nothing; `change` moves some of them. */
function writeReader(name: string, change: (weights: Record<string, Float32Array>) => void): string {
  const path = join(folder, name)
  const weights = {
    ...pilot.weights,
    ...drawWeights(spectralWeights(spectral, pilot.card.config), createRng(2)),
    ...startingHead(pilot.card.config, pilot.weights),
  }
  change(weights)
  writeCheckpoint(path, { ...pilot.card, spectral }, weights)
  return path
}

test('before it is trained a spectrum changes nothing, and a star without one is answered as by the model itself', async () => {
  writeCheckpoint(join(folder, 'own'), pilot.card, pilot.weights)
  const own = await openPosteriorModel(join(folder, 'own'))
  const reader = await openPosteriorModel(writeReader('new', () => {}))
  try {
    expect(own.pixelSpectra).toBeUndefined()
    expect(reader.pixelSpectra).toContain('bossSpectrum')
    expect(pixelSpectraOf({ spectral })).toEqual(reader.pixelSpectra)
    expect(reader.fingerprint).not.toBe(own.fingerprint)
    expect(pilot.fingerprint).toBe(own.fingerprint)
    expect(withoutSpectra(readCheckpoint(join(folder, 'new'))).fingerprint).toBe(own.fingerprint)
    const [of] = await own.infer([plain], options)
    const [without, withPixels] = await reader.infer([plain, { ...plain, pixels }], options)
    expect(without).toEqual(of)
    expect(withPixels.observables).toEqual([...of.observables, 'bossSpectrum', 'lamostLrsSpectrum'])
    // The head's weights are of 16 bits here, so the last digits differ; no correction was measured for the pattern.
    expect(of.uncorrected.length).toBeGreaterThan(0)
    for (const { parameter, q50, q16, q84 } of of.uncorrected) {
      const column = withPixels.sampleNames.indexOf(parameter)
      const found = summarize(parameter, withPixels.samples.subarray(column * 32, (column + 1) * 32))
      expect(Math.abs(found.q50 - q50)).toBeLessThan(0.05 * (q84 - q16))
    }
  } finally {
    await own.close()
    await reader.close()
  }
})

test('what a spectrum says moves the posterior, alone and with others, and not that of its neighbours', async () => {
  const moved = writeReader('moved', weights => {
    const rng = createRng(4)
    weights['spectral.join.z'].forEach((_, k, all) => {
      all[k] = 0.2 * rng.normal()
    })
  })
  const model = await openPosteriorModel(moved)
  try {
    const [boss, lamost] = pixels
    const given: StarInput[] = [
      { ...plain, pixels: [boss] },
      { ...plain, pixels: [lamost] },
      { ...plain, pixels },
    ]
    const alone = { key: 'one', given: [], pixels: [boss] }
    const answers = await model.infer([plain, ...given, alone], options)
    expect(new Set(answers.map(({ samples }) => samples.join())).size).toBe(5)
    for (const { samples } of answers) expect(samples.every(Number.isFinite)).toBe(true)
    const [again] = await model.infer([{ ...plain, pixels: [lamost, boss] }], options)
    expect(again.samples).toEqual(answers[3].samples)
    expect(answers[4].observables).toEqual(['bossSpectrum'])
    for (const name of answers[3].observables.slice(-2)) expect(spectrumNames).toContain(name)

    // A question of the head is the posterior's own; it leaves out what it is told to, and tokens say that they read no pixels.
    const star = { ...plain, pixels }
    const asked = [{ name: 'logAgeYr', quantity: 'logAgeYr', offsetDex: null }]
    const question = { asked, fixed: [], measured: [], conditions: [], without: [] }
    const block = { ...options, sampleCount: 256 }
    const ask = async (of: StarInput, more = {}) => (await model.ask([of], { ...question, ...more }, block))[0]
    const agesOf = async (of: StarInput) => {
      const [{ samples, sampleNames }] = await model.infer([of], block)
      const column = sampleNames.indexOf('logAgeYr')
      return samples.slice(column * 256, (column + 1) * 256)
    }
    const byHead = await ask(star)
    expect(byHead).toMatchObject({ observables: answers[3].observables, drawnBy: 'posteriorHead', flags: [] })
    expect(byHead.samples).toEqual(await agesOf(star))
    expect((await ask(star, { without: ['lamostLrsSpectrum'] })).samples).toEqual(await agesOf(given[0]))
    expect((await ask(alone)).samples).toEqual(await agesOf(alone))
    const byTokens = await ask(star, { isByTokens: true })
    expect(byTokens).toMatchObject({ drawnBy: 'tokens', observables: answers[0].observables, flags: ['spectraUnread'] })
    expect(await ask(star, { isByTokens: true, without: spectrumNames.slice(2) })).toEqual({ ...byTokens, flags: [] })
  } finally {
    await model.close()
  }
})

test('of two spectra of one encoder the first that it can read is given, and one that none can read is left out', () => {
  const [boss] = pixels
  const dark = { survey: 'sdss', segments: boss.segments.map(one => ({ ...one, ivars: one.ivars.map(() => 0) })) }
  const read = (given: StarInput['pixels']) => readPixels({ ...plain, pixels: given ?? [] }, spectral)
  expect(read([dark, boss]).map(({ modality }) => modality.name)).toEqual(['boss'])
  expect(read([dark])).toEqual([])
  expect(read([{ ...boss, survey: 'nobody' }])).toEqual([])
  expect(read([{ ...boss, survey: 'sdss' }, boss])).toHaveLength(1)
})

test('weights of spectra come back as halves, and a file that is cut short is refused', () => {
  const path = writeReader('cut', () => {})
  const { weights, fingerprint, card } = readCheckpoint(path)
  writeCheckpoint(join(folder, 'again'), card, weights)
  expect(readCheckpoint(join(folder, 'again')).fingerprint).toBe(fingerprint)
  writeFileSync(join(path, 'spectra.bin'), new Uint8Array(10))
  expect(() => readCheckpoint(path)).toThrow('has 10 bytes where the model needs')
  const other = JSON.stringify({ ...card, spectral: { ...spectral, modalities: ['boss', 'nobody'] } })
  writeFileSync(join(path, 'model.json'), other)
  expect(() => readCheckpoint(path)).toThrow('its "spectral" does not fit this birthline')
})
