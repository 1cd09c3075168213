import { expect, test } from 'vitest'
import { createRng } from '../../../../models/math/rng.ts'
import { spectrographNames } from '../../../../models/simulators/spectra/spectrographFacts.ts'
import {
  createSpectrumSimulation,
  type SpectrumSimulation,
  segmentOfSimulated,
} from '../../../../models/simulators/spectra/spectrumSimulation.ts'
import { plainStar } from '../../../../models/simulators/spectra/stellarSpectrum.ts'
import { segmentWavelengths } from '../../../../streams/spectra/spectrumSegment.ts'

const star = {
  ...plainStar,
  family: 'btSettl',
  teffK: 3900,
  loggDex: 4,
  fehDex: 0,
  radiusRsun: 1.5,
  distancePc: 140,
  avMag: 1.2,
  rv: 3.1,
  vsiniKmPerS: 15,
  lithiumEwAngstrom: 0.5,
  veil: { ratio: 0.4, temperatureK: 8000 },
  emission: [{ line: 'hAlpha', ewAngstrom: 30, fwhmKmPerS: 200 }],
} as const
const night = { signalToNoise: 25, skyRatio: 0.3, errorRatio: 1 }

function bytesOf(simulation: SpectrumSimulation, seed: number): string {
  const observed = simulation.observe(star, night, createRng(seed))
  if (observed === undefined) throw new Error('no spectrum')
  const { fluxes, ivars, masks } = observed
  return [fluxes, ivars, masks].map(one => Buffer.from(one.buffer).toString('base64')).join()
}

for (const name of spectrographNames) {
  const simulation = createSpectrumSimulation(name)

  test(`${name}: the same seed gives the same bytes, after other stars and from another simulation`, () => {
    const first = bytesOf(simulation, 4)
    simulation.observe({ ...star, teffK: 5000 }, night, createRng(9))
    expect(bytesOf(simulation, 4)).toBe(first)
    expect(bytesOf(createSpectrumSimulation(name), 4)).toBe(first)
    expect(bytesOf(simulation, 5)).not.toBe(first)
  })

  test(`${name}: an observed spectrum is a segment as readers make them`, () => {
    const observed = simulation.observe(star, night, createRng(4))
    if (observed === undefined) throw new Error('no spectrum')
    const segment = segmentOfSimulated(name, observed)
    const wavelengths = segmentWavelengths(segment)
    expect(wavelengths).toHaveLength(segment.fluxes.length)
    wavelengths.forEach((one, p) => {
      expect(one / simulation.angstrom[p]).toBeCloseTo(1, 10)
    })
    expect(segment.fluxes.every(flux => flux !== null && Number.isFinite(flux))).toBe(true)
    expect(segment.badPixelCount).toBe(segment.ivars.filter(ivar => ivar === 0).length)
    expect(segment.masks.every(mask => mask.bits.length === wavelengths.length)).toBe(true)
    expect(segment.masks.map(mask => mask.name)).toEqual(name === 'apogee' ? ['pixel'] : ['and', 'or'])
    expect(segment.fluxScale).toBe(name === 'lamostLrs' ? 'relative' : 'absolute')
  })

  test(`${name}: a star beyond the templates has no spectrum`, () => {
    expect(simulation.observe({ ...star, teffK: 2000 }, night, createRng(4))).toBeUndefined()
  })
}
