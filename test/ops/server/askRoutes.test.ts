import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { buildServer } from '../../../ops/server/server.ts'
import type { ServerParts } from '../../../ops/server/serverParts.ts'
import { BIG_ID, makeStar, openTemporaryLog, starOutputs, type TemporaryLog } from '../starRecords.ts'
import { countingModel, type Heard } from './countingModel.ts'
import { smallServerParts } from './smallServer.ts'

let temporary: TemporaryLog
beforeAll(async () => {
  temporary = await openTemporaryLog()
  await temporary.log.transact({ outputs: [...starOutputs(makeStar(BIG_ID))] })
})
afterAll(() => temporary.remove())

const STAR = `/v1/stars/gaiaDr3:${BIG_ID}/ask`

async function build(questions: ServerParts['questions']): Promise<FastifyInstance> {
  const app = await buildServer({ ...smallServerParts(temporary.log), questions })
  onTestFinished(() => app.close())
  return app
}

const ask = (app: FastifyInstance, url: string, payload: object) => app.inject({ method: 'POST', url, payload })

test('a star of the log is asked with its measurements, and the answer is what its description says', async () => {
  const heard: Heard[] = []
  const app = await build(countingModel(heard))
  const body = {
    for: 'logAge,mass',
    given: 'distancePc=140±2',
    without: 'WISE',
    samples: 16,
    seed: '7',
    withSamples: true,
  }
  const response = await ask(app, STAR, body)
  expect(response.statusCode).toBe(200)
  expect(heard[0].star).toMatchObject({ key: `gaiaDr3:${BIG_ID}`, given: [{ quantity: 'gMag', value: 12.5 }] })
  expect(heard[0].options).toEqual({ sampleCount: 16, seed: 7n })
  expect(heard[0].question.without).toContain('w1Mag')
  const answer = response.json()
  expect(answer).toMatchObject({
    star: `gaiaDr3:${BIG_ID}`,
    given: ['distancePc=140±2'],
    model: 'counting',
    seed: '7',
    effectiveCount: 300.1,
    conditionProbability: null,
  })
  expect(answer.answers).toHaveLength(2)
  expect(answer.answers[0]).toMatchObject({ name: 'logAgeYr', unit: 'dex(yr)', mean: 8.5 })
  expect(answer.samples.massMsun).toEqual(Array.from({ length: 16 }, (_, s) => s + 17))
  const description = (await app.inject('/openapi.json')).json()
  const { schema } = description.paths['/v1/stars/{id}/ask'].post.responses['200'].content['application/json']
  expect(Object.keys(answer).sort()).toEqual(Object.keys(schema.properties).sort())
})

test('a star that the question tells of needs no id', async () => {
  const heard: Heard[] = []
  const app = await build(countingModel(heard))
  const response = await ask(app, '/v1/ask', { for: 'age', given: 'gMag=14±0.1' })
  expect(response.json()).toMatchObject({ star: 'told', sampleCount: 256, seed: '1' })
  expect(response.json().samples).toBeUndefined()
  expect(heard[0].question.measured).toHaveLength(1)
})

test('what is wrong with a question is a problem in one sentence, and no model hears of it', async () => {
  const heard: Heard[] = []
  const app = await build(countingModel(heard))
  for (const [url, body, status, code, part] of [
    [STAR, {}, 400, 'REQUEST_INVALID', "'for'"],
    [STAR, { for: '' }, 400, 'REQUEST_INVALID', 'for'],
    [STAR, { for: ' , ' }, 400, 'QUESTION_INVALID', 'Nothing is asked'],
    [STAR, { for: 'luck' }, 400, 'QUESTION_INVALID', '"luck"'],
    [STAR, { for: 'age', given: 'teffK=1e9' }, 400, 'QUESTION_INVALID', 'cannot be'],
    [STAR, { for: 'age', samples: 1e6 }, 400, 'REQUEST_INVALID', 'samples'],
    [STAR, { for: 'age', seed: 'x' }, 400, 'REQUEST_INVALID', 'seed'],
    [STAR, { for: 'age', constructor: '1' }, 400, 'REQUEST_INVALID', 'no field "constructor"'],
    [STAR, { for: 'age', whitout: 'WISE' }, 400, 'REQUEST_INVALID', 'no field "whitout"'],
    [STAR, { for: 'age', given: 'x'.repeat(4001) }, 400, 'REQUEST_INVALID', 'given'],
    ['/v1/stars/12/ask', { for: 'age' }, 404, 'STAR_UNKNOWN', '"12"'],
  ] as const) {
    const response = await ask(app, url, body)
    expect([response.statusCode, response.json().code]).toEqual([status, code])
    expect(response.json().detail).toContain(part)
  }
  expect(heard).toEqual([])
})

test('what the model refuses is a problem too, and a server without a model says so', async () => {
  const refused = await ask(await build(countingModel([])), STAR, { for: 'avMag' })
  expect([refused.statusCode, refused.json().detail]).toEqual([400, 'Not that one.'])
  const without = await ask(await build(null), STAR, { for: 'age' })
  expect([without.statusCode, without.json().code]).toEqual([503, 'MODEL_MISSING'])
})

test('only so many questions are drawn at one time, and each makes room when it is done', async () => {
  const heard: Heard[] = []
  let open = () => {}
  const gate = new Promise<void>(resolve => {
    open = resolve
  })
  const app = await build(countingModel(heard, gate))
  const early = Array.from({ length: 4 }, () => ask(app, '/v1/ask', { for: 'age' }).then(one => one.statusCode))
  await expect.poll(() => heard.length).toBe(4)
  expect((await ask(app, '/v1/ask', { for: 'age' })).statusCode).toBe(429)
  open()
  expect(await Promise.all(early)).toEqual([200, 200, 200, 200])
  expect((await ask(app, '/v1/ask', { for: 'avMag' })).statusCode).toBe(400)
  expect((await ask(app, '/v1/ask', { for: 'age' })).statusCode).toBe(200)
})
