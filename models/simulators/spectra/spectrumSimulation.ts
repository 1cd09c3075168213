// A star -> the spectrum that BOSS, LAMOST or APOGEE would deliver of it.
import type { SpectrumSegment } from '../../../schemas/index.ts'
import type { Rng } from '../../math/rng.ts'
import { builtInTemplates, type SpectralTemplates } from './spectralTemplates.ts'
import { pixelLog10Step, type SpectrographName, spectrographs } from './spectrographFacts.ts'
import { createSpectrumNoise, type ObservedSpectrum, type SpectrumNight } from './spectrumNoise.ts'
import { createStarSpectra, type SpectralStar } from './stellarSpectrum.ts'

export interface SpectrumSimulation {
  /** [P] Angstrom in vacuum. */
  readonly angstrom: Float64Array
  /** [P] of the last star that was observed, without noise, 1e-17 erg/s/cm2/Angstrom. */
  readonly truth: Float64Array
  /**
   * @returns undefined where there is no spectrum: outside the templates, and what `StarSpectra` and `SpectrumNoise` refuse
   * @throws RangeError on an emission line whose width is not above zero
   */
  observe(star: SpectralStar, night: SpectrumNight, rng: Rng): ObservedSpectrum | undefined
}

export interface SpectrumSimulationOptions {
  /** A name of `extinctionLawNames`. Default g23. */
  readonly law?: string
  /** In place of the built-in ones, which all simulations share. */
  readonly templates?: SpectralTemplates | undefined
}

/** What can be trusted in these spectra, and what cannot: docs/simulated-spectra.md. */
export function createSpectrumSimulation(
  name: SpectrographName,
  { law = 'g23', templates = builtInTemplates() }: SpectrumSimulationOptions = {},
): SpectrumSimulation {
  const spectra = createStarSpectra(name, templates, law)
  const noise = createSpectrumNoise(spectrographs[name], spectra.angstrom)
  const truth = new Float64Array(spectra.angstrom.length)
  return {
    angstrom: spectra.angstrom,
    truth,
    observe: (star, night, rng) => (spectra.fluxInto(star, truth) ? noise.observe(truth, night, rng) : undefined),
  }
}

/** An observed spectrum as the pixels of a `Spectrum`, in numbers of its own; files with two masks tell the bits of all exposures and of any. */
export function segmentOfSimulated(name: SpectrographName, observed: ObservedSpectrum): SpectrumSegment {
  const facts = spectrographs[name]
  const { firstLog10, fluxUnit, fluxScale, brightSkyBit, noDataBit, air, masks } = facts
  const ivars = Array.from(observed.ivars)
  const bitNames = [brightSkyBit, noDataBit, air?.bit ?? null].filter(bit => bit !== null)
  return {
    name: 'sum',
    medium: 'vacuum',
    wavelengthUnit: 'Angstrom',
    wavelengthScale: 'log10',
    wavelengths: [],
    wavelengthLaw: { start: firstLog10, step: pixelLog10Step(facts) },
    fluxUnit,
    fluxScale,
    fluxes: Array.from(observed.fluxes),
    ivars,
    masks: masks.map(mask => ({ name: mask, bits: Array.from(observed.masks), bitNames })),
    signalToNoise: null,
    badPixelCount: ivars.filter(ivar => ivar === 0).length,
    missingPixelCount: 0,
  }
}
