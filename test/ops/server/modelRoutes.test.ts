import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastify from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { addModelRoutes } from '../../../ops/server/modelRoutes.ts'
import { packageFile } from '../../../schemas/index.ts'

const report = JSON.parse(readFileSync(packageFile('docs', 'calibration.json'), 'utf8'))

async function answerOf(model: string | null, url = '/v1/model/calibration', publishedFolder = '') {
  const app = fastify()
  onTestFinished(() => app.close())
  addModelRoutes(app, { model, publishedFolder })
  return app.inject(url)
}

test('the calibration that is shown is that of the model in force, number for number', async () => {
  const { patterns, model } = (await answerOf(report.modelFingerprint)).json()
  expect(model).toBe(report.modelFingerprint)
  expect(patterns).toHaveLength(report.patterns.length)
  const [first] = report.patterns
  expect(patterns[0].parameters[0].coverage.at(-1).covered).toBe(first.parameters[0].central.at(-1).covered)
  expect(patterns[0].classes[0].bins[3].predicted).toBe(first.classes.perClass[0].bins[3].meanPredicted)
  const failed = (one: { isPassed: boolean }) => !one.isPassed
  expect(patterns.filter(failed).length).toBe(report.patterns.filter(failed).length)
})

test('another model is not shown under the calibration of this one', async () => {
  const response = await answerOf('0000')
  expect([response.statusCode, response.json().code]).toEqual([404, 'CALIBRATION_UNKNOWN'])
  expect((await answerOf(null)).statusCode).toBe(404)
})

test('the models are the one that comes with birthline and those that were published, each with its own calibration', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'birthline-models-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const entry = { ...{ format: 1, name: 'next', model: 'abcd', schema: 's', recipe: null, recipeHash: null, seed: 7 } }
  const rest = { simulator: null, data: null, scores: {}, publishedAt: '2026-01-02T03:04:05Z' }
  const calibration = { command: 'c', bounds: {}, patternCount: 1, checkCount: 1, leastLikely: { sentence: '' } }
  const files = [{ name: 'a', sizeBytes: 1, sha256: 'a'.repeat(64) }]
  await mkdir(join(folder, 'next'))
  await writeFile(join(folder, 'next', 'published.json'), JSON.stringify({ ...entry, ...rest, calibration, files }))
  const own = { ...report, modelFingerprint: 'abcd', patterns: report.patterns.slice(0, 1) }
  await writeFile(join(folder, 'next', 'calibration.json'), JSON.stringify(own))
  const shipped: string = report.modelFingerprint
  const { inForce, models } = (await answerOf('abcd', '/v1/models', folder)).json()
  expect(inForce).toBe('abcd')
  expect(models).toEqual([
    { name: 'shipped', model: shipped, publishedAt: null, seed: null, isInForce: false, hasCalibration: true },
    {
      ...{ name: 'next', model: 'abcd', publishedAt: '2026-01-02T03:04:05Z', seed: 7 },
      ...{ isInForce: true, hasCalibration: true },
    },
  ])
  for (const [model, count] of [
    ['abcd', 1],
    [shipped, report.patterns.length],
  ]) {
    const answer = (await answerOf('abcd', `/v1/model/calibration?model=${model}`, folder)).json()
    expect([answer.model, answer.patterns.length]).toEqual([model, count])
  }
})

test('the domain gap is that of the report, number for number', async () => {
  const gap = JSON.parse(readFileSync(packageFile('docs', 'domain-gap.json'), 'utf8'))
  const { populations } = (await answerOf(null, '/v1/model/gap')).json()
  expect(populations.map((one: { title: string }) => one.title)).toEqual(
    gap.populations.map((one: { population: { title: string } }) => one.population.title),
  )
  const [first] = gap.populations
  expect(populations[0].gaps[0].accuracy).toBe(first.gaps[0].colours.accuracy)
  expect(populations[0].gaps[0].separator.medianShiftMag).toBe(first.gaps[0].withMagnitude.separators[0].medianShift)
})
