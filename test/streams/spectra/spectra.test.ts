// Real files of the surveys, where they are: the numbers beside them are what astropy reads there.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageFile, type Spectrum } from '../../../schemas/index.ts'
import { segmentWavelengths } from '../../../streams/index.ts'
import { readSpectra } from './spectraContents.ts'

const folder = join(packageFile('..'), 'shared', 'data', 'spectra')
const isThere = existsSync(folder)
if (!isThere) console.error('birthline: ../shared/data/spectra is not here, so no real spectrum is read')

const real = (name: string, title: string, check: (spectra: readonly Spectrum[], errors: number) => void) =>
  test(`${title} (needs ../shared/data)`, async ({ skip }) => {
    if (!isThere) skip('needs shared/data beside the project')
    const { spectra, errors } = await readSpectra(join(folder, name))
    check(spectra, errors.length)
  })
const ends = (values: ArrayLike<number>) => [values[0], values[values.length - 1]]
const setBits = (bits: readonly number[]) => bits.filter(value => value !== 0).length

real('apogee/apVisit-r13-9518-57729-104.fits', 'a visit of APOGEE', ([visit], errors) => {
  expect(errors).toBe(0)
  expect(visit).toMatchObject({
    ...{ survey: 'apogee', product: 'apVisit', release: '0.12.7', source: '2M00242666+5341178' },
    ...{ raDeg: 6.111105, decDeg: 53.688282, velocityFrame: 'topocentric', frameCorrectionKmPerS: null },
    ...{ exposureS: 2502.54, nightMjd: 57729, plate: '9518', field: '120-08-RV', fibre: 104 },
  })
  expect(visit.midMjd).toBeCloseTo(57729.20782, 5)
  expect(visit.extra.BC).toBe('-14.5807887971')
  expect(visit.segments.map(({ name }) => name)).toEqual(['red', 'green', 'blue'])
  const wavelengths = visit.segments.map(segment => ends(segmentWavelengths(segment)).map(a => Number(a.toFixed(6))))
  expect(wavelengths).toEqual(
    [
      [16954.532833, 16472.60858],
      [16435.24036, 15857.136406],
      [15809.867386, 15142.260187],
    ].map(([first, last], k) => [expect.closeTo(first, 4), expect.closeTo(last, [2, 4, 4][k])]),
  )
  expect(visit.segments.map(({ fluxes }) => Math.fround(fluxes[0] ?? 0))).toEqual(
    [758.40265, 918.3849, 1029.2396].map(Math.fround),
  )
  expect(visit.segments.map(({ ivars }) => Math.fround(ivars[0] ** -0.5))).toEqual(
    [556.9982, 132.29816, 257.11884].map(Math.fround),
  )
  expect(visit.segments.map(({ masks }) => masks[0].bits[0])).toEqual([129, 129, 8321])
})

real('sdss_boss/spec-0618-52049-0372.fits', 'a star of SDSS', ([star]) => {
  expect(star).toMatchObject({
    ...{ survey: 'sdss', source: '695908431386667008', raDeg: 236.97794, decDeg: 52.815963, plate: '618' },
    ...{ velocityFrame: 'heliocentric', frameCorrectionKmPerS: 6.03149645849, nightMjd: 52049, fibre: 372 },
  })
  const [segment] = star.segments
  expect(ends(segmentWavelengths(segment))).toEqual([expect.closeTo(10 ** 3.5812, 2), expect.closeTo(9215.098, 2)])
  expect(segment).toMatchObject({ medium: 'vacuum', fluxScale: 'absolute', badPixelCount: 0 })
  expect(segment.signalToNoise).toBeCloseTo(50.0933, 4)
  expect(segment.masks[0].bits.reduce((most, value) => Math.max(most, value), 0)).toBe(134217728)
  expect(segment.masks[0].bitNames.find(({ bit }) => 2 ** bit === 134217728)?.name).toBe('BADSKYCHI')
})

for (const [name, survey, badPixels] of [
  ['spec-1079-52621-0509', 'sdss', 0],
  ['spec-1123-52882-0065', 'sdss', 0],
  ['spec-3764-55514-0972', 'boss', 0],
  ['spec-4068-55445-0924', 'boss', 0],
  ['spec-4961-55719-0378', 'boss', 0],
  ['spec-7454-56751-0770', 'boss', 1],
] as const) {
  real(`sdss_boss/${name}.fits`, `${name} is of ${survey}`, ([star], errors) => {
    expect([star.survey, star.segments[0].badPixelCount, errors]).toEqual([survey, badPixels, 0])
    const [, plate, mjd, fibre] = name.split('-').map(Number)
    expect([Number(star.plate), star.nightMjd, star.fibre]).toEqual([plate, mjd, fibre])
  })
}

for (const [name, first, badPixels, startMjd] of [
  ['spec-57287-KP193637N444141V03_sp10-161.fits.gz', 7485.0137, 0, 57286.485417],
  ['spec-58397-EG014118N254444M01_sp03-031.fits', 886.31079, 48, 58396.647222],
] as const) {
  real(`lamost/${name}`, `${name.slice(0, 10)}: five rows of LAMOST`, ([star]) => {
    const [segment] = star.segments
    expect(Math.fround(segment.fluxes[0] ?? 0)).toBe(Math.fround(first))
    expect(ends(segmentWavelengths(segment))).toEqual([expect.closeTo(3699.9863, 3), expect.closeTo(9099.1348, 3)])
    expect([segment.badPixelCount, segment.medium, segment.fluxScale]).toEqual([badPixels, 'vacuum', 'relative'])
    expect([star.survey, star.velocityFrame]).toEqual(['lamostLrs', 'heliocentric'])
    expect(star.startMjd).toBeCloseTo(startMjd, 5)
  })
}

for (const [name, exposures, badPixels, maskedPixels] of [
  ['med-58625-TD192102N424113K01_sp12-076.fits.gz', 3, [6, 10], [19, 0]],
  ['med-58270-HIP95119KP01_sp12-076.fits.gz', 4, [4, 5], [0, 0]],
  ['med-58408-TD230151N343645T01_sp01-015.fits', 7, [31, 29], [5, 0]],
] as const) {
  real(
    `lamost/${name}`,
    `${name.slice(0, 9)}: sum and ${exposures} exposures of LAMOST in two arms`,
    (spectra, errors) => {
      expect(errors).toBe(0)
      expect(spectra).toHaveLength(1 + exposures)
      for (const { segments } of spectra) expect(segments.map(segment => segment.name)).toEqual(['B', 'R'])
      const [sum, single] = spectra
      expect(sum.segments.map(segment => segment.badPixelCount)).toEqual(badPixels)
      expect(sum.segments.map(segment => setBits(segment.masks[0].bits))).toEqual(maskedPixels)
      const [low, high] = ends(segmentWavelengths(single.segments[1]))
      // The red arm lies on its detector the other way round.
      expect(low).toBeGreaterThan(high)
      expect(single.exposureS).toBe(1200)
      expect((single.midMjd ?? 0) - (single.startMjd ?? 0)).toBeCloseTo(600 / 86_400, 6)
    },
  )
}

test('Gaia XP: CSV and FITS of the same sources say the same (needs ../shared/data)', async ({ skip }) => {
  if (!isThere) skip('needs shared/data beside the project')
  const [csv, fits] = await Promise.all(
    ['csv', 'fits'].map(ending => readSpectra(join(folder, 'gaia_xp', `XP_CONTINUOUS_RAW.${ending}`))),
  )
  expect(csv.spectra.map(({ source }) => source)).toEqual(['5853498713190525696', '5762406957886626816'])
  expect(csv.spectra[0].bands[0].coefficients.slice(0, 2)).toEqual([56947.03696840172, 13812.466168611605])
  const shapes = csv.spectra[0].bands.map(band => [band.name, band.basis, band.relevantBases, band.correlations.length])
  expect(shapes).toEqual([
    ['BP', 56, 53, 1485],
    ['RP', 57, 40, 1485],
  ])
  // Errors and correlations have 32 bits, and fewer digits in text.
  const rounded = ({ spectra }: typeof csv) =>
    spectra.map(({ source, bands }) => [
      source,
      bands.map(band => [band.coefficients, ...[band.errors, band.correlations].map(list => list.map(Math.fround))]),
    ])
  expect(rounded(csv)).toEqual(rounded(fits))
})

real('gaia_xp/XP_CONTINUOUS_RAW_with_missing_BP.csv', 'a source of Gaia without BP has RP alone', (spectra, errors) => {
  expect(errors).toBe(0)
  expect(spectra.map(({ bands }) => bands.map(band => band.name))).toEqual([['BP', 'RP'], ['RP'], ['BP', 'RP']])
})
