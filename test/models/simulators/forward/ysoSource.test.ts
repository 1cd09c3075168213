import { expect, test } from 'vitest'
import { modelSets, parametersOf, type YsoRange, ysoRanges } from '../../../../models/simulators/dust/modelSets.ts'
import { checkForwardRecipe } from '../../../../models/simulators/forwardRecipe.ts'
import { openSimulator } from '../../../../models/simulators/openSimulator.ts'
import { atmosphereFamilies } from '../../../../models/simulators/photosphere/atmosphere.ts'
import { passbandIndices } from '../../../../models/simulators/photosphere/passbands.ts'
import { createSyntheticPhotometry } from '../../../../models/simulators/photosphere/syntheticPhotometry.ts'
import { column, type Simulation } from '../../../../models/simulators/simulator.ts'

const open = (component: object, more: object = {}) =>
  openSimulator(
    checkForwardRecipe({ name: 'mine', components: [{ kind: 'ysoSets', ...component }], ...more }, () => 'mine.yaml'),
  )
const simulator = open({ apertureAu: { log: [100, 1e6] } })
const drawn = simulator.draw({ seed: 5, first: 0, count: 400 })
const stars = Array.from({ length: drawn.count }, (_, i) => i)
const setOf = (i: number) => modelSets[column(drawn.nuisances, 'ysoSet')[i]]
const isDefined = (name: string, i: number) => drawn.defined?.get(name)?.[i] === 1
const columnOf = (name: YsoRange) => `yso${name[0].toUpperCase()}${name.slice(1)}`
const beside = (Object.keys(ysoRanges) as YsoRange[]).filter(name => !name.startsWith('star'))

test('an object has the parameters of its set within their ranges, and no others', () => {
  const faults: string[] = []
  for (const i of stars) {
    const own = parametersOf(setOf(i))
    for (const name of beside) {
      const value = column(drawn.nuisances, columnOf(name))[i]
      const { low, high } = ysoRanges[name]
      if (isDefined(columnOf(name), i) !== own.includes(name)) faults.push(`${setOf(i)}: ${name}`)
      // Single precision may lie a hair outside.
      else if (own.includes(name) && !(value >= low - 1e-6 * Math.abs(low) && value <= high + 1e-6 * Math.abs(high)))
        faults.push(`${name} ${value}`)
    }
    for (const name of ['logAgeYr', 'logMassMsun', 'fehDex', 'loggDex', 'family', 'phase', 'lDeg'])
      if (isDefined(name, i)) faults.push(`${name} is there`)
    for (const name of ['logTeffK', 'logLuminosityLsun', 'logRadiusRsun', 'avMag', 'logDistancePc', 'ysoApertureAu'])
      if (!isDefined(name, i)) faults.push(`${name} is missing`)
    const [teff, radius, luminosity] = [
      column(drawn.parameters, 'logTeffK')[i],
      column(drawn.derived, 'logRadiusRsun')[i],
      column(drawn.parameters, 'logLuminosityLsun')[i],
    ]
    expect(luminosity).toBeCloseTo(2 * radius + 4 * (teff - Math.log10(5772)), 3)
    expect(simulator.classes[drawn.classIndex[i]]).toBe(/^s(p|.[pu])/.test(setOf(i)) ? 'youngDisk' : 'youngDiskless')
  }
  expect([...new Set(faults)]).toEqual([])
  expect(new Set(stars.map(setOf)).size).toBe(modelSets.length)
  const units = new Map(simulator.nuisances?.map(({ name, unit }) => [name, unit]))
  expect(units.get('ysoDiskMassMsun')).toBe('solMass')
  expect(units.get('ysoInclinationDeg')).toBe('deg')
  expect(units.get('ysoEnvelopeDensityGPerCm3')).toBe('g/cm3')
})

test('bare stars are seen from all sides alike, and shine as their photospheres do', () => {
  const bare = open({ sets: ['s---s-i'], avMag: [0, 5] }, { extinction: { laws: 'f99', rv: 3.1 } })
  const of = bare.draw({ seed: 2, first: 0, count: 1500 })
  const cosines = [...column(of.nuisances, 'ysoInclinationDeg')].map(deg => Math.cos((deg * Math.PI) / 180))
  cosines.sort((a, b) => a - b)
  // Kolmogorov-Smirnov: 1.95 / sqrt(n) is passed once in a thousand.
  const distance = Math.max(...cosines.map((cosine, i) => Math.abs(cosine - (i + 0.5) / cosines.length)))
  expect(distance).toBeLessThan(1.95 / Math.sqrt(cosines.length))
  const photometry = createSyntheticPhotometry()
  const names = ['gMag', 'jMag', 'w3Mag'] as const
  const mags = new Float64Array(names.length)
  for (let i = 0; i < 200; i++) {
    const star = {
      family: atmosphereFamilies[column(of.nuisances, 'atmosphere')[i]],
      law: 'f99',
      ...{ loggDex: 4, fehDex: 0, rv: 3.1, avMag: column(of.parameters, 'avMag')[i] },
      teffK: Math.max(2000, 10 ** column(of.parameters, 'logTeffK')[i]),
      radiusRsun: 10 ** column(of.derived, 'logRadiusRsun')[i],
      distancePc: 10 ** column(of.parameters, 'logDistancePc')[i],
    } as const
    expect(photometry.magnitudesInto(star, passbandIndices(names), mags)).toBe(true)
    names.forEach((name, b) => {
      expect(Math.abs(column(of.truths, name)[i] - mags[b]), name).toBeLessThan(2e-3)
    })
  }
})

/** Stars that are the same object in both, the first that was drawn having been seen. */
function sameObjects(one: Simulation, other: Simulation): readonly number[] {
  const luminosities = [one, other].map(of => column(of.parameters, 'logLuminosityLsun'))
  return stars.filter(i => i < one.count && luminosities[0][i] === luminosities[1][i])
}

test('a wider aperture never has less light, and beams widen with the distance', () => {
  const component = { sets: ['spu-smi', 's-u-hmi', 's-pbsmi'], avMag: 2, distancePc: 300 }
  const request = { seed: 4, first: 0, count: 40 }
  const [narrow, wide, beams] = [100, 1e6, 'beams'].map(apertureAu => open({ ...component, apertureAu }).draw(request))
  const same = sameObjects(narrow, wide)
  expect(same.length).toBeGreaterThan(20)
  let gained = 0
  for (const i of same)
    for (const name of ['jMag', 'w3Mag', 'w4Mag']) {
      const gain = column(narrow.truths, name)[i] - column(wide.truths, name)[i]
      expect(gain, name).toBeGreaterThan(-1e-4)
      gained = Math.max(gained, gain)
    }
  expect(gained).toBeGreaterThan(0.5)
  // 6.1 arcsec at 300 pc are 1830 au: between the two.
  const between = sameObjects(narrow, beams).filter(i => same.includes(i))
  expect(between.length).toBeGreaterThan(20)
  for (const i of between) {
    const [least, seen, most] = [wide, beams, narrow].map(of => column(of.truths, 'w4Mag')[i])
    expect(seen).toBeGreaterThan(least - 1e-4)
    expect(seen).toBeLessThan(most + 1e-4)
  }
  expect(open(component).nuisances?.some(({ name }) => name === 'ysoApertureAu')).toBe(false)
})

test('disks and envelopes shine in the infrared, and hide their stars', () => {
  const recipe = { avMag: 0, distancePc: 140 }
  const request = { seed: 6, first: 0, count: 60 }
  const [bare, disks, deep] = [['s---s-i'], ['sp--s-i'], ['spu-smi', 'spubsmi']].map(sets =>
    open({ ...recipe, sets }).draw(request),
  )
  const median = (of: Simulation, a: string, b: string) => {
    const colours = [...column(of.truths, a)].map((mag, i) => mag - column(of.truths, b)[i]).sort((x, y) => x - y)
    return colours[colours.length >> 1]
  }
  expect(median(disks, 'ksMag', 'w4Mag') - median(bare, 'ksMag', 'w4Mag')).toBeGreaterThan(2)
  expect(median(deep, 'ksMag', 'w4Mag') - median(disks, 'ksMag', 'w4Mag')).toBeGreaterThan(1)
  expect(median(deep, 'gMag', 'ksMag') - median(bare, 'gMag', 'ksMag')).toBeGreaterThan(1)
})

test('star i is the same alone, in any batch, after any other', () => {
  for (let i = 0; i < 25; i++) {
    const alone = simulator.draw({ seed: 5, first: i, count: 1 })
    for (const group of ['parameters', 'derived', 'nuisances', 'truths', 'observables', 'errors'] as const)
      for (const [name, values] of alone[group]) expect(values[0], name).toBe(column(drawn[group], name)[i])
    for (const [name, flags] of alone.defined ?? []) expect(flags[0], name).toBe(drawn.defined?.get(name)?.[i])
  }
})

test('an aperture that no model has is refused in one sentence', () => {
  expect(() => open({ apertureAu: 10 })).toThrow("'components[0].apertureAu' is 10; write a number from 100 to 1000000")
})
