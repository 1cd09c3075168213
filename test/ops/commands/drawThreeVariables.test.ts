// The figure and its numbers; how well the network learns is for the test of the models.
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  learnThreeVariables,
  scoreError,
  scoreRows,
  threeVariables,
  threeVariablesPlan,
  trueScore,
} from '../../../models/index.ts'
import { runInProcess } from '../commandRun.ts'
import { figureFaults, textBoxes } from '../figures/svgTexts.ts'

/** A machine that does other things trains slowly. */
const SLOW_MS = 300_000
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-draw-three-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
const draw = (...args: string[]) => runInProcess(folder, ['draw', 'three-variables', ...args])

test(
  'a sound figure, twice the same; no arrow sees z where it is apart; errors are those of the network so trained',
  async () => {
    const { code, lines } = await draw('--steps', '20', '--seed', '3', '--out', 'a.svg', '--json')
    expect(code).toBe(0)
    const { path, seed, steps, arrowsThatSeeZ, curves } = JSON.parse(lines[0])
    expect([seed, steps, arrowsThatSeeZ]).toEqual([3, 20, 0])
    const svg = await readFile(path, 'utf8')
    expect(figureFaults(svg)).toEqual([])
    expect(
      textBoxes(svg)
        .map(({ text }) => text)
        .join(' '),
    ).toContain('the same to the bit for z')

    const learned = await learnThreeVariables(threeVariables, { ...threeVariablesPlan, steps: 20, seed: 3 })
    const apart = { roles: ['asked', 'asked', 'asked'], isParted: true } as const
    const [{ sigma, error }] = curves[0].points
    expect(await scoreError(learned, threeVariables, apart, sigma, 3)).toBe(error)
    const points = new Float64Array(3 * scoreRows).fill(0.5)
    const [x] = await learned.score(points, apart, 8)
    // Even after twenty steps the preconditioning alone is near at high noise.
    expect(x / trueScore(threeVariables, apart, [0.5, 0.5, 0.5], 8)[0]).toBeCloseTo(1, 0)
    await learned.close()

    const told = await draw('--steps', '20', '--seed', '3', '--out', 'b.svg')
    expect(told.lines.at(-2)).toBe('Arrows of x and y that change with z where it is apart: 0 of 400')
    expect(await readFile(join(folder, 'b.svg'), 'utf8')).toBe(svg)
  },
  SLOW_MS,
)

test('bad input: one sentence, and no figure', async () => {
  for (const steps of ['9', '1e9', '10.5', 'many', '']) {
    const { code, error } = await draw('--steps', steps, '--out', 'none.svg')
    expect(code).not.toBe(0)
    expect(error?.message).toBe(`--steps is "${steps}": it must be a whole number from 10 to 100000.`)
  }
  expect(existsSync(join(folder, 'none.svg'))).toBe(false)
})

test(
  'a Ctrl-C ends it without a figure',
  async () => {
    const stop = new AbortController()
    const run = runInProcess(folder, ['draw', 'three-variables', '--out', 'cut.svg'], { signal: stop.signal })
    setTimeout(() => stop.abort(), 500)
    await expect(run).rejects.toThrow('aborted')
    expect(existsSync(join(folder, 'cut.svg'))).toBe(false)
  },
  SLOW_MS,
)
