import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { alignmentDefaults, alignmentPlan, matchingDemo, rightShare } from '../../../models/index.ts'
import { runInProcess } from '../commandRun.ts'
import { figureFaults, textBoxes } from '../figures/svgTexts.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-draw-alignment-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
const draw = (...args: string[]) => runInProcess(folder, ['draw', 'alignment', ...args])

test('a sound figure of four panels, and shares that are those of the plans', async () => {
  const { code, lines } = await draw('--count', '12', '--seed', '5', '--out', 'a.svg', '--json')
  expect(code).toBe(0)
  const { path, count, seed, plans } = JSON.parse(lines[0])
  expect([count, seed]).toEqual([12, 5])
  const svg = await readFile(path, 'utf8')
  expect(figureFaults(svg)).toEqual([])
  const texts = textBoxes(svg).map(({ text }) => text)
  for (const heading of ['Samples', 'Exact transport', 'Gromov-Wasserstein', 'Keypoint-guided'])
    expect(texts).toContain(heading)
  const demo = matchingDemo(12, 5)
  for (const { term, rightShare: share, converged } of plans) {
    const { plan } = alignmentPlan(term, demo.source, demo.target, demo.pairs, alignmentDefaults)
    expect(converged).toBe(true)
    expect(share).toBe(rightShare(demo, plan))
  }
})

test('the same seed draws the same bytes, another one other stars', async () => {
  const svgOf = async (seed: string) => {
    await draw('--count', '4', '--seed', seed, '--out', `seed${seed}.svg`)
    return readFile(join(folder, `seed${seed}.svg`), 'utf8')
  }
  const first = await svgOf('3')
  expect(await svgOf('3')).toBe(first)
  expect(await svgOf('4')).not.toBe(first)
})

test('a table for readers, a line a plan', async () => {
  const { lines } = await draw('--count', '5')
  expect(lines[0]).toMatch(/^plan +own kind +iterations +converged$/)
  expect(lines.slice(1, 4).map(line => line.split(/ {2,}/)[0])).toEqual([
    'Exact transport',
    'Gromov-Wasserstein',
    'Keypoint-guided',
  ])
  expect(lines.at(-1)).toBe(`Figure: ${join(folder, 'alignment.svg')}`)
})

test('bad input: one sentence, and no figure', async () => {
  const { code, error } = await draw('--count', '1', '--out', 'none.svg')
  expect(code).not.toBe(0)
  expect(error?.message).toBe('--count is "1": it must be a whole number from 2 to 100.')
  expect(existsSync(join(folder, 'none.svg'))).toBe(false)
})
