// The figure of the libraries of model atmospheres, through the command.
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packageFile } from '../../../schemas/index.ts'
import { runInProcess } from '../commandRun.ts'
import { figureFaults, textBoxes } from '../figures/svgTexts.ts'

let folder = ''
const run = (...args: string[]) => runInProcess(folder, ['draw', 'atmospheres', ...args])
const rows = [3900, 4100].flatMap(teff => [3.5, 4.5].map(logg => `${teff},${logg},0,-2.3,-1,-0.1,0.6,1.4,2.2,2.1`))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-draw-test-'))
  await writeFile(
    join(folder, 'basel.csv'),
    ['teff,logg,feh,B,V,R,I,J,H,K', ...rows, ',4,0,1,1,1,1,1,1,1', ''].join('\n'),
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function colours(...args: string[]): Promise<Record<string, Record<string, number> | null>> {
  const { lines, error } = await run(...args, '--json')
  expect(error).toBeNull()
  const report = JSON.parse(lines[0]) as {
    colours: readonly { name: string; colours: Record<string, number> | null }[]
  }
  return Object.fromEntries(report.colours.map(one => [one.name, one.colours]))
}

test('a figure without faults, and the colours of its libraries', async () => {
  const found = await colours('--log-teff', '3.6', '--basel', 'basel.csv', '--out', 'a.svg')
  expect(Object.keys(found)).toEqual(['Kurucz', 'BT-Settl', 'PHOENIX', 'BaSeL'])
  expect(found.BaSeL?.['V-K']).toBeCloseTo(3.1, 3)
  const svg = await readFile(join(folder, 'a.svg'), 'utf8')
  expect(figureFaults(svg)).toEqual([])
  expect(textBoxes(svg).map(box => box.text)).toEqual(
    expect.arrayContaining(['BaSeL', 'BT-Settl', 'V \u2212 K (mag)', 'log Teff (K)']),
  )
})

test('dust reddens all of them, BaSeL by what it does to Kurucz', async () => {
  const clear = await colours('--log-teff', '3.6', '--basel', 'basel.csv', '--out', 'b.svg')
  const dusty = await colours('--log-teff', '3.6', '--av', '2', '--basel', 'basel.csv', '--out', 'b.svg')
  const reddening = (name: string) => (dusty[name]?.['V-K'] ?? Number.NaN) - (clear[name]?.['V-K'] ?? Number.NaN)
  // A_K is about a tenth of A_V.
  expect(Math.abs(reddening('Kurucz') - 1.78)).toBeLessThan(0.1)
  expect(reddening('BaSeL')).toBeCloseTo(reddening('Kurucz'), 3)
})

test('a star that the table lacks is left out in words; without a table there are three libraries', async () => {
  expect((await colours('--log-teff', '4', '--basel', 'basel.csv')).BaSeL).toBeNull()
  expect(figureFaults(await readFile(join(folder, 'atmospheres.svg'), 'utf8'))).toEqual([])
  const { lines } = await run('--log-teff', '4', '--basel', 'basel.csv')
  expect(lines).toContain('BaSeL: has no such star')
  expect(Object.keys(await colours('--log-teff', '3.76'))).toEqual(['Kurucz', 'BT-Settl', 'PHOENIX'])
})

test('libraries that agree are seen below each other: each line is narrower than the one before', async () => {
  await colours('--log-teff', '4.4', '--out', 'hot.svg')
  const svg = await readFile(join(folder, 'hot.svg'), 'utf8')
  const widths = ['#0072b2', '#d55e00', '#009e73'].map(colour => {
    const group = svg.match(/<g [^>]*aria-label="line"[^>]*>/g)?.find(tag => tag.includes(`stroke="${colour}"`))
    return Number(/stroke-width="([\d.]+)"/.exec(group ?? '')?.[1])
  })
  expect(widths[0]).toBeGreaterThan(widths[1])
  expect(widths[1]).toBeGreaterThan(widths[2])
  expect(widths[2]).toBeGreaterThan(0.5)
})

test('bad input: one sentence, and no figure', async () => {
  await writeFile(join(folder, 'other.csv'), 'teff,logg\n1,2\n')
  await writeFile(join(folder, 'words.csv'), 'teff,logg,feh,B,V,R,I,J,H,K\na,b,c,d,e,f,g,h,i,j\n')
  const bad: readonly (readonly [readonly string[], string])[] = [
    [['--log-teff', 'hot'], '--log-teff is "hot": it must be a number from 3.302 to 4.69.'],
    [['--log-teff', '5'], '--log-teff is "5": it must be a number from 3.302 to 4.69.'],
    [['--log-teff', '3.6', '--av', '-1'], '--av is "-1": it must be a number from 0 to 30.'],
    [['--log-teff', '3.6', '--feh', ''], '--feh is "": it must be a number from -3 to 0.5.'],
    [['--log-teff', '3.6', '--rv', '9'], '--rv is "9": it must be a number from 2.3 to 5.6.'],
    [['--log-teff', '3.6', '--law', 'g32'], '--law is "g32": it must be ccm89, o94, f99, f19, g23.'],
    [['--log-teff', '3.6', '--basel', 'other.csv'], 'has no column feh, B, V, R, I, J, H, K'],
    [['--log-teff', '3.6', '--basel', 'words.csv'], 'has no row of numbers'],
    [['--log-teff', '3.6', '--basel', 'absent.csv'], 'absent.csv'],
    [['--log-teff', '3.6', '--basel', 'other.csv', '--out', 'other.csv'], '--basel would write over'],
  ]
  for (const [args, sentence] of bad) {
    const { error } = await run(...args, '--out', 'none.svg', ...(args.includes('--out') ? args.slice(-2) : []))
    expect(error?.message, args.join(' ')).toContain(sentence)
  }
  expect(existsSync(join(folder, 'none.svg'))).toBe(false)
})

const basel = join(packageFile('..'), 'shared', 'data', 'atmospheres', 'basel_lcb98cor_bc.csv')

test('BaSeL beside the project, where it is, differs from Kurucz as is known: 0.3 mag in V - K at 4000 K, little at 5750 K', async ({
  skip,
}) => {
  if (!existsSync(basel)) skip('needs shared/data beside the project')
  const gap = async (teffK: number) => {
    const found = await colours('--log-teff', String(Math.log10(teffK)), '--logg', '4.5', '--basel', basel)
    return (found.Kurucz?.['V-K'] ?? Number.NaN) - (found.BaSeL?.['V-K'] ?? Number.NaN)
  }
  expect(Math.abs((await gap(4000)) - 0.32)).toBeLessThan(0.06)
  expect(Math.abs((await gap(5750)) - 0.04)).toBeLessThan(0.04)
})
