import { expect, test } from 'vitest'
import { type ContaminantKind, contaminantFacts } from '../../../../models/simulators/contaminants/contaminantFacts.ts'
import { createContaminants } from '../../../../models/simulators/contaminants/contaminants.ts'
import { checkForwardRecipe } from '../../../../models/simulators/forwardRecipe.ts'
import { avBetween, galaxiaDust } from '../../../../models/simulators/galaxy/dustDisk.ts'
import { openSimulator } from '../../../../models/simulators/openSimulator.ts'
import { passbandIndices } from '../../../../models/simulators/photosphere/passbands.ts'
import { createSyntheticPhotometry } from '../../../../models/simulators/photosphere/syntheticPhotometry.ts'
import { contaminantKinds } from '../../../../models/simulators/recipeNames.ts'
import { column, type Simulation } from '../../../../models/simulators/simulator.ts'

const open = (components: readonly object[], more: object = {}) =>
  openSimulator(checkForwardRecipe({ name: 'mine', components, ...more }, () => 'mine.yaml'))
const mixture = open([
  { kind: 'contaminants', share: 0.6 },
  { kind: 'youngField', share: 0.4 },
])
const drawn = mixture.draw({ seed: 5, first: 0, count: 1500 })
const classOf = (i: number, of: Simulation = drawn) => mixture.classes[of.classIndex[i]]
const stars = Array.from({ length: drawn.count }, (_, i) => i)
const isDefined = (name: string, i: number) => drawn.defined?.get(name)?.[i] === 1
const isOutside = (name: string) => name === 'galaxy' || name === 'agn'
const numberColumn = (kind: ContaminantKind, name: string) => kind + name[0].toUpperCase() + name.slice(1)

test('the kinds that a recipe may give come after the classes of stars, in their shares', () => {
  expect(mixture.classes).toEqual(['youngDisk', 'youngDiskless', 'mainSequence', 'giant', ...contaminantKinds])
  expect(open([{ kind: 'youngField' }]).classes).toHaveLength(4)
  const nuclei = open([{ kind: 'contaminants', parts: { beStar: 0.5, agn: 0.5, galaxy: 0 } }])
  expect(nuclei.classes.slice(4)).toEqual(['agn', 'beStar'])
  expect(nuclei.classPrior).toHaveLength(6)
  expect(nuclei.classPrior[4] + nuclei.classPrior[5]).toBeCloseTo(1, 9)
  // Binomial, 1500 stars: a kind has 0.1 of them, 4.5 sigma are 0.035.
  for (const kind of contaminantKinds) {
    const share = stars.filter(i => classOf(i) === kind).length / stars.length
    expect(Math.abs(share - 0.1), kind).toBeLessThan(0.035)
  }
  // The prior over classes draws 20,000 spectra.
}, 400_000)

test('nothing has a number that it cannot have, and each has its own', () => {
  const faults: string[] = []
  const expectDefined = (i: number, name: string, wanted: boolean) => {
    if (isDefined(name, i) !== wanted) faults.push(`${name} of ${classOf(i)} is ${wanted ? 'missing' : 'there'}`)
  }
  for (const i of stars) {
    const name = classOf(i)
    const kind = contaminantKinds.find(one => one === name)
    for (const one of ['logAgeYr', 'logMassMsun', 'fehDex', 'family', 'companionRatio'])
      expectDefined(i, one, kind === undefined)
    for (const one of ['avMag', 'law', 'rv', 'component', 'gMag', 'w4Mag']) {
      if (one !== 'component') expectDefined(i, one, true)
    }
    expectDefined(i, 'lDeg', kind !== undefined)
    expectDefined(i, 'logDistancePc', !isOutside(name))
    const isStar = kind === undefined || ['agbOxygen', 'agbCarbon', 'beStar'].includes(kind)
    for (const one of ['logTeffK', 'logLuminosityLsun', 'logRadiusRsun']) expectDefined(i, one, isStar)
    expectDefined(i, 'loggDex', kind === undefined || kind === 'beStar')
    for (const other of contaminantKinds)
      for (const number of contaminantFacts[other].numbers)
        expectDefined(i, numberColumn(other, number.name), other === kind)
  }
  expect([...new Set(faults)]).toEqual([])
  for (const columns of [drawn.parameters, drawn.derived, drawn.nuisances, drawn.truths, drawn.errors])
    for (const [name, values] of columns) expect(values.every(Number.isFinite), name).toBe(true)
})

test('drawn numbers lie within their ranges, with their units in the columns', () => {
  for (const kind of contaminantKinds)
    for (const { name, unit, spread } of contaminantFacts[kind].numbers) {
      const fact = mixture.nuisances?.find(one => one.name === numberColumn(kind, name))
      expect(fact).toMatchObject({ unit })
      if (spread.law !== 'linear' && spread.law !== 'log') continue
      for (const i of stars.filter(i => classOf(i) === kind)) {
        const value = column(drawn.nuisances, numberColumn(kind, name))[i]
        expect(value).toBeGreaterThanOrEqual(Math.fround(spread.from))
        expect(value).toBeLessThanOrEqual(Math.fround(spread.to))
      }
    }
})

test('what is seen is the spectrum of those numbers, at that distance, behind that dust', () => {
  const contaminants = createContaminants()
  const photometry = createSyntheticPhotometry()
  const flux = new Float64Array(300)
  const names = ['ksMag', 'w1Mag', 'w3Mag'] as const
  const bands = passbandIndices(names)
  const mags = new Float64Array(bands.length)
  const bare = open([{ kind: 'contaminants', avMag: [0, 5], region: { lDeg: 100, bDeg: 20, radiusDeg: 10 } }], {
    extinction: { laws: 'g23', rv: 3.1 },
  })
  const of = bare.draw({ seed: 3, first: 0, count: 120 })
  for (let i = 0; i < of.count; i++) {
    const kind = contaminantKinds[of.classIndex[i] - 4]
    const [low, high] = [(value: number) => value * (1 - 1e-7), (value: number) => value * (1 + 1e-7)]
    const numbers = Object.fromEntries(
      [...contaminantFacts[kind].numbers, ...(isOutside(kind) ? [{ name: 'w1Mag', spread: undefined }] : [])].map(
        ({ name, spread }) => {
          const value = column(of.nuisances, numberColumn(kind, name))[i]
          // Single precision may lie a hair outside the range.
          if (spread?.law !== 'linear' && spread?.law !== 'log') return [name, value]
          return [name, Math.min(high(spread.to), Math.max(low(spread.from), value))]
        },
      ),
    )
    contaminants.paintInto(kind, numbers, flux)
    expect(photometry.magnitudesBehindDust(flux, column(of.parameters, 'avMag')[i], 3.1, 'g23', bands, mags)).toBe(true)
    const logDistance = of.defined?.get('logDistancePc')?.[i] === 1 ? column(of.parameters, 'logDistancePc')[i] : 1
    names.forEach((name, b) => {
      expect(Math.abs(column(of.truths, name)[i] - mags[b] - 5 * logDistance + 5), `${kind} ${name}`).toBeLessThan(1e-3)
    })
  }
})

test('stars stand in the Galaxy behind its dust, galaxies behind all of it', () => {
  for (const i of stars.filter(i => classOf(i).startsWith('young') === false)) {
    const [l, b] = ['lDeg', 'bDeg'].map(name => column(drawn.nuisances, name)[i])
    const isFar = isOutside(classOf(i))
    const distancePc = isFar ? 1e6 : 10 ** column(drawn.parameters, 'logDistancePc')[i]
    const expected = avBetween(galaxiaDust, l, b, 0, distancePc / 1000)
    expect(Math.abs(column(drawn.parameters, 'avMag')[i] - expected)).toBeLessThan(0.01 + 0.01 * expected)
    expect(column(drawn.truths, 'parallaxMas')[i]).toBeCloseTo(isFar ? 0 : 1000 / distancePc, 4)
    const motion = Math.hypot(column(drawn.truths, 'pmDecMasPerYr')[i], column(drawn.truths, 'pmRaCosDecMasPerYr')[i])
    if (isFar) expect(motion).toBe(0)
    // Slower than half a thousand km/s.
    else expect(motion * 4.74 * (distancePc / 1000)).toBeLessThan(600)
  }
})

test('star i is the same alone, in any batch, after any other', () => {
  for (let i = 0; i < 60; i++) {
    const alone = mixture.draw({ seed: 5, first: i, count: 1 })
    expect(classOf(0, alone)).toBe(classOf(i))
    for (const group of ['parameters', 'derived', 'nuisances', 'truths', 'observables', 'errors'] as const)
      for (const [name, values] of alone[group]) expect(values[0], name).toBe(column(drawn[group], name)[i])
    for (const [name, flags] of alone.defined ?? []) expect(flags[0], name).toBe(drawn.defined?.get(name)?.[i])
  }
})

test.each([
  [{ avMag: 'much' }, 'components[0].avMag'],
  [{ distancePc: [500, 100] }, "'components[0].distancePc' is reversed, 500 to 100"],
  [{ parts: { star: 1 } }, 'which is none of agbOxygen'],
])('a recipe with %o is refused in one sentence', (more, sentence) => {
  expect(() => open([{ kind: 'contaminants', ...more }])).toThrow(sentence)
})
