// The changes of many sources between two releases as a few numbers for each field. Memory does not grow with the sources.
import { observableNames } from '../../schemas/index.ts'
import { BinnedMedian } from '../math/binnedMedian.ts'
import type { FieldShift, SourceChange } from './sourceChange.ts'

/** Shifts beyond so many sigma are counted. */
export const tailSigmas = [1, 3, 5] as const

export interface FieldChanges {
  /** A quantity, or `position`. */
  readonly field: string
  /** Sources that both releases measured it of, and not the same. */
  readonly changedCount: number
  readonly gainedCount: number
  readonly lostCount: number
  /** Of those changed: how many by more than 1, 3 and 5 sigma. */
  readonly beyond: readonly number[]
  /** In the unit of the quantity, arcsec for the position; `null` where nothing changed. */
  readonly medianShift: number | null
  /** In sigma; `null` where none is known. */
  readonly medianSigma: number | null
  /** The error after in units of the one before. */
  readonly medianErrRatio: number | null
  readonly largest: { readonly source: string; readonly sigma: number } | null
}

interface FieldTally {
  changedCount: number
  gainedCount: number
  lostCount: number
  readonly beyond: number[]
  readonly shifts: BinnedMedian
  readonly sigmas: BinnedMedian
  readonly errRatios: BinnedMedian
  largest: { readonly source: string; readonly sigma: number } | null
}

export class ChangeTally {
  readonly #fields = new Map<string, FieldTally>()
  otherFlagsCount = 0
  otherLinksCount = 0
  otherColumnsCount = 0

  add(source: string, change: SourceChange): void {
    for (const shift of change.shifts) addShift(this.#field(shift.field), source, shift)
    for (const quantity of change.gained) this.#field(quantity).gainedCount++
    for (const quantity of change.lost) this.#field(quantity).lostCount++
    if (change.hasOtherFlags) this.otherFlagsCount++
    if (change.hasOtherLinks) this.otherLinksCount++
    if (change.hasOtherColumns) this.otherColumnsCount++
  }

  /** The position first, then quantities in the order of the vocabulary. */
  fields(): readonly FieldChanges[] {
    return ['position', ...observableNames].flatMap(field => {
      const found = this.#fields.get(field)
      if (found === undefined) return []
      const { shifts, sigmas, errRatios, ...counts } = found
      return [
        {
          field,
          ...counts,
          medianShift: shifts.median(),
          medianSigma: sigmas.median(),
          medianErrRatio: errRatios.median(),
        },
      ]
    })
  }

  #field(name: string): FieldTally {
    let found = this.#fields.get(name)
    if (found === undefined) {
      found = {
        changedCount: 0,
        gainedCount: 0,
        lostCount: 0,
        beyond: tailSigmas.map(() => 0),
        shifts: new BinnedMedian(),
        sigmas: new BinnedMedian(),
        errRatios: new BinnedMedian(),
        largest: null,
      }
      this.#fields.set(name, found)
    }
    return found
  }
}

function addShift(tally: FieldTally, source: string, { shift, sigma, errRatio }: FieldShift): void {
  tally.changedCount++
  tally.shifts.add(shift)
  if (errRatio !== null) tally.errRatios.add(errRatio)
  if (sigma === null) return
  tally.sigmas.add(sigma)
  tailSigmas.forEach((limit, i) => {
    if (Math.abs(sigma) > limit) tally.beyond[i]++
  })
  if (tally.largest === null || Math.abs(sigma) > Math.abs(tally.largest.sigma)) tally.largest = { source, sigma }
}
