import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { FusionError, Spectrum } from '../../../schemas/index.ts'
import { openSpectra, type SpectrumOptions } from '../../../streams/index.ts'

const folder = join(import.meta.dirname, '..', '..', 'fixtures', 'spectra')

export const spectrumFixture = (name: string) => join(folder, name)

/** Inflated. */
export function spectrumBytes(name: string): Buffer {
  const bytes = readFileSync(spectrumFixture(name))
  return name.endsWith('.gz') ? gunzipSync(bytes) : bytes
}

/** What astropy reads in the files beside it. */
export interface GoldenSpectrum {
  readonly source: string
  readonly segments?: readonly {
    readonly name: string
    readonly wavelengths: readonly number[]
    readonly fluxes: readonly (number | null)[]
    /** Inverse variances, or 1-sigma errors where the survey gives those. */
    readonly noise: readonly (number | null)[]
    readonly masks: readonly (readonly number[])[]
  }[]
  readonly bands?: readonly {
    readonly name: string
    readonly coefficients: readonly number[]
    readonly errors: readonly number[]
    readonly correlations: readonly number[]
  }[]
}

export const goldenSpectra: Readonly<Record<string, readonly GoldenSpectrum[]>> = JSON.parse(
  readFileSync(spectrumFixture('spectra.json'), 'utf8'),
)

export interface ReadSpectra {
  readonly survey: string
  readonly product: string
  readonly format: string
  readonly spectra: readonly Spectrum[]
  readonly errors: readonly FusionError[]
}

export async function readSpectra(path: string, options: SpectrumOptions = {}): Promise<ReadSpectra> {
  const file = await openSpectra(path, options)
  const spectra: Spectrum[] = []
  const errors: FusionError[] = []
  try {
    for await (const outcome of file.spectra()) {
      if (outcome.kind === 'spectrum') spectra.push(outcome.spectrum)
      else errors.push(outcome.error)
    }
  } finally {
    await file.close()
  }
  return { survey: file.survey, product: file.product, format: file.format, spectra, errors }
}
