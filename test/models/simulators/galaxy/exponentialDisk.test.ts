import { expect, test } from 'vitest'
import { createRng } from '../../../../models/math/rng.ts'
import { createDiskPlaces } from '../../../../models/simulators/galaxy/exponentialDisk.ts'
import { drawDirection, type SkyCone } from '../../../../models/simulators/galaxy/skyTiles.ts'

const allSky: SkyCone = { lDeg: 0, bDeg: 90, radiusDeg: 180 }
const place = new Float64Array(3)

function drawMany(disk: Parameters<typeof createDiskPlaces>[0], count: number): readonly (readonly number[])[] {
  const places = createDiskPlaces(disk)
  const rng = createRng(7, 0xd15c)
  return Array.from({ length: count }, (_, i) => {
    rng.seek(i)
    places.drawInto(rng, place)
    return [...place]
  })
}
const shareOf = <T>(all: readonly T[], isOne: (one: T) => boolean) => all.filter(isOne).length / all.length

test('the whole disk has the heights and radii of two exponentials', () => {
  const all = drawMany({ cone: allSky, scaleHeightPc: 200, nearestPc: 1, farthestPc: 100_000 }, 4000)
  const heights = all.map(([, , z]) => Math.abs(z + 15))
  const radii = all.map(([x, y]) => Math.hypot(x - 8500, y))
  // Shares below one height or one, two and four lengths: 1 - 1/e, and 1 - (1 + n) exp(-n); 4 sigma of 4000 are 0.032.
  expect(Math.abs(shareOf(heights, z => z < 200) - (1 - Math.exp(-1)))).toBeLessThan(0.032)
  expect(Math.abs(shareOf(heights, z => z < 20) - (1 - Math.exp(-0.1)))).toBeLessThan(0.032)
  for (const n of [1, 2, 4])
    expect(Math.abs(shareOf(radii, r => r < n * 2600) - (1 - (1 + n) * Math.exp(-n)))).toBeLessThan(0.032)
  // As many on either side of the line to the centre.
  expect(Math.abs(shareOf(all, ([, y]) => y > 0) - 0.5)).toBeLessThan(0.032)
})

test('a cone keeps to its edge and its distances, and is filled by the density along it', () => {
  const cone = { lDeg: 172, bDeg: -15, radiusDeg: 5 }
  const all = drawMany({ cone, scaleHeightPc: 45, nearestPc: 100, farthestPc: 3000 }, 3000)
  const [l, b] = [172, -15].map(deg => (deg * Math.PI) / 180)
  const axis = [Math.cos(b) * Math.cos(l), Math.cos(b) * Math.sin(l), Math.sin(b)]
  const distances = all.map(at => Math.hypot(...at))
  const cosines = all.map((at, i) => at.reduce((sum, x, k) => sum + x * axis[k], 0) / distances[i])
  expect(Math.min(...cosines)).toBeGreaterThan(Math.cos((5.001 * Math.PI) / 180))
  expect(Math.min(...distances)).toBeGreaterThanOrEqual(100)
  expect(Math.max(...distances)).toBeLessThanOrEqual(3000)
  // The same by summing the density over rings of a fine lattice of directions.
  let [below, total] = [0, 0]
  for (let ring = 0; ring < 20; ring++)
    for (let turn = 0; turn < 40; turn++) {
      const r = 5 * Math.sqrt((ring + 0.5) / 20)
      const [dl, db] = [(r * Math.cos((turn * Math.PI) / 20)) / Math.cos(b), r * Math.sin((turn * Math.PI) / 20)]
      const [l1, b1] = [172 + dl, -15 + db].map(deg => (deg * Math.PI) / 180)
      for (let s = 100; s < 3000; s += 5) {
        const [x, y] = [s * Math.cos(b1) * Math.cos(l1) - 8500, s * Math.cos(b1) * Math.sin(l1)]
        const here = s * s * Math.exp(-Math.hypot(x, y) / 2600 - Math.abs(s * Math.sin(b1) + 15) / 45)
        total += here
        if (s < 400) below += here
      }
    }
  expect(Math.abs(shareOf(distances, s => s < 400) - below / total)).toBeLessThan(0.037)
})

test.each([
  [{ lDeg: 172, bDeg: -15, radiusDeg: 5 }],
  [{ lDeg: 0, bDeg: 90, radiusDeg: 180 }],
  [{ lDeg: 30, bDeg: 80, radiusDeg: 20 }],
])('directions fill the cone %o evenly', cone => {
  const rng = createRng(3, 0xd15c)
  const [l, b] = [cone.lDeg, cone.bDeg].map(deg => (deg * Math.PI) / 180)
  const axis = [Math.cos(b) * Math.cos(l), Math.cos(b) * Math.sin(l), Math.sin(b)]
  const versed = Array.from({ length: 4000 }, () => {
    drawDirection(cone, rng, place)
    expect(Math.hypot(...place)).toBeCloseTo(1, 9)
    return 1 - place.reduce((sum, x, k) => sum + x * axis[k], 0)
  })
  const edge = 1 - Math.cos((cone.radiusDeg * Math.PI) / 180)
  expect(Math.max(...versed)).toBeLessThan(edge * 1.000001)
  // The area goes as 1 - cos: each tenth of it has a tenth; 4 sigma of 4000.
  for (let k = 0; k < 10; k++)
    expect(Math.abs(shareOf(versed, v => v >= (k * edge) / 10 && v < ((k + 1) * edge) / 10) - 0.1)).toBeLessThan(0.02)
})

test('distances that run backwards are refused', () => {
  const disk = { cone: allSky, scaleHeightPc: 100, nearestPc: 100, farthestPc: 100 }
  expect(() => createDiskPlaces(disk)).toThrow('the distances run backwards, from 100 to 100 pc')
})
