import { expect, test } from 'vitest'
import {
  createDustGrid,
  heatDirectly,
  layDust,
  MAX_LATITUDES,
  RADII,
} from '../../../../models/simulators/dust/dustGrid.ts'
import { binWidthsUm, planck } from '../../../../models/simulators/dust/dustOpacity.ts'
import { sedWavelengthsUm, type Yso } from '../../../../models/simulators/dust/modelSets.ts'
import {
  columnFromStar,
  G_PER_MSUN,
  placeDust,
  thinRadiusCm,
  ulrich,
} from '../../../../models/simulators/dust/ysoDensity.ts'
import { CM_PER_AU } from '../../../../schemas/index.ts'

const star: Yso = {
  starRadiusRsun: 1,
  starTeffK: 5772,
  disk: null,
  envelope: null,
  cavity: null,
  innerRadiusRsub: 1,
  hasAmbient: false,
  inclinationDeg: 0,
}
const disk = { massMsun: 1e-4, outerRadiusAu: 200, flaringPower: 1.2, surfacePower: -1, height100Au: 10 }

function sharesOf(teffK: number): Float64Array {
  const raw = sedWavelengthsUm.map((w, i) => planck(w, teffK) * binWidthsUm[i])
  const sum = raw.reduce((a, b) => a + b, 0)
  return raw.map(x => x / sum)
}
const shares = sharesOf(5772)

test('dust around the Sun is gone within a tenth of an astronomical unit', () => {
  const au = thinRadiusCm(star, shares, 1600) / CM_PER_AU
  // A black body of 1600 K lies at 0.0302 AU; small grains are hotter.
  expect(au).toBeGreaterThan(0.03)
  expect(au).toBeLessThan(0.1)
  // Far out the dilution goes with the square of the distance: grains of 10 K lie further than black bodies of 10 K.
  expect(thinRadiusCm(star, shares, 10) / CM_PER_AU).toBeGreaterThan(774)
})

test('infalling dust goes over to free fall far out, and is densest at the centrifugal radius', () => {
  expect(ulrich(1, 1000, 0.5) * 1000 ** 1.5).toBeCloseTo(Math.SQRT1_2, 2)
  expect(ulrich(1, 1000, 0.9) * 1000 ** 1.5).toBeCloseTo(Math.SQRT1_2, 2)
  expect(ulrich(1, 1, 0.02)).toBeGreaterThan(ulrich(1, 3, 0.02))
  expect(ulrich(1, 1, 0.02)).toBeGreaterThan(ulrich(1, 1, 0.9))
  // On the axis the streamline is straight: rho = r^-1.5 / (sqrt(2) (1 + 2 / x)).
  expect(ulrich(1, 0.5, 1)).toBeCloseTo(0.5 ** -1.5 / (Math.SQRT2 * 5), 6)
  for (const x of [0.3, 0.99, 1, 1.01, 4])
    for (const mu of [0, 1e-6, 0.3, 1]) expect(ulrich(1, x, mu)).toBeGreaterThan(0)
})

test('a disk has its mass, analytically and on the grid', () => {
  const place = placeDust({ ...star, disk }, shares)
  let mass = 0
  const outer = disk.outerRadiusAu * CM_PER_AU
  const steps = 400
  for (let i = 0; i < steps; i++) {
    const r = place.innerCm * (outer / place.innerCm) ** ((i + 0.5) / steps)
    const dr = r * (Math.log(outer / place.innerCm) / steps)
    for (let k = 0; k < 800; k++) {
      const mu = ((k + 0.5) / 800) ** 2
      mass += 4 * Math.PI * r * r * dr * place.disk(r, mu) * ((2 * (k + 0.5)) / 800 / 800)
    }
  }
  expect(mass / (disk.massMsun * G_PER_MSUN)).toBeCloseTo(1, 1)
  const grid = createDustGrid()
  layDust(grid, place)
  expect(grid.diskScale).toBeGreaterThan(0.8)
  expect(grid.diskScale).toBeLessThan(1.2)
})

test('columns from the star are those of a power law', () => {
  const envelope = { kind: 'powerLaw', densityGPerCm3: 1e-19, power: -1.5 } as const
  const place = placeDust({ ...star, envelope, hasAmbient: true }, shares)
  const r0 = 1000 * CM_PER_AU
  // The integral of rho0 (r / r0)^-1.5 from the inner radius on; the ambient medium adds the least bit.
  const expected = 2e-19 * r0 ** 1.5 * (place.innerCm ** -0.5 - place.outerCm ** -0.5)
  expect(columnFromStar(place, 0.3, 1) / expected).toBeCloseTo(1, 1)
  const grid = createDustGrid()
  layDust(grid, place)
  expect(grid.latitudes).toBe(1)
  expect(grid.column[RADII * MAX_LATITUDES] / expected).toBeCloseTo(1, 1)
  heatDirectly(grid, shares)
  expect(grid.absorbed).toBeGreaterThan(0.999)
  expect(grid.heating.reduce((a, b) => a + b, 0)).toBeCloseTo(grid.absorbed, 9)
})

test('a cavity opens by its angle at 10,000 AU, and wider within', () => {
  const envelope = { kind: 'powerLaw', densityGPerCm3: 1e-18, power: -1.5 } as const
  const cavity = { power: 2, openingDeg: 30, densityGPerCm3: 1e-21 }
  const place = placeDust({ ...star, envelope, cavity, hasAmbient: true }, shares)
  const at = (au: number, deg: number) => place.surroundings(au * CM_PER_AU, Math.cos((deg * Math.PI) / 180))
  expect(at(10_000, 29)).toBe(1e-21)
  expect(at(10_000, 31)).toBeGreaterThan(1e-21)
  expect(at(100, 60)).toBe(1e-21)
})

test('the ambient medium is a floor of the density, and dust without it ends with the disk', () => {
  const open = placeDust({ ...star, disk }, shares)
  expect(open.outerCm / CM_PER_AU).toBeCloseTo(200, 6)
  expect(open.surroundings(100 * CM_PER_AU, 1)).toBe(0)
  const closed = placeDust({ ...star, disk, hasAmbient: true }, shares)
  expect(closed.surroundings(100 * CM_PER_AU, 1)).toBe(1e-23)
  expect(closed.outerCm).toBeGreaterThan(open.outerCm)
})
