// A task as a command, learned badly but quickly: what is judged is what the command promises, not the answer.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { JOINT_MEMBERS } from '../../../models/index.ts'
import { runInProcess } from '../commandRun.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-task-'))
  await writeFile(join(folder, 'obs.csv'), 'data_1,data_2\n-0.6,0.2\n')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const run = (...args: string[]) => runInProcess(folder, ['task', ...args])
const train = ['two_moons', 'train', '--simulations', '300', '--seed', '4', '--steps', '20', '--json']
const sample = ['two_moons', 'sample', '--model', 'moons', '--observation', 'obs.csv', '--samples', '50']

test('a task is learned, and sampled into a table named as its parameters; the same seed gives the same bytes', async () => {
  const trained = await run(...train, '--out', 'moons')
  expect(trained.code).toBe(0)
  const said = JSON.parse(trained.lines.at(-1) ?? '')
  expect(said).toMatchObject({ task: 'two_moons', simulations: 300, seed: 4 })
  expect(said.heldOutLosses).toHaveLength(JOINT_MEMBERS)
  expect(said.heldOutLosses.every((loss: number) => loss > 0 && loss < 2)).toBe(true)
  expect((await run(...sample, '--out', 'first.csv')).code).toBe(0)
  const text = await readFile(join(folder, 'first.csv'), 'utf8')
  const lines = text.trim().split('\n')
  expect(lines[0]).toBe('parameter_1,parameter_2')
  expect(lines).toHaveLength(51)
  for (const value of lines.slice(1).join().split(',').map(Number)) expect(Math.abs(value)).toBeLessThanOrEqual(1)

  expect((await run(...train, '--out', 'again')).code).toBe(0)
  expect(await readFile(join(folder, 'again/weights.bin'))).toEqual(await readFile(join(folder, 'moons/weights.bin')))
  await run('two_moons', 'sample', '--model', 'again', ...sample.slice(4), '--out', 'second.csv')
  expect(await readFile(join(folder, 'second.csv'), 'utf8')).toBe(text)

  const conditional = await run(...sample, '--given', 'parameter_1=0.3', '--out', 'third.csv')
  expect(conditional.code).toBe(0)
  expect((await readFile(join(folder, 'third.csv'), 'utf8')).split('\n')[0]).toBe('parameter_2')
})

test('samples are weighed by the density of the task, and what they are worth is said', async () => {
  const answer = await run(...sample, '--weighted', '--out', 'weighed.csv', '--json')
  expect(answer.code).toBe(0)
  const { effectiveSize, logEvidence, logEvidenceErr } = JSON.parse(answer.lines.at(-1) ?? '')
  const lines = (await readFile(join(folder, 'weighed.csv'), 'utf8')).trim().split('\n')
  expect(lines[0]).toBe('parameter_1,parameter_2,weight')
  const weights = lines.slice(1).map(line => Number(line.split(',')[2]))
  expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9)
  expect(1 / weights.reduce((sum, w) => sum + w * w, 0)).toBeCloseTo(effectiveSize, 6)
  expect(Number.isFinite(logEvidence) && logEvidenceErr > 0).toBe(true)
  const shown = await run(...sample, '--weighted', '--out', 'weighed.csv')
  expect(shown.lines.join(' ')).toMatch(/they are worth \d+ of 50; log density of what is given: -?[\d.]+ \+- [\d.]+/)
  const both = await run(...sample, '--weighted', '--fast', '--out', 'x.csv', '--json')
  expect(both.error?.message).toMatch(/leave out --fast or --weighted/)
})

test('a student is taught beside the model, and answers --fast for the one question it has learned', async () => {
  const refusal = async (...args: string[]) => (await run(...args, '--json')).error?.message ?? ''
  expect(await refusal(...sample, '--fast', '--out', 'fast.csv')).toMatch(/has no student.*two_moons distil/)
  const distil = [
    'two_moons',
    'distil',
    '--model',
    'moons',
    '--lessons',
    '200',
    '--steps',
    '3',
    '--seed',
    '2',
    '--json',
  ]
  const taught = await run(...distil)
  expect(taught.code).toBe(0)
  expect(JSON.parse(taught.lines.at(-1) ?? '')).toMatchObject({ task: 'two_moons', recipe: { lessons: 200, steps: 3 } })
  const bytes = await readFile(join(folder, 'moons/student.bin'))
  expect((await run(...distil)).code).toBe(0)
  expect(await readFile(join(folder, 'moons/student.bin'))).toEqual(bytes)
  expect((await run(...sample, '--fast', '--out', 'fast.csv')).code).toBe(0)
  const lines = (await readFile(join(folder, 'fast.csv'), 'utf8')).trim().split('\n')
  expect(lines[0]).toBe('parameter_1,parameter_2')
  expect(lines).toHaveLength(51)
  for (const value of lines.slice(1).join().split(',').map(Number)) expect(Math.abs(value)).toBeLessThanOrEqual(1)
  for (const other of [
    ['--given', 'parameter_1=0.3'],
    ['--for', 'parameter_1'],
  ]) {
    expect(await refusal(...sample, '--fast', ...other, '--out', 'x.csv')).toMatch(/--fast answers for all parameters/)
  }
  expect(await refusal('slcp', 'distil', '--model', 'moons')).toMatch(/has learned two_moons, not slcp/)
})

test('what is wrong is answered in one sentence', async () => {
  const wrong = async (...args: string[]) => {
    const { code, error } = await run(...args, '--json')
    expect(code).toBe(2)
    return error?.message ?? ''
  }
  expect(await wrong('three_moons', 'train')).toMatch(/There is no task .*three_moons.*two_moons/)
  expect(await wrong('two_moons', 'forget')).toMatch(/A task cannot be .*forget.*: write train, sample or distil/)
  expect(await wrong('two_moons', 'train', '--out', 'x')).toMatch(/needs --simulations/)
  expect(await wrong('two_moons', 'train', '--simulations', '5', '--out', 'x')).toMatch(/from 100 to 1000000/)
  expect(await wrong('two_moons', 'sample', '--model', 'moons')).toMatch(/needs --out/)
  expect(
    await wrong('two_moons', 'sample', '--model', 'moons', '--out', 'obs.csv', '--observation', 'obs.csv'),
  ).toMatch(/--out would write over --observation/)
})

test('a model of another task is refused', async () => {
  const { code, error } = await run('slcp', 'sample', '--model', 'moons', '--out', 'x.csv', '--json')
  expect(code).not.toBe(0)
  expect(error?.message).toMatch(/has learned two_moons, not slcp/)
})
