// A spectrum behind dust -> the magnitudes of observables.
import type { ExtinctionLawName } from '../photosphere/extinctionLaws.ts'
import { createSyntheticPhotometry } from '../photosphere/syntheticPhotometry.ts'
import { bandOfObservable, magnitudePlaces } from './observableBands.ts'

export interface LightPhotometry {
  /**
   * @param flux [300] mean F_lambda in the bins, erg/s/cm2/A, without foreground dust
   * @param truths in the order of `surveyObservables`; only the observables of this photometry are written, NaN where no light is left
   * @returns false where no light is left in any band, or outside the law's R_V and 0 to 100 mag of extinction
   */
  magnitudesInto(
    flux: ArrayLike<number>,
    avMag: number,
    rv: number,
    law: ExtinctionLawName,
    truths: Float64Array,
  ): boolean
}

/** @param observables places in `surveyObservables` of magnitudes; left out: all magnitudes */
export function createLightPhotometry(observables: Int32Array = magnitudePlaces): LightPhotometry {
  const photometry = createSyntheticPhotometry()
  const bands = observables.map(k => bandOfObservable[k])
  const single = Array.from(bands, band => Int32Array.of(band))
  const magnitudes = new Float64Array(bands.length)
  return {
    magnitudesInto(flux, avMag, rv, law, truths) {
      if (photometry.magnitudesBehindDust(flux, avMag, rv, law, bands, magnitudes)) {
        for (let b = 0; b < bands.length; b++) truths[observables[b]] = magnitudes[b]
        return true
      }
      let isSeen = false
      for (let b = 0; b < bands.length; b++) {
        const hasLight = photometry.magnitudesBehindDust(flux, avMag, rv, law, single[b], magnitudes)
        truths[observables[b]] = hasLight ? magnitudes[0] : Number.NaN
        isSeen ||= hasLight
      }
      return isSeen
    },
  }
}
