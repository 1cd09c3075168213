import { expect, test } from 'vitest'
import { rocCurve } from '../../../models/calibration/rocCurve.ts'
import { createRng } from '../../../models/math/rng.ts'

test('the area under the corners is the chance that a true one is ranked above a false one', () => {
  const rng = createRng(31)
  const isTrue = Array.from({ length: 400 }, () => rng.uniform() < 0.3)
  // Rounded, so that there are ties.
  const predicted = Float64Array.from(isTrue, one => Math.round(10 * (one ? rng.uniform() ** 0.5 : rng.uniform())) / 10)
  const curve = rocCurve(predicted, isTrue)
  if (curve === null) throw new TypeError('no curve')
  let area = 0
  for (let k = 1; k < curve.trueShares.length; k++) {
    const width = curve.falseShares[k] - curve.falseShares[k - 1]
    area += (width * (curve.trueShares[k] + curve.trueShares[k - 1])) / 2
  }
  let [wins, pairs] = [0, 0]
  for (let i = 0; i < 400; i++) {
    for (let j = 0; j < 400; j++) {
      if (!isTrue[i] || isTrue[j]) continue
      pairs++
      wins += predicted[i] > predicted[j] ? 1 : predicted[i] === predicted[j] ? 0.5 : 0
    }
  }
  expect(area).toBeCloseTo(wins / pairs, 10)
  expect(curve.area).toBeCloseTo(wins / pairs, 10)
  expect([curve.falseShares.at(-1), curve.trueShares.at(-1)]).toEqual([1, 1])
})

test('the stated error of the area is its spread over repeated samples', () => {
  const rng = createRng(32)
  const curves = Array.from({ length: 300 }, () => {
    const isTrue = Array.from({ length: 90 }, (_, i) => i < 40)
    // Exponential scores, the case in which the approximation is exact.
    const predicted = Float64Array.from(isTrue, one => Math.exp((one ? 0.3 : 1) * Math.log(rng.uniform())))
    return rocCurve(predicted, isTrue)
  })
  const areas = curves.map(curve => curve?.area ?? 0)
  const mean = areas.reduce((a, b) => a + b, 0) / areas.length
  const spread = Math.sqrt(areas.reduce((a, b) => a + (b - mean) ** 2, 0) / areas.length)
  const stated = curves.reduce((sum, curve) => sum + (curve?.areaErr ?? 0), 0) / curves.length
  // A standard deviation of 300 draws is good to 4.1%; 3.3 of those.
  expect(Math.abs(spread / stated - 1)).toBeLessThan(0.15)
})

test('a perfect order has area one and no error, and there is no curve without both kinds', () => {
  const curve = rocCurve(Float64Array.of(0.1, 0.2, 0.8, 0.9), [false, false, true, true])
  expect(curve).toMatchObject({ area: 1, areaErr: 0, trueCount: 2, falseCount: 2 })
  expect(rocCurve(Float64Array.of(0.1, 0.9), [true, true])).toBeNull()
  expect(() => rocCurve(Float64Array.of(2), [true])).toThrow(RangeError)
})
