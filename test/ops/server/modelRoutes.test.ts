import { readFileSync } from 'node:fs'
import fastify from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { addModelRoutes } from '../../../ops/server/modelRoutes.ts'
import { packageFile } from '../../../schemas/index.ts'

const report = JSON.parse(readFileSync(packageFile('docs', 'calibration.json'), 'utf8'))

async function answerOf(model: string | null) {
  const app = fastify()
  onTestFinished(() => app.close())
  addModelRoutes(app, { model })
  return app.inject('/v1/model/calibration')
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
