import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadSpectra } from '../../../models/grids/spectraFile.ts'
import { packageFile } from '../../../schemas/index.ts'

const names = ['btSettlSpectra', 'kuruczSpectra', 'phoenixSpectra']

test.each(names)('%s holds a row for each node that is there, with ascending axes and finite fluxes', name => {
  const file = loadSpectra(name, 300)
  for (const axis of file.axes) expect(axis.every((x, i) => i === 0 || x > axis[i - 1])).toBe(true)
  const there = file.rows.filter(row => row >= 0)
  expect([...there]).toEqual([...there.keys()])
  expect(file.logFlux).toHaveLength(there.length * 300)
  expect(file.logFlux.every(value => value > -30 && value < 15)).toBe(true)
})

test('the Sun of ATLAS9 keeps to sigma Teff^4', () => {
  const file = loadSpectra('kuruczSpectra', 300)
  const [feh, teff, logg] = file.axes.map((axis, i) => axis.indexOf([0, 5750, 4.5][i]))
  const row = file.rows[(feh * file.axes[1].length + teff) * file.axes[2].length + logg]
  const edge = (i: number) => 1000 * 310 ** (i / 300)
  let total = 0
  for (let i = 0; i < 300; i++) total += 10 ** file.logFlux[row * 300 + i] * (edge(i + 1) - edge(i))
  expect(total / (5.670374e-5 * 5750 ** 4)).toBeCloseTo(1, 2)
})

test('a width that the packed numbers do not fill, and a file that does not exist, are errors', () => {
  expect(() => loadSpectra('btSettlSpectra', 299)).toThrow('btSettlSpectra.bin.br')
  expect(() => loadSpectra('btSettlSpectra', 301)).toThrow('its header says')
  expect(() => loadSpectra('noSuchSpectra', 300)).toThrow('noSuchSpectra')
})

test('every file of spectra is named in ORIGIN.md', () => {
  const origin = readFileSync(packageFile('models', 'grids', 'ORIGIN.md'), 'utf8')
  for (const name of [...names, 'passbands.json']) expect(origin).toContain(name)
})
