import { expect, test } from 'vitest'
import { createRng } from '../../../../models/math/rng.ts'
import {
  createMassFunction,
  type MassFunctionName,
  massFunction,
  massFunctions,
} from '../../../../models/simulators/galaxy/massFunction.ts'

const names = Object.keys(massFunctions) as MassFunctionName[]

/** Simpson's rule in log mass, by pieces so that no break lies inside one. */
function integral(f: (m: number) => number, low: number, high: number): number {
  const breaks = [low, ...[0.5, 1].filter(b => b > low && b < high), high]
  let sum = 0
  for (let k = 0; k + 1 < breaks.length; k++) {
    const steps = 2000
    const h = Math.log(breaks[k + 1] / breaks[k]) / steps
    for (let i = 0; i <= steps; i++) {
      // Just inside the piece at both of its ends.
      const m = Math.min(breaks[k + 1] * (1 - 1e-12), breaks[k] * Math.exp(i * h))
      sum += ((i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2) * f(m) * m * h) / 3
    }
  }
  return sum
}

for (const name of names) {
  const f = massFunction(name)

  test(`${name} integrates to one star, and to the masses it says`, () => {
    expect(integral(m => f.densityAt(m), f.minMsun, f.maxMsun)).toBeCloseTo(1, 8)
    for (const mass of [0.1, 0.3, 0.5, 0.9, 1, 3, 20, 120]) {
      expect(f.shareBelow(mass)).toBeCloseTo(
        integral(m => f.densityAt(m), f.minMsun, mass),
        8,
      )
      expect(f.massBelowMsun(mass)).toBeCloseTo(
        integral(m => m * f.densityAt(m), f.minMsun, mass),
        7,
      )
    }
  })

  test(`${name} has no step at a break, and its inverse is its inverse`, () => {
    for (const { endMsun } of massFunctions[name].slice(0, -1))
      expect(f.densityAt(endMsun * (1 + 1e-9)) / f.densityAt(endMsun * (1 - 1e-9))).toBeCloseTo(1, 6)
    for (let k = 0; k <= 200; k++) expect(f.shareBelow(f.massAt(k / 200))).toBeCloseTo(k / 200, 9)
  })
}

test('a Salpeter function has the mean mass of the closed form', () => {
  const [low, high] = [0.08, 120]
  const mean = ((high ** -0.35 - low ** -0.35) / -0.35 / (high ** -1.35 - low ** -1.35)) * -1.35
  expect(massFunction('salpeter1955').massBelowMsun(120)).toBeCloseTo(mean, 10)
})

test('drawn masses of Kroupa have the slopes -1.3 and -2.3', () => {
  const f = massFunction('kroupa2001')
  const rng = createRng(61)
  const counts = [0, 0, 0, 0]
  const edges = [0.1, 0.2, 0.4, 1, 2, 4]
  const n = 200_000
  const drawn = Array.from({ length: n }, () => f.massAt(rng.uniform()))
  for (const m of drawn)
    [0, 1, 3, 4].forEach((e, k) => {
      if (m >= edges[e] && m < edges[e + 1]) counts[k]++
    })
  // A power law of slope s has 2^(s + 1) times as many stars in the next factor of 2. Bounds of 5 sigma of the ratios.
  expect(Math.abs(counts[1] / counts[0] / 2 ** -0.3 - 1)).toBeLessThan(5 * Math.sqrt(1 / counts[0] + 1 / counts[1]))
  expect(Math.abs(counts[3] / counts[2] / 2 ** -1.3 - 1)).toBeLessThan(5 * Math.sqrt(1 / counts[2] + 1 / counts[3]))
})

test('a piece that ends before it begins is refused', () => {
  expect(() => createMassFunction(0.5, [{ slope: -1.3, endMsun: 0.1 }])).toThrow('a piece from 0.5 to 0.1 Msun')
  expect(() => massFunction('kroupa2001').massAt(1.1)).toThrow('no mass at a share of 1.1')
})
