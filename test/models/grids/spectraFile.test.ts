import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadSpectra } from '../../../models/grids/spectraFile.ts'
import { packageFile } from '../../../schemas/index.ts'

const families = ['btSettl', 'kurucz', 'phoenix']

test.each(families)(
  '%s holds a row for each node that is there, with ascending axes, finite fluxes and small details',
  family => {
    const file = loadSpectra(family, 300, 28)
    for (const axis of file.axes) expect(axis.every((x, i) => i === 0 || x > axis[i - 1])).toBe(true)
    const there = file.rows.filter(row => row >= 0)
    expect([...there]).toEqual([...there.keys()])
    expect(file.logFlux).toHaveLength(there.length * 328)
    expect(file.width).toBe(328)
    expect(file.logFlux.every((value, i) => (i % 328 < 300 ? value > -30 && value < 15 : Math.abs(value) < 0.03))).toBe(
      true,
    )
  },
)

test('the Sun of ATLAS9 keeps to sigma Teff^4', () => {
  const file = loadSpectra('kurucz', 300, 28)
  const [feh, teff, logg] = file.axes.map((axis, i) => axis.indexOf([0, 5750, 4.5][i]))
  const row = file.rows[(feh * file.axes[1].length + teff) * file.axes[2].length + logg]
  const edge = (i: number) => 1000 * 310 ** (i / 300)
  let total = 0
  for (let i = 0; i < 300; i++) total += 10 ** file.logFlux[row * 328 + i] * (edge(i + 1) - edge(i))
  expect(total / (5.670374e-5 * 5750 ** 4)).toBeCloseTo(1, 2)
})

test('a width that the packed numbers do not fill, and a file that does not exist, are errors', () => {
  expect(() => loadSpectra('btSettl', 299, 28)).toThrow('btSettlSpectra.bin.br')
  expect(() => loadSpectra('btSettl', 301, 28)).toThrow('its header says')
  expect(() => loadSpectra('btSettl', 300, 29)).toThrow('btSettlDetails.bin.br')
  expect(() => loadSpectra('noSuch', 300, 28)).toThrow('noSuchSpectra')
})

test('every file of spectra is named in ORIGIN.md', () => {
  const origin = readFileSync(packageFile('models', 'grids', 'ORIGIN.md'), 'utf8')
  for (const name of [...families.flatMap(family => [`${family}Spectra`, `${family}Details`]), 'passbands.json'])
    expect(origin).toContain(name)
})
