// An answer as people read it, and as plain JSON.
import { type Question, type StarAnswer, summarize } from '../../models/index.ts'
import type { Summary } from '../../schemas/index.ts'
import { renderTable } from '../terminal/textTable.ts'
import { unitOf } from './quantityNames.ts'
import { givenText } from './questionText.ts'

/** What an answer was drawn with. */
export interface AnswerSource {
  readonly model: string
  readonly seed: bigint
}

const columnOf = ({ samples, sampleCount }: StarAnswer, i: number) =>
  samples.subarray(i * sampleCount, (i + 1) * sampleCount)

function summariesOf(answer: StarAnswer): readonly Summary[] {
  return answer.names.map((name, i) => summarize(name, columnOf(answer, i)))
}

/** @param withSamples adds all samples, one list for each name */
export function answerView(
  question: Question,
  answer: StarAnswer,
  { model, seed }: AnswerSource,
  withSamples = false,
): Readonly<Record<string, unknown>> {
  const { key, observables, drawnBy, sampleCount, drawCount, effectiveCount, conditionProbability, flags } = answer
  return {
    star: key,
    given: givenText(question),
    observables,
    model,
    drawnBy,
    sampleCount,
    seed: String(seed),
    drawCount,
    effectiveCount: Number(effectiveCount.toFixed(1)),
    conditionProbability,
    flags,
    answers: summariesOf(answer).map(({ parameter, ...rest }, i) => ({
      name: parameter,
      unit: unitOf(question.asked[i]),
      ...rest,
    })),
    ...(withSamples && {
      samples: Object.fromEntries(answer.names.map((name, i) => [name, [...columnOf(answer, i)]])),
    }),
  }
}

/** Lines of the screen. */
export function describeAnswer(
  question: Question,
  answer: StarAnswer,
  { model, seed }: AnswerSource,
): readonly string[] {
  const { drawnBy, sampleCount, drawCount, effectiveCount, conditionProbability, observables, flags } = answer
  const rows = summariesOf(answer).map(({ parameter, q16, q50, q84 }, i) => {
    const digits = digitsFor(Math.min(q50 - q16, q84 - q50), q50)
    return [
      parameter,
      q50.toFixed(digits),
      `-${(q50 - q16).toFixed(digits)}`,
      `+${(q84 - q50).toFixed(digits)}`,
      unitOf(question.asked[i]),
    ]
  })
  const given = [...observables.filter(name => question.measured.every(one => one.quantity !== name))]
  const weighed = `${drawCount} draws weighed, worth ${effectiveCount.toFixed(0)} equal ones`
  const told = givenText(question)
  return [
    `Star ${answer.key}`,
    `Measured: ${given.length === 0 ? 'nothing' : given.join(', ')}`,
    ...(told.length === 0 ? [] : [`Given: ${told.join(', ')}`]),
    `${sampleCount} samples by ${drawnBy === 'tokens' ? 'tokens' : 'the posterior head'} (seed ${seed}, model ${model.slice(0, 12)})`,
    ...(question.conditions.length === 0 ? [] : [weighed]),
    ...(conditionProbability === null ? [] : [`Probability of the bounds: ${conditionProbability.toPrecision(2)}`]),
    ...(flags.length === 0 ? [] : [`Warnings: ${flags.join(', ')}`]),
    '',
    ...renderTable([{ title: 'Asked' }, right('Median'), right('68%'), right(''), { title: 'Unit' }], rows),
  ]
}

/** Two digits of the error, and no more than a float holds of the value. */
function digitsFor(error: number, value: number): number {
  if (!(error > 0)) return value === 0 ? 2 : Math.min(8, Math.max(0, 5 - Math.floor(Math.log10(Math.abs(value)))))
  return Math.min(8, Math.max(0, 1 - Math.floor(Math.log10(error))))
}

function right(title: string) {
  return { title, align: 'right' } as const
}
