// Figures of simulated spectra, through the command.
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createRng,
  createSpectrumSimulation,
  plainStar,
  segmentOfSimulated,
  spectrographNames,
} from '../../../models/index.ts'
import { emissionNames } from '../../../models/simulators/spectra/youngLines.ts'
import { galleryStars } from '../../../ops/spectra/simulatedGallery.ts'
import { packageFile } from '../../../schemas/index.ts'
import { openTableWriter, segmentWavelengths } from '../../../streams/index.ts'
import { runInProcess } from '../commandRun.ts'
import { figureFaults, textBoxes } from '../figures/svgTexts.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-draw-spectra-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
const draw = (...args: string[]) => runInProcess(folder, ['draw', 'spectra', ...args])

test('a sound figure of six stars for each survey, twice the same', async () => {
  for (const survey of spectrographNames) {
    const { code, lines } = await draw('--survey', survey, '--seed', '3', '--out', 'a.svg', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(lines[0])).toMatchObject({ path: join(folder, 'a.svg'), survey, seed: 3, signalToNoise: 30 })
    const svg = await readFile(join(folder, 'a.svg'), 'utf8')
    expect(figureFaults(svg)).toEqual([])
    expect(textBoxes(svg).filter(({ text }) => text === 'flux')).toHaveLength(galleryStars.length)
    await draw('--survey', survey, '--seed', '3', '--out', 'b.svg')
    expect(await readFile(join(folder, 'b.svg'), 'utf8')).toBe(svg)
  }
  const shown = galleryStars.flatMap(({ star }) => star.emission.map(({ line }) => line))
  expect(shown.every(line => emissionNames.includes(line))).toBe(true)
})

test('parameters of a star without a real spectrum draw that star alone', async () => {
  const { code, lines } = await draw('--survey', 'apogee', '--teff', '4500', '--logg', '2', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(lines[0]).stars).toEqual(['4500 K, log g 2, [Fe/H] 0'])
  const svg = await readFile(join(folder, 'spectra.svg'), 'utf8')
  expect(figureFaults(svg)).toEqual([])
  expect(textBoxes(svg).filter(({ text }) => text === 'flux')).toHaveLength(1)
  expect(textBoxes(svg).some(({ text }) => text.includes('from 1590 to 1640 nm'))).toBe(true)
})

/** A simulated spectrum as a file that the readers take for one of SDSS. */
async function writeSpec(name: string, teffK: number): Promise<void> {
  const simulation = createSpectrumSimulation('boss')
  const star = {
    family: 'kurucz',
    teffK,
    loggDex: 4.5,
    fehDex: 0,
    radiusRsun: 1,
    distancePc: 50,
    avMag: 1.5,
    rv: 3.1,
  } as const
  const night = { signalToNoise: 80, skyRatio: 0.1, errorRatio: 1 }
  const observed = simulation.observe({ ...plainStar, ...star, velocityKmPerS: 40 }, night, createRng(2))
  if (observed === undefined) throw new Error('no spectrum')
  const segment = segmentOfSimulated('boss', observed)
  const wavelengths = segmentWavelengths(segment)
  const columns = [
    ...['flux', 'loglam', 'ivar'].map(column => ({ name: column, type: 'double' as const })),
    { name: 'SPECOBJID', type: 'string' as const },
    { name: 'plug_ra', type: 'double' as const },
    ...['and_mask', 'or_mask'].map(column => ({ name: column, type: 'int' as const })),
  ]
  const writer = await openTableWriter(join(folder, name), columns)
  await writer.write(
    segment.fluxes.map((flux, p) => ({
      ...{ flux, loglam: Math.log10(wavelengths[p]), ivar: segment.ivars[p] },
      ...{ SPECOBJID: '17', plug_ra: 10 },
      ...{ and_mask: segment.masks[0].bits[p], or_mask: segment.masks[1].bits[p] },
    })),
  )
  await writer.close()
}

test('a spectrum is likest to one of its own parameters and velocity', async () => {
  await writeSpec('spec.fits', 5200)
  const likeness = async (...args: string[]) => {
    const { code, lines } = await draw('--real', 'spec.fits', '--logg', '4.5', '--json', ...args)
    expect(code).toBe(0)
    return JSON.parse(lines[0]).correlation as number
  }
  const same = await likeness('--teff', '5200', '--velocity', '40')
  expect(same).toBeGreaterThan(0.9)
  expect(await likeness('--teff', '6600', '--velocity', '40')).toBeLessThan(same - 0.05)
  expect(await likeness('--teff', '5200', '--velocity', '-300')).toBeLessThan(same - 0.2)
  expect(figureFaults(await readFile(join(folder, 'spectra.svg'), 'utf8'))).toEqual([])
})

const phoenix = packageFile(join('test', 'fixtures', 'grids', 'phoenix'))

test('stars of a grid of your own, those that it holds, and what it lacks', async () => {
  // A figure does not hang on where things lie, however deep, nor on how the folder is written.
  const deep = join(folder, 'a'.repeat(100), 'phoenix')
  await cp(phoenix, deep, { recursive: true })
  const { code, notes } = await draw('--grid', `${deep}/.`, '--out', 'grid.svg')
  expect(code).toBe(0)
  expect(notes.at(-1)).toContain('4 models; 1 of 1 boxes between them have a model in each corner.')
  const svg = await readFile(join(folder, 'grid.svg'), 'utf8')
  expect(figureFaults(svg)).toEqual([])
  const texts = textBoxes(svg).map(({ text }) => text)
  expect(texts.filter(text => text.endsWith('templates of phoenix'))).toHaveLength(1)
  expect(texts).toContain('the Sun, 5777 K, behind AV 2')
  expect(texts.filter(text => text === 'flux')).toHaveLength(1)
  const refused = async (...args: string[]) => (await draw('--grid', ...args)).error?.message
  const tables = packageFile(join('test', 'fixtures', 'grids', 'tables'))
  expect(await refused(tables)).toMatch(/^The grid has no spectrum of any star .*the Sun.*: log g from 4.5 to 4.5/)
  await mkdir(join(folder, 'empty'))
  expect(await refused('empty')).toMatch(/holds no spectra: no file that ends in .fits or .parquet/)
})

test('what cannot be drawn is one sentence', async () => {
  const refused = async (...args: string[]) => {
    const { code, error } = await draw(...args)
    expect(code).not.toBe(0)
    return error?.message ?? ''
  }
  expect(await refused('--survey', 'sdss')).toContain('one of boss, lamostLrs, apogee')
  expect(await refused('--signal', '0')).toContain('--signal')
  const boss = packageFile(join('test', 'fixtures', 'spectra', 'boss.fits.gz'))
  expect(await refused('--real', boss, '--teff', '40000')).toContain('no templates')
  expect(await refused('--real', boss)).toContain('too few good pixels')
  expect(await refused('--real', boss, '--grid', phoenix, '--teff', '7000', '--logg', '4')).toContain(
    'the grid has temperatures in K from 5000 to 6000.',
  )
  const visit = packageFile(join('test', 'fixtures', 'spectra', 'apVisit.fits.gz'))
  expect(await refused('--real', visit)).toContain('too few good pixels from 15150 to 16950')
  const mrs = packageFile(join('test', 'fixtures', 'spectra', 'mrs.fits.gz'))
  expect(await refused('--real', mrs)).toContain('SDSS, BOSS, LAMOST LRS or APOGEE')
  expect(await refused('--teff', '40000')).toContain('no templates')
  expect(await refused('--family', 'atlas')).toContain('btSettl or kurucz')
})
