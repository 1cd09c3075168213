// Bands of spectra as surveys deliver them -> what the network may be told of them.
import type { SpectrumBand, StarSpectrum } from '../../schemas/index.ts'
import type { GivenSpectrum } from '../posterior.ts'
import { BASIS_COUNT } from '../simulators/xp/xpBases.ts'
import type { modelSpectra } from './layout.ts'

interface ReadableBand {
  readonly name: (typeof modelSpectra)[number]
  /** Id of the basis functions that the network was trained on, those of Gaia DR3. */
  readonly basis: number
}

const readable: ReadonlyMap<string, ReadableBand> = new Map([
  ['BP', { name: 'bpSpectrum', basis: 56 }],
  ['RP', { name: 'rpSpectrum', basis: 57 }],
])

/** Bands that the model can be given; one that it cannot read is as good as missing. */
export function givenSpectra(spectra: readonly Pick<StarSpectrum, 'bands'>[]): readonly GivenSpectrum[] {
  return spectra.flatMap(({ bands }) =>
    bands.flatMap(band => {
      const found = readable.get(band.name)
      if (found === undefined || faultOf(band, found) !== null) return []
      return [{ name: found.name, coefficients: band.coefficients, errors: band.errors }]
    }),
  )
}

/** Why the model is not given a band, in words; `null` where it is. */
export function unreadReason(band: SpectrumBand): string | null {
  const found = readable.get(band.name)
  return found === undefined ? `no model reads ${band.name}` : faultOf(band, found)
}

function faultOf({ basis, coefficients, errors }: SpectrumBand, { basis: known }: ReadableBand): string | null {
  if (basis !== null && basis !== known) return `on basis functions ${basis}, and the model reads those of ${known}`
  if (coefficients.length === BASIS_COUNT && errors.length === BASIS_COUNT) return null
  return `${coefficients.length} coefficients, and the model reads ${BASIS_COUNT}`
}
