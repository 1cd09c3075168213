import { expect, test } from 'vitest'
import type { ServingTurns } from '../../actors/index.ts'
import { infer, inferPlan, inferRecords, toPosterior, toStarInput } from '../../actors/inferActor.ts'
import { publishLatest } from '../../actors/publishActor.ts'
import { starWorkOutput } from '../../actors/subscriptions.ts'
import { type PosteriorModel, packPixels } from '../../models/index.ts'
import { closedForm, openPosteriorModel } from '../../ops/bench/closedFormModel.ts'
import {
  decode,
  decodeSamples,
  encode,
  FusionError,
  type PixelSpectrum,
  type Star,
  schemasFingerprint,
} from '../../schemas/index.ts'
import type { LogRecord, Output } from '../../streams/index.ts'
import { pixelSegment } from './pixelSpectra.ts'
import { xpSpectrum } from './xpSpectra.ts'

const star: Star = {
  starId: 'gaiaDr3:7',
  version: 'v1',
  raDeg: 10,
  decDeg: 20,
  epochJyr: 2016,
  sources: ['gaiaDr3', 'twoMass'].map(survey => ({
    survey,
    source: '7',
    matchedBy: 'anchor',
    matchProbability: 1,
    separationArcsec: null,
    origin: 'a.csv row 1',
  })),
  measurements: [
    { quantity: 'gMag', value: 14, err: 0.01, isLimit: false, survey: 'gaiaDr3' },
    { quantity: 'jMag', value: 12, err: 0.03, isLimit: false, survey: 'twoMass' },
  ],
  isAmbiguous: false,
  flags: [],
  isRetired: false,
}
const record = (value: Star): LogRecord => ({
  topic: 'stars',
  partition: 2,
  offset: 5,
  key: value.starId,
  value: encode('star', value),
})
const options = { sampleCount: 4000, seed: 3n }

async function emitted(records: readonly LogRecord[], model: PosteriorModel): Promise<Output[]> {
  const behavior = infer(options)
  const messages = await inferRecords(records, model, options)
  return messages.flatMap(message => behavior.step({ get: () => null, has: () => true }, message).emit)
}

test('a star gives the summary of its samples and where it comes from, and beside it the samples themselves', async () => {
  const [drawn, output] = await emitted([record(star)], await openPosteriorModel())
  expect([output.topic, output.key]).toEqual(['posteriors', 'gaiaDr3:7'])
  const posterior = decode('posterior', output.value as Uint8Array)
  expect(posterior).toMatchObject({
    starVersion: 'v1',
    surveys: ['gaiaDr3', 'twoMass'],
    observables: ['gMag', 'jMag'],
    model: 'closedForm',
    seed: 3n,
    sampleCount: 4000,
    flags: [],
    sampleNames: ['logDistancePc'],
    youngProbability: 0.5,
    schemas: schemasFingerprint(),
    samplesTopic: 'samples',
  })
  const { mean, sd } = closedForm(toStarInput(star))
  const [summary] = posterior.summaries
  // Five standard errors of 4000 samples; of a quantile q they are sqrt(q (1 - q)) / density larger.
  const tolerance = (5 * sd) / Math.sqrt(options.sampleCount)
  expect(Math.abs(summary.mean - mean)).toBeLessThan(tolerance)
  expect(Math.abs(summary.q16 - (mean - sd))).toBeLessThan(1.6 * tolerance)
  expect(Math.abs(summary.q84 - (mean + sd))).toBeLessThan(1.6 * tolerance)
  expect(posterior.samples).toHaveLength(0)
  expect([drawn.topic, drawn.key]).toEqual(['samples', posterior.posteriorId])
  const { names, count, values } = decodeSamples(drawn.value as Uint8Array)
  expect([names, count]).toEqual([['logDistancePc'], 4000])
  expect(values.reduce((a, b) => a + b, 0) / 4000).toBeCloseTo(summary.mean, 6)
})

test('the same star, model and question give the same bytes, summary and samples', async () => {
  const ask = async () => emitted([record(star)], await openPosteriorModel())
  expect(await ask()).toEqual(await ask())
})

test('the id of a posterior follows from star version, model, samples and seed, and from nothing else', async () => {
  const model = await openPosteriorModel()
  const [answer] = await model.infer([toStarInput(star)], options)
  const question = { ...options, model: 'm' }
  const idOf = (changed: Partial<Star>, asked: Partial<typeof question> = {}) =>
    toPosterior({ ...star, ...changed }, answer, { ...question, ...asked }).posteriorId
  const ids = [idOf({}), idOf({ version: 'v2' }), idOf({}, { model: 'n' }), idOf({}, { seed: 4n })]
  expect(new Set(ids).size).toBe(4)
  expect(idOf({ sources: [] })).toBe(ids[0])
})

test('an ambiguous match warns in the posterior', async () => {
  const [, output] = await emitted([record({ ...star, isAmbiguous: true })], await openPosteriorModel())
  expect(decode('posterior', output.value as Uint8Array).flags).toEqual(['ambiguousMatch'])
})

test('a retired star leaves a tombstone, which also takes its newest posterior out of the look-up', async () => {
  const [output] = await emitted([record({ ...star, isRetired: true })], await openPosteriorModel())
  expect(output).toEqual({ topic: 'posteriors', key: 'gaiaDr3:7', value: null })
  const tombstone: LogRecord = { topic: 'posteriors', partition: 0, offset: 0, key: 'gaiaDr3:7', value: null }
  expect(
    publishLatest.step({ get: () => null, has: () => true }, { record: tombstone, posterior: null, isStale: false }),
  ).toEqual({
    changes: new Map(),
    // Whoever subscribed to the star hears that it is gone.
    emit: [{ topic: 'latest-posteriors', key: 'gaiaDr3:7', value: null }, starWorkOutput('gaiaDr3:7')],
  })
})

test('a star that the model cannot take is refused alone, and its neighbours keep their order', async () => {
  const model = await openPosteriorModel()
  const picky: PosteriorModel = {
    ...model,
    async infer(stars, asked) {
      if (stars.some(one => one.key === 'bad')) throw new FusionError('VALUE_OUT_OF_RANGE', 'gMag is beyond the grid.')
      return model.infer(stars, asked)
    },
  }
  const names = ['a', 'b', 'bad', 'c', 'd']
  const outputs = await emitted(
    names.map(starId => record({ ...star, starId })),
    picky,
  )
  const said = outputs.filter(({ topic }) => topic !== 'samples')
  expect(outputs.length - said.length).toBe(4)
  expect(said.map(({ topic, key }) => [topic, key])).toEqual([
    ['posteriors', 'a'],
    ['posteriors', 'b'],
    ['dead-letters', 'stars partition 2 offset 5'],
    ['posteriors', 'c'],
    ['posteriors', 'd'],
  ])
  const letter = decode('deadLetter', said[2].value as Uint8Array)
  expect(letter).toMatchObject({ step: 'infer', code: 'VALUE_OUT_OF_RANGE', topic: 'stars', key: 'bad' })
})

test('a lost worker and a missing model are no fault of the stars: the batch fails as a whole', async () => {
  const model = await openPosteriorModel()
  for (const code of ['WORKER_LOST', 'MODEL_MISSING'] as const) {
    const failing: PosteriorModel = {
      ...model,
      async infer() {
        throw new FusionError(code, 'gone')
      },
    }
    await expect(inferRecords([record(star)], failing, options)).rejects.toMatchObject({ code })
  }
})

test('bytes that are no star are refused', async () => {
  const [output] = await emitted([{ ...record(star), value: new Uint8Array(3) }], await openPosteriorModel())
  expect(decode('deadLetter', output.value as Uint8Array).code).toBe('SCHEMA_MISMATCH')
})

test('many samples make small batches, so that a batch stays within memory', async () => {
  const turns: ServingTurns = { use: async work => work(await openPosteriorModel()) }
  expect(inferPlan(turns, { sampleCount: 256, seed: 1n }).maxBatchRecords).toBe(16)
  expect(inferPlan(turns, { sampleCount: 65_536, seed: 1n }).maxBatchRecords).toBe(4)
  // A card wants more at a time, as far as the samples of a batch go.
  const onCard = { ...turns, batchStars: 512 }
  expect(inferPlan(onCard, { sampleCount: 256, seed: 1n }).maxBatchRecords).toBe(512)
  expect(inferPlan(onCard, { sampleCount: 4096, seed: 1n }).maxBatchRecords).toBe(64)
})

test('a star with a spectrum is asked about with it, and its posterior names it where the model was given it', async () => {
  const [bp, rp] = xpSpectrum('7', 100).bands
  const spectra = [{ ...xpSpectrum('7', 100), bands: [bp, { ...rp, coefficients: [1], errors: [1] }] }]
  const input = toStarInput({ ...star, spectra })
  expect(input.spectra).toEqual([{ name: 'bpSpectrum', coefficients: bp.coefficients, errors: bp.errors }])
  expect(toStarInput(star).spectra).toEqual([])
  const [answer] = await (await openPosteriorModel()).infer([input], options)
  const question = { ...options, model: 'm' }
  const without = toPosterior({ ...star, spectra }, answer, question)
  expect([without.surveys, without.spectra]).toEqual([['gaiaDr3', 'twoMass'], []])
  const given = { ...answer, observables: [...answer.observables, 'bpSpectrum'] }
  const posterior = toPosterior({ ...star, spectra }, given, question)
  expect([posterior.surveys, posterior.spectra]).toEqual([['gaiaDr3', 'twoMass', 'gaiaXp'], ['7/100']])
})

test('of spectra with pixels the model is given those that it says it reads, and its posterior names them', async () => {
  const spectrum = (survey: string): PixelSpectrum => ({
    ...{
      survey,
      source: '7',
      product: 'p',
      spectrumId: `${survey}/7`,
      epochMjd: 55445,
      signalToNoise: 20,
      pixelCount: 8,
    },
    ...{ matchedBy: 'position', matchProbability: 1, separationArcsec: 0.1, file: 'a.fits', row: null },
  })
  const inH = pixelSegment(3, 20, { wavelengthLaw: { start: Math.log10(15500), step: 1e-5 } })
  const whole: Star = {
    ...star,
    pixelSpectra: [spectrum('apogee'), spectrum('boss')],
    pixels: [inH, pixelSegment(5, 20)].map(segment => encode('pixels', packPixels([segment]))),
  }
  const closedForm = await openPosteriorModel()
  const asked: string[][] = []
  const reading = (...names: string[]): PosteriorModel => ({
    ...closedForm,
    ...(names.length === 0 ? {} : { pixelSpectra: names }),
    async infer(stars, opts) {
      asked.push(stars.flatMap(({ pixels = [] }) => pixels.map(({ survey }) => survey)))
      return (await closedForm.infer(stars, opts)).map(one => ({ ...one, observables: [...one.observables, ...names] }))
    },
  })
  const posteriorOf = async (model: PosteriorModel) => {
    const [, output] = await emitted([record(whole)], model)
    return decode('posterior', output.value as Uint8Array)
  }
  const some = await posteriorOf(reading('bossSpectrum'))
  expect([some.surveys, some.spectra]).toEqual([['gaiaDr3', 'twoMass', 'boss'], ['boss/7']])
  const both = await posteriorOf(reading('bossSpectrum', 'apogeeSpectrum'))
  expect(both.spectra).toEqual(['apogee/7', 'boss/7'])
  const none = await posteriorOf(reading())
  expect([none.surveys, none.spectra]).toEqual([['gaiaDr3', 'twoMass'], []])
  expect(asked).toEqual([['boss'], ['apogee', 'boss'], []])
  // Whoever does not know which model will be asked gives all; a model leaves out what it does not read.
  expect(toStarInput(whole).pixels?.map(({ survey }) => survey)).toEqual(['apogee', 'boss'])
})
