import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { decode, spectrumSurveys } from '../../../schemas/index.ts'
import { openSpectra, segmentWavelengths } from '../../../streams/index.ts'
import { spectrumProducts } from '../../../streams/spectra/spectrumProduct.ts'
import { scratchFile, scratchPath } from '../files/scratchFiles.ts'
import { goldenSpectra, readSpectra, spectrumBytes, spectrumFixture } from './spectraContents.ts'

const products: Readonly<Record<string, readonly [survey: string, product: string, format: string]>> = {
  'apVisit.fits.gz': ['apogee', 'apVisit', 'fits'],
  'apStar.fits.gz': ['apogee', 'apStar', 'fits'],
  'aspcapStar.fits.gz': ['apogee', 'aspcapStar', 'fits'],
  'sdss.fits.gz': ['sdss', 'sdssSpec', 'fits'],
  'boss.fits.gz': ['boss', 'sdssSpec', 'fits'],
  'nanFlux.fits.gz': ['boss', 'sdssSpec', 'fits'],
  'lamostRows.fits.gz': ['lamostLrs', 'lamostLrs', 'fits'],
  'lamostTable.fits.gz': ['lamostLrs', 'lamostLrs', 'fits'],
  'mrs.fits.gz': ['lamostMrs', 'lamostMrs', 'fits'],
  'desi.fits.gz': ['desi', 'desi', 'fits'],
  'xp.csv': ['gaiaXp', 'xpContinuous', 'csv'],
  'xp.ecsv': ['gaiaXp', 'xpContinuous', 'ecsv'],
  'xp.fits.gz': ['gaiaXp', 'xpContinuous', 'fits'],
  'xpText.vot': ['gaiaXp', 'xpContinuous', 'votable'],
  'xpBinary.vot': ['gaiaXp', 'xpContinuous', 'votable'],
  'xpBinary2.vot': ['gaiaXp', 'xpContinuous', 'votable'],
  'xpSampled.ecsv': ['gaiaXp', 'xpSampled', 'ecsv'],
  'xpSampledRows.csv': ['gaiaXp', 'xpSampled', 'csv'],
  'xpSampled9223372036854775807.csv': ['gaiaXp', 'xpSampled', 'csv'],
}
/** The visit of it that saw nothing is refused. */
const refused: Readonly<Record<string, number>> = { 'apStar.fits.gz': 1 }
const givesErrors = ['apVisit', 'apStar', 'aspcapStar', 'xpSampled']

test('every survey of spectra has its readers', () => {
  const read = new Set(spectrumProducts.flatMap(({ surveys }) => surveys))
  expect([...read].sort()).toEqual([...spectrumSurveys].sort())
})

test('every layout that astropy wrote is tested here', () => {
  expect(Object.keys(products).sort()).toEqual(Object.keys(goldenSpectra).sort())
})

for (const [name, [survey, product, format]] of Object.entries(products)) {
  test(`${name} is known by its content and holds what astropy reads in it`, async () => {
    const read = await readSpectra(spectrumFixture(name))
    expect([read.survey, read.product, read.format]).toEqual([survey, product, format])
    expect(read.errors).toHaveLength(refused[name] ?? 0)
    const golden = goldenSpectra[name].slice(0, goldenSpectra[name].length - (refused[name] ?? 0))
    expect(read.spectra.map(spectrum => spectrum.source)).toEqual(golden.map(one => one.source))
    read.spectra.forEach((spectrum, n) => {
      expect(spectrum.segments.map(one => one.name)).toEqual((golden[n].segments ?? []).map(one => one.name))
      spectrum.segments.forEach((segment, k) => {
        const wanted = (golden[n].segments ?? [])[k]
        const wavelengths = segmentWavelengths(segment)
        expect(wavelengths).toHaveLength(wanted.wavelengths.length)
        wanted.wavelengths.forEach((value, i) => {
          expect(Math.abs(wavelengths[i] / value - 1)).toBeLessThan(1e-14)
        })
        expect(segment.fluxes).toEqual(wanted.fluxes)
        expect(segment.masks.map(mask => mask.bits)).toEqual(wanted.masks)
        wanted.noise.forEach((value, i) => {
          const isBad = wanted.fluxes[i] === null || value === null || value <= 0
          if (isBad) expect(segment.ivars[i]).toBe(0)
          else if (!givesErrors.includes(product)) expect(segment.ivars[i]).toBe(value)
          // What was stored in 32 bits comes back from the inverse variance bit by bit.
          else expect(Math.fround(segment.ivars[i] ** -0.5)).toBe(Math.fround(value))
        })
        expect(segment.badPixelCount).toBe(segment.ivars.filter(ivar => ivar === 0).length)
        expect(segment.missingPixelCount).toBe(wanted.fluxes.filter(flux => flux === null).length)
      })
      const bands = spectrum.bands.map(({ name: band, coefficients, errors, correlations }) => ({
        name: band,
        ...{ coefficients, errors, correlations },
      }))
      expect(bands).toEqual(golden[n].bands ?? [])
    })
  })
}

test('a spectrum comes with the bytes of its record, and tells where it came from', async () => {
  const path = spectrumFixture('xp.csv')
  const file = await openSpectra(path)
  const ids = new Set<string>()
  for await (const outcome of file.spectra()) {
    if (outcome.kind !== 'spectrum') throw outcome.error
    // The order of deliveries is counted where it is delivered, and the signal told where pixels are left out.
    const untold = { revision: 0n, medianSignalToNoise: null, goodPixelCount: 0, takesBack: 0n }
    expect(decode('spectrum', outcome.bytes)).toEqual({ ...outcome.spectrum, ...untold })
    ids.add(outcome.spectrum.spectrumId)
    expect(outcome.spectrum).toMatchObject({
      file: 'xp.csv',
      row: BigInt(ids.size),
      fileSha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
    })
  }
  expect(ids.size).toBe(2)
  const again: string[] = []
  for await (const outcome of file.spectra()) if (outcome.kind === 'spectrum') again.push(outcome.spectrum.spectrumId)
  expect(again).toEqual([...ids])
  await file.close()
})

test('a stated survey is checked against the content', async () => {
  const path = spectrumFixture('boss.fits.gz')
  expect((await readSpectra(path, { survey: 'boss' })).spectra).toHaveLength(1)
  await expect(openSpectra(path, { survey: 'apogee' })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: `${path} is a spectrum of boss (sdssSpec), not of apogee: name boss, or give the file you meant.`,
  })
  await expect(openSpectra(path, { survey: 'hubble' })).rejects.toMatchObject({
    code: 'SURVEY_UNKNOWN',
    message: expect.stringMatching(/hubble: there are gaiaXp, apogee, sdss, boss, lamostLrs, lamostMrs, desi\.$/),
  })
})

test('a file without its spectrum, and one of something else, are refused with what they hold', async () => {
  await expect(openSpectra(spectrumFixture('noCoadd.fits.gz'))).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
    message: expect.stringMatching(/holds no spectrum of .*, only primary; SPECOBJ \(specobjid, .*the one meant\.$/),
  })
  const stars = scratchFile('stars.csv', 'source_id,ra,dec\n1,2,3\n')
  await expect(openSpectra(stars)).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
    message: expect.stringMatching(/is a table of source_id, ra, dec\.\.\., and holds no spectrum/),
  })
  await expect(openSpectra(scratchPath('absent.fits'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
})

for (const name of [
  'apVisit.fits.gz',
  'sdss.fits.gz',
  'lamostRows.fits.gz',
  'lamostTable.fits.gz',
  'mrs.fits.gz',
  'xp.fits.gz',
]) {
  test(`${name} cut off anywhere gives whole spectra, then one sentence that names the file`, async () => {
    const bytes = spectrumBytes(name)
    const whole = (await readSpectra(spectrumFixture(name))).spectra
    for (let length = 400; length < bytes.length; length += 1009) {
      const path = scratchFile(`cut-${name.replace('.gz', '')}`, bytes.subarray(0, length))
      const seen: unknown[] = []
      try {
        const file = await openSpectra(path)
        for await (const outcome of file.spectra()) {
          if (outcome.kind === 'spectrum') seen.push(outcome.spectrum.segments, outcome.spectrum.bands)
          else expect(outcome.error.message).toContain(path)
        }
        await file.close()
      } catch (error) {
        expect(error).toMatchObject({ code: 'FILE_UNREADABLE', message: expect.stringContaining(path) })
      }
      expect(seen).toEqual(whole.flatMap(one => [one.segments, one.bands]).slice(0, seen.length))
    }
    const cutGzip = scratchFile(`cut-${name}`, gzipSync(bytes).subarray(0, -40))
    await expect(readSpectra(cutGzip)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  })
}
