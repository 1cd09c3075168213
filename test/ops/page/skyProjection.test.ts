import { expect, test } from 'vitest'
import { galacticPlane, hammer, toGalactic } from '../../../ops/page/skyProjection.ts'

test('the poles and the centre of the Galaxy lie where they are defined', () => {
  // J2000: Reid & Brunthaler 2004 for the centre; the pole of the Hipparcos catalogue, vol. 1, 1.5.3.
  const [l, b] = toGalactic(266.40499, -28.93617)
  expect(l).toBeCloseTo(0, 3)
  expect(b).toBeCloseTo(0, 3)
  expect(toGalactic(192.85948, 27.12825)[1]).toBeCloseTo(90, 3)
  // The Pleiades (SIMBAD): l = 166.46, b = -23.61.
  const [lPleiades, bPleiades] = toGalactic(56.601, 24.114)
  expect(lPleiades).toBeCloseTo(166.46, 1)
  expect(bPleiades).toBeCloseTo(-23.61, 1)
})

test('the map keeps areas: its determinant is cos b everywhere', () => {
  const step = 1e-4
  for (const l of [-170, -60, 5, 100, 179]) {
    for (const b of [-80, -30, 0.5, 45, 85]) {
      const slope = (of: 0 | 1, dl: number, db: number) =>
        ((hammer(l + dl, b + db)[of] - hammer(l - dl, b - db)[of]) / (2 * step)) * (180 / Math.PI)
      const det = slope(0, step, 0) * slope(1, 0, step) - slope(0, 0, step) * slope(1, step, 0)
      expect(Math.abs(det)).toBeCloseTo(Math.cos((b * Math.PI) / 180), 5)
    }
  }
})

test('longitude rises to the left, and the whole sky lies within the ellipse', () => {
  expect(hammer(90, 0)[0]).toBeLessThan(0)
  expect(hammer(0, 90)[1]).toBeCloseTo(Math.SQRT2, 12)
  expect(Math.abs(hammer(180, 0)[0])).toBeCloseTo(2 * Math.SQRT2, 12)
})

test('a star towards the centre has X alone, one at l = 90 deg has Y alone, one at the pole neither', () => {
  expect(galacticPlane(0, 0, 100)).toEqual([100, 0])
  expect(galacticPlane(90, 0, 100)[1]).toBeCloseTo(100, 9)
  expect(galacticPlane(90, 90, 100)[1]).toBeCloseTo(0, 9)
})
