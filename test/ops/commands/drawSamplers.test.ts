import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  levelCountWithin,
  limitLaw,
  logUniformLevels,
  normalDistance,
  pilotNoise,
  samplerKinds,
  samplerLaw,
} from '../../../models/index.ts'
import { runInProcess } from '../commandRun.ts'
import { figureFaults, textBoxes } from '../figures/svgTexts.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-draw-samplers-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
const draw = (...args: string[]) => runInProcess(folder, ['draw', 'samplers', ...args])

test('a sound figure that names every sampler, and distances that are those of the laws', async () => {
  const { code, lines } = await draw('--mean', '-0.4', '--width', '0.2', '--out', 'a.svg', '--json')
  expect(code).toBe(0)
  const { path, target, samplers } = JSON.parse(lines[0])
  expect(target).toEqual({ mean: -0.4, sd: 0.2 })
  const svg = await readFile(path, 'utf8')
  expect(figureFaults(svg)).toEqual([])
  const texts = textBoxes(svg).map(({ text }) => text)
  for (const kind of samplerKinds) expect(texts).toContain(kind)
  for (const { name, points } of samplers) {
    const { calls, fromLimit, fromTruth } = points.at(-1)
    const levels = logUniformLevels(pilotNoise, levelCountWithin(name, calls) ?? 0)
    const law = samplerLaw(name, target, levels)
    expect(fromTruth).toBeCloseTo(normalDistance(law, target) / 0.2, 9)
    expect(fromLimit).toBeCloseTo(normalDistance(law, limitLaw(name, target, levels)) / 0.2, 9)
  }
})

test('a table for readers, a line a sampler', async () => {
  const { lines } = await draw()
  expect(lines[0]).toMatch(/^distance after +9 calls .* order$/)
  expect(lines.slice(1, 1 + samplerKinds.length).map(line => line.split(' ')[0])).toEqual(samplerKinds)
  expect(lines.at(-1)).toBe(`Figure: ${join(folder, 'samplers.svg')}`)
})

test('bad input: one sentence, and no figure', async () => {
  for (const [args, sentence] of [
    [['--width', '0'], '--width is "0": it must be a number from 0.02 to 1.'],
    [['--mean', 'much'], '--mean is "much": it must be a number from -3 to 3.'],
  ] as const) {
    const { code, error } = await draw(...args, '--out', 'none.svg')
    expect(code).not.toBe(0)
    expect(error?.message).toBe(sentence)
  }
  expect(existsSync(join(folder, 'none.svg'))).toBe(false)
})
