import { expect, test } from 'vitest'
import { binWidthsUm, dustOpacity, placeDust, planck, sedWavelengthsUm } from '../../../models/index.ts'
import { sendPackets, VIEWS } from '../../../ops/bench/packetTransfer.ts'

const star = {
  starRadiusRsun: 2,
  starTeffK: 4000,
  disk: null,
  envelope: null,
  cavity: null,
  innerRadiusRsub: 1,
  hasAmbient: false,
}
const disk = { massMsun: 1e-6, outerRadiusAu: 100, flaringPower: 1.1, surfacePower: -1, height100Au: 8 }
const PACKETS = 4000
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0)

// Each view holds a fifth of the packets; five sigma of their number is 18% of it, and is left by chance once in a million.
test('a bare star shines alike in all directions with its own spectrum', () => {
  const { light, absorbed, lost } = sendPackets(star, PACKETS, 1)
  expect([absorbed, lost]).toEqual([0, 0])
  for (const view of light) expect(Math.abs(sum(view) - 1)).toBeLessThan(0.18)
  const shares = sedWavelengthsUm.map((w, i) => planck(w, 4000) * binWidthsUm[i])
  const whole = sum(shares)
  const blue = (values: ArrayLike<number>) => sum(Array.from(values).filter((_, i) => sedWavelengthsUm[i] < 0.7))
  const found = light.reduce((total, view) => total + blue(view) / VIEWS, 0)
  // Five sigma of a share of a third is 4%.
  expect(Math.abs(found - blue(shares) / whole)).toBeLessThan(0.04)
})

test('every packet leaves, and a thin shell absorbs what its column does', () => {
  const envelope = { kind: 'powerLaw', densityGPerCm3: 1e-23, power: -1.5 } as const
  const yso = { ...star, envelope, hasAmbient: true }
  const { light, absorbed, lost } = sendPackets(yso, PACKETS, 2)
  expect(lost).toBe(0)
  expect(light.reduce((total, view) => total + sum(view) / VIEWS, 0)).toBeCloseTo(1, 9)
  const shares = sedWavelengthsUm.map((w, i) => planck(w, 4000) * binWidthsUm[i])
  const whole = sum(shares)
  const place = placeDust(
    yso,
    shares.map(share => share / whole),
  )
  let column = 0
  for (let j = 0; j < 4000; j++) {
    const step = Math.log(place.outerCm / place.innerCm) / 4000
    const r = place.innerCm * Math.exp(step * (j + 0.5))
    column += place.surroundings(r, 0) * r * step
  }
  const least = sum(shares.map((share, i) => (-share * Math.expm1(-dustOpacity.absorption[i] * column)) / whole))
  // Scattered light has a longer way; 4% is five sigma.
  expect(absorbed).toBeGreaterThan(least - 0.04)
  expect(absorbed).toBeLessThan(1.25 * least + 0.04)
})

test('a disk hides its star from the side and shines in the infrared', () => {
  const { light, absorbed } = sendPackets({ ...star, disk }, PACKETS, 3)
  expect(sum(light[0])).toBeLessThan(0.5)
  expect(sum(light[VIEWS - 1])).toBeGreaterThan(1)
  expect(absorbed).toBeGreaterThan(0.05)
  expect(absorbed).toBeLessThan(0.4)
  const warm = light[VIEWS - 1].filter((_, i) => sedWavelengthsUm[i] > 8)
  expect(sum(warm)).toBeGreaterThan(0.02)
})

test('the same seed gives the same light', () => {
  expect(sendPackets({ ...star, disk }, 500, 9).light).toEqual(sendPackets({ ...star, disk }, 500, 9).light)
})
