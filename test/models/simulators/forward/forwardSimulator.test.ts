import { expect, test } from 'vitest'
import { checkForwardRecipe } from '../../../../models/simulators/forwardRecipe.ts'
import { openSimulator } from '../../../../models/simulators/openSimulator.ts'
import { column, type Simulation } from '../../../../models/simulators/simulator.ts'
import { isQuantity, quantity } from '../../../../schemas/index.ts'

const open = (components: readonly object[], more: object = {}) =>
  openSimulator(checkForwardRecipe({ name: 'mine', components, ...more }, () => 'mine.yaml'))

const allSurveys = { surveys: ['gaiaDr3', 'twoMass', 'allWise', 'irac', 'mips24', 'panStarrs', 'sdss'] }
const mixture = open(
  [
    { kind: 'milkyWay', share: 0.4, region: { lDeg: 353, bDeg: 17, radiusDeg: 4 }, limit: { band: 'gMag', mag: 17 } },
    { kind: 'association', share: 0.3 },
    { kind: 'youngField', share: 0.3 },
  ],
  allSurveys,
)
const drawn = mixture.draw({ seed: 5, first: 0, count: 3000 })

const cluster = (ageMyr: number, more: object = {}) => ({ kind: 'cluster', distancePc: 135, ageMyr, ...more })
const median = (values: Iterable<number>) => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1]
}
const seenValues = (of: Simulation, name: string) =>
  [...column(of.observables, name)].filter((_, i) => column(of.presence, name)[i] === 1)

test('in 3000 stars of all kinds there is no NaN, and nothing measured lies outside the vocabulary', () => {
  const faults: string[] = []
  for (const columns of [drawn.parameters, drawn.derived, drawn.nuisances, drawn.truths, drawn.errors])
    for (const [name, values] of columns) if (!values.every(Number.isFinite)) faults.push(`${name} is no number`)
  for (const [name, presence] of drawn.presence) {
    const { min, max } = isQuantity(name) ? quantity(name) : { min: -10, max: 35 }
    presence.forEach((isSeen, i) => {
      const value = column(drawn.observables, name)[i]
      const error = column(drawn.errors, name)[i]
      if (isSeen === 1 ? !(value >= min && value <= max && error > 0) : value !== 0 || error !== 0)
        faults.push(`${name} ${value} +- ${error}`)
    })
  }
  expect(faults).toEqual([])
})

test('every star is seen by a survey, and its class follows from its age and phase', () => {
  const flags = [...drawn.presence.values()]
  for (let i = 0; i < drawn.count; i++) {
    expect(flags.some(presence => presence[i] === 1)).toBe(true)
    const isGiant = column(drawn.nuisances, 'phase')[i] >= 2
    const isYoung = column(drawn.parameters, 'logAgeYr')[i] < 8
    const name = mixture.classes[drawn.classIndex[i]]
    expect(name === 'giant').toBe(isGiant)
    if (!isGiant) expect(name.startsWith('young')).toBe(isYoung)
  }
})

test('star i is the same in any split into batches', () => {
  const part = mixture.draw({ seed: 5, first: 700, count: 50 })
  for (const name of ['gMag', 'ksMag', 'parallaxMas'])
    expect([...column(part.observables, name)]).toEqual([...column(drawn.observables, name).slice(700, 750)])
  expect([...part.classIndex]).toEqual([...drawn.classIndex.slice(700, 750)])
})

test('a star without a place does not take the sky of the star before it', () => {
  // Each of 200 stars drawn as the first of its batch, with all that surveys made of it.
  for (let i = 0; i < 200; i++) {
    const alone = mixture.draw({ seed: 5, first: i, count: 1 })
    for (const [name, values] of alone.observables) {
      expect(values[0], `${name} of star ${i}`).toBe(column(drawn.observables, name)[i])
      expect(column(alone.errors, name)[0]).toBe(column(drawn.errors, name)[i])
    }
  }
})

test('components have their shares', () => {
  const counts = [0, 0, 0]
  for (const c of column(drawn.nuisances, 'component'))
    counts[c]++
    // Binomial, 3000 stars: 4.5 sigma are 0.04, a false alarm once in 10^5.
  ;[0.4, 0.3, 0.3].forEach((share, c) => {
    expect(Math.abs(counts[c] / 3000 - share)).toBeLessThan(0.04)
  })
  expect(mixture.classPrior.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9)
})

test('only stars with a place on the sky have one, and a motion', () => {
  const hasPlace = drawn.defined?.get('lDeg') ?? new Uint8Array(0)
  for (let i = 0; i < drawn.count; i++) {
    expect(hasPlace[i]).toBe(column(drawn.nuisances, 'component')[i] === 2 ? 0 : 1)
    if (hasPlace[i] === 0) expect(column(drawn.presence, 'pmDecMasPerYr')[i]).toBe(0)
  }
})

test('the Sun behind no dust at 10 pc has the colours of the Sun', () => {
  const sun = open([cluster(4570, { distancePc: 10, isMultiple: false })], {
    tracks: 'parsec12',
    atmospheres: 'phoenix',
  })
  const stars = sun.draw({ seed: 1, first: 0, count: 12_000 })
  const near = [...column(stars.parameters, 'logMassMsun')].flatMap((logMass, i) =>
    Math.abs(logMass) < 0.01 ? [i] : [],
  )
  expect(near.length).toBeGreaterThan(40)
  const truth = (name: string) => median(near.map(i => column(stars.truths, name)[i]))
  // Casagrande & VandenBerg 2018, MNRAS 479, L102: M_G 4.67, BP - RP 0.818; masses within 2% of the Sun's.
  expect(Math.abs(truth('gMag') - 4.67)).toBeLessThan(0.1)
  expect(Math.abs(truth('bpMag') - truth('rpMag') - 0.818)).toBeLessThan(0.02)
})

test('dust dims and reddens by the law: A_G about 0.84 and A_J about 0.28 of A_V for a star like the Sun', () => {
  const recipe = { tracks: 'parsec12', atmospheres: 'kurucz', extinction: { laws: 'g23', rv: 3.1 } }
  const at = (avMag: number) =>
    open([cluster(4570, { avMag, isMultiple: false })], { ...recipe, missing: 'natural' }).draw({
      seed: 2,
      first: 0,
      count: 4000,
    })
  const [clear, dusty] = [at(0), at(1)]
  const solar = (of: Simulation, name: string) =>
    median(
      [...column(of.parameters, 'logTeffK')].flatMap((t, i) =>
        Math.abs(t - 3.7614) < 0.004 ? [column(of.truths, name)[i]] : [],
      ),
    )
  // dust_extinction 1.7 on ATLAS9, 5750 K, A_V 1: 0.837, 0.276; the medians of the two samples scatter by 0.02.
  expect(Math.abs(solar(dusty, 'gMag') - solar(clear, 'gMag') - 0.837)).toBeLessThan(0.05)
  expect(Math.abs(solar(dusty, 'jMag') - solar(clear, 'jMag') - 0.276)).toBeLessThan(0.05)
})

test('disks shine in the infrared only, and companions brighten', () => {
  const bare = open([cluster(2, { diskFraction: 0, isMultiple: false })])
  const disks = open([cluster(2, { diskFraction: 1, isMultiple: false })])
  const pairs = open([cluster(2, { diskFraction: 0 })])
  const colourOf = (of: Simulation, a: string, b: string) =>
    median([...column(of.truths, a)].map((x, i) => x - column(of.truths, b)[i]))
  const draw = (simulator: typeof bare) => simulator.draw({ seed: 3, first: 0, count: 2000 })
  const [without, disk, pair] = [bare, disks, pairs].map(draw)
  expect(colourOf(disk, 'w1Mag', 'w4Mag') - colourOf(without, 'w1Mag', 'w4Mag')).toBeGreaterThan(3)
  expect(Math.abs(colourOf(disk, 'gMag', 'rpMag') - colourOf(without, 'gMag', 'rpMag'))).toBeLessThan(0.02)
  const ratios = [...column(pair.nuisances, 'companionRatio')]
  expect(ratios.filter(ratio => ratio > 0).length / ratios.length).toBeGreaterThan(0.15)
  const boost = [...column(pair.truths, 'ksMag')].filter((_, i) => ratios[i] > 0.9)
  expect(boost.length).toBeGreaterThan(10)
})

test.each([
  ['none', 1, 1],
  ['random50', 0.4, 0.53],
  ['natural', 0.85, 0.999],
  ['patterns', 0.6, 0.95],
] as const)('missing: %s leaves a share between %d and %d measured', (missing, least, most) => {
  const stars = open([cluster(100)], { missing, surveys: ['gaiaDr3', 'twoMass'] }).draw({
    seed: 1,
    first: 0,
    count: 600,
  })
  const names = ['parallaxMas', 'gMag', 'bpMag', 'rpMag', 'jMag', 'hMag', 'ksMag']
  const share = names.reduce((sum, name) => sum + seenValues(stars, name).length, 0) / (600 * names.length)
  expect(share).toBeGreaterThanOrEqual(least)
  expect(share).toBeLessThanOrEqual(most)
})

test('limits stand where the survey looked and measured nothing, and change nothing that was measured', () => {
  const components = [cluster(100, { distancePc: { log: [300, 1500] } })]
  const request = { seed: 4, first: 0, count: 3000 }
  const surveys = ['gaiaDr3', 'twoMass', 'allWise', 'irac', 'panStarrs', 'sdss']
  const simulator = open(components, { surveys })
  const stars = simulator.draw(request)
  const bare = open(components, { surveys, limits: false }).draw(request)
  expect(bare).toEqual({ ...stars, limits: new Map() })
  // Pan-STARRS leaves a faint star out, SDSS measures it all the same, Gaia has no limits.
  const limited = ['jMag', 'hMag', 'ksMag', 'w1Mag', 'w2Mag', 'w3Mag', 'w4Mag']
  const irac = ['irac1Mag', 'irac2Mag', 'irac3Mag', 'irac4Mag']
  expect([simulator.limited, [...(stars.limits?.keys() ?? [])]]).toEqual([
    [...limited, ...irac],
    [...limited, ...irac],
  ])
  for (const [name, { values, presence }] of stars.limits ?? []) {
    const seen = column(stars.presence, name)
    presence.forEach((isLimit, i) => {
      expect(isLimit + seen[i]).toBeLessThan(2)
      if (isLimit === 0) expect(values[i]).toBe(0)
    })
  }
  const w3 = stars.limits?.get('w3Mag') ?? { values: [], presence: [] }
  const wrong = [...w3.presence].filter((is, i) => is === 1 && w3.values[i] > column(stars.truths, 'w3Mag')[i]).length
  const count = [...w3.presence].filter(is => is === 1).length
  expect(count).toBeGreaterThan(1000)
  // Two sigma are 2.3% of them, fewer where the star lies far below: 4% is more than five sigma above.
  expect(wrong / count).toBeLessThan(0.04)
})

test.each(['none', 'random50'] as const)('missing: %s leaves no limits, since every star was measured', missing => {
  const simulator = open([cluster(100)], { missing })
  expect([simulator.limited, simulator.draw({ seed: 1, first: 0, count: 50 }).limits?.size]).toEqual([[], 0])
})

test('Pleiades-like stars lie where the Pleiades do', () => {
  const stars = open([cluster(112, { distancePc: { normal: [135, 3] }, avMag: 0.12 })]).draw({
    seed: 1,
    first: 0,
    count: 4000,
  })
  const [bp, rp, g] = ['bpMag', 'rpMag', 'gMag'].map(name => column(stars.truths, name))
  // Six Pleiades of Gaia DR3 with BP - RP 0.95 to 1.05 have a median G of 11.14 (ops/demo), which scatters by 0.15.
  const at = median([...g].filter((_, i) => Math.abs(bp[i] - rp[i] - 1) < 0.05))
  expect(Math.abs(at - 11.14)).toBeLessThan(0.4)
})

test('a component without a star that is seen is refused in one sentence', () => {
  // Older than any track.
  const simulator = open([cluster(14_000)])
  const draw = () => simulator.draw({ seed: 1, first: 0, count: 1 })
  expect(draw).toThrow(/^Of 100000 stars of components\[0\] \(cluster\) of the recipe mine its surveys see none/)
  expect(draw).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
})
