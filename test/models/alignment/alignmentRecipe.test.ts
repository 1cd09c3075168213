import { expect, test } from 'vitest'
import {
  type AlignmentRecipe,
  activeTerms,
  alignmentDefaults,
  alignmentTerms,
  checkAlignment,
  type Schedule,
  transportTerms,
  weightAt,
  weightsAt,
} from '../../../models/alignment/alignmentRecipe.ts'

const ramp: Schedule = { kind: 'ramp', weight: 2, fromStep: 100, toStep: 300 }
const recipeWith = (change: Partial<AlignmentRecipe>): AlignmentRecipe => ({ ...alignmentDefaults, ...change })
const { schedules } = alignmentDefaults

test('weights of a schedule, step by step', () => {
  expect([0, 100, 150, 200, 300, 9999].map(step => weightAt(ramp, step))).toEqual([0, 0, 0.5, 1, 2, 2])
  expect(weightAt({ kind: 'off' }, 50)).toBe(0)
  expect(weightAt({ kind: 'constant', weight: 0.3 }, 50)).toBe(0.3)
})

test('all is off where a recipe says nothing, and each term can be on alone', () => {
  expect(activeTerms(alignmentDefaults)).toEqual([])
  for (const term of alignmentTerms) {
    const recipe = recipeWith({ schedules: { ...schedules, [term]: ramp } })
    checkAlignment(recipe)
    expect(activeTerms(recipe)).toEqual([term])
    expect(Array.from(weightsAt(recipe, 250))).toEqual([1.5])
  }
  const two = recipeWith({ schedules: { ...schedules, pairs: ramp, contrastive: { kind: 'constant', weight: 1 } } })
  expect(activeTerms(two)).toEqual(['contrastive', 'pairs'])
  expect(Array.from(weightsAt(two, 0))).toEqual([1, 0])
  for (const term of transportTerms) expect(alignmentTerms).toContain(term)
})

test('a recipe that cannot be is refused', () => {
  for (const [change, sentence] of [
    [
      { schedules: { ...schedules, exact: { kind: 'constant', weight: -1 } as const } },
      'alignment: the weight of exact is -1, not a finite number >= 0',
    ],
    [
      { schedules: { ...schedules, gromov: { ...ramp, toStep: 100 } } },
      'alignment: the ramp of gromov goes from step 100 to 100',
    ],
    [{ entropyShare: 0 }, 'alignment: entropyShare is 0, not a finite number above 0'],
    [{ slackShare: Number.NaN }, 'alignment: slackShare is NaN, not a finite number above 0'],
    [{ plainShare: 1.5 }, 'alignment: plainShare is 1.5, not from 0 to 1'],
    [{ costKind: 'taxi' as 'cosine' }, 'alignment: there is no cost "taxi"'],
  ] as const) {
    expect(() => checkAlignment(recipeWith(change))).toThrow(new RangeError(sentence))
  }
})
