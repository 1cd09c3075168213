import { expect, test } from 'vitest'
import { createRng } from '../../../../models/math/rng.ts'
import { besancon2003, sun } from '../../../../models/simulators/galaxy/components.ts'
import { densityOf } from '../../../../models/simulators/galaxy/densityLaw.ts'
import { avBetween, dustDensity, galaxiaDust } from '../../../../models/simulators/galaxy/dustDisk.ts'
import { drawVelocity, rotationKmS } from '../../../../models/simulators/galaxy/kinematics.ts'

const thin = besancon2003.filter(c => c.name.startsWith('thin'))

test('the thin disk has 0.0394 Msun per cubic parsec at the Sun, as table 2 of Robin+ 2003 sums up', () => {
  const sum = thin.reduce((total, c) => total + densityOf(c)(-sun.radiusKpc, 0, 0), 0)
  expect(sum).toBeCloseTo(0.0394, 6)
})

test('velocities of the thin disk keep the ratio of the paper, and the drift that its erratum computes from them', () => {
  for (const component of thin) {
    const { name, sigmaKmS, lagKmS, heatPerKpc } = component
    const [u, v, w] = sigmaKmS
    expect(v / u, name).toBeCloseTo(0.646, 2)
    // Robin+ 2004, A&A 416, 157, with their 220 km/s of rotation.
    const density = densityOf(component)
    const [radius, h] = [sun.radiusKpc, 0.01]
    const slope = (radius * Math.log(density(-radius - h, 0, 0) / density(-radius + h, 0, 0))) / (2 * h)
    const drift = (-(u ** 2) / 440) * (slope + radius * heatPerKpc + 2 - (v ** 2 + w ** 2) / u ** 2)
    expect(Math.abs(lagKmS - drift), name).toBeLessThan(0.3)
  }
})

test('heights grow with age, and the oldest thin disk falls off as counted dwarfs do', () => {
  // Scale between 0.5 and 1.5 kpc, pc. Published for the old thin disk: 330 (Chen+ 2001), 300 (Juric+ 2008), 245 (Chang+ 2011).
  const heights = thin.map(c => {
    const density = densityOf(c)
    return 1000 / Math.log(density(-sun.radiusKpc, 0, 0.5) / density(-sun.radiusKpc, 0, 1.5))
  })
  for (let k = 1; k < heights.length; k++) expect(heights[k]).toBeGreaterThan(heights[k - 1])
  expect(heights[6]).toBeGreaterThan(220)
  expect(heights[6]).toBeLessThan(330)
})

test('the disk shrinks outwards with 2 to 3 kpc, and has a hole in the middle', () => {
  const density = densityOf(thin[6])
  const scale = -1 / Math.log(density(-sun.radiusKpc - 0.5, 0, 0) / density(-sun.radiusKpc + 0.5, 0, 0))
  expect(scale).toBeGreaterThan(2)
  expect(scale).toBeLessThan(3.2)
  expect(density(0, 0, 0)).toBeLessThan(density(-2, 0, 0))
})

test('the bulge holds 1.2e10 Msun, its near end at positive longitude', () => {
  const bulge = besancon2003.find(c => c.name === 'bulge')
  if (bulge === undefined) throw new Error('no bulge')
  const density = densityOf(bulge)
  let mass = 0
  const h = 0.1
  for (let x = -5; x < 5; x += h)
    for (let y = -5; y < 5; y += h)
      for (let z = 0; z < 3; z += h) mass += 2 * density(x + h / 2, y + h / 2, z + h / 2) * 1e9 * h ** 3
  expect(Math.abs(mass / 1.2e10 - 1)).toBeLessThan(0.02)
  // Towards the Sun is negative x; towards positive longitude is positive y.
  expect(density(-1.5, 0.3, 0)).toBeGreaterThan(density(-1.5, -0.3, 0))
})

test('the bulge turns as radial velocities of its giants show', () => {
  const bulge = besancon2003.find(c => c.name === 'bulge')
  if (bulge === undefined) throw new Error('no bulge')
  const density = densityOf(bulge)
  const b = (-4 * Math.PI) / 180
  const meanKmS = (lDeg: number) => {
    const l = (lDeg * Math.PI) / 180
    let [stars, sum] = [0, 0]
    for (let s = 4; s < 13; s += 0.05) {
      const [x, y] = [s * Math.cos(b) * Math.cos(l) - sun.radiusKpc, s * Math.cos(b) * Math.sin(l)]
      const radius = Math.hypot(x, y)
      const weight = density(x, y, sun.heightKpc + s * Math.sin(b)) * s ** 2
      stars += weight
      sum += (weight * rotationKmS(bulge, radius) * Math.cos(b) * sun.radiusKpc * Math.sin(l)) / radius
    }
    return sum / stars
  }
  // Howard+ 2008: 100 km/s/kpc within 4 degrees, 75 km/s at most, at b = -4.
  for (const lDeg of [-4, -2, 2, 4]) {
    const offsetKpc = sun.radiusKpc * Math.sin((lDeg * Math.PI) / 180)
    expect(Math.abs(meanKmS(lDeg) / offsetKpc / 100 - 1), `${lDeg}`).toBeLessThan(0.15)
  }
  expect(Math.abs(meanKmS(10) / 75 - 1)).toBeLessThan(0.1)
})

test('extinction along a line of sight is the integral of the dust, and the closed form towards the pole', () => {
  const { avPerKpc, hVerticalKpc, bubbleKpc } = galaxiaDust
  const column = (z: number) => avPerKpc * hVerticalKpc * Math.exp(-(z + sun.heightKpc) / hVerticalKpc)
  // Straight up the distance from the centre grows a little: 0.2 per cent at the heights where the dust is.
  expect(avBetween(galaxiaDust, 0, 90, 0, 5) / (column(bubbleKpc) - column(5))).toBeCloseTo(1, 2)
  for (const [l, b, far] of [
    [0, 0, 8],
    [0, -3.9, 8],
    [30, 1, 12],
    [180, -0.1, 5],
    [90, 10, 3],
  ]) {
    const [lr, br] = [(l * Math.PI) / 180, (b * Math.PI) / 180]
    let sum = 0
    const h = 1e-4
    for (let s = bubbleKpc + h / 2; s < far; s += h) {
      const x = s * Math.cos(br) * Math.cos(lr) - sun.radiusKpc
      sum +=
        h * dustDensity(galaxiaDust, Math.hypot(x, s * Math.cos(br) * Math.sin(lr)), sun.heightKpc + s * Math.sin(br))
    }
    expect(Math.abs(avBetween(galaxiaDust, l, b, 0, far) / sum - 1)).toBeLessThan(3e-3)
    expect(avBetween(galaxiaDust, l, b, 0, 1) + avBetween(galaxiaDust, l, b, 1, far)).toBeCloseTo(
      avBetween(galaxiaDust, l, b, 0, far),
      2,
    )
  }
})

test('extinctions are of the size that is measured', () => {
  // Poles 0.03 to 0.06 (Schlegel+ 1998), Baade's window 1.3 to 2.8 (Stanek 1996), the Galactic centre about 30 (Fritz+ 2011: A_Ks 2.4).
  expect(avBetween(galaxiaDust, 0, 90, 0, 5)).toBeGreaterThan(0.02)
  expect(avBetween(galaxiaDust, 0, 90, 0, 5)).toBeLessThan(0.06)
  expect(avBetween(galaxiaDust, 1, -3.9, 0, 8)).toBeGreaterThan(1.3)
  expect(avBetween(galaxiaDust, 1, -3.9, 0, 8)).toBeLessThan(2.8)
  expect(avBetween(galaxiaDust, 359.94, -0.05, 0, 8.2)).toBeGreaterThan(15)
  expect(avBetween(galaxiaDust, 359.94, -0.05, 0, 8.2)).toBeLessThan(40)
})

test('stars about the Sun drift and spread as the table says', () => {
  const rng = createRng(71)
  const out = new Float64Array(3)
  const n = 40_000
  for (const component of [thin[1], thin[6], besancon2003[7], besancon2003[8]]) {
    const draws = Array.from({ length: n }, () => {
      drawVelocity(component, -sun.radiusKpc, 0, rng, out)
      return [...out]
    })
    const means = [-sun.velocityKmS[0], -sun.velocityKmS[1] - component.lagKmS, -sun.velocityKmS[2]]
    for (let k = 0; k < 3; k++) {
      const sigma = component.sigmaKmS[k]
      const mean = draws.reduce((sum, d) => sum + d[k], 0) / n
      const spread = Math.sqrt(draws.reduce((sum, d) => sum + (d[k] - mean) ** 2, 0) / n)
      // Five sigma each.
      expect(Math.abs(mean - means[k])).toBeLessThan((5 * sigma) / Math.sqrt(n))
      expect(Math.abs(spread - sigma)).toBeLessThan((5 * sigma) / Math.sqrt(2 * n))
    }
  }
})
