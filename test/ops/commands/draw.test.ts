import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runInProcess } from '../commandRun.ts'
import { figureFaults } from '../figures/svgTexts.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-draw-'))
  const args = ['simulate', 'pilot', '--stars', '3000', '--shard-stars', '1000', '--out', 'simulated']
  expect((await runInProcess(folder, args)).code).toBe(0)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('a simulation is drawn with the real stars that come with birthline, soundly and twice the same', async () => {
  const draw = (out: string) => runInProcess(folder, ['draw', 'populations', 'simulated', '--out', out, '--json'])
  const { code, lines } = await draw('one')
  expect(code).toBe(0)
  const { starCount, realCount, paths } = JSON.parse(lines[0])
  expect(starCount).toBe(3000)
  expect(realCount).toBeGreaterThan(1000)
  const names = (await readdir(join(folder, 'one'))).sort()
  expect(names).toEqual(['populations-colours.svg', 'populations-hr.svg'])
  expect(paths).toHaveLength(2)
  await draw('two')
  for (const name of names) {
    const svg = await readFile(join(folder, 'one', name), 'utf8')
    expect(figureFaults(svg)).toEqual([])
    expect(await readFile(join(folder, 'two', name), 'utf8')).toBe(svg)
  }
})

for (const [what, args, sentence] of [
  ['a folder of no simulation', ['.'], /holds no finished simulation; make one with `birthline simulate RECIPE --out/],
  ['an absent folder', ['nowhere'], /nowhere holds no finished simulation/],
  ['an absent shard', ['broken'], /stars-00000\.parquet does not exist; check the path/],
  ['a folder of no known catalogue', ['simulated', '--real', '.'], /holds none of the tables that are looked for/],
] as const) {
  test(`${what} is refused in one sentence`, async () => {
    await mkdir(join(folder, 'broken'), { recursive: true })
    const manifest = await readFile(join(folder, 'simulated', 'manifest.json'))
    await writeFile(join(folder, 'broken', 'manifest.json'), manifest)
    const outcome = await runInProcess(folder, ['draw', 'populations', ...args, '--out', 'none'])
    expect(outcome).toMatchObject({ code: 1, error: { code: 'FILE_UNREADABLE' } })
    expect(outcome.error?.message).toMatch(sentence)
    expect(outcome.error?.message).not.toContain('\n')
  })
}

test('a file in the place of the folder of figures is refused in one sentence', async () => {
  await writeFile(join(folder, 'taken'), '')
  const outcome = await runInProcess(folder, ['draw', 'populations', 'simulated', '--out', 'taken'])
  expect(outcome).toMatchObject({ code: 1, error: { code: 'FILE_UNWRITABLE' } })
  expect(outcome.error?.message).toMatch(/taken is a file; name a folder\.$/)
})
