import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { filesOf, pixelsOf } from '../../../ops/spectra/spectraFolder.ts'

const folder = mkdtempSync(join(tmpdir(), 'birthline-test-'))
afterAll(() => rmSync(folder, { recursive: true }))
const fixture = (name: string) => join(import.meta.dirname, '..', '..', 'fixtures', 'spectra', name)

test('a folder gives its spectra with pixels, passes over coefficients, and says what is none', async () => {
  mkdirSync(join(folder, 'night'))
  copyFileSync(fixture('boss.fits.gz'), join(folder, 'night', 'b.fits.gz'))
  copyFileSync(fixture('sdss.fits.gz'), join(folder, 'a.fits.gz'))
  copyFileSync(fixture('xp.csv'), join(folder, 'xp.csv'))
  writeFileSync(join(folder, 'z.fits'), 'no spectrum')
  writeFileSync(join(folder, '.hidden.fits'), 'no spectrum')
  expect(await filesOf(folder)).toEqual(
    ['a.fits.gz', join('night', 'b.fits.gz'), 'xp.csv', 'z.fits'].map(name => join(folder, name)),
  )
  const { pixels, refusals } = await pixelsOf(folder, new AbortController().signal)
  expect(pixels.map(({ survey }) => survey)).toEqual(['sdss', 'boss'])
  expect(refusals).toHaveLength(1)
  expect(refusals[0]).toContain('z.fits')
  await expect(pixelsOf(folder, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped')
})
