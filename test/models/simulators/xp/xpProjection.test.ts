import { expect, test } from 'vitest'
import { BASIS_COUNT, type XpBand, xpInstrument } from '../../../../models/simulators/xp/xpBases.ts'
import {
  createXpCalibration,
  detectorMatrix,
  sampleInternally,
} from '../../../../models/simulators/xp/xpCalibration.ts'
import { createXpProjection, XP_COUNT } from '../../../../models/simulators/xp/xpProjection.ts'
import { goldenXp } from './goldenSources.ts'

const fineNm = Float64Array.from({ length: 775 }, (_, k) => 325.5 + k)
const projection = createXpProjection(fineNm)
const inside = fineNm.filter(nm => nm >= 336 && nm <= 1020)
const calibration = createXpCalibration(inside)
const noErrors = { errors: new Float64Array(BASIS_COUNT), correlations: new Float64Array(1485) }

function planck(nm: number, teffK: number): number {
  return 1e9 / (nm ** 5 * Math.expm1(1.4387769e7 / (nm * teffK)))
}

function thereAndBack(flux: Float64Array): Float64Array {
  const found = new Float64Array(XP_COUNT)
  projection.coefficientsInto(flux, found)
  const bp = { coefficients: found.subarray(0, BASIS_COUNT), ...noErrors }
  const rp = { coefficients: found.subarray(BASIS_COUNT), ...noErrors }
  return calibration.calibrate({ bp, rp })?.flux ?? new Float64Array(0)
}

test('a black body returns within 2% from 350 to 1000 nm and 0.7% rms', () => {
  for (const teffK of [4500, 6000, 9000, 15_000, 30_000]) {
    const flux = fineNm.map(nm => planck(nm, teffK))
    const back = thereAndBack(flux)
    let sum = 0
    let count = 0
    inside.forEach((nm, k) => {
      if (nm < 350 || nm > 1000) return
      const off = back[k] / planck(nm, teffK) - 1
      expect(Math.abs(off), `${teffK} K at ${nm} nm`).toBeLessThan(0.02)
      sum += off * off
      count++
    })
    expect(Math.sqrt(sum / count)).toBeLessThan(0.007)
  }
})

test('in wide windows it returns within 0.3%', () => {
  for (const teffK of [4000, 6000, 15_000]) {
    const back = thereAndBack(fineNm.map(nm => planck(nm, teffK)))
    for (const [from, to] of [[400, 630] as const, [650, 800] as const, [800, 950] as const]) {
      let got = 0
      let sent = 0
      inside.forEach((nm, k) => {
        if (nm < from || nm > to) return
        got += back[k]
        sent += planck(nm, teffK)
      })
      expect(Math.abs(got / sent - 1), `${teffK} K, ${from} to ${to} nm`).toBeLessThan(0.003)
    }
  }
})

test('electrons are conserved: those the response releases arrive on the detector, within 1%', () => {
  const places = Float64Array.from({ length: 240 }, (_, k) => -10 + (k + 0.5) / 3)
  for (const teffK of [3500, 6000, 20_000]) {
    const found = new Float64Array(XP_COUNT)
    projection.coefficientsInto(
      fineNm.map(nm => planck(nm, teffK)),
      found,
    )
    for (const [band, b] of [['bp', 0] as const, ['rp', 1] as const]) {
      const { electronsPerFlux } = xpInstrument(band)
      const released = fineNm.reduce((sum, nm) => sum + planck(nm, teffK) * electronsPerFlux(nm), 0)
      const coefficients = found.subarray(b * BASIS_COUNT, (b + 1) * BASIS_COUNT)
      const arrived = sampleInternally(band, { coefficients, ...noErrors }, places).flux.reduce(
        (sum, f) => sum + f / 3,
        0,
      )
      expect(Math.abs(arrived / released - 1), `${teffK} K ${band}`).toBeLessThan(0.012)
    }
  }
})

/** Each band by itself as far as it responds, without the other's share. */
function ownSpectrum(band: XpBand, coefficients: ArrayLike<number>): Float64Array {
  const { inverse, argument, pseudoOf, electronsPerFlux, response } = xpInstrument(band)
  const flux = new Float64Array(fineNm.length)
  const ratio = Math.SQRT2
  for (let k = 0; k < fineNm.length; k++) {
    if (response(fineNm[k]) < 0.001) continue
    const x = argument(pseudoOf(fineNm[k]))
    let previous = 0
    let hermite = Math.PI ** -0.25 * Math.exp(-x * x * 0.5)
    for (let n = 0; n < BASIS_COUNT; n++) {
      let weight = 0
      for (let i = 0; i < BASIS_COUNT; i++) weight += coefficients[i] * inverse[i * BASIS_COUNT + n]
      flux[k] += weight * hermite
      const next = (ratio * x * hermite) / Math.sqrt(n + 1) - Math.sqrt(n / (n + 1)) * previous
      previous = hermite
      hermite = next
    }
    flux[k] /= electronsPerFlux(fineNm[k])
  }
  return flux
}

// The instrument model itself holds to real spectra no better than this: their coefficients put light where the bands are blind.
test('real coefficients, calibrated and projected again, give the same mean spectrum within 0.5% rms of its peak', () => {
  const places = Float64Array.from({ length: 120 }, (_, k) => (k + 0.5) / 2)
  let compared = 0
  for (const source of goldenXp.sources)
    for (const [band, b] of [['bp', 0] as const, ['rp', 1] as const]) {
      const real = source[band]
      if (real === null) continue
      const found = new Float64Array(XP_COUNT)
      projection.coefficientsInto(ownSpectrum(band, real.coefficients), found)
      const matrix = detectorMatrix(band, places)
      let peak = 0
      let sum = 0
      let noise = 0
      const errors = sampleInternally(band, real, places).error
      places.forEach((_, k) => {
        let was = 0
        let is = 0
        for (let i = 0; i < BASIS_COUNT; i++) {
          was += real.coefficients[i] * matrix[i * places.length + k]
          is += found[b * BASIS_COUNT + i] * matrix[i * places.length + k]
        }
        peak = Math.max(peak, was)
        sum += (is - was) ** 2
        noise += errors[k] ** 2
      })
      const rms = Math.sqrt(sum / places.length)
      expect(rms, `${source.sourceId} ${band}`).toBeLessThan(0.005 * peak + Math.sqrt(noise / places.length))
      compared++
    }
  expect(compared).toBe(7)
})

test('the projection is linear, and light where the bands are nearly blind leaves hardly a trace', () => {
  const one = new Float64Array(XP_COUNT)
  const two = new Float64Array(XP_COUNT)
  const flux = fineNm.map(nm => planck(nm, 5000))
  projection.coefficientsInto(flux, one)
  projection.coefficientsInto(
    flux.map((f, k) => (fineNm[k] < 329 ? 7 * f : 2 * f)),
    two,
  )
  one.forEach((c, i) => {
    expect(Math.abs(two[i] - 2 * c)).toBeLessThan(3e-4 * Math.abs(one[0]))
  })
})

test('wavelengths out of order or where the instrument is unknown are refused', () => {
  expect(() => createXpProjection([400, 400, 500])).toThrow(/does not follow/)
  expect(() => createXpProjection([300, 500])).toThrow(/leave 310 to 1100/)
  expect(() => createXpProjection([500])).toThrow(RangeError)
})
