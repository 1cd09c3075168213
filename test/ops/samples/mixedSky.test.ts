import { expect, test } from 'vitest'
import { drawSky } from '../../../ops/samples/mixedSky.ts'
import { SKY_LIMIT_MAG, skyKinds, skySources } from '../../../ops/samples/skyKinds.ts'
import { skyPrior, skyWeights } from '../../../ops/samples/youthScores.ts'
import { starClasses } from '../../../schemas/index.ts'

const SLOW_MS = 900_000
const sky = (more: object) =>
  drawSky({
    ...{ seed: 5, starCount: 40, hasSpectra: false, keepsAll: false },
    ...{ signal: new AbortController().signal, onProgress: () => {} },
    ...more,
  })
const plainSky = sky({})

test(
  'a star is the same with spectra and without; all have the bands, and shares are those that were declared',
  async () => {
    const [plain, full] = [await plainSky, await sky({ hasSpectra: true })]
    expect(full.shares).toEqual(plain.shares)
    full.stars.forEach(({ input: { spectra, ...seen }, ...star }, k) => {
      const { input, ...other } = plain.stars[k]
      expect(star).toEqual(other)
      expect(seen).toEqual({ key: input.key, given: input.given })
      expect(spectra?.every(({ coefficients }) => coefficients.length === 55)).toBe(true)
    })
    expect(full.stars.filter(({ input }) => (input.spectra ?? []).length > 0).length).toBeGreaterThan(20)
    for (const { input, kind, lDeg, bDeg, distancePc } of plain.stars) {
      const value = (name: string) => input.given.find(({ quantity }) => quantity === name)?.value
      expect(value('gMag')).toBeLessThan(SKY_LIMIT_MAG)
      for (const name of ['parallaxMas', 'ksMag', 'w2Mag']) expect(value(name)).toBeTypeOf('number')
      expect(lDeg >= 0 && lDeg <= 360 && Math.abs(bDeg) <= 90).toBe(true)
      expect(distancePc === null).toBe(['galaxy', 'agn'].includes(kind.name))
    }
    const rare = skySources.filter(({ perMillion }) => perMillion !== null)
    for (const { kinds, perMillion } of rare) {
      const share = kinds.reduce((sum, { name }) => sum + (plain.shares.get(name) ?? 0), 0)
      if (share > 0) expect(1e6 * share).toBeCloseTo(perMillion ?? 0, 6)
    }
  },
  SLOW_MS,
)

test(
  'what is learned from keeps every common star; weights and the prior follow the shares',
  async () => {
    const [some, all] = [await plainSky, await sky({ keepsAll: true })]
    expect(all.stars.length).toBeGreaterThan(some.stars.length)
    expect(all.shares).toEqual(some.shares)
    const weights = skyWeights(all)
    expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(all.stars.length, 6)
    const ofGiants = weights.filter((_, i) => all.stars[i].kind.name === 'giant').reduce((a, b) => a + b, 0)
    // Kinds of which no star was found have no share.
    const known = skyKinds.reduce((sum, { name }) => sum + (all.shares.get(name) ?? 0), 0)
    expect(ofGiants / all.stars.length).toBeCloseTo((all.shares.get('giant') ?? 0) / known, 9)
    const prior = skyPrior(all)
    expect(prior.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
    expect(prior[starClasses.indexOf('giant')]).toBeGreaterThan(0.2)
    expect(prior[starClasses.indexOf('youngDisk')]).toBeLessThan(0.001)
  },
  SLOW_MS,
)
