// One family's table of young stars, and where in it each mass begins, arrives on the main sequence, and ends.
import { loadPackedGrid } from '../../grids/packedGrid.ts'
import type { StarFamily } from './starFamilies.ts'
import type { StellarLife } from './stellarLife.ts'

/** A star counts as arrived once its radius is within 3% of the smallest it will have. */
const ARRIVAL_LOG_RADIUS = Math.log10(1.03)
/** Arrived, and not merely at the end of the table: over the last 0.1 dex of age it shrinks by less than this. */
const SETTLED_LOG_RADIUS = 0.005
/** A table is followed to a tenth of the main-sequence life. */
const HANDOFF_BEFORE_END = 1

export interface YoungTable {
  /**
   * Finds the mass among the nodes and fills the border ages below.
   * @returns false outside the masses of the table
   */
  seek(logMassMsun: number): boolean
  /** After `seek`: first and last log10 age of the table at that mass. */
  begin(): number
  end(): number
  /** Log10 age of arrival on the main sequence; Infinity where the table ends before. */
  arrival(): number
  /** Log10 age at which single-star evolution takes over; -1 where it never does. */
  handoff(): number
  /** @param out [2] receives logTeffK, logLuminosityLsun; false where a node does not exist */
  readInto(logAgeYr: number, out: Float64Array): boolean
}

/**
 * Reads a family's table; linear between its nodes in log age and log mass.
 * @throws RangeError when the table is damaged
 */
export function loadYoungTable(family: StarFamily, table: string, life: StellarLife): YoungTable {
  const { axes, values } = loadPackedGrid(table)
  const [masses, ages] = axes
  const massCount = masses.length
  const ageCount = ages.length
  const massStep = (masses[massCount - 1] - masses[0]) / (massCount - 1)
  const ageStep = (ages[ageCount - 1] - ages[0]) / (ageCount - 1)
  const begins = new Float64Array(massCount).fill(Number.POSITIVE_INFINITY)
  const ends = new Float64Array(massCount).fill(Number.NEGATIVE_INFINITY)
  const arrivals = new Float64Array(massCount).fill(Number.POSITIVE_INFINITY)
  const handoffs = new Float64Array(massCount).fill(-1)
  const lifeEnds = new Float64Array(6)
  const fehPlace = life.fehPlace(family.tableFehDex)
  for (let m = 0; m < massCount; m++) measure(m)
  let low = 0
  let share = 0

  function measure(m: number): void {
    const logRadius = (a: number) => values[(m * ageCount + a) * 2 + 1] / 2 - 2 * values[(m * ageCount + a) * 2]
    let first = 0
    while (first < ageCount && !Number.isFinite(logRadius(first))) first++
    let last = first
    while (last + 1 < ageCount && Number.isFinite(logRadius(last + 1))) last++
    if (first === ageCount) return
    begins[m] = Math.max(ages[first], family.minLogAgeYr)
    ends[m] = Math.min(ages[last], family.tableEndLogAgeYr)
    // A node just below 0.1 Msun borrows the life of the lightest star that has one.
    const massPlace = life.massPlace(Math.max(-1, masses[m]))
    life.endsInto(fehPlace, massPlace, lifeEnds)
    const handoff = Math.min(ends[m], lifeEnds[0] - HANDOFF_BEFORE_END)
    const until = Math.min(last, Math.floor((handoff - ages[0]) / ageStep + 1e-6))
    const before = until - Math.round(0.1 / ageStep)
    const isSettled = before >= first && logRadius(before) - logRadius(until) < SETTLED_LOG_RADIUS
    if (!isSettled) return
    let smallest = Number.POSITIVE_INFINITY
    for (let a = first; a <= until; a++) smallest = Math.min(smallest, logRadius(a))
    let arrived = first
    while (logRadius(arrived) > smallest + ARRIVAL_LOG_RADIUS) arrived++
    arrivals[m] = ages[arrived]
    if (family.isEnduring) handoffs[m] = handoff
  }

  const between = (nodes: Float64Array) => nodes[low] + (nodes[low + 1] - nodes[low]) * share
  const edge = Math.log10(family.minMassMsun) - 1e-9
  const top = Math.log10(family.maxMassMsun) + 1e-9
  return {
    seek(logMassMsun) {
      if (!(logMassMsun >= edge && logMassMsun <= top)) return false
      const place = (logMassMsun - masses[0]) / massStep
      low = Math.min(Math.max(0, Math.floor(place)), massCount - 2)
      share = Math.min(1, Math.max(0, place - low))
      return true
    },
    begin: () => Math.max(begins[low], begins[low + 1]),
    end: () => Math.min(ends[low], ends[low + 1]),
    arrival: () => (arrivals[low] < 99 && arrivals[low + 1] < 99 ? between(arrivals) : Number.POSITIVE_INFINITY),
    handoff: () => (handoffs[low] > 0 && handoffs[low + 1] > 0 ? between(handoffs) : -1),
    readInto(logAgeYr, out) {
      const place = Math.min(ageCount - 1, (logAgeYr - ages[0]) / ageStep)
      if (!(place >= 0)) return false
      const a = Math.min(Math.floor(place), ageCount - 2)
      const x = place - a
      const at = (low * ageCount + a) * 2
      const next = at + ageCount * 2
      for (let q = 0; q < 2; q++) {
        const light = values[at + q] + (values[at + 2 + q] - values[at + q]) * x
        const heavy = values[next + q] + (values[next + 2 + q] - values[next + q]) * x
        out[q] = share === 0 ? light : light + (heavy - light) * share
      }
      return Number.isFinite(out[0]) && Number.isFinite(out[1])
    },
  }
}
