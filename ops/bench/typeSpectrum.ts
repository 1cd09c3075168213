// A mean spectrum of a spectral type as BOSS would deliver it: a star of which nothing else is known.
import { meanSpectrumAngstrom, type Rng, type StarInput } from '../../models/index.ts'
import type { SpectrumSegment } from '../../schemas/index.ts'

/** Pixels of BOSS to a bin of the means. */
const PIXELS = 3

/** In its own pixels, between the bins linearly, with the noise of photons. */
export function typeSpectrum(type: string, fluxes: Float32Array, signalToNoise: number, rng: Rng): StarInput {
  const count = PIXELS * (fluxes.length - 1)
  const light = Float64Array.from({ length: count }, (_, i) => {
    const [j, part] = [Math.floor(i / PIXELS), (i % PIXELS) / PIXELS]
    return fluxes[j] + part * (fluxes[j + 1] - fluxes[j])
  })
  const errors = light.map(flux => Math.sqrt(Math.max(flux, 0.05)) / signalToNoise)
  const segment: SpectrumSegment = {
    ...{ name: 'coadd', medium: 'vacuum', wavelengthUnit: 'Angstrom', wavelengthScale: 'log10', wavelengthLaw: null },
    wavelengths: Array.from(light, (_, i) => Math.log10(meanSpectrumAngstrom(i / PIXELS))),
    ...{ fluxUnit: '', fluxScale: 'relative', masks: [], signalToNoise, badPixelCount: 0, missingPixelCount: 0 },
    fluxes: Array.from(light, (flux, i) => flux + errors[i] * rng.normal()),
    ivars: Array.from(errors, error => 1 / error ** 2),
  }
  return { key: type, given: [], pixels: [{ survey: 'boss', segments: [segment] }] }
}
