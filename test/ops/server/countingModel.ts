// A model for tests of what asks: its answers are known, and it tells what it was asked.
import type { AskableModel, AskOptions, Question, StarAnswer, StarInput } from '../../../models/index.ts'
import { FusionError } from '../../../schemas/index.ts'

export interface Heard {
  readonly star: StarInput
  readonly question: Question
  readonly options: AskOptions
}

/** A model that answers 1, 2, 3, ... and tells what it was asked. */
export function countingModel(
  heard: Heard[],
  gate: Promise<void> = Promise.resolve(),
): Pick<AskableModel, 'ask' | 'fingerprint'> {
  return {
    fingerprint: 'counting',
    async ask([star], question, options): Promise<readonly StarAnswer[]> {
      heard.push({ star, question, options })
      await gate
      if (question.asked.some(({ name }) => name === 'avMag'))
        throw new FusionError('QUESTION_INVALID', 'Not that one.')
      const { sampleCount } = options
      const length = question.asked.length * sampleCount
      return [
        {
          key: star.key,
          names: question.asked.map(({ name }) => name),
          samples: Float32Array.from({ length }, (_, i) => i + 1),
          sampleCount,
          drawCount: 512,
          effectiveCount: 300.123,
          conditionProbability: null,
          drawnBy: 'tokens',
          observables: star.given.map(({ quantity }) => quantity),
          flags: [],
        },
      ]
    },
  }
}
