import { expect, test } from 'vitest'
import {
  bandWeight,
  createXpCalibration,
  sampleInternally,
  xpMagnitudes,
} from '../../../../models/simulators/xp/xpCalibration.ts'
import { type GoldenSource, goldenXp, proxima, withoutBp } from './goldenSources.ts'

const archive = createXpCalibration()
const irregular = createXpCalibration(goldenXp.irregularNm)

type Expected = GoldenSource['archive']

/** Every number that GaiaXPy gives, to a thousandth of it or of its error where the flux passes through zero. */
function expectSame(
  got: { readonly wavelengthsNm: Float64Array; readonly flux: Float64Array; readonly error: Float64Array } | undefined,
  expected: Expected,
  grid: ArrayLike<number>,
  where: string,
): void {
  const known = Array.from(grid, (_, k) => k).filter(k => expected.flux[k] !== null)
  expect(Array.from(got?.wavelengthsNm ?? []), where).toEqual(known.map(k => grid[k]))
  known.forEach((k, n) => {
    const flux = expected.flux[k] ?? 0
    const error = expected.error[k] ?? 0
    const at = `${where} ${grid[k]} nm`
    expect(Math.abs((got?.flux[n] ?? 0) - flux), at).toBeLessThanOrEqual(1e-3 * Math.max(Math.abs(flux), 0.01 * error))
    expect(Math.abs((got?.error[n] ?? 0) - error), at).toBeLessThanOrEqual(1e-3 * error)
  })
}

test('calibrated spectra of real sources agree with GaiaXPy to 0.1% at every wavelength of the archive', () => {
  for (const source of goldenXp.sources)
    expectSame(archive.calibrate(source), source.archive, archive.wavelengthsNm, source.sourceId)
})

test('they agree at any other wavelengths, and when truncated', () => {
  for (const source of goldenXp.sources) {
    expectSame(irregular.calibrate(source), source.irregular, goldenXp.irregularNm, source.sourceId)
    const cut = archive.calibrate(source, { truncated: true })
    expectSame(cut, source.truncated, archive.wavelengthsNm, `${source.sourceId} truncated`)
  }
})

test('the spectrum that the Gaia archive publishes of a source comes out of its coefficients', () => {
  const source = goldenXp.sources.find(s => s.published !== undefined)
  if (source?.published === undefined) throw new Error('no published spectrum among the golden sources')
  expectSame(archive.calibrate(source), source.published, archive.wavelengthsNm, source.sourceId)
})

test('mean spectra on the detector agree with GaiaXPy', () => {
  const grid = Float64Array.from(goldenXp.pseudoWavelengths)
  let compared = 0
  for (const source of goldenXp.sources)
    for (const [band, expected] of [['bp', source.internalBp] as const, ['rp', source.internalRp] as const]) {
      const found = source[band]
      if (found === null || expected === undefined) continue
      expectSame(
        { wavelengthsNm: grid, ...sampleInternally(band, found, grid) },
        expected,
        grid,
        source.sourceId + band,
      )
      compared++
    }
  expect(compared).toBe(7)
})

test('a source without BP is calibrated beyond 635 nm and has no magnitudes; without both bands there is no spectrum', () => {
  const spectrum = archive.calibrate(withoutBp)
  expect(spectrum?.wavelengthsNm[0]).toBe(636)
  expect(spectrum?.wavelengthsNm.at(-1)).toBe(1020)
  expect(xpMagnitudes(withoutBp)).toBeUndefined()
  expect(archive.calibrate({ bp: null, rp: null })).toBeUndefined()
  const blueOnly = archive.calibrate({ bp: proxima.bp, rp: null })
  expect(blueOnly?.wavelengthsNm.at(-1)).toBe(642)
})

test('magnitudes through the Gaia passbands are GaiaXPy`s', () => {
  for (const source of goldenXp.sources.filter(s => s.bp !== null)) {
    const found = xpMagnitudes(source)
    for (const [mine, its] of [['gMag', 'G'] as const, ['bpMag', 'BP'] as const, ['rpMag', 'RP'] as const])
      expect(Math.abs((found?.[mine] ?? 0) - (source.magnitudes[its] ?? 99)), source.sourceId).toBeLessThan(1e-4)
  }
})

// Gaia DR3: G 8.9847, BP 11.3731, RP 7.5685. Its spectrum lies 0.03 mag off in G: as bright as this, both are uncertain by that.
test('the spectrum of Proxima Centauri has the magnitudes that Gaia measured, to 0.04 mag', () => {
  const found = xpMagnitudes(proxima)
  expect(Math.abs((found?.gMag ?? 0) - 8.9847)).toBeLessThan(0.04)
  expect(Math.abs((found?.bpMag ?? 0) - 11.3731)).toBeLessThan(0.04)
  expect(Math.abs((found?.rpMag ?? 0) - 7.5685)).toBeLessThan(0.04)
})

test('the bands share the overlap and nothing else', () => {
  for (const [nm, rp] of [
    [330, 0] as const,
    [635, 0] as const,
    [639, 0.5] as const,
    [643, 1] as const,
    [1050, 1] as const,
  ]) {
    expect(bandWeight('rp', nm)).toBe(rp)
    expect(bandWeight('bp', nm)).toBe(1 - rp)
  }
})

test('wavelengths out of order or out of range and bands of another length are refused', () => {
  expect(() => createXpCalibration([400, 400])).toThrow(/does not follow/)
  expect(() => createXpCalibration([400, Number.NaN])).toThrow(RangeError)
  expect(() => createXpCalibration([329, 400])).toThrow(/leave 330 to 1050/)
  expect(() => createXpCalibration([])).toThrow(RangeError)
  const bp = proxima.bp
  if (bp === null) throw new Error('Proxima has no BP')
  expect(() => archive.calibrate({ bp: { ...bp, correlations: bp.correlations }, rp: { ...bp, errors: [1] } })).toThrow(
    /1 errors/,
  )
})
