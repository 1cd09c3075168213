// Bolometric corrections of a published library of stellar spectra: a star's colours where its spectra are not at hand.

/** Columns of the table that are compared, by the band here that they are nearest to. */
export const colourBands = [
  ['B', 'johnsonBMag'],
  ['V', 'johnsonVMag'],
  ['R', 'cousinsRMag'],
  ['I', 'cousinsIMag'],
  ['J', 'jMag'],
  ['H', 'hMag'],
  ['K', 'ksMag'],
] as const

export interface CorrectionRow {
  readonly teffK: number
  readonly loggDex: number
  readonly fehDex: number
  /** Bolometric correction in each of `colourBands`, mag. */
  readonly corrections: readonly number[]
}

export interface ColourTable {
  /** Colour V - X of a star for each X of `colourBands`, mag, without dust; null outside the table. */
  coloursAt(teffK: number, loggDex: number, fehDex: number): readonly number[] | null
}

const V = colourBands.findIndex(([column]) => column === 'V')
/** Abundances this near are the same. */
const SAME_DEX = 0.005

/**
 * Linear in log Teff and log g between the rows of the asked abundance; abundances between those of the table are not in it.
 *
 * @throws RangeError when there is no row
 */
export function createColourTable(rows: readonly CorrectionRow[]): ColourTable {
  if (rows.length === 0) throw new RangeError('createColourTable: no row')

  function coloursOf(row: CorrectionRow): number[] {
    // BC is M_bol - M: the redder band's correction is the larger where V - X is positive.
    return row.corrections.map(correction => correction - row.corrections[V])
  }

  function atGravity(nodes: readonly CorrectionRow[], loggDex: number): readonly number[] | null {
    const low = nodes.findLast(row => row.loggDex <= loggDex)
    const high = nodes.find(row => row.loggDex >= loggDex)
    if (low === undefined || high === undefined) return null
    return mix(coloursOf(low), coloursOf(high), low.loggDex, high.loggDex, loggDex)
  }

  return {
    coloursAt(teffK, loggDex, fehDex) {
      const sameAbundance = rows.filter(row => Math.abs(row.fehDex - fehDex) < SAME_DEX)
      const teffs = [...new Set(sameAbundance.map(row => row.teffK))].sort((a, b) => a - b)
      const low = teffs.findLast(teff => teff <= teffK)
      const high = teffs.find(teff => teff >= teffK)
      if (low === undefined || high === undefined) return null
      const [cool, hot] = [low, high].map(teff =>
        atGravity(
          sameAbundance.filter(row => row.teffK === teff).sort((a, b) => a.loggDex - b.loggDex),
          loggDex,
        ),
      )
      if (cool === null || hot === null) return null
      return mix(cool, hot, Math.log(low), Math.log(high), Math.log(teffK))
    },
  }
}

function mix(a: readonly number[], b: readonly number[], xA: number, xB: number, x: number): number[] {
  const share = xB > xA ? (x - xA) / (xB - xA) : 0
  return a.map((value, i) => value * (1 - share) + b[i] * share)
}
