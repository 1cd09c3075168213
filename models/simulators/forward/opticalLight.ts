// The light of a star on Earth as finely as XP needs it: the lines of its photospheres on the shape that the 300 bins give.
import type { AtmosphereFamily } from '../photosphere/atmosphere.ts'
import { type ExtinctionLawName, extinctionLawNames } from '../photosphere/extinctionLaws.ts'
import { BIN_LOG_WIDTH, binCentresUm, binEdgesUm } from '../photosphere/wavelengths.ts'
import {
  createOpticalDust,
  createOpticalPhotospheres,
  LN_W_M2_NM,
  type OpticalDust,
  type OpticalFamily,
} from '../xp/xpStarlight.ts'
import type { Photosphere } from './lightSum.ts'

/** What a source sends, and what lies between it and its observer. */
export interface Light {
  /** [300] mean F_lambda in the bins at 10 pc, before foreground dust, erg/s/cm2/A. */
  readonly flux: ArrayLike<number>
  /** Those in it, for their lines; none where something else shines or their spectra are bent beyond use. */
  readonly photospheres: readonly Photosphere[]
  readonly law: ExtinctionLawName
  readonly avMag: number
  readonly rv: number
  readonly distancePc: number
  /** By how much BP is fainter than the model spectrum. */
  readonly bpDefectMag: number
}

/** Where what reaches the telescope is as it is stated. */
export const REFERENCE_PC = 10

/** Light to be told its way star by star. */
export function createLight(
  flux: ArrayLike<number>,
  photospheres: readonly Photosphere[] = [],
): { -readonly [K in keyof Light]: Light[K] } {
  return { flux, photospheres, law: 'g23', avMag: 0, rv: 3.1, distancePc: REFERENCE_PC, bpDefectMag: 0 }
}

export interface OpticalLight {
  /** 325 to 1100 nm at a resolving power of 250. */
  readonly wavelengthsNm: Float64Array
  /**
   * @param out [wavelengths] receives W/m2/nm; untouched when the answer is false
   * @returns false outside the R_V of the law
   */
  fluxInto(light: Light, out: Float64Array): boolean
}

/** PHOENIX is not at hand as finely; its bins bend the lines of BT-Settl to its own shape. */
const fineFamily: Readonly<Record<AtmosphereFamily, OpticalFamily>> = {
  btSettl: 'btSettl',
  kurucz: 'kurucz',
  phoenix: 'btSettl',
}
/** Abundances of the fine tables. */
const FEH_RANGE_DEX = [-1.5, 0.3] as const
/** A defect of BP goes to zero over this much before the band ends: it is then whole in BP within 0.03 of 0.4 mag, and 0.02 in RP. */
const BP_FADE_NM = 40
const BP_END_NM = 680
/** A bend is a straight line between the middles of bins, and misses a little where it is steep: it is bent again until no bin is off by more. */
const BENT_LN = 0.01
const MAX_BENDS = 8
/** Stands for no light in a logarithm. */
const DARK = 1e-300

/**
 * Where every photosphere has a fine spectrum their sum is bent, by a factor that runs smoothly from bin to bin, until each bin holds the
 * light it has in the sum of all that shines; elsewhere the bins are joined by straight lines in the logarithm.
 *
 * Accuracy: every bin returns within 1%, whatever shines.
 */
export function createOpticalLight(): OpticalLight {
  const photospheres = createOpticalPhotospheres()
  const { wavelengthsNm } = photospheres
  const count = wavelengthsNm.length
  const dusts = new Map<ExtinctionLawName, OpticalDust>(
    extinctionLawNames.map(law => [law, createOpticalDust(law, wavelengthsNm)]),
  )
  const bins = binsOf(wavelengthsNm)
  const bends = new Float64Array(bins.length)
  /** Place of each wavelength among the bins. */
  const places = wavelengthsNm.map(nm => Math.log(nm / 1000 / binCentresUm[bins[0].index]) / BIN_LOG_WIDTH)
  const inBp = wavelengthsNm.map(nm => 0.4 * Math.LN10 * Math.min(1, Math.max(0, (BP_END_NM - nm) / BP_FADE_NM)))
  const one = new Float64Array(count)
  const sum = new Float64Array(count)
  const ln = new Float64Array(count)

  /** The sum of all photospheres in any unit; false where one of them has no fine spectrum. */
  function sumInto(stars: readonly Photosphere[]): boolean {
    sum.fill(0)
    for (const { family, logTeffK, logRadiusRsun, loggDex, fehDex } of stars) {
      const feh = Math.min(FEH_RANGE_DEX[1], Math.max(FEH_RANGE_DEX[0], fehDex))
      const fine = { family: fineFamily[family], teffK: 10 ** logTeffK, loggDex, fehDex: feh }
      if (!photospheres.logFluxInto(fine, one)) return false
      for (let k = 0; k < count; k++) sum[k] += Math.exp(Math.LN10 * (one[k] + 2 * logRadiusRsun))
    }
    return stars.length > 0
  }

  /**
   * Multiplies `sum`, and adds to `ln`, what brings the bins nearer to these.
   * @returns how far the bin that was off most was
   */
  function bendTo(flux: ArrayLike<number>): number {
    let most = 0
    bins.forEach(({ index, first, weights }, i) => {
      let mean = 0
      for (let k = 0; k < weights.length; k++) mean += weights[k] * sum[first + k]
      bends[i] = Math.log(Math.max(flux[index], DARK)) - Math.log(Math.max(mean, DARK))
      most = Math.max(most, Math.abs(bends[i]))
    })
    for (let k = 0; k < count; k++) {
      const low = Math.min(Math.max(Math.floor(places[k]), 0), bins.length - 2)
      const bend = bends[low] + (places[k] - low) * (bends[low + 1] - bends[low])
      ln[k] += bend
      sum[k] *= Math.exp(bend)
    }
    return most
  }

  return {
    wavelengthsNm,
    fluxInto({ flux, photospheres: stars, law, avMag, rv, distancePc, bpDefectMag }, out) {
      if (!sumInto(stars)) sum.fill(1)
      for (let k = 0; k < count; k++) ln[k] = Math.log(sum[k])
      for (let pass = 0; pass < MAX_BENDS && bendTo(flux) > BENT_LN; pass++);
      const lnDilution = 2 * Math.log(REFERENCE_PC / distancePc) + LN_W_M2_NM
      for (let k = 0; k < count; k++) ln[k] += lnDilution - bpDefectMag * inBp[k]
      if (dusts.get(law)?.dimLn(avMag, rv, ln) !== true) return false
      for (let k = 0; k < count; k++) out[k] = Math.exp(ln[k])
      return true
    },
  }
}

interface BinMean {
  /** Among the 300. */
  readonly index: number
  readonly first: number
  /** Mean over the bin, of a flux linear between the wavelengths, from `first` on. */
  readonly weights: Float64Array
}

/** Bins that lie within the wavelengths as a whole. */
function binsOf(wavelengthsNm: Float64Array): readonly BinMean[] {
  const last = wavelengthsNm.length - 1
  return Array.from(binCentresUm.keys()).flatMap((index): BinMean[] => {
    const [from, to] = [binEdgesUm[index] * 1000, binEdgesUm[index + 1] * 1000]
    if (from < wavelengthsNm[0] || to > wavelengthsNm[last]) return []
    const all = new Float64Array(last + 1)
    for (let k = 0; k < last; k++) {
      const [low, high] = [wavelengthsNm[k], wavelengthsNm[k + 1]]
      const [a, b] = [Math.max(low, from), Math.min(high, to)]
      if (a >= b) continue
      const share = ((a + b) / 2 - low) / (high - low)
      all[k] += ((b - a) / (to - from)) * (1 - share)
      all[k + 1] += ((b - a) / (to - from)) * share
    }
    const first = all.findIndex(weight => weight > 0)
    const end = all.findLastIndex(weight => weight > 0) + 1
    return [{ index, first, weights: all.subarray(first, end) }]
  })
}
