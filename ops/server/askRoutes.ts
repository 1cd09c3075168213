// Any question of a star over HTTP; few at one time, since each costs a worker up to some seconds.
import type { FastifyInstance, FastifyReply } from 'fastify'
import { toStarInput } from '../../actors/index.ts'
import type { StarInput } from '../../models/index.ts'
import { answerView } from '../questions/answerView.ts'
import { readQuestion } from '../questions/questionText.ts'
import { bodyProblemResponses, sendProblem } from './problem.ts'
import type { JsonSchema } from './recordJsonSchema.ts'
import { number, texts } from './schemaParts.ts'
import type { ServerParts } from './serverParts.ts'
import { idParams, oneStar, starErrors } from './starRoutes.ts'
import { refuseStrays } from './strayNames.ts'

/** Questions that are drawn at one time; more are turned away, so that they do not keep the pipeline from its stars. */
const MAX_AT_ONCE = 4
const MAX_SAMPLES = 4096
const MAX_CHARACTERS = 4000
const DEFAULT_SAMPLES = 256

interface AskBody {
  readonly for: string
  readonly given?: string
  readonly prior?: string
  readonly without?: string
  readonly samples?: number
  readonly seed?: string
  readonly byTokens?: boolean
  readonly withSamples?: boolean
}

export function addAskRoutes(app: FastifyInstance, { log, questions }: ServerParts): void {
  let underWay = 0

  /** @param findStar null once the reply says why there is none */
  async function answer(body: AskBody, reply: FastifyReply, findStar: () => Promise<StarInput | null>) {
    refuseStrays('A question', 'field', body, bodyProperties)
    const question = readQuestion({
      asked: body.for,
      given: body.given ?? '',
      prior: body.prior ?? '',
      without: body.without ?? '',
      isByTokens: body.byTokens === true,
    })
    if (questions === null) return sendProblem(reply, 503, 'MODEL_MISSING', 'This server has no model to ask.')
    if (underWay >= MAX_AT_ONCE) {
      const detail = `${MAX_AT_ONCE} questions are being answered: ask again in some seconds.`
      return sendProblem(reply, 429, 'TOO_MANY_REQUESTS', detail)
    }
    underWay++
    try {
      const star = await findStar()
      if (star === null) return reply
      const source = { model: questions.fingerprint, seed: BigInt(body.seed ?? '1') }
      const options = { sampleCount: body.samples ?? DEFAULT_SAMPLES, seed: source.seed }
      const [drawn] = await questions.ask([star], question, options)
      return answerView(question, drawn, source, body.withSamples === true)
    } finally {
      underWay--
    }
  }

  app.post<{ Body: AskBody; Params: { readonly id: string } }>(
    '/v1/stars/:id/ask',
    { schema: starAskSchema, config: { scope: 'ask' } },
    (request, reply) =>
      answer(request.body, reply, async () => {
        const star = await oneStar(log, request.params.id, reply)
        return star === null ? null : toStarInput(star)
      }),
  )

  app.post<{ Body: AskBody }>('/v1/ask', { schema: askSchema, config: { scope: 'ask' } }, (request, reply) =>
    answer(request.body, reply, async () => ({ key: 'told', given: [] })),
  )
}

const text = (description: string): JsonSchema => ({ type: 'string', maxLength: MAX_CHARACTERS, description })

const bodyProperties: Readonly<Record<keyof AskBody, JsonSchema>> = {
  for: { ...text('what is asked, separated by commas: logAge, massMsun, WISE, parameters'), minLength: 1 },
  given: text('name=value, name=value±error, name<value, name>value or low<name<high, separated by commas'),
  prior: text("name=value±error or low<name<high, in the place of the model's own prior of that parameter"),
  without: text('measurements to leave out: surveys or bands, separated by commas'),
  samples: { type: 'integer', minimum: 16, maximum: MAX_SAMPLES, description: 'how many (default: 256)' },
  seed: { type: 'string', pattern: '^[0-9]{1,18}$', description: 'of the random numbers (default: 1)' },
  byTokens: { type: 'boolean', description: 'by tokens where the posterior head could answer too' },
  withSamples: { type: 'boolean', description: 'whether the samples come with the answer' },
}

const quantiles = ['mean', 'sd', 'q025', 'q16', 'q50', 'q84', 'q975']

const answerSchema: JsonSchema = {
  type: 'object',
  properties: {
    star: { type: 'string', description: 'The star.' },
    given: texts('What the question gave.'),
    observables: texts('Measurements that the model was told.'),
    model: { type: 'string', description: 'Fingerprint of the model.' },
    drawnBy: { type: 'string', enum: ['posteriorHead', 'tokens'], description: 'Which part of the model answered.' },
    sampleCount: { type: 'integer', description: 'Samples of the answer.' },
    seed: { type: 'string', description: 'Seed of the random numbers.' },
    drawCount: { type: 'integer', description: 'Draws that were weighed by the conditions.' },
    effectiveCount: number('How many equal draws the weighed ones are worth.'),
    conditionProbability: { ...number('Probability of the bounds, where there are only bounds.'), nullable: true },
    flags: texts('Warnings.'),
    answers: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          name: { type: 'string', description: 'What was asked.' },
          unit: { type: 'string', description: 'Its unit.' },
          ...Object.fromEntries(quantiles.map(name => [name, number(`${name} of the samples`)])),
        },
        required: ['name', 'unit', ...quantiles],
      },
    },
    samples: {
      type: 'object',
      description: 'Samples by name, where they were asked for.',
      additionalProperties: { type: 'array', items: { type: 'number' } },
    },
  },
  required: [
    ...['star', 'given', 'observables', 'model', 'drawnBy', 'sampleCount', 'seed', 'drawCount', 'effectiveCount'],
    ...['conditionProbability', 'flags', 'answers'],
  ],
}

const askSchema = {
  summary: 'Any question of a star that only the question tells of',
  tags: ['stars'],
  body: { type: 'object', properties: bodyProperties, required: ['for'] },
  response: { 200: answerSchema, ...bodyProblemResponses },
}

const starAskSchema = {
  ...askSchema,
  summary: 'Any question of the star: what is asked, what is given beside its measurements',
  params: idParams,
  response: { 200: answerSchema, ...starErrors, ...bodyProblemResponses },
}
