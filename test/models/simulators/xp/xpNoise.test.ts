import { expect, test } from 'vitest'
import { factorInPlace, solveLowerInPlace } from '../../../../models/math/cholesky.ts'
import { createRng } from '../../../../models/math/rng.ts'
import { BASIS_COUNT, type XpBand, xpBands } from '../../../../models/simulators/xp/xpBases.ts'
import { detectorMatrix } from '../../../../models/simulators/xp/xpCalibration.ts'
import { createXpNoise, xpNoiseFacts } from '../../../../models/simulators/xp/xpNoise.ts'
import { XP_COUNT } from '../../../../models/simulators/xp/xpProjection.ts'
import { type GoldenBand, goldenXp } from './goldenSources.ts'

const noise = createXpNoise()
const [proxima, withoutBp, blue, solar] = goldenXp.sources

function bandOf(source: typeof proxima, band: XpBand): GoldenBand {
  const found = source[band]
  if (found === null) throw new Error(`${source.sourceId} has no ${band}`)
  return found
}

/** [110] with what is known of a source. */
function truthOf(source: typeof proxima): Float64Array {
  const truth = new Float64Array(XP_COUNT)
  xpBands.forEach((band, b) => {
    truth.set(source[band]?.coefficients ?? [], b * BASIS_COUNT)
  })
  return truth
}

function compared(source: typeof proxima, band: XpBand) {
  const real = bandOf(source, band)
  const covariance = noise.covariance(band, truthOf(source), real.measurements / 60)
  const error = (i: number) => Math.sqrt(covariance[i * (BASIS_COUNT + 1)])
  const logRatios = Array.from({ length: BASIS_COUNT }, (_, i) => Math.log(error(i) / real.errors[i]))
  const mine: number[] = []
  for (let i = 0; i < BASIS_COUNT; i++)
    for (let j = 0; j < i; j++) mine.push(covariance[i * BASIS_COUNT + j] / (error(i) * error(j)))
  const its = Array.from(real.correlations)
  const sumOf = (of: (k: number) => number) => its.reduce((sum, _, k) => sum + of(k), 0)
  const first = logRatios.slice(0, 40)
  return {
    median: logRatios.toSorted((a, b) => a - b)[27],
    rms: Math.sqrt(first.reduce((sum, r) => sum + r * r, 0) / first.length),
    largest: Math.max(...logRatios.map(Math.abs)),
    correlationRms: Math.sqrt(sumOf(k => (mine[k] - its[k]) ** 2) / its.length),
    likeness: sumOf(k => mine[k] * its[k]) / Math.sqrt(sumOf(k => mine[k] ** 2) * sumOf(k => its[k] ** 2)),
  }
}

// Shares of calibration and sharpness, 40 numbers, are learnt from these sources; 55 errors and 1485 correlations of each band are judged.
test('errors and correlations of real sources follow from their spectra and transits', () => {
  for (const [source, band] of [
    [blue, 'bp'] as const,
    [blue, 'rp'] as const,
    [solar, 'bp'] as const,
    [solar, 'rp'] as const,
    [withoutBp, 'rp'] as const,
  ]) {
    const found = compared(source, band)
    const where = `${source.sourceId} ${band} ${JSON.stringify(found)}`
    expect(Math.abs(found.median), where).toBeLessThan(0.18)
    expect(found.rms, where).toBeLessThan(0.26)
    expect(found.largest, where).toBeLessThan(1.4)
    expect(found.correlationRms, where).toBeLessThan(0.1)
    // Faint as it is, the source without BP has no correlations that stand out.
    if (source !== withoutBp) expect(found.likeness, where).toBeGreaterThan(0.65)
  }
})

test('those of Proxima Centauri, bright and flaring, come out too small, by no more than 3.5', () => {
  for (const band of xpBands) {
    const { median } = compared(proxima, band)
    expect(median).toBeGreaterThan(-Math.log(3.5))
    expect(median).toBeLessThan(0)
  }
})

// Both sums are of about 25,000 independent standard normals; 4.9 sigma is passed by one seed in a million, two-sided.
test('noise has the covariance that is stated, and the errors are its diagonal', () => {
  const draws = 230
  for (const source of [blue, solar]) {
    const truth = truthOf(source)
    const transits = { bp: 37, rp: 44 }
    const factors = xpBands.map(band => {
      const factor = noise.covariance(band, truth, transits[band])
      expect(factorInPlace(factor, BASIS_COUNT)).toBe(true)
      return factor
    })
    const diagonals = xpBands.map(band => noise.covariance(band, truth, transits[band]))
    const coefficients = new Float64Array(XP_COUNT)
    const errors = new Float64Array(XP_COUNT)
    const rng = createRng(20, 5)
    let sum = 0
    let squares = 0
    for (let star = 0; star < draws; star++) {
      rng.seek(star)
      noise.observeInto(truth, transits, rng, coefficients, errors)
      for (let b = 0; b < 2; b++) {
        const pull = Float64Array.from(
          { length: BASIS_COUNT },
          (_, i) => coefficients[b * BASIS_COUNT + i] - truth[b * BASIS_COUNT + i],
        )
        solveLowerInPlace(factors[b], BASIS_COUNT, pull)
        for (const p of pull) {
          sum += p
          squares += p * p
        }
      }
    }
    const count = draws * XP_COUNT
    expect(Math.abs(sum) / Math.sqrt(count), source.sourceId).toBeLessThan(4.9)
    expect(Math.abs(squares - count) / Math.sqrt(2 * count), source.sourceId).toBeLessThan(4.9)
    errors.forEach((error, i) => {
      const variance = diagonals[Math.floor(i / BASIS_COUNT)][(i % BASIS_COUNT) * (BASIS_COUNT + 1)]
      expect(error / Math.sqrt(variance)).toBeCloseTo(1, 9)
    })
  }
})

test('errors fall as the root of the transits, and a star 100 times fainter is known worse', () => {
  const truth = truthOf(solar)
  const few = new Float64Array(XP_COUNT)
  const many = new Float64Array(XP_COUNT)
  const faint = new Float64Array(XP_COUNT)
  const coefficients = new Float64Array(XP_COUNT)
  noise.observeInto(truth, { bp: 16, rp: 16 }, createRng(1), coefficients, few)
  noise.observeInto(truth, { bp: 64, rp: 64 }, createRng(1), coefficients, many)
  noise.observeInto(
    truth.map(c => c / 100),
    { bp: 64, rp: 64 },
    createRng(1),
    coefficients,
    faint,
  )
  few.forEach((error, i) => {
    expect(error / many[i]).toBeCloseTo(2, 6)
    expect(faint[i]).toBeLessThanOrEqual(many[i] * (1 + 1e-9))
  })
  for (const i of [0, BASIS_COUNT]) expect((100 * faint[i]) / many[i]).toBeGreaterThan(5)
})

test('a spectrum that is no number and no transit are refused', () => {
  const out = new Float64Array(XP_COUNT)
  const broken = truthOf(solar).fill(Number.NaN)
  expect(noise.observeInto(broken, { bp: 40, rp: 40 }, createRng(1), out, out)).toBe(false)
  expect(() => noise.covariance('bp', truthOf(solar), 0)).toThrow(/undetermined/)
})

test('the numbers that are stated, put together plainly, give the covariance', () => {
  const { nodePixels, samplePixels, samplesPerPixel, calibrationShare, brightElectronPerS, sharpness, ...plain } =
    xpNoiseFacts
  const linear = (x: readonly number[], y: readonly number[], at: number) => {
    const k = Math.min(
      Math.max(
        x.findLastIndex(one => one <= at),
        0,
      ),
      x.length - 2,
    )
    return y[k] + ((y[k + 1] - y[k]) * (at - x[k])) / (x[k + 1] - x[k])
  }
  const truth = truthOf(solar)
  for (const [b, band] of xpBands.entries()) {
    const transits = 31
    const [onNodes, onSamples] = [nodePixels, samplePixels].map(places => detectorMatrix(band, places))
    const light = nodePixels.map((_, j) => {
      let sum = 0
      for (let i = 0; i < BASIS_COUNT; i++) sum += truth[b * BASIS_COUNT + i] * onNodes[i * nodePixels.length + j]
      return Math.max(sum, 0)
    })
    const [low, high] = brightElectronPerS
    const rise = Math.log(Math.max(...light) / low) / Math.log(high / low)
    const bright = plain.brightShare * Math.min(1, Math.max(0, rise))
    const { pseudo, share } = calibrationShare[band]
    const weights = light.map((flux, j) => {
      const relative = Math.hypot(linear(pseudo, share, nodePixels[j]), bright) * flux
      return transits / (flux / plain.exposureS + plain.backgroundElectronPerS ** 2 + relative ** 2)
    })
    const covariance = noise.covariance(band, truth, transits)
    const precision = new Float64Array(BASIS_COUNT ** 2)
    samplePixels.forEach((pixel, k) => {
      const weight = linear(nodePixels, weights, pixel) / samplesPerPixel
      for (let i = 0; i < BASIS_COUNT; i++)
        for (let j = 0; j < BASIS_COUNT; j++)
          precision[i * BASIS_COUNT + j] +=
            weight * onSamples[i * samplePixels.length + k] * onSamples[j * samplePixels.length + k]
    })
    // Covariance without sharpness times precision is one.
    const sharp = sharpness[band]
    for (let i = 0; i < BASIS_COUNT; i++)
      for (let j = 0; j < BASIS_COUNT; j++) {
        let sum = 0
        for (let k = 0; k < BASIS_COUNT; k++)
          sum += (covariance[i * BASIS_COUNT + k] / (sharp[i] * sharp[k])) * precision[k * BASIS_COUNT + j]
        expect(Math.abs(sum - (i === j ? 1 : 0)), `${band} ${i} ${j}`).toBeLessThan(1e-6)
      }
  }
})
