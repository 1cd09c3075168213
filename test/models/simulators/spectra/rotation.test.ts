import { expect, test } from 'vitest'
import { fineGrids } from '../../../../models/simulators/spectra/fineGrid.ts'
import { convolveInto, rotationKernel, turnInto } from '../../../../models/simulators/spectra/rotation.ts'

const grid = fineGrids.optical

/** Light of a limb-darkened disc by line-of-sight velocity, summed over its face: no formula of the profile is used. */
function discShares(vsiniKmPerS: number, darkening: number, reach: number): Float64Array {
  const shares = new Float64Array(2 * reach + 1)
  const steps = 1200
  let sum = 0
  for (let i = 0; i < steps; i++) {
    const x = -1 + (2 * (i + 0.5)) / steps
    const bin = Math.round((x * vsiniKmPerS) / grid.kmPerS)
    for (let j = 0; j < steps; j++) {
      const y = -1 + (2 * (j + 0.5)) / steps
      const r2 = x * x + y * y
      if (r2 >= 1) continue
      const light = 1 - darkening * (1 - Math.sqrt(1 - r2))
      shares[bin + reach] += light
      sum += light
    }
  }
  return shares.map(share => share / sum)
}

test('the kernel is the light of a turning disc', () => {
  for (const [vsini, darkening] of [
    [60, 0.6],
    [150, 0],
    [290, 1],
  ]) {
    const kernel = rotationKernel(grid.kmPerS, vsini, darkening)
    const disc = discShares(vsini, darkening, (kernel.length - 1) / 2)
    for (let k = 0; k < kernel.length; k++) expect(Math.abs(kernel[k] - disc[k])).toBeLessThan(0.002)
  }
})

test('no light is lost, a star at rest stays sharp, and a line is widened by a quarter of v sin i squared without darkening', () => {
  expect([...rotationKernel(grid.kmPerS, 0)]).toEqual([1])
  for (const vsini of [1, 17, 35, 200, 500]) {
    const kernel = rotationKernel(grid.kmPerS, vsini)
    expect(kernel.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
  }
  const kernel = rotationKernel(grid.kmPerS, 400, 0)
  const reach = (kernel.length - 1) / 2
  const variance = kernel.reduce((sum, share, j) => sum + share * ((j - reach) * grid.kmPerS) ** 2, 0)
  // A bin's own width adds a twelfth of its square.
  expect(variance - grid.kmPerS ** 2 / 12).toBeCloseTo(400 ** 2 / 4, -2)
})

test('a constant stays itself up to the ends, and a line keeps its light', () => {
  const values = new Float32Array(200).fill(3)
  const out = new Float32Array(200)
  const kernel = rotationKernel(grid.kmPerS, 300)
  convolveInto(values, kernel, out)
  expect(out.every(value => Math.abs(value - 3) < 1e-5)).toBe(true)
  values.fill(0)
  values[90] = 1
  convolveInto(values, kernel, out)
  expect(out.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6)
  expect([...out.subarray(90 - 8, 90 + 9)].map(x => x.toFixed(6))).toEqual(
    [...kernel.subarray((kernel.length - 17) / 2, (kernel.length + 17) / 2)].map(x => x.toFixed(6)),
  )
})

test('a fast rotator in the H band is what the kernel of fine bins makes of it', () => {
  const { hBand } = fineGrids
  const values = Float32Array.from({ length: hBand.count }, (_, i) => {
    return 1 - 0.5 * Math.exp(-0.5 * ((i - 9000) / 3) ** 2) - 0.2 * Math.exp(-0.5 * ((i - 9170) / 2) ** 2)
  })
  const [fast, exact] = [new Float32Array(hBand.count), new Float32Array(hBand.count)]
  for (const vsini of [5, 49, 60, 130, 400]) {
    turnInto(hBand, values, vsini, 0.35, fast)
    convolveInto(values, rotationKernel(hBand.kmPerS, vsini, 0.35), exact)
    const furthest = fast.reduce((most, one, i) => Math.max(most, Math.abs(one - exact[i])), 0)
    // Of lines that were half as deep as the continuum.
    expect(furthest).toBeLessThan(0.005 * 0.5)
    const lack = (light: Float32Array) => light.reduce((sum, one) => sum + 1 - one, 0)
    expect(Math.abs(lack(fast) / lack(exact) - 1)).toBeLessThan(0.002)
  }
})
