// Which models there are, and how far each can be trusted: its calibration on simulated stars, for each pattern of missing
// data, and how far simulated stars lie from real ones.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { listPublished, pilotFolder, publishedFolderOf, readCheckpoint, SHIPPED } from '../../models/index.ts'
import { packageFile } from '../../schemas/index.ts'
import type { PopulationGap } from '../gap/gapRun.ts'
import { problemResponses, sendProblem } from './problem.ts'
import { number, text, whole } from './schemaParts.ts'
import type { ServerParts } from './serverParts.ts'

interface Coverage {
  readonly level: number
  readonly covered: number
  readonly standardErr: number
}
interface Bin {
  readonly count: number
  readonly meanPredicted: number
  readonly observed: number
}
interface Report {
  readonly modelFingerprint: string
  readonly command: string
  readonly patterns: readonly {
    readonly pattern: { readonly name: string; readonly share: number | null }
    readonly starCount: number
    readonly isPassed: boolean
    readonly parameters: readonly { readonly name: string; readonly central: readonly Coverage[] }[]
    readonly verdicts: readonly { readonly isPassed: boolean; readonly sentence: string }[]
    readonly classes: { readonly perClass: readonly { readonly name: string; readonly bins: readonly Bin[] }[] }
  }[]
}

interface CalibrationRequest {
  readonly Querystring: { readonly model?: string }
}

/** What comes with birthline, of the model that comes with it. */
const shippedReports = {
  calibration: packageFile('docs', 'calibration.json'),
  gap: packageFile('docs', 'domain-gap.json'),
}

/** @param reports files that may not be there */
export function addModelRoutes(
  app: FastifyInstance,
  parts: Pick<ServerParts, 'model' | 'publishedFolder'>,
  reports = shippedReports,
): void {
  const folder = parts.publishedFolder ?? null
  let shipped: Report | null = null
  let shippedModel: string | null = null

  app.get('/v1/models', { schema: modelsSchema }, async () => {
    shippedModel ??= readCheckpoint(pilotFolder).fingerprint
    const published = (folder === null ? [] : listPublished(folder)).flatMap(({ name, entry }) =>
      entry === null ? [] : [{ name, model: entry.model, publishedAt: entry.publishedAt, seed: entry.seed }],
    )
    const models = [{ name: SHIPPED, model: shippedModel, publishedAt: null, seed: null }, ...published]
    return {
      inForce: parts.model,
      models: models.map(one => ({
        ...{ ...one, isInForce: one.model === parts.model },
        hasCalibration: hasReport(one.model),
      })),
    }
  })

  app.get<CalibrationRequest>('/v1/model/calibration', { schema: calibrationSchema }, async (request, reply) => {
    const model = request.query.model ?? parts.model
    const report = model === null ? null : reportOf(model)
    if (report === null) {
      const detail = `No calibration of model ${model ?? 'none'} is at hand: \`birthline calibrate\` makes one.`
      return sendProblem(reply, 404, 'CALIBRATION_UNKNOWN', detail)
    }
    return { model: report.modelFingerprint, command: report.command, patterns: report.patterns.map(patternView) }
  })

  app.get('/v1/model/gap', { schema: gapSchema }, async (_request, reply) => {
    const gap = readIfThere<{ readonly command: string; readonly populations: readonly PopulationGap[] }>(reports.gap)
    if (gap === null) {
      const detail = 'No domain gap is at hand: `birthline gap` measures it.'
      return sendProblem(reply, 404, 'GAP_UNKNOWN', detail)
    }
    return { command: gap.command, populations: gap.populations.map(gapView) }
  })

  /** That of the model that comes with birthline, or the one that a model was published with. */
  function reportOf(model: string): Report | null {
    if (isShipped(model)) return shipped
    const file = reportFileOf(model)
    return file === null ? null : readIfThere<Report>(file)
  }

  function hasReport(model: string): boolean {
    const file = reportFileOf(model)
    return isShipped(model) || (file !== null && existsSync(file))
  }

  function isShipped(model: string): boolean {
    // A megabyte that few ask for: read when the first does.
    shipped ??= readIfThere<Report>(reports.calibration)
    return shipped?.modelFingerprint === model
  }

  function reportFileOf(model: string): string | null {
    const published = folder === null ? null : publishedFolderOf(folder, model)
    return published === null ? null : join(published, 'calibration.json')
  }
}

function readIfThere<T>(file: string): T | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : null
}

function gapView({ population, reference, gaps }: PopulationGap) {
  return {
    title: population.title,
    isYoung: population.isYoung,
    reference,
    gaps: gaps.map(({ subset, colours, withMagnitude }) => {
      const [{ feature, medianShift }] = withMagnitude.separators
      const { starCount, accuracy, spread } = colours
      return {
        ...{ surveys: subset.title, starCount, accuracy, spread, accuracyWithMagnitude: withMagnitude.accuracy },
        separator: { feature, medianShiftMag: medianShift },
      }
    }),
  }
}

function patternView({ pattern, starCount, isPassed, parameters, verdicts, classes }: Report['patterns'][number]) {
  return {
    name: pattern.name,
    share: pattern.share,
    starCount,
    isPassed,
    parameters: parameters.map(({ name, central }) => ({
      name,
      coverage: central.map(({ level, covered, standardErr }) => ({ level, covered, standardErr })),
    })),
    failures: verdicts.filter(verdict => !verdict.isPassed).map(({ sentence }) => sentence),
    classes: classes.perClass.map(({ name, bins }) => ({
      name,
      bins: bins.map(({ count, meanPredicted, observed }) => ({ count, predicted: meanPredicted, observed })),
    })),
  }
}

const modelsSchema = {
  summary: 'The model that comes with birthline and those that were published, and which is in force',
  tags: ['model'],
  response: {
    200: whole({
      inForce: { ...text('Fingerprint of the model in force.'), nullable: true },
      models: {
        type: 'array',
        items: whole({
          name: text('Its name; shipped comes with birthline.'),
          model: text('Its fingerprint, which every posterior of it carries.'),
          publishedAt: { ...text('When it was published, ISO 8601.'), nullable: true },
          seed: { type: 'integer', description: 'Seed of its training, where its card tells it.', nullable: true },
          isInForce: { type: 'boolean', description: 'Whether it answers now.' },
          hasCalibration: { type: 'boolean', description: 'Whether its calibration is at hand.' },
        }),
      },
    }),
    ...problemResponses,
  },
}

const calibrationSchema = {
  summary: 'Coverage and reliability of a model on simulated stars, for each pattern of missing data',
  tags: ['model'],
  querystring: {
    type: 'object',
    properties: {
      model: { type: 'string', maxLength: 100, description: 'its fingerprint (default: the model in force)' },
    },
  },
  response: { 200: { type: 'object', additionalProperties: true }, ...problemResponses },
}

const gapSchema = {
  summary: 'How well a classifier tells simulated stars from real ones: the domain gap',
  tags: ['model'],
  response: {
    200: whole({
      command: text('What makes the report again.'),
      populations: {
        type: 'array',
        items: whole({
          title: text('The population.'),
          isYoung: { type: 'boolean', description: 'Whether its stars are young.' },
          reference: text('Where the real stars are from.'),
          gaps: {
            type: 'array',
            items: whole({
              surveys: text('The surveys that are compared.'),
              starCount: { type: 'integer', description: 'Stars of each side.' },
              accuracy: number('Of the classifier by colours alone: 0.5 is no gap, 1 one that shows in every star.'),
              spread: number('Standard deviation of it over seeds.'),
              accuracyWithMagnitude: number('With the apparent magnitude too.'),
              separator: whole({
                feature: text('The feature that differs most by itself.'),
                medianShiftMag: number('Simulated less real, mag.'),
              }),
            }),
          },
        }),
      },
    }),
    ...problemResponses,
  },
}
