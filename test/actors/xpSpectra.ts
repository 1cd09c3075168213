// XP spectra of stars whose place is known, for tests of what becomes of them.
import { cellOf } from '../../models/index.ts'
import type { Spectrum } from '../../schemas/index.ts'
import { unknownOrigin } from '../../streams/spectra/spectrumFile.ts'

/** An id of Gaia for a source that lies there; `number` tells those of one cell apart. */
export function gaiaIdAt(raDeg: number, decDeg: number, number: number): string {
  return ((BigInt(cellOf(raDeg, decDeg, 12)) << 35n) | BigInt(number)).toString()
}

const band = (name: string, basis: number, level: number) => ({
  name,
  basis,
  coefficients: Array.from({ length: 55 }, (_, i) => level / (1 + i)),
  errors: Array.from({ length: 55 }, (_, i) => 0.01 + i / 1000),
  correlations: [0.5],
  relevantBases: null,
})

/** Coefficients of the given height, as a file would have them. */
export function xpSpectrum(source: string, level: number, more: Partial<Spectrum> = {}): Spectrum {
  return {
    ...unknownOrigin,
    spectrumId: `${source}/${level}`,
    survey: 'gaiaXp',
    product: 'xpContinuous',
    source,
    segments: [],
    bands: [band('BP', 56, level), band('RP', 57, 2 * level)],
    file: 'xp.csv',
    format: 'csv',
    extension: null,
    row: 1n,
    fileSha256: '',
    extra: { solution_id: '1' },
    revision: 1n,
    ...more,
  }
}
