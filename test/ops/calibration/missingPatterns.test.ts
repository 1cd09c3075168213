import { expect, test } from 'vitest'
import { modelObservables, modelSpectra, patternPixels, simulatedSpectra } from '../../../models/index.ts'
import {
  commonestPatterns,
  completePattern,
  demoPatterns,
  patternName,
  patternOf,
  patternSimulators,
  patternsNamed,
  pixelPatterns,
  spectraPatterns,
} from '../../../ops/calibration/missingPatterns.ts'
import { drawPatterns } from '../../../ops/calibration/patternDraw.ts'

test('patterns are named by surveys, with what is missing of them', () => {
  expect(patternName(modelObservables)).toBe('complete')
  expect(patternName(['parallaxMas', 'gMag', 'bpMag', 'rpMag'])).toBe('parallax, Gaia')
  expect(patternName(['jMag', 'ksMag', 'w1Mag', 'w2Mag', 'w4Mag'])).toBe('2MASS without hMag, W1 W2, W4')
  expect(patternName([])).toBe('nothing')
})

test('given and missing of a pattern are all observables, each once', () => {
  const { given, missing } = patternOf(['ksMag', 'gMag'], null)
  expect([...given, ...missing].sort()).toEqual([...modelObservables].sort())
  expect(given).toEqual(['gMag', 'ksMag'])
})

test('the commonest patterns come first with their share; order of observables and what the model ignores do not matter', () => {
  const stars = [['gMag'], ['ksMag', 'gMag'], ['gMag', 'ksMag', 'pmDecMasPerYr'], [], ['jMag']]
  const patterns = commonestPatterns(stars, 2)
  expect(patterns.map(({ given, share }) => [given, share])).toEqual([
    [['gMag', 'ksMag'], 0.5],
    [['gMag'], 0.25],
  ])
})

test('complete data and the commonest patterns of missing data in the demo, twenty where there are so many, hold all of its stars', () => {
  const patterns = demoPatterns()
  expect(new Set(patterns.map(({ name }) => name)).size).toBe(19)
  expect(patterns.filter(({ missing }) => missing.length > 0)).toHaveLength(18)
  const share = patterns.reduce((sum, one) => sum + (one.share ?? 0), 0)
  expect(share).toBeGreaterThan(0.99)
  expect(share).toBeLessThanOrEqual(1.001)
  expect(completePattern.missing).toEqual([])
})

test('stars with spectra are named by them, and are made by a simulator that draws spectra', () => {
  const [complete, gaia] = spectraPatterns()
  expect(complete.name).toBe('complete, spectra of BP and RP')
  expect(gaia.name).toBe('parallax, Gaia, spectra of BP and RP')
  expect(gaia.given.slice(-2)).toEqual([...modelSpectra])
  expect(gaia.missing).not.toContain('bpSpectrum')
  const simulatorOf = patternSimulators()
  const drawn = simulatorOf(gaia.given).draw({ seed: 3, first: 0, count: 60 })
  const found = Array.from({ length: drawn.count }, (_, i) => simulatedSpectra(drawn, i).map(({ name }) => name))
  expect(found.some(names => names.length === 2)).toBe(true)
  for (const { coefficients, errors } of simulatedSpectra(
    drawn,
    found.findIndex(names => names.length > 0),
  )) {
    expect(coefficients).toHaveLength(55)
    for (const err of Array.from(errors)) expect(err).toBeGreaterThan(0)
  }
  expect(simulatorOf(['gMag']).lists).toBeUndefined()
})

test('a model that reads spectra with pixels is judged on each alone, each with Gaia and 2MASS, and all with everything', () => {
  const names = pixelPatterns(['bossSpectrum', 'lamostLrsSpectrum']).map(({ name }) => name)
  expect(names).toEqual([
    'spectrum of BOSS alone',
    'parallax, Gaia, 2MASS, spectrum of BOSS',
    'spectrum of LAMOST LRS alone',
    'parallax, Gaia, 2MASS, spectrum of LAMOST LRS',
    'complete, spectra of BP and RP, spectrum of BOSS, spectrum of LAMOST LRS',
  ])
  expect(pixelPatterns([])).toEqual([])
  expect(patternsNamed('Spectrum of', ['bossSpectrum']).map(({ name }) => name)).toEqual([
    ...names.slice(0, 2),
    'complete, spectra of BP and RP, spectrum of BOSS',
  ])
  expect(patternsNamed(undefined, []).length).toBeGreaterThan(20)
  expect(() => patternsNamed('spectrum of', [])).toThrow('is in the name of none of the 22 patterns')
})

test('stars of such patterns have these spectra, and nothing else where they are alone', async () => {
  const patterns = [['bossSpectrum'], ['parallaxMas', 'gMag', 'bpMag', 'rpMag', 'lamostLrsSpectrum'], ['gMag']]
  const drawn = await drawPatterns(patternSimulators()(['gMag']), patterns, {
    ...{ seed: 4, starCount: 5, maxDraws: 4000 },
    signal: new AbortController().signal,
    onProgress: () => {},
  })
  expect(drawn.map(({ given }) => given)).toEqual(patterns)
  for (const { given, pixels, spectra } of drawn[0].inputs) {
    expect([given, spectra]).toEqual([[], undefined])
    expect(pixels?.map(({ survey }) => survey)).toEqual(['boss'])
  }
  for (const { given, pixels } of drawn[1].inputs) {
    expect(given.map(({ quantity }) => quantity)).toEqual(patterns[1].slice(0, 4))
    expect(pixels?.map(({ survey }) => survey)).toEqual(['lamostLrs'])
  }
  for (const { pixels } of drawn[2].inputs) expect(pixels).toBeUndefined()
  const [one] = drawn[0].inputs
  expect(one.pixels).toEqual(one.pixels)
  expect(structuredClone(one)).toEqual({ ...one })
  expect(drawn.slice(0, 2).map(({ inputs }) => inputs.length)).toEqual([5, 5])
  expect(() => patternPixels(['lamostMrsSpectrum'], 1)).toThrow('are not simulated')
})
