import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Task, taskTable } from '../../../models/index.ts'
import { readTaskQuestion } from '../../../ops/tasks/taskQuestion.ts'

const folder = mkdtempSync(join(tmpdir(), 'birthline-test-'))
const moons = taskTable.get('two_moons') as Task

function observation(text: string): string {
  const path = join(folder, 'obs.csv')
  writeFileSync(path, text)
  return path
}

const ask = (file: string | null, given: string | null = null, asked: string | null = null) =>
  readTaskQuestion(moons, { observationPath: file === null ? null : observation(file), given, asked })

test('an observation gives its columns, and all else is asked for', async () => {
  const { given, asked } = await ask('data_2,data_1\n0.25,-0.5\n')
  expect([...given].sort()).toEqual([
    [2, -0.5],
    [3, 0.25],
  ])
  expect(asked).toEqual([0, 1])
})

test('values beside the observation are given too, an empty cell and what nobody names are asked for', async () => {
  const { given, asked } = await ask('data_1,data_2\n0.1,\n', 'parameter_1 = 0.3')
  expect([...given].sort()).toEqual([
    [0, 0.3],
    [2, 0.1],
  ])
  expect(asked).toEqual([1, 3])
  expect((await ask(null)).asked).toEqual([0, 1, 2, 3])
  expect((await ask('data_1\n0.1\n', null, 'parameter_2,parameter_1')).asked).toEqual([0, 1])
})

test('what cannot be asked is answered in one sentence', async () => {
  await expect(ask('data_1,flux\n0,1\n')).rejects.toThrow(
    /obs\.csv names "flux", which two_moons does not have; it has parameter_1, parameter_2, data_1, data_2\./,
  )
  await expect(ask('data_1,data_2\n0,1\n2,3\n')).rejects.toThrow(/more than one row/)
  await expect(ask('data_1,data_2\n')).rejects.toThrow(/has no row/)
  await expect(ask('data_1,data_2\n0,much\n')).rejects.toThrow(/row 1: data_2 is "much", which is no number/)
  await expect(ask('data_1,data_2\n0,NaN\n')).rejects.toThrow(/data_2/)
  await expect(ask(null, 'parameter_1=7')).rejects.toThrow(/parameter_1 is 7; it lies between -1 and 1/)
  await expect(ask(null, 'parameter_1')).rejects.toThrow(/--given has "parameter_1": write it as name=value/)
  await expect(ask(null, null, 'mass')).rejects.toThrow(/--for names "mass"/)
  await expect(ask(null, 'data_1=0', 'data_1')).rejects.toThrow(/data_1 is both given and asked for/)
  await expect(ask(null, 'data_1=0,data_2=0,parameter_1=0,parameter_2=0')).rejects.toThrow(/none is left to ask for/)
})
