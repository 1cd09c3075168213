import { expect, test } from 'vitest'
import { sunInGalaxy } from '../../../models/index.ts'
import { openPopulations, realValues, type StarValues } from '../../../ops/simulation/populationFigures.ts'

const classes = ['giant', 'young']
const columns = [
  ...['truth_logTeffK', 'truth_logLuminosityLsun', 'truth_logDistancePc', 'nuisance_lDeg', 'nuisance_bDeg'],
  ...['gMag', 'bpMag', 'rpMag', 'jMag', 'hMag', 'ksMag', 'w1Mag', 'w2Mag', 'w3Mag', 'parallaxMas'],
]
const starOf =
  (values: Readonly<Record<string, number>>): StarValues =>
  name =>
    values[name] ?? null

function panelsOf(populations: ReturnType<typeof openPopulations>, name: string) {
  return populations.figures('a', 'b').get(name)?.panels ?? []
}

test('a star stands at its place in every diagram that it has the numbers for, and in no other', () => {
  const populations = openPopulations(classes, columns)
  const star = { truth_logTeffK: 3.6, truth_logLuminosityLsun: 2, gMag: 10, bpMag: 11, rpMag: 9.5, parallaxMas: 10 }
  populations.addSimulated('young', starOf({ ...star, parallaxMas_err: 0.1 }))
  populations.addSimulated('giant', starOf({ jMag: 9, hMag: 8.5, ksMag: 8.4, w1Mag: 8, w2Mag: 7.9, w3Mag: 6 }))
  populations.addReal(starOf({ jMag: 5, hMag: 4.5, ksMag: 4 }))
  const [are, seen] = panelsOf(populations, 'populations-hr')
  expect(are.simulated).toEqual([
    { xs: [], ys: [] },
    { xs: [3.6], ys: [2] },
  ])
  // 10 mas are 100 pc: a modulus of 5.
  expect(seen.simulated[1]).toEqual({ xs: [1.5], ys: [5] })
  const [near, , magnitude] = panelsOf(populations, 'populations-colours')
  expect(near.simulated[0].xs[0]).toBeCloseTo(0.1)
  expect(near.real).toEqual({ xs: [0.5], ys: [0.5] })
  expect(magnitude).toMatchObject({ y: { isReversed: true } })
})

test('a parallax that is not sure makes no absolute magnitude', () => {
  const populations = openPopulations(classes, columns)
  const star = { gMag: 10, bpMag: 11, rpMag: 9.5, parallaxMas: 1 }
  for (const parallaxMas_err of [0.09, 0.11]) populations.addReal(starOf({ ...star, parallaxMas_err }))
  populations.addReal(starOf({ ...star, parallaxMas: -1, parallaxMas_err: 0.01 }))
  const [seen] = panelsOf(populations, 'populations-hr')
  expect(seen.real.xs).toEqual([1.5])
})

test('the map has the Galactic centre in the middle, longitudes rising to the left, and distances along the plane', () => {
  const populations = openPopulations(classes, columns)
  const at = (lDeg: number, bDeg: number) =>
    starOf({ nuisance_lDeg: lDeg, nuisance_bDeg: bDeg, truth_logDistancePc: 3 })
  for (const [l, b] of [
    [0, 0],
    [90, 0],
    [270, 60],
    [179, 90],
  ]) {
    populations.addSimulated('giant', at(l, b))
  }
  const [sky, plane, side] = panelsOf(populations, 'populations-sky')
  expect(sky).toMatchObject({ isWide: true, x: { isReversed: true }, places: [{ kind: 'galacticCentre', x: 0, y: 0 }] })
  expect(sky.simulated[0].xs).toEqual([0, 90, -90, 179])
  sky.simulated[0].ys.forEach((y, i) => {
    expect(y).toBeCloseTo([0, 0, Math.sqrt(3) / 2, 1][i])
  })
  plane.simulated[0].xs.forEach((x, i) => {
    expect(x).toBeCloseTo([1, 0, 0, 0][i])
  })
  plane.simulated[0].ys.forEach((y, i) => {
    expect(y).toBeCloseTo([0, 1, -0.5, 0][i])
  })
  side.simulated[0].ys.forEach((y, i) => {
    expect(y).toBeCloseTo([0, 0, Math.sqrt(3) / 2, 1][i])
  })
  for (const panel of [plane, side]) {
    expect(panel).toMatchObject({ hasEqualScales: true, x: { label: expect.stringContaining('(kpc)') } })
    expect(panel.places?.map(({ kind, x, y }) => [kind, x, y])).toEqual([
      ['sun', 0, 0],
      ['galacticCentre', sunInGalaxy.radiusKpc, 0],
    ])
  }
})

test('a patch of the sky across 180 degrees stays in one piece', () => {
  const populations = openPopulations(classes, columns)
  for (const lDeg of [178, 179, 181, 182])
    populations.addSimulated('giant', starOf({ nuisance_lDeg: lDeg, nuisance_bDeg: 0, truth_logDistancePc: 3 }))
  const [sky] = panelsOf(populations, 'populations-sky')
  const [first, ...others] = sky.simulated[0].xs
  expect(others.map(x => x - first).map(Math.round)).toEqual([1, 3, 4])
})

test('without places there is no map, and without any star there is no figure', () => {
  const placeless = openPopulations(
    classes,
    columns.filter(name => !name.startsWith('nuisance')),
  )
  placeless.addSimulated('young', starOf({ jMag: 1, ksMag: 1, truth_logTeffK: 4, truth_logLuminosityLsun: 1 }))
  expect([...placeless.figures('a', 'b').keys()]).toEqual(['populations-hr', 'populations-colours'])
  expect(openPopulations(classes, columns).figures('a', 'b').size).toBe(0)
  expect(() => placeless.addSimulated('dwarf', starOf({}))).toThrow(RangeError)
})

test('an upper limit of a real star is no point', () => {
  const given = [
    { quantity: 'gMag', value: 12, err: 0.1, isLimit: false },
    { quantity: 'w4Mag', value: 8, err: 0.5, isLimit: true },
  ]
  const star = { input: { key: 'a', given }, labels: [], flags: [], saturated: [], isMember: true }
  const group = { name: 'a', title: 'a', cluster: null, surveys: [], reference: '', leftOut: new Map<string, number>() }
  const [value] = realValues([{ ...group, stars: [star] }])
  expect([value('gMag'), value('gMag_err'), value('w4Mag'), value('jMag')]).toEqual([12, 0.1, null, null])
})
