// A calibration report as a file: written by `birthline calibrate`, carried about, and so checked before it is believed.

import { readFileSync, statSync } from 'node:fs'
import { FusionError, starClasses } from '../../schemas/index.ts'
import { spectrumNames } from '../encoders/modalities.ts'
import { modelObservables, modelParameters } from '../tokens/layout.ts'
import {
  type CalibrationReport,
  calibrationThresholds,
  type MissingPattern,
  type PatternCalibration,
} from './calibrationReport.ts'
import type { OneClassCalibration } from './classCalibration.ts'
import { patternKey } from './latentCorrection.ts'
import type { PublishingBounds } from './publishingBounds.ts'

/** What a report has to be of. */
export interface WantedReport {
  /** Fingerprint. */
  readonly model: string
  readonly patterns: readonly MissingPattern[]
  readonly bounds: PublishingBounds
}

const SHOWN_DIGITS = 12
const known: readonly string[] = [...modelObservables, ...spectrumNames]
/** A report of a hundred patterns has a tenth of it. */
const MAX_BYTES = 64 * 2 ** 20

/** @throws FusionError FILE_UNREADABLE when there is none, or it is no whole report */
export function readCalibrationReport(path: string): CalibrationReport {
  let text: string
  try {
    text = statSync(path).size > MAX_BYTES ? '' : readFileSync(path, 'utf8')
  } catch (cause) {
    throw new FusionError(
      'FILE_UNREADABLE',
      `The calibration report ${path} cannot be read: name the JSON that \`birthline calibrate\` writes beside its page.`,
      { cause },
    )
  }
  let report: CalibrationReport
  try {
    report = JSON.parse(text) as CalibrationReport
  } catch (cause) {
    throw damaged(path, 'it is not JSON', cause)
  }
  const fault = isTrue(() => report.patterns.length > 0 && typeof report.modelFingerprint === 'string')
    ? report.patterns.map(faultOf).find(found => found !== null)
    : 'it has no model or no patterns'
  if (fault !== undefined && fault !== null) throw damaged(path, fault)
  return report
}

/**
 * @param path of the report, for the sentence
 * @throws FusionError MODEL_MISMATCH for a report of another model or other bounds, MODEL_UNCALIBRATED for one that says too little
 */
export function checkWanted(report: CalibrationReport, wanted: WantedReport, path: string): void {
  const { model, patterns, bounds } = wanted
  if (report.modelFingerprint !== model) {
    throw new FusionError(
      'MODEL_MISMATCH',
      `${path} is of model ${report.modelFingerprint.slice(0, SHOWN_DIGITS)}, this one is ${model.slice(0, SHOWN_DIGITS)}: calibrate it with \`birthline calibrate --model FOLDER\`.`,
    )
  }
  const thresholds = Object.entries(calibrationThresholds)
  const other = thresholds.find(([name, limit]) => Object(report.thresholds)[name] !== limit)
  if (other !== undefined) {
    const [name, limit] = other
    throw new FusionError(
      'MODEL_MISMATCH',
      `${path} was made with ${name} ${Object(report.thresholds)[name]}, here it is ${limit}: calibrate the model anew with this birthline.`,
    )
  }
  const judged = new Map(report.patterns.map(one => [patternKey(one.pattern.given), one]))
  const absent = patterns.find(({ given }) => !judged.has(patternKey(given)))
  if (absent !== undefined) {
    throw new FusionError(
      'MODEL_UNCALIBRATED',
      `${path} says nothing of the pattern "${absent.name}": calibrate the model anew, with more --stars where it was left out as too rare.`,
    )
  }
  const thin = report.patterns.find(({ starCount }) => starCount < bounds.minStars)
  if (thin !== undefined) {
    throw new FusionError(
      'MODEL_UNCALIBRATED',
      `${path} has ${thin.starCount} stars of the pattern "${thin.pattern.name}", at least ${bounds.minStars} are needed: calibrate the model with more --stars.`,
    )
  }
}

function damaged(path: string, fault: string, cause?: unknown): FusionError {
  return new FusionError(
    'FILE_UNREADABLE',
    `The calibration report ${path} is damaged, or no report: ${fault}. Make it anew with \`birthline calibrate\`.`,
    { cause },
  )
}

/** What is wrong with a section, or null. */
function faultOf(one: PatternCalibration): string | null {
  const name = isTrue(() => typeof one.pattern.name === 'string') ? one.pattern.name : 'without a name'
  const wrong = Object.entries(checks).find(([, isRight]) => !isTrue(() => isRight(one)))
  return wrong === undefined ? null : `the ${wrong[0]} of its pattern "${name}" cannot be`
}

/** Reading what is not there fails too. */
function isTrue(check: () => boolean): boolean {
  try {
    return check()
  } catch {
    return false
  }
}

const checks: Readonly<Record<string, (one: PatternCalibration) => boolean>> = {
  'measurements given': ({ pattern: { given } }) => given.length > 0 && given.every(name => known.includes(name)),
  'number of stars': ({ starCount, sampleCount }) => isCount(starCount) && isCount(sampleCount),
  parameters: ({ parameters }) =>
    parameters.length === modelParameters.length && parameters.every(({ name }, p) => name === modelParameters[p]),
  ranks: ({ starCount, parameters, ecdfPoints }) =>
    parameters.every(
      ({ rankCounts, ecdf, chiSquarePValue, kolmogorovPValue }) =>
        rankCounts.reduce((sum, count) => sum + count, 0) === starCount &&
        ecdf.length === ecdfPoints.length &&
        ecdf.length > 0 &&
        areFractions([...ecdf, ...ecdfPoints, chiSquarePValue, kolmogorovPValue]) &&
        isRising(ecdf) &&
        isRising(ecdfPoints),
    ),
  coverage: ({ starCount, parameters }) =>
    parameters.every(
      ({ central }) =>
        [0.68, 0.95].every(level => central.some(one => one.level === level)) &&
        central.every(({ level, covered }) => areFractions([level, covered]) && isWhole(covered * starCount)),
    ),
  'joint coverage': ({ tarp: { levels, coverage, noiseDeviation } }) =>
    levels.length > 0 &&
    levels.length === coverage.length &&
    areFractions([...levels, ...coverage, noiseDeviation]) &&
    noiseDeviation > 0 &&
    isRising(levels),
  'class probabilities': ({ classes }) =>
    classes !== null &&
    starClasses.every(name => classes.perClass.some(one => one.name === name)) &&
    classes.perClass.every(one => areBins(one, classes.starCount)),
}

function areBins({ bins }: OneClassCalibration, starCount: number): boolean {
  return (
    bins.reduce((sum, { count }) => sum + count, 0) === starCount &&
    bins.every(
      ({ count, meanPredicted, observed, standardErr }) =>
        isCount(count) && areFractions([meanPredicted, observed, standardErr]),
    )
  )
}

const isCount = (value: number) => Number.isInteger(value) && value > 0

/** To the rounding of a fraction that was a count. */
const isWhole = (value: number) => Math.abs(value - Math.round(value)) < 1e-6

function areFractions(values: readonly number[]): boolean {
  return values.every(value => typeof value === 'number' && value >= 0 && value <= 1)
}

function isRising(values: readonly number[]): boolean {
  return values.every((value, k) => k === 0 || value >= values[k - 1])
}
