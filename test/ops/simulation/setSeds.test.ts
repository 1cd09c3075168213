import { expect, test } from 'vitest'
import { isModelSet, modelSets, type Yso } from '../../../models/index.ts'
import { DARK_DEX, drawSetSeds, partsOfSet, type SetSeds, shownWavelengthsUm } from '../../../ops/simulation/setSeds.ts'

const quiet = () => undefined
const all = (count: number, apertureAu = 1e6, seed = 4) => collect(drawSetSeds(seed, count, apertureAu, quiet))
async function collect(drawing: AsyncIterable<SetSeds>, setCount = 18): Promise<SetSeds[]> {
  const sets: SetSeds[] = []
  for await (const set of drawing) {
    sets.push(set)
    if (sets.length === setCount) break
  }
  return sets
}
const drawn = await all(5)
const setOf = (name: string, sets: readonly SetSeds[] = drawn) => {
  const found = sets.find(({ set }) => set === name)
  if (found === undefined) throw new Error(`no set ${name}`)
  return found
}

const luminosityLsun = ({ starRadiusRsun, starTeffK }: Yso) => starRadiusRsun ** 2 * (starTeffK / 5772) ** 4

/** Of the bare star's light what a spectrum holds, by the trapezoidal rule. */
const shareOf = (sed: Float64Array) =>
  sed.slice(1).reduce((sum, dex, k) => {
    const step = Math.log(shownWavelengthsUm[k + 1] / shownWavelengthsUm[k])
    return sum + (step * (10 ** dex + 10 ** sed[k])) / 2
  }, 0)

test('all eighteen sets, each with as many spectra as asked for, from 0.1 to 1000 micron', () => {
  expect(drawn.map(({ set }) => set)).toEqual(modelSets)
  for (const { seds, objects } of drawn) expect([seds.length, objects.length]).toEqual([5, 5])
  expect(shownWavelengthsUm[0]).toBeGreaterThanOrEqual(0.1)
  expect(shownWavelengthsUm[0]).toBeLessThan(0.107)
  expect(shownWavelengthsUm.at(-1)).toBeGreaterThan(935)
  expect(shownWavelengthsUm.at(-1)).toBeLessThanOrEqual(1000)
})

test('a bare star is a black body: 15 / pi^4 x^4 / (e^x - 1) of its light', () => {
  const { seds, objects } = setOf('s---s-i')
  seds.forEach((sed, i) => {
    shownWavelengthsUm.forEach((um, k) => {
      const x = 14_387.769 / (um * objects[i].starTeffK)
      const expected = Math.log10(((15 / Math.PI ** 4) * x ** 4) / Math.expm1(x))
      if (expected > -6) expect(Math.abs(sed[k] - expected)).toBeLessThan(0.005)
    })
  })
})

test('in a sphere of dust no light is lost, wherever it is seen from', async () => {
  // Of hot stars much lies beyond the short end, of bright ones beyond the aperture.
  const cool = (await collect(drawSetSeds(4, 12, 1e6, quiet), 7))
    .filter(({ set }) => set === 's---smi' || set === 's-p-smi')
    .flatMap(({ seds, objects }) =>
      seds.filter((_, i) => objects[i].starTeffK < 8000 && luminosityLsun(objects[i]) < 100),
    )
  expect(cool.length).toBeGreaterThan(6)
  for (const sed of cool) expect(Math.abs(shareOf(sed) - 1)).toBeLessThan(0.03)
})

test('a smaller aperture holds no more light at any wavelength', async () => {
  const small = await all(1, 300)
  for (const { set, seds } of small) {
    const whole = setOf(set).seds
    seds.forEach((sed, i) => {
      sed.forEach((dex, k) => {
        expect(dex).toBeLessThanOrEqual(whole[i][k] + 1e-9)
      })
    })
  }
})

test('the levels are those of the sorted values at each wavelength', () => {
  for (const { seds, low, median, high } of drawn) {
    for (const k of [0, 40, 90, shownWavelengthsUm.length - 1]) {
      const sorted = seds.map(sed => sed[k]).sort((a, b) => a - b)
      expect(median[k]).toBe(sorted[2])
      // Of five values the 16th percentile lies 0.64 of the way from the first to the second.
      expect(low[k]).toBeCloseTo(sorted[0] + 0.64 * (sorted[1] - sorted[0]), 9)
      expect(high[k]).toBeCloseTo(sorted[4] - 0.64 * (sorted[4] - sorted[3]), 9)
    }
  }
})

test('an object is the same however many are drawn, and another with another seed', async () => {
  const fewer = await all(1)
  for (const { set, seds } of fewer) expect(seds).toEqual(setOf(set).seds.slice(0, 1))
  expect(setOf('spubhmi', await all(1, 1e6, 5)).seds).not.toEqual(setOf('spubhmi').seds.slice(0, 1))
})

test('every spectrum is counted as it comes, and no value is none', async () => {
  const counts: number[] = []
  const sets = await collect(
    drawSetSeds(1, 1, 3000, done => {
      counts.push(done)
      return undefined
    }),
  )
  expect(counts).toEqual(Array.from({ length: 18 }, (_, i) => i + 1))
  for (const { seds } of sets) for (const sed of seds) expect(sed.every(dex => dex >= DARK_DEX && dex < 1)).toBe(true)
  for (const bad of [0, 1.5, 65_537, Number.NaN]) await expect(all(bad)).rejects.toThrow(RangeError)
})

test('the letters of a set in words', () => {
  const words = (name: string) => (isModelSet(name) ? partsOfSet(name) : '')
  expect(words('s---s-i')).toBe('star alone')
  expect(words('s---smi')).toBe('medium')
  expect(words('sp--hmi')).toBe('disk, inner hole, medium')
  expect(words('spubhmi')).toBe('disk, Ulrich envelope, cavities, inner hole')
  expect(words('s-pbsmi')).toBe('power-law envelope, cavities')
  expect(new Set(modelSets.map(partsOfSet)).size).toBe(18)
})
