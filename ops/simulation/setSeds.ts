// Spectra of the eighteen sets of young stellar objects, drawn over their whole ranges, in shares of the bare star's light.
import {
  binWidthsUm,
  createRng,
  createYsoSed,
  createYsoSeds,
  drawYso,
  type ModelSet,
  modelSets,
  planck,
  sedWavelengthsUm,
  starLuminosity,
  type Yso,
} from '../../models/index.ts'
import { quantileOf } from '../figures/density.ts'

const PURPOSE = 0x5ed5
/** More objects than a set may be asked for, so that none is drawn in two sets and a set goes on where a smaller one ended. */
const STREAMS_PER_SET = 65_536
const SHOWN_UM = { low: 0.1, high: 1000 } as const
/** Stands for no light, which has no logarithm. */
export const DARK_DEX = -30

const first = sedWavelengthsUm.findIndex(um => um >= SHOWN_UM.low)
const beyond = sedWavelengthsUm.findIndex(um => um > SHOWN_UM.high)
/** Those of the grids from 0.1 to 1000 micron. */
export const shownWavelengthsUm: Float64Array = sedWavelengthsUm.slice(first, beyond)

/** All on `shownWavelengthsUm`: log10 of lambda F_lambda over the flux of the bare star, all its wavelengths together. */
export interface SetSeds {
  readonly set: ModelSet
  /** As many as there are spectra, in their order. */
  readonly objects: readonly Yso[]
  readonly seds: readonly Float64Array[]
  readonly median: Float64Array
  /** 16th and 84th percentile at each wavelength. */
  readonly low: Float64Array
  readonly high: Float64Array
}

/**
 * One set after the other. Object i of a set is the same however many are asked for.
 *
 * @param countPerSet 1 to 65,536
 * @param apertureAu radius of the one aperture
 * @param onSed hears how many spectra there are, after each, and is waited for
 * @throws RangeError when the count is not such a number
 */
export async function* drawSetSeds(
  seed: number,
  countPerSet: number,
  apertureAu: number,
  onSed: (done: number) => Promise<void> | undefined,
): AsyncGenerator<SetSeds> {
  if (!(Number.isInteger(countPerSet) && countPerSet >= 1 && countPerSet <= STREAMS_PER_SET))
    throw new RangeError(`drawSetSeds: ${countPerSet} objects of a set`)
  const rng = createRng(seed, PURPOSE)
  const renderer = createYsoSeds()
  const view = createYsoSed([apertureAu])
  for (const [s, set] of modelSets.entries()) {
    const objects = Array.from({ length: countPerSet }, (_, i) => {
      rng.seek(s * STREAMS_PER_SET + i)
      return drawYso(set, rng)
    })
    const seds: Float64Array[] = []
    for (const yso of objects) {
      renderer.place(yso)
      renderer.see(yso.inclinationDeg, view)
      const bare = sedWavelengthsUm.map(um => planck(um, yso.starTeffK))
      const whole = bare.reduce((sum, light, k) => sum + light * binWidthsUm[k], 0)
      const luminosity = starLuminosity(yso)
      const sed = shownWavelengthsUm.map((um, k) => {
        const at = first + k
        const star = (bare[at] / whole) * (Math.exp(-view.starDepth[at]) + view.scattered[at])
        const share = um * (star + view.thermal[at] / luminosity)
        return share > 0 ? Math.max(DARK_DEX, Math.log10(share)) : DARK_DEX
      })
      seds.push(sed)
      await onSed(s * countPerSet + seds.length)
    }
    const level = (share: number) =>
      shownWavelengthsUm.map((_, k) => quantileOf(Float64Array.from(seds, sed => sed[k]).sort(), share))
    yield { set, objects, seds, median: level(0.5), low: level(0.16), high: level(0.84) }
  }
}

const envelopeWords: Readonly<Record<string, string>> = { p: 'power-law envelope', u: 'Ulrich envelope' }

/** What a set is made of beside its star; the medium around each envelope is not told. */
export function partsOfSet(set: ModelSet): string {
  const [, disk, envelope, cavity, inner, ambient] = set
  const parts = [
    ...(disk === 'p' ? ['disk'] : []),
    ...(envelope === '-' ? [] : [envelopeWords[envelope]]),
    ...(cavity === 'b' ? ['cavities'] : []),
    ...(inner === 'h' ? ['inner hole'] : []),
    ...(ambient === 'm' && envelope === '-' ? ['medium'] : []),
  ]
  return parts.length === 0 ? 'star alone' : parts.join(', ')
}
