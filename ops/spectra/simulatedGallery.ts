// A few stars to show what simulated spectra look like, from quiet to young.
import {
  createRng,
  createSpectrumSimulation,
  plainStar,
  type SpectralStar,
  type SpectralTemplates,
  type SpectrographName,
  spectrographs,
} from '../../models/index.ts'
import type { FluxPanel } from '../figures/spectrumPlot.ts'

export interface GalleryStar {
  readonly heading: string
  readonly star: SpectralStar
}

const seen = { ...plainStar, fehDex: 0, distancePc: 140, rv: 3.1, avMag: 0 } as const

export const galleryStars: readonly GalleryStar[] = [
  {
    heading: 'A0 dwarf, 9600 K, v sin i 150 km/s',
    star: { ...seen, family: 'kurucz', teffK: 9600, loggDex: 4, radiusRsun: 2.2, vsiniKmPerS: 150 },
  },
  {
    heading: 'the Sun, 5777 K, behind A_V 2',
    star: { ...seen, family: 'kurucz', teffK: 5777, loggDex: 4.44, radiusRsun: 1, avMag: 2 },
  },
  {
    heading: 'K giant, 4400 K, log g 2, [Fe/H] \u22120.5',
    star: { ...seen, family: 'kurucz', teffK: 4400, loggDex: 2, fehDex: -0.5, radiusRsun: 15, distancePc: 2000 },
  },
  {
    heading: 'weak-lined T Tauri star, 4400 K, Li 0.5 \u00c5, H\u03b1 3 \u00c5',
    star: {
      ...seen,
      ...{ family: 'btSettl', teffK: 4400, loggDex: 4, radiusRsun: 1.5, avMag: 0.5 },
      ...{ vsiniKmPerS: 25, lithiumEwAngstrom: 0.5 },
      emission: [
        { line: 'hAlpha', ewAngstrom: 3, fwhmKmPerS: 150 },
        { line: 'caK', ewAngstrom: 6, fwhmKmPerS: 80 },
        { line: 'caH', ewAngstrom: 5, fwhmKmPerS: 80 },
      ],
    },
  },
  {
    heading: 'T Tauri star, 3900 K, veiled as bright as itself, H\u03b1 60 \u00c5',
    star: {
      ...seen,
      ...{ family: 'btSettl', teffK: 3900, loggDex: 3.8, radiusRsun: 1.8, avMag: 1 },
      ...{ vsiniKmPerS: 15, lithiumEwAngstrom: 0.55, veil: { ratio: 1, temperatureK: 8000 } },
      warmDust: { ratio: 0.8, temperatureK: 1500 },
      emission: [
        { line: 'hAlpha', ewAngstrom: 60, fwhmKmPerS: 250 },
        { line: 'hBeta', ewAngstrom: 15, fwhmKmPerS: 220 },
        { line: 'hGamma', ewAngstrom: 8, fwhmKmPerS: 200 },
        { line: 'caK', ewAngstrom: 20, fwhmKmPerS: 120 },
        { line: 'caH', ewAngstrom: 16, fwhmKmPerS: 120 },
        { line: 'ca8498', ewAngstrom: 6, fwhmKmPerS: 120 },
        { line: 'ca8542', ewAngstrom: 7, fwhmKmPerS: 120 },
        { line: 'ca8662', ewAngstrom: 6, fwhmKmPerS: 120 },
        { line: 'oi6300', ewAngstrom: 1, fwhmKmPerS: 100 },
        { line: 'br11', ewAngstrom: 1.2, fwhmKmPerS: 200 },
        { line: 'br12', ewAngstrom: 1, fwhmKmPerS: 200 },
        { line: 'br13', ewAngstrom: 0.8, fwhmKmPerS: 200 },
      ],
    },
  },
  {
    heading: 'young M dwarf, 3200 K, H\u03b1 8 \u00c5',
    star: {
      ...seen,
      ...{ family: 'btSettl', teffK: 3200, loggDex: 4.3, radiusRsun: 0.7, vsiniKmPerS: 20 },
      emission: [{ line: 'hAlpha', ewAngstrom: 8, fwhmKmPerS: 100 }],
    },
  },
]

/** One panel a star, each from a stream of its own; none of a star outside the templates. */
export function galleryPanels(
  name: SpectrographName,
  stars: readonly GalleryStar[],
  signalToNoise: number,
  seed: number,
  templates?: SpectralTemplates,
): readonly FluxPanel[] {
  const simulation = createSpectrumSimulation(name, { templates })
  const rng = createRng(seed)
  // What is usual: a fifth of the brightest sky.
  const night = { signalToNoise, skyRatio: 0.2 * spectrographs[name].skyRatio.high, errorRatio: 1 }
  const nm = simulation.angstrom.map(angstrom => angstrom / 10)
  return stars.flatMap(({ heading, star }, i) => {
    rng.seek(i)
    const observed = simulation.observe(star, night, rng)
    if (observed === undefined) return []
    return [{ heading, wavelengthsNm: nm, fluxes: Array.from(observed.fluxes), ivars: Array.from(observed.ivars) }]
  })
}
