import { expect, test } from 'vitest'
import { type FuseEntry, fuseState, PIXELS, pixelsKey, stateKey, WAITING_SPECTRA } from '../../actors/fuseEntry.ts'
import { createSkySource, createSpectrumSource, packPixels } from '../../models/index.ts'
import { encode } from '../../schemas/index.ts'
import { levels, observe } from '../models/matching/simulatedSky.ts'
import { pixelSegment, pixelSpectrum } from './pixelSpectra.ts'
import { xpSpectrum } from './xpSpectra.ts'

const state = fuseState(levels)
const place = { raDeg: 45, decDeg: 12.3 }
const light = {
  ...pixelSpectrum(1, place),
  segments: [],
  extra: {},
  medianSignalToNoise: 20,
  goodPixelCount: 8,
  takesBack: 0n,
}
const star = observe({ survey: 'gaiaDr3', source: '7', ...place, positionErrArcsec: 0.001 })

test('a patch comes back as it was written, with the spectra of its sources and those that are sources', () => {
  const sources = [
    {
      source: createSkySource(
        { ...star, extra: {} },
        levels,
        xpSpectrum('7', 5, { medianSignalToNoise: null, goodPixelCount: 0, takesBack: 0n }),
      ),
      turn: 3n,
    },
    { source: createSpectrumSource(light), turn: 0n },
  ]
  const patch = { region: 5, patch: 9, sources }
  expect(state.decode(state.encode(patch), stateKey(5, 9))).toEqual(patch)
  expect(state.weigh(patch)).toBe(3)
})

test('spectra that wait and pixels have topics of their own, and pixels weigh as much as they are large', () => {
  const pixels = new Uint8Array(encode('pixels', packPixels([pixelSegment(1, 2)])))
  const entries: [string, string, FuseEntry][] = [
    [stateKey(5, 9), 'fuse-changes', { region: 5, patch: 9, sources: [] }],
    [stateKey(5, 'gaiaDr3:7'), WAITING_SPECTRA, { waiting: light }],
    [pixelsKey(5, 'abc'), PIXELS, { pixels }],
  ]
  for (const [key, topic, entry] of entries) {
    expect(state.topicOf(key)).toBe(topic)
    expect(state.decode(state.encode(entry), key)).toEqual(entry)
  }
  // An apVisit is as 200 sources of which 4000 are kept in memory.
  expect(state.weigh({ pixels: new Uint8Array(200_000) })).toBe(200)
  expect(state.maxWeight).toBe(4000)
})
