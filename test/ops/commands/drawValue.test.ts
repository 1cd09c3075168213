import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runInProcess } from '../commandRun.ts'
import { figureFaults } from '../figures/svgTexts.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-draw-value-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
const draw = (what: string, out: string) =>
  runInProcess(folder, ['draw', what, '--stars', '50', '--samples', '64', '--out', out, '--json'])

test('what the surveys are worth to the model that comes with birthline: more of them, narrower ages', async () => {
  const { code, lines } = await draw('value', 'worth')
  expect(code).toBe(0)
  const { pagePath, jsonPath } = JSON.parse(lines[0])
  const { starCount, sets } = JSON.parse(await readFile(jsonPath, 'utf8'))
  expect([starCount, sets.length]).toEqual([50, 9])
  const of = (title: string) => sets.find((one: { title: string }) => one.title === title)
  const width = (title: string, p: number) => of(title).parameters[p].halfWidth
  expect(width('parallax', 0)).toBeGreaterThan(1.5 * width('Gaia, 2MASS, WISE, XP', 0))
  expect(width('XP', 3)).toBeGreaterThan(10 * width('parallax', 3))
  expect(of('Gaia, 2MASS, WISE, XP').brier).toBeLessThan(of('parallax').brier)
  for (const { parameters } of sets)
    for (const { coverage68 } of parameters) expect(Math.abs(coverage68 - 0.68)).toBeLessThan(0.32)
  expect(await readFile(pagePath, 'utf8')).toContain('figures/value.svg')
  expect(figureFaults(await readFile(join(folder, 'worth/figures/value.svg'), 'utf8'))).toEqual([])
})

test('whether photometry and XP agree: the same bytes again', async () => {
  const pages = []
  for (const out of ['first', 'second']) {
    const { code, lines } = await draw('agreement', out)
    expect(code).toBe(0)
    expect(JSON.parse(lines[0]).pagePath).toBe(join(folder, out, 'agreement.md'))
    pages.push(await readFile(join(folder, out, 'agreement.json'), 'utf8'))
  }
  expect(pages[0]).toBe(pages[1])
  const { pairs } = JSON.parse(pages[0])
  expect(pairs.length).toBe(1)
  for (const { width, mean } of pairs[0].parameters) {
    expect(Math.abs(mean)).toBeLessThan(1)
    expect(width).toBeGreaterThan(0.1)
    expect(width).toBeLessThan(2)
  }
})

test('bad input: one sentence, and no page', async () => {
  const { code, error } = await runInProcess(folder, ['draw', 'value', '--stars', '5', '--out', 'none'])
  expect(code).not.toBe(0)
  expect(error?.message).toBe('--stars is "5": it must be a whole number from 50 to 10000.')
  expect(existsSync(join(folder, 'none'))).toBe(false)
})
