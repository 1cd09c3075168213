import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as ort from 'onnxruntime-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { logUniformLevels } from '../../../models/diffusion/schedule.ts'
import { samplePosterior, samplerInputs } from '../../../models/diffusion/starSampler.ts'
import { traceGraph } from '../../../models/engine/tracer.ts'
import {
  findPublished,
  listPublished,
  pilotFolder,
  publishedFolderOf,
  publishModel,
  readCalibrationReport,
  readCheckpoint,
  SHIPPED,
  verifyPublished,
} from '../../../models/index.ts'
import { posteriorGraph } from '../../../models/modelGraphs.ts'
import { fileOf } from '../../../models/published/publishedModel.ts'
import { starModelWeights } from '../../../models/transformer/starModelConfig.ts'
import { judgedPatterns } from '../../../ops/calibration/missingPatterns.ts'
import type { FusionError } from '../../../schemas/index.ts'
import { toyReport } from '../calibration/toyReport.ts'

const model = readCheckpoint(pilotFolder).fingerprint
// Fewer than are asked for in earnest: how many there are changes nothing here.
const patterns = judgedPatterns().slice(0, 3)
const whole = toyReport({ model, patterns, starCount: 1000, seed: 1 })
let folder = ''
const at = (...names: string[]) => join(folder, ...names)

function report(name: string, content: unknown): string {
  writeFileSync(at(name), typeof content === 'string' ? content : JSON.stringify(content))
  return at(name)
}

function publish(reportPath: string, extra: Partial<Parameters<typeof publishModel>[0]> = {}) {
  return publishModel({
    ...{ folder: at('models'), name: 'pilot', checkpointFolder: pilotFolder, reportPath, patterns },
    publishedAt: '2020-01-01T00:00:00.000Z',
    ...extra,
  })
}

function refusal(work: () => unknown): Pick<FusionError, 'code' | 'message'> {
  try {
    work()
  } catch (error) {
    const { code, message } = error as FusionError
    return { code, message }
  }
  throw new Error('it was not refused')
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'birthline-published-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a calibrated checkpoint is published whole, is a checkpoint there, and is left alone the second time', () => {
  const path = report('whole.json', whole)
  const entry = publish(path)
  expect(entry).toMatchObject({ name: 'pilot', model, recipe: { name: 'pilot' }, simulator: 'pilot' })
  expect(entry.calibration).toMatchObject({ patternCount: patterns.length, checkCount: 27 * patterns.length })
  expect(entry.files.map(({ name }) => name)).toEqual([
    ...['model.json', 'weights.bin', 'calibration.json', 'posterior.onnx', 'question.onnx'],
  ])
  expect(readCheckpoint(at('models', 'pilot')).fingerprint).toBe(model)
  expect(findPublished(at('models'), 'pilot')).toEqual(entry)
  expect(publishedFolderOf(at('models'), model)).toBe(at('models', 'pilot'))
  expect(publishedFolderOf(at('models'), 'other')).toBeNull()
  expect(publish(path, { publishedAt: '2021-01-01T00:00:00.000Z' })).toEqual(entry)
  expect(readCalibrationReport(at('models', 'pilot', 'calibration.json'))).toEqual(JSON.parse(JSON.stringify(whole)))
})

test('the graphs are ONNX files that the runtime opens by itself', async () => {
  const session = await ort.InferenceSession.create(at('models', 'pilot', 'posterior.onnx'))
  expect(session.inputNames).toEqual(['features', 'mask', 'noise'])
  expect(session.outputNames).toEqual(['latents', 'logits', 'star'])
  await session.release()
})

test('a model that is not calibrated is refused with pattern, check, number and bound, and leaves nothing', () => {
  const fault = { pattern: 2, parameter: 'logMassMsun', widthFactor: 0.6 }
  const path = report('narrow.json', toyReport({ model, patterns, starCount: 1000, seed: 2, fault }))
  const { code, message } = refusal(() => publish(path, { name: 'narrow' }))
  expect(code).toBe('MODEL_UNCALIBRATED')
  expect(message).toContain(`${patterns[2].name}: 68% intervals of logMassMsun hold 4`)
  expect(message).toContain('of the truths where 3.0 points off are allowed')
  expect(existsSync(at('models', 'narrow'))).toBe(false)
})

test('what a report says of itself is not believed, its numbers are judged', () => {
  const fault = { pattern: 0, parameter: 'avMag', widthFactor: 0.5 }
  const wrong = toyReport({ model, patterns, starCount: 1000, seed: 2, fault })
  const praised = {
    ...wrong,
    isPassed: true,
    patterns: wrong.patterns.map(one => ({ ...one, isPassed: true, verdicts: [] })),
  }
  expect(refusal(() => publish(report('praised.json', praised), { name: 'x' })).code).toBe('MODEL_UNCALIBRATED')
})

test('a report of another model, of other bounds, without a pattern or with few stars is refused, and says which', () => {
  const other = refusal(() => publish(report('other.json', { ...whole, modelFingerprint: 'feedfeedfeedfeed' })))
  expect(other).toMatchObject({ code: 'MODEL_MISMATCH', message: expect.stringContaining('feedfeedfeed') })
  const thresholds = { ...whole.thresholds, maxCoverageDeviation: 0.2 }
  expect(refusal(() => publish(report('lax.json', { ...whole, thresholds })))).toMatchObject({
    code: 'MODEL_MISMATCH',
    message: expect.stringContaining('maxCoverageDeviation 0.2, here it is 0.03'),
  })
  const [, lacking] = whole.patterns
  const fewer = { ...whole, patterns: whole.patterns.filter(one => one !== lacking) }
  expect(refusal(() => publish(report('fewer.json', fewer)))).toMatchObject({
    code: 'MODEL_UNCALIBRATED',
    message: expect.stringContaining(`"${lacking.pattern.name}"`),
  })
  const thin = toyReport({ model, patterns, starCount: 100, seed: 1 })
  expect(refusal(() => publish(report('thin.json', thin)))).toMatchObject({
    code: 'MODEL_UNCALIBRATED',
    message: expect.stringContaining('100 stars'),
  })
})

test('a report that is no report, or damaged anywhere that is judged, is refused as unreadable', () => {
  const [first, ...rest] = whole.patterns
  const withFirst = (change: object) => ({ ...whole, patterns: [{ ...first, ...change }, ...rest] })
  const [parameter, ...others] = first.parameters
  const { classes } = first
  const damaged: readonly unknown[] = [
    ...['', 'not json', '{}', '[]', 'null', { ...whole, patterns: [] }, { ...whole, patterns: [null] }],
    JSON.stringify(whole).slice(0, -200),
    withFirst({ starCount: 999 }),
    withFirst({ parameters: others }),
    withFirst({ parameters: [{ ...parameter, ecdf: parameter.ecdf.slice(1) }, ...others] }),
    withFirst({ parameters: [{ ...parameter, kolmogorovPValue: null }, ...others] }),
    withFirst({ parameters: [{ ...parameter, central: [] }, ...others] }),
    withFirst({ tarp: { ...first.tarp, coverage: [0.5] } }),
    withFirst({ classes: null }),
    withFirst({ classes: { ...classes, perClass: [] } }),
    withFirst({ pattern: { ...first.pattern, given: ['nothing'] } }),
  ]
  for (const [i, content] of damaged.entries()) {
    expect(refusal(() => publish(report(`damaged${i}.json`, content), { name: 'damaged' })).code, `${i}`).toBe(
      'FILE_UNREADABLE',
    )
  }
  expect(refusal(() => publish(at('absent.json'))).code).toBe('FILE_UNREADABLE')
  expect(existsSync(at('models', 'damaged'))).toBe(false)
})

test('a name that is taken by another model or cannot be a name is refused, and a folder without a checkpoint', () => {
  const path = report('whole.json', whole)
  for (const name of ['', '../up', '.hidden', 'a/b', SHIPPED, 'x'.repeat(65)]) {
    expect(refusal(() => publish(path, { name })).code, name).toBe('CONFIG_INVALID')
  }
  expect(refusal(() => publish(path, { checkpointFolder: at('nowhere'), name: 'x' })).code).toBe('MODEL_MISSING')
  cpSync(pilotFolder, at('plain'), { recursive: true })
  const card = JSON.parse(readFileSync(at('plain', 'model.json'), 'utf8'))
  writeFileSync(at('plain', 'model.json'), JSON.stringify({ ...card, corrections: [] }))
  expect(refusal(() => publish(path, { checkpointFolder: at('plain') })).message).toContain('"pilot" is taken')
  expect(refusal(() => findPublished(at('models'), 'unknown'))).toMatchObject({
    code: 'MODEL_MISSING',
    message: expect.stringContaining('there are pilot'),
  })
  expect(listPublished(at('nowhere'))).toEqual([])
})

test('a published model is sound until a file of it is changed, lost, or put in the place of another', async () => {
  expect(await verifyPublished(at('models'), 'pilot')).toEqual([])
  const broken = async (name: string, spoil: (folder: string) => void) => {
    rmSync(at('spoilt'), { recursive: true, force: true })
    mkdirSync(at('spoilt'))
    cpSync(at('models', 'pilot'), at('spoilt', 'pilot'), { recursive: true })
    spoil(at('spoilt', 'pilot'))
    const faults = await verifyPublished(at('spoilt'), 'pilot')
    expect(faults.join('; '), name).toContain(name)
    expect(faults).toHaveLength(1)
  }
  for (const file of ['weights.bin', 'model.json', 'calibration.json', 'posterior.onnx']) {
    await broken(`${file} has changed`, spoilt => {
      const bytes = readFileSync(join(spoilt, file))
      bytes[bytes.length >> 1] ^= 1
      writeFileSync(join(spoilt, file), bytes)
    })
  }
  await broken('question.onnx is not there', spoilt => rmSync(join(spoilt, 'question.onnx')))
  await broken('published.json is damaged', spoilt => writeFileSync(join(spoilt, 'published.json'), '{"format":1'))
  expect(listPublished(at('spoilt'))).toEqual([{ name: 'pilot', entry: null }])
  const rewrite = (spoilt: string, bytes: Uint8Array) => {
    writeFileSync(join(spoilt, 'posterior.onnx'), bytes)
    const entry = findPublished(at('spoilt'), 'pilot')
    const files = entry.files.map(file => (file.name === 'posterior.onnx' ? fileOf(file.name, bytes) : file))
    writeFileSync(join(spoilt, 'published.json'), JSON.stringify({ ...entry, files }))
  }
  await broken('posterior.onnx does not answer as the checkpoint does', spoilt => {
    const checkpoint = readCheckpoint(spoilt)
    const weights = Object.entries(checkpoint.weights).map(([name, values]) => [name, values.map(value => value / 2)])
    rewrite(spoilt, posteriorGraph({ ...checkpoint, weights: Object.fromEntries(weights) }, 256).bytes)
  })
  // A graph of an earlier birthline that put out less is sound where that is right.
  const { card, weights } = readCheckpoint(pilotFolder)
  const inputs = samplerInputs({ stars: 1, samples: 256 }, card.sampler.steps)
  const levels = logUniformLevels(card.noise, card.sampler.steps)
  const constants = starModelWeights(card.config).map(({ name, shape }) => ({ name, shape, data: weights[name] }))
  const latentsOnly = traceGraph(
    inputs,
    input => ({ latents: samplePosterior(input, card.config, input, card.sampler.kind, levels).latents }),
    constants,
  )
  rewrite(at('spoilt', 'pilot'), latentsOnly.bytes)
  expect(await verifyPublished(at('spoilt'), 'pilot')).toEqual([])
  await expect(verifyPublished(at('models'), 'unknown')).rejects.toMatchObject({ code: 'MODEL_MISSING' })
})
