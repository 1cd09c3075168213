import { expect, test } from 'vitest'
import { errorAt, errorTable, lookUp, shareFound } from '../../../../models/simulators/surveys/errorCurve.ts'
import {
  type BandRow,
  bandRows,
  surveyNames,
  surveyObservables,
  surveyRows,
} from '../../../../models/simulators/surveys/surveyFacts.ts'

const band = (name: string): BandRow => {
  const found = bandRows.find(row => row.name === name)
  if (found === undefined) throw new RangeError(name)
  return found
}

test('every survey of the list has its row, its bands stand together, and no observable is named twice', () => {
  expect(surveyRows.map(row => row.name)).toEqual(surveyNames)
  expect(new Set(surveyObservables).size).toBe(28)
  const runs = bandRows.filter((row, k) => k === 0 || row.survey !== bandRows[k - 1].survey)
  expect(runs.map(row => row.survey)).toEqual(surveyNames)
})

test('nodes rise in magnitude and errors, widths and floors are positive', () => {
  for (const row of bandRows) {
    for (let i = 1; i < row.errors.length; i++) expect(row.errors[i][0]).toBeGreaterThan(row.errors[i - 1][0])
    for (const [, error] of row.errors) expect(error).toBeGreaterThan(0)
    expect(row.floor).toBeGreaterThan(0)
    for (const curve of [row.found, row.bright]) if (curve) expect(curve.widthMag).toBeGreaterThan(0)
  }
  for (const { name } of surveyRows) expect(bandRows.some(row => row.survey === name && row.found)).toBe(true)
})

// Lindegren+ 2021, table 4 and Gaia Collaboration, Brown+ 2021, table 3 (Gaia DR3: parallax, motion, G, BP, RP at G 9-14, 15, 17, 20, 21;
// BP and RP magnitudes there are those of a star with BP - RP = 1); Skrutskie+ 2006, table 1 (signal-to-noise 10, worst case);
// Cutri+ 2013, II.1 (5 sigma at 54, 71, 730 and 5000 uJy where it looked least); Chambers+ 2016, table 11 (5 sigma of one epoch, the mean of some ten is
// three times deeper); SDSS: 5 sigma depths of www.sdss.org/dr17/imaging; IRAC: Lacy+ 2005 (5 sigma about the 80% limits).
test.each([
  ['parallaxMas', 12, 0.025, 2],
  ['parallaxMas', 15, 0.03, 1.2],
  ['parallaxMas', 17, 0.07, 1.2],
  ['parallaxMas', 20, 0.5, 1.2],
  ['parallaxMas', 21, 1.3, 1.2],
  ['pmRaCosDecMasPerYr', 17, 0.07, 1.2],
  ['pmDecMasPerYr', 17, 0.07, 1.2],
  ['pmRaCosDecMasPerYr', 20, 0.5, 1.2],
  ['pmDecMasPerYr', 21, 1.4, 1.3],
  ['gMag', 13, 0.0003, 1.7],
  ['gMag', 17, 0.001, 1.3],
  ['gMag', 20, 0.006, 1.5],
  ['bpMag', 13.4, 0.0009, 1.7],
  ['bpMag', 17.4, 0.012, 1.6],
  ['bpMag', 20.4, 0.108, 1.5],
  ['rpMag', 12.4, 0.0006, 2],
  ['rpMag', 16.4, 0.006, 1.3],
  ['rpMag', 19.4, 0.052, 1.4],
  ['jMag', 15.8, 0.109, 1.8],
  ['hMag', 15.1, 0.109, 1.7],
  ['ksMag', 14.3, 0.109, 1.9],
  ['w1Mag', 16.9, 0.217, 2],
  ['w2Mag', 16.0, 0.217, 1.5],
  ['w3Mag', 11.5, 0.217, 1.2],
  ['w4Mag', 8.0, 0.217, 1.3],
  ['ps1GMag', 22, 0.217 / 3.3, 1.6],
  ['ps1RMag', 21.8, 0.217 / 3.3, 1.6],
  ['ps1IMag', 21.5, 0.217 / 3.3, 1.6],
  ['ps1ZMag', 20.9, 0.217 / 3.3, 1.6],
  ['ps1YMag', 19.7, 0.217 / 3.3, 1.6],
  ['sdssUMag', 22.15, 0.217, 1.2],
  ['sdssGMag', 23.13, 0.217, 1.1],
  ['sdssRMag', 22.7, 0.217, 1.1],
  ['sdssIMag', 22.2, 0.217, 1.1],
  ['sdssZMag', 20.71, 0.217, 1.1],
  ['irac1Mag', 17.87, 0.217, 1.2],
  ['irac2Mag', 17.14, 0.217, 1.2],
  ['irac3Mag', 15.15, 0.217, 1.2],
  ['irac4Mag', 14.52, 0.217, 1.2],
] as const)(
  'the median error of %s at magnitude %d is the published %d within a factor %d',
  (name, mag, error, factor) => {
    const got = errorAt(band(name).errors, mag)
    expect(got).toBeLessThan(error * factor)
    expect(got).toBeGreaterThan(error / factor)
  },
)

// 95% complete: Abazajian+ 2009 (SDSS), Cutri+ 2013 (AllWISE); 99%: Skrutskie+ 2006 (2MASS); 80%: Lacy+ 2005 (IRAC).
test.each([
  ['sdssUMag', 22.0, 0.95, 0.02],
  ['sdssGMag', 22.2, 0.95, 0.02],
  ['sdssRMag', 22.2, 0.95, 0.02],
  ['sdssIMag', 21.3, 0.95, 0.02],
  ['sdssZMag', 20.5, 0.95, 0.02],
  ['w1Mag', 17.1, 0.95, 0.02],
  ['w2Mag', 15.7, 0.95, 0.02],
  ['jMag', 15.8, 0.995, 0.005],
  ['hMag', 15.1, 0.995, 0.005],
  ['ksMag', 14.3, 0.995, 0.005],
  ['irac1Mag', 17.87, 0.8, 0.05],
  ['irac2Mag', 17.14, 0.8, 0.05],
] as const)('the completeness of %s at magnitude %d is the published %d', (name, mag, share, within) => {
  const curve = band(name).found
  expect(curve).toBeDefined()
  if (curve) expect(Math.abs(shareFound(curve, mag) - share)).toBeLessThan(within)
})

test('beyond its bright end every error grows with magnitude, and 0.4 dex a magnitude beyond its table', () => {
  for (const row of bandRows) {
    const isLong = row.errors[0][0] < 3 && row.errors[row.errors.length - 1][0] < 14
    for (let mag = isLong ? 5 : 16.5; mag < 30; mag += 0.25)
      expect(errorAt(row.errors, mag + 0.25)).toBeGreaterThanOrEqual(errorAt(row.errors, mag))
    expect(errorAt(row.errors, 29) / errorAt(row.errors, 28)).toBeCloseTo(10 ** 0.4, 9)
  }
})

test('the look-up agrees with the nodes to 7% at the steepest turn, is finite everywhere and holds at its ends', () => {
  for (const row of bandRows) {
    const table = errorTable(row)
    for (let mag = -7.9; mag < 33; mag += 0.0371) {
      const ratio = lookUp(table, mag) / errorAt(row.errors, mag)
      // The steepest curves turn by 1 dex in a magnitude where a survey saturates.
      expect(Math.abs(ratio - 1)).toBeLessThan(0.07)
    }
    expect(lookUp(table, -50)).toBe(lookUp(table, -8))
    expect(lookUp(table, 99)).toBe(lookUp(table, 34))
    expect(lookUp(table, Number.NaN)).toBe(table[0])
  }
})
