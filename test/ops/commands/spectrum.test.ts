import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packageFile } from '../../../schemas/index.ts'
import { openTable } from '../../../streams/index.ts'
import { runInProcess } from '../commandRun.ts'
import { figureFaults, textBoxes } from '../figures/svgTexts.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-spectrum-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
const fixture = (name: string) => packageFile('test', 'fixtures', 'spectra', name)
const run = (name: string, ...more: string[]) => runInProcess(folder, ['spectrum', fixture(name), ...more])

test('text tells star, epoch, frame and segments', async () => {
  const { code, lines } = await run('apVisit.fits.gz')
  expect(code).toBe(0)
  expect(lines[0]).toMatch(/apVisit\.fits\.gz: apogee apVisit, fits, SHA-256 [0-9a-f]{64}$/)
  expect(lines.slice(1, 4)).toEqual([
    '2M00000002+7417074 at 0.000103 74.285408 deg in extensions 1 to 4',
    '  begin MJD 57729.17856, middle MJD 57729.20782, exposure 2502.54 s, night 57729',
    '  frame topocentric, plate 9518, field 120+12, fibre 104',
  ])
  expect(lines[7]).toMatch(
    /^ {2}green +12 +1642\.84 to 1643\.00 +vacuum +absolute, 1e-17 erg\S+ +\d+\.\d +89\.5 +1 +1 +pixel:/,
  )
})

test('JSON has a line for each spectrum and each refusal', async () => {
  const { code, lines } = await run('apStar.fits.gz', '--json')
  expect(code).toBe(0)
  const [first, , , last] = lines.map(line => JSON.parse(line))
  expect(lines).toHaveLength(4)
  expect(first).toMatchObject({ survey: 'apogee', product: 'apStar', row: 1, segments: [{ name: 'sum', pixels: 20 }] })
  expect(last.refused).toMatchObject({ code: 'VALUE_OUT_OF_RANGE', message: expect.stringMatching(/row 4/) })
})

test('where nothing can be read the exit code is 1, and the sentence is printed', async () => {
  const { code, lines } = await run('zeroIvar.fits.gz')
  expect(code).toBe(1)
  expect(lines.slice(1)).toEqual([expect.stringMatching(/^refused: .*has no pixel with a flux/), '1 refused'])
})

test('of many spectra the first twenty are told, and how many more there are', async () => {
  const [header, row] = (await readFile(fixture('xp.csv'), 'utf8')).split('\n')
  const path = join(folder, 'many.csv')
  await writeFile(path, [header, ...new Array<string>(23).fill(row)].join('\n'))
  const { lines } = await runInProcess(folder, ['spectrum', path])
  expect(lines.filter(line => line.startsWith('9223372036854775807'))).toHaveLength(20)
  expect(lines.at(-1)).toBe('and 3 more: --json tells of all')
})

test('the table has a row for each pixel, with its wavelength and bits', async () => {
  const out = join(folder, 'pixels.ecsv')
  expect((await run('mrs.fits.gz', '--out', out)).code).toBe(0)
  const table = await openTable(out)
  const rows = []
  for await (const batch of table.batches()) rows.push(...batch.rows)
  await table.close()
  expect(rows).toHaveLength(5 * 14)
  expect(rows[14]).toMatchObject({ segment: 'R', pixel: 1, pixel_mask: null })
  expect(rows[14].wavelength).toBeCloseTo(6271.9126, 3)
  expect(table.columns.find(({ name }) => name === 'wavelength')?.unit).toBe('Angstrom')
})

test('the table of coefficients has one in a row', async () => {
  const out = join(folder, 'coefficients.csv')
  await run('xp.csv', '--out', out)
  const lines = (await readFile(out, 'utf8')).trim().split('\n')
  expect(lines).toHaveLength(1 + 4 * 3)
  expect(lines[0]).toBe('spectrum_id,source,band,place,coefficient,coefficient_error')
  expect(lines[1]).toMatch(/,9223372036854775807,BP,1,-29\.60128323751027\d*,1\.521/)
})

for (const [name, nth, heading] of [
  ['apVisit.fits.gz', 1, /^green: 12 pixels, 1642\.8 to 1643\.0 nm in vacuum, median S\/N \d+\.\d, 1 bad$/],
  ['lamostRows.fits.gz', 1, /^sum: 18 pixels/],
  ['xpSampled.ecsv', 2, /^XP: 343 pixels, 336\.0 to 1020\.0 nm/],
  ['xp.csv', 2, /^RP: 4 coefficients over their errors/],
] as const) {
  test(`${name} is drawn without a fault`, async () => {
    const plot = join(folder, `${name}.svg`)
    expect((await run(name, '--plot', plot, '--nth', String(nth))).code).toBe(0)
    const svg = await readFile(plot, 'utf8')
    expect(figureFaults(svg)).toEqual([])
    expect(textBoxes(svg).map(({ text }) => text)).toContainEqual(expect.stringMatching(heading))
  })
}

test('what cannot be drawn, written or believed is refused before anything is lost', async () => {
  expect(await run('xp.csv', '--plot', 'x.svg', '--nth', '3')).toMatchObject({
    code: 2,
    error: { code: 'CONFIG_INVALID', message: '--nth is "3": it must be a whole number from 1 to 2.' },
  })
  expect(existsSync(join(folder, 'x.svg'))).toBe(false)
  expect(await run('boss.fits.gz', '--survey', 'lamostLrs')).toMatchObject({ error: { code: 'CONFIG_INVALID' } })
  expect(await run('boss.fits.gz', '--out', fixture('boss.fits.gz'))).toMatchObject({
    error: { code: 'CONFIG_INVALID' },
  })
  expect(await run('noCoadd.fits.gz')).toMatchObject({ code: 1, error: { code: 'FILE_UNREADABLE' } })
})

test('a spectrum alone has a posterior where the model reads it, and is told to have none where not', async () => {
  const { code, lines } = await run('xpStars.csv.gz', '--posterior', '--samples', '64', '--json')
  expect(code).toBe(0)
  const { posterior } = JSON.parse(lines[0])
  expect(posterior.given.length).toBeGreaterThan(0)
  const sum = posterior.classes.reduce((all: number, one: { probability: number }) => all + one.probability, 0)
  expect(sum).toBeCloseTo(1, 5)
  const teff = posterior.intervals.find(({ label }: { label: string }) => label === 'Teff')
  expect(teff.low).toBeLessThan(teff.high)
  // Of Gaia's spectra without magnitudes there are too few stars to tell how like them one is.
  expect(posterior).toMatchObject({ familiarity: null, flags: [] })
  const told = await run('xpStars.csv.gz', '--posterior', '--samples', '64')
  expect(told.lines.filter(text => /^ {2}Teff +\d+ -\d+ \+\d+ K$/.test(text)).length).toBeGreaterThan(0)
  const unread = await run('xpSampled.ecsv', '--posterior')
  expect(unread.lines.join('\n')).toContain('none: the model reads nothing of this spectrum')
})

test('a spectrum of a few pixels is told to be unlike those of the training', async () => {
  const model = packageFile('models', 'checkpoints', 'spectra')
  const args = ['boss.fits.gz', '--posterior', '--samples', '32', '--model', model] as const
  const { code, lines } = await run(...args)
  expect(code).toBe(0)
  expect(lines.find(text => text.startsWith('  familiarity'))).toMatch(
    /^ {2}familiarity {2}0\.\d+% of the spectra that the model was trained on lie as far out: it is unlike any of them/,
  )
  const { posterior } = JSON.parse((await run(...args, '--json')).lines[0])
  expect(posterior).toMatchObject({ given: ['bossSpectrum'], flags: ['unlikeTraining'] })
  expect(posterior.familiarity).toBeLessThan(0.001)
})
