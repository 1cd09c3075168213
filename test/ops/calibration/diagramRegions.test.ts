import { expect, test } from 'vitest'
import { diagramRegions, regionOf } from '../../../ops/calibration/diagramRegions.ts'

function posterior(teffK: number, loggDex: number) {
  const samples = Float32Array.from([loggDex - 2, loggDex, loggDex + 0.1, 2, Math.log10(teffK), 5])
  return {
    ...{ key: 'a', sampleNames: ['loggDex', 'logTeffK'], samples, classProbabilities: [], classPrior: [] },
    ...{ observables: [], flags: [], familiarity: null, uncorrected: [] },
  }
}

test('every star is in one region of the diagram', () => {
  for (let teffK = 2000; teffK < 30_000; teffK += 137) {
    for (let loggDex = -0.5; loggDex < 6; loggDex += 0.07) {
      expect(diagramRegions.filter(region => region.holds(teffK, loggDex))).toHaveLength(1)
    }
  }
})

test('the region is that of the medians', () => {
  expect(diagramRegions[regionOf(posterior(4500, 2))].name).toContain('giants')
  expect(diagramRegions[regionOf(posterior(9000, 4))].name).toContain('hot')
  expect(diagramRegions[regionOf(posterior(5800, 4.4))].name).toContain('sunlike')
  expect(diagramRegions[regionOf(posterior(3500, 3.9))].name).toContain('raised')
  expect(diagramRegions[regionOf(posterior(3500, 4.9))].name).toContain('cool dwarfs')
})
