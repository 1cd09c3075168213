import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runInProcess } from '../commandRun.ts'
import { figureFaults } from '../figures/svgTexts.ts'

const SLOW_MS = 900_000
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-draw-sample-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
const draw = (...more: readonly string[]) =>
  runInProcess(folder, ['draw', 'sample', '--stars', '200', '--samples', '16', '--json', ...more])

test(
  'purity, contaminants and a map of a small sky',
  async () => {
    const first = await draw('--out', 'first')
    expect(first.code).toBe(0)
    const { jsonPath, pagePath, starsPath } = JSON.parse(first.lines[0])
    const [header, ...rows] = (await readFile(starsPath, 'utf8')).trimEnd().split('\n')
    expect(rows.length).toBeGreaterThan(180)
    expect(header.startsWith('star,young,lDeg,bDeg,parallaxMas,gMag')).toBe(true)
    const study = JSON.parse(await readFile(jsonPath, 'utf8'))
    expect(study.sets.map((set: { title: string }) => set.title)).toEqual([
      'Gaia',
      'Gaia, 2MASS',
      'Gaia, 2MASS, WISE',
      'Gaia, 2MASS, WISE, XP',
    ])
    expect(study.youngShare).toBeGreaterThan(0.002)
    expect(study.youngShare).toBeLessThan(0.03)
    for (const { methods } of study.sets)
      for (const { byThreshold, left } of methods) {
        expect(left.reduce((sum: number, { share }: { share: number }) => sum + share, 0)).toBeCloseTo(1, 2)
        const completeness = byThreshold.map((one: { completeness: { value: number } }) => one.completeness.value)
        expect(completeness).toEqual([...completeness].sort((a, b) => b - a))
      }
    for (const name of ['yso-purity', 'yso-contaminants', 'yso-galaxy'])
      expect(figureFaults(await readFile(join(folder, `first/figures/${name}.svg`), 'utf8'))).toEqual([])
    expect(await readFile(pagePath, 'utf8')).toContain('figures/yso-galaxy.svg')
  },
  SLOW_MS,
)

test('bad input: one sentence, and no page', async () => {
  const told = async (...more: readonly string[]) => (await draw('--out', 'none', ...more)).error?.message
  expect(await told('--stars', '5')).toBe('--stars is "5": it must be a whole number from 200 to 100000.')
  expect(await told('--beside', 'sagitta.csv')).toContain('write NAME=FILE')
  await writeFile(join(folder, 'bad.csv'), 'star,score\na,1.5\n')
  expect(await told('--beside', 'bad=bad.csv')).toContain('has a score of 1.5; scores are from 0 to 1.')
  await writeFile(join(folder, 'worse.csv'), 'name,p\na,0.5\n')
  expect(await told('--beside', 'worse=worse.csv')).toContain('has no column star, score')
  expect(existsSync(join(folder, 'none'))).toBe(false)
})
