import { expect, test } from 'vitest'
import {
  equatorialOf,
  galacticOf,
  skyInto,
  skySlot,
  skySlotCount,
  spaceVelocityKmS,
} from '../../../../models/simulators/galaxy/galacticFrame.ts'

test('the Galactic pole and centre lie where the IAU put them', () => {
  // Hipparcos's realisation: pole at 192.85948, +27.12825; centre direction of Sgr A* (266.41684, -29.00781) at l = 359.944, b = -0.046.
  const pole = equatorialOf(0, 90)
  expect(pole.raDeg).toBeCloseTo(192.85948, 4)
  expect(pole.decDeg).toBeCloseTo(27.12825, 4)
  const { lDeg, bDeg } = galacticOf(266.41684, -29.00781)
  expect(lDeg).toBeCloseTo(359.9442, 3)
  expect(bDeg).toBeCloseTo(-0.0462, 3)
})

test('going to the other frame and back changes nothing', () => {
  for (let l = 5; l < 360; l += 35)
    for (let b = -80; b <= 80; b += 20) {
      const { raDeg, decDeg } = equatorialOf(l, b)
      const back = galacticOf(raDeg, decDeg)
      expect(back.lDeg).toBeCloseTo(l, 9)
      expect(back.bDeg).toBeCloseTo(b, 9)
    }
})

test('a star of beta Pictoris moves through space as published, and back', () => {
  // Gaia DR2 / Hipparcos: parallax 50.93, pm 4.65 and 83.10 mas/yr, rv 20.0 km/s. U, V, W of Shkolnik+ 2017: about -11, -16, -9.
  const uvw = spaceVelocityKmS(86.82118, -51.06651, 1000 / 50.93, 4.65, 83.1, 20)
  for (const [k, published] of [-11, -16.2, -9.2].entries()) expect(Math.abs(uvw[k] - published)).toBeLessThan(0.7)
  const { lDeg, bDeg } = galacticOf(86.82118, -51.06651)
  const [l, b] = [(lDeg * Math.PI) / 180, (bDeg * Math.PI) / 180]
  const out = new Float64Array(skySlotCount)
  const d = 1000 / 50.93
  skyInto(d * Math.cos(b) * Math.cos(l), d * Math.cos(b) * Math.sin(l), d * Math.sin(b), ...uvw, out)
  expect(out[skySlot.raDeg]).toBeCloseTo(86.82118, 8)
  expect(out[skySlot.decDeg]).toBeCloseTo(-51.06651, 8)
  expect(out[skySlot.parallaxMas]).toBeCloseTo(50.93, 8)
  expect(out[skySlot.pmRaCosDecMasPerYr]).toBeCloseTo(4.65, 8)
  expect(out[skySlot.pmDecMasPerYr]).toBeCloseTo(83.1, 8)
  expect(out[skySlot.radialVelocityKmS]).toBeCloseTo(20, 8)
})
