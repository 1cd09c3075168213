import { expect, test } from 'vitest'
import { askedOf, givenData, moralGraph, taskVariables } from '../../../models/tasks/task.ts'

const task = { name: 'toy', variables: taskVariables(2, 1, [-1, 1]) }

test('what is asked is what is null', () => {
  expect(askedOf(task, [null, 0.5, null])).toEqual([0, 2])
  expect(givenData(task, [4])).toEqual([null, null, 4])
})

test('values that are too few, out of bounds, no numbers or all there are refused', () => {
  expect(() => askedOf(task, [null, 0.5])).toThrow('2 values given for 3 variables')
  expect(() => askedOf(task, [null, 1.5, null])).toThrow('parameter_2 cannot be 1.5')
  expect(() => askedOf(task, [null, null, Number.NaN])).toThrow('data_1 cannot be NaN')
  expect(() => askedOf(task, [0, 0, 0])).toThrow('none is asked for')
  expect(() => givenData(task, [1, 2])).toThrow('2 data for 1')
})

test('two causes of one thing are joined', () => {
  expect(moralGraph({ neighbours: [[], [], [0, 1], [2]] })).toEqual([
    [true, true, true, false],
    [true, true, true, false],
    [true, true, true, true],
    [false, false, true, true],
  ])
})
