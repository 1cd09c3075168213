// How far the model in force can be trusted: its calibration on simulated stars, for each pattern of missing data.
import { existsSync, readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { packageFile } from '../../schemas/index.ts'
import { problemResponses, sendProblem } from './problem.ts'
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

/** @param file the calibration report that comes with birthline, of the model that comes with it */
export function addModelRoutes(
  app: FastifyInstance,
  parts: Pick<ServerParts, 'model'>,
  file = packageFile('docs', 'calibration.json'),
): void {
  let report: Report | null = null
  app.get('/v1/model/calibration', { schema: calibrationSchema }, async (_request, reply) => {
    // A megabyte that few ask for: read when the first does.
    if (report === null && existsSync(file)) report = JSON.parse(readFileSync(file, 'utf8')) as Report
    if (report === null || report.modelFingerprint !== parts.model) {
      const detail = `No calibration of model ${parts.model ?? 'none'} is at hand: \`birthline calibrate\` makes one.`
      return sendProblem(reply, 404, 'CALIBRATION_UNKNOWN', detail)
    }
    return { model: report.modelFingerprint, command: report.command, patterns: report.patterns.map(patternView) }
  })
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

const calibrationSchema = {
  summary: 'Coverage and reliability of the model in force on simulated stars, for each pattern of missing data',
  tags: ['model'],
  response: { 200: { type: 'object', additionalProperties: true }, ...problemResponses },
}
