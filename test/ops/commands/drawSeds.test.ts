// The figure of the sets of young stellar objects, through the command.
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { modelCounts, modelSets } from '../../../models/index.ts'
import { drawSetSeds, shownWavelengthsUm } from '../../../ops/simulation/setSeds.ts'
import { packageFile } from '../../../schemas/index.ts'
import { runInProcess } from '../commandRun.ts'
import { figureFaults, textBoxes } from '../figures/svgTexts.ts'

/** A machine that does other things draws slowly. */
const SLOW_MS = 300_000
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-draw-seds-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
const draw = (...args: string[]) => runInProcess(folder, ['draw', 'seds', '--count', '7', ...args])
const golden = packageFile(join('test', 'golden', 'seds', 'flat_1_sed.fits.gz'))

test(
  'a sound figure of eighteen named panels, twice the same, and its medians',
  async () => {
    const { code, lines } = await draw('--seed', '3', '--aperture', '1e4', '--out', 'a.svg', '--json')
    expect(code).toBe(0)
    const { path, seed, apertureAu, publishedApertureAu, sets } = JSON.parse(lines[0])
    expect([path, seed, apertureAu, publishedApertureAu]).toEqual([join(folder, 'a.svg'), 3, 1e4, null])
    const svg = await readFile(path, 'utf8')
    expect(figureFaults(svg)).toEqual([])
    const texts = textBoxes(svg).map(({ text }) => text)
    for (const set of modelSets) {
      expect(texts).toContain(`${set}: 7 SEDs, grid ${modelCounts[set].toLocaleString('en-US')}`)
    }
    expect(texts.join(' ')).toMatch(/7 objects of each set.*seed 3; aperture of 10,000 AU/)
    const k = shownWavelengthsUm.findIndex(um => um > 97)
    for await (const one of drawSetSeds(3, 7, 1e4, () => undefined)) {
      const told = sets.find(({ set }: { set: string }) => set === one.set)
      expect(told).toMatchObject({ count: 7, gridCount: modelCounts[one.set] })
      expect(told.medianDexAtUm['100']).toBeCloseTo(one.median[k], 3)
      if (one.set === 's-p-smi') break
    }
    await draw('--seed', '3', '--aperture', '1e4', '--out', 'b.svg')
    expect(await readFile(join(folder, 'b.svg'), 'utf8')).toBe(svg)
  },
  SLOW_MS,
)

test(
  'a published spectrum is drawn over its set; without --json the path alone is printed',
  async () => {
    const { code, lines } = await draw('--published', `sp--h-i=${golden}`)
    expect([code, lines]).toEqual([0, [join(folder, 'seds.svg')]])
    const svg = await readFile(join(folder, 'seds.svg'), 'utf8')
    expect(figureFaults(svg)).toEqual([])
    expect(textBoxes(svg).map(({ text }) => text)).toContain('flat_1, published, aperture of 1,000 AU')
  },
  SLOW_MS,
)

test('bad input: one sentence, and no figure', async () => {
  const bad: readonly (readonly [readonly string[], string])[] = [
    [['--count', '6'], '--count is "6": it must be a number from 7 to 500.'],
    [['--count', '501'], '--count is "501": it must be a number from 7 to 500.'],
    [['--count', '7.5'], '--count is "7.5": it must be a whole number.'],
    [['--count', ''], '--count is "": it must be a number from 7 to 500.'],
    [['--aperture', '10'], '--aperture is "10": it must be a number from 100 to 1000000.'],
    [['--aperture', 'wide'], '--aperture is "wide": it must be a number from 100 to 1000000.'],
    [['--published', golden], 'it must be SET=FILE, and SET one of s---s-i, sp--s-i'],
    [['--published', `disk=${golden}`], 'it must be SET=FILE, and SET one of s---s-i, sp--s-i'],
    [['--published', 'sp--s-i='], 'it must be SET=FILE, and SET one of s---s-i, sp--s-i'],
    [['--published', 'sp--s-i=absent.fits'], 'absent.fits does not exist'],
    [['--published', 'sp--s-i=none.svg'], '--published would write over --out'],
  ]
  for (const [args, sentence] of bad) {
    const { code, error } = await draw(...args, '--out', 'none.svg')
    expect(code, args.join(' ')).not.toBe(0)
    expect(error?.message, args.join(' ')).toContain(sentence)
    expect(error?.message).not.toContain('\n')
  }
  expect(existsSync(join(folder, 'none.svg'))).toBe(false)
})

test('a Ctrl-C ends it without a figure', async () => {
  const stop = new AbortController()
  const run = runInProcess(folder, ['draw', 'seds', '--count', '500', '--out', 'cut.svg'], { signal: stop.signal })
  setTimeout(() => stop.abort(), 200)
  await expect(run).rejects.toThrow('aborted')
  expect(existsSync(join(folder, 'cut.svg'))).toBe(false)
})

const models = join(packageFile('..'), 'shared', 'data', 'yso_sed_models')
const real = join(models, '3000030_1_sed.fits.gz')

test(
  'a real model of Robitaille+ 2006 and a bare star, where they are',
  async ({ skip }) => {
    if (!existsSync(real)) skip('needs shared/data beside the project')
    const { lines } = await draw('--published', `sp--s-i=${real}`, '--json')
    expect(JSON.parse(lines[0]).publishedApertureAu).toBeCloseTo(2763, -1)
    expect(figureFaults(await readFile(join(folder, 'seds.svg'), 'utf8'))).toEqual([])
    await draw('--published', `s---s-i=${join(models, 'kt09250g+4.0z-0.5_sed.fits.gz')}`)
    const texts = textBoxes(await readFile(join(folder, 'seds.svg'), 'utf8')).map(({ text }) => text)
    expect(texts).toContain('kt09250g+4.0z-0.5, published, no aperture')
  },
  SLOW_MS,
)
