// Whether simulated dwarfs have the colours of real ones: a model that learned from them misjudges temperatures if not.
import { column, type Simulator } from '../../models/index.ts'
import { starClasses } from '../../schemas/index.ts'

export interface DwarfColours {
  readonly starCount: number
  /** Simulated BP - RP less the observed mean at the same temperature, mag: median over the stars, and its error. */
  readonly offsetMag: number
  readonly offsetErrMag: number
  /** By how much a star of given colours is then taken for too hot, K: median. */
  readonly shiftK: number
}

/** Mean dwarf sequence, F5 to K3: effective temperature (K), BP - RP (mag). Source: Pecaut & Mamajek 2013, ApJS 208, 9, version 2022.04.16. */
// biome-ignore format: one pair after another reads as the table it is
export const dwarfSequence: readonly (readonly [teffK: number, bpRpMag: number])[] = [
  [6550, 0.587], [6350, 0.64], [6180, 0.694], [5990, 0.767], [5930, 0.784], [5860, 0.803], [5770, 0.823], [5680, 0.841],
  [5660, 0.85], [5550, 0.88], [5480, 0.9], [5380, 0.95], [5270, 0.983], [5170, 1.01], [5100, 1.1], [4830, 1.21],
]

export interface DwarfColoursOptions {
  readonly seed: number
  /** Simulated stars looked at. */
  readonly draws: number
  readonly signal: AbortSignal
}

const BATCH_STARS = 4000
/** So little dust reddens BP - RP by less than 0.01 mag. */
const MAX_AV_MAG = 0.02
const MAX_FEH_DEX = 0.1
const MIN_LOGG_DEX = 4.1
const MIN_STARS = 30
/** Standard error of a median over that of a mean, for a normal distribution. */
const MEDIAN_ERR = Math.sqrt(Math.PI / 2)

/** Compares single simulated dwarfs of solar metallicity without dust; `null` where the simulator makes too few of them. */
export async function judgeDwarfColours(
  simulator: Simulator,
  { seed, draws, signal }: DwarfColoursOptions,
): Promise<DwarfColours | null> {
  const offsets: number[] = []
  const shifts: number[] = []
  for (let first = 0; first < draws; first += BATCH_STARS) {
    signal.throwIfAborted()
    const { count, parameters, derived, nuisances, truths, classIndex } = simulator.draw({
      seed,
      first,
      count: Math.min(BATCH_STARS, draws - first),
    })
    for (let i = 0; i < count; i++) {
      const isPlain =
        classIndex[i] === starClasses.indexOf('mainSequence') &&
        column(parameters, 'avMag')[i] < MAX_AV_MAG &&
        Math.abs(column(parameters, 'fehDex')[i]) < MAX_FEH_DEX &&
        column(derived, 'loggDex')[i] > MIN_LOGG_DEX &&
        column(nuisances, 'companionRatio')[i] === 0
      const observed = isPlain ? sequenceAt(10 ** column(parameters, 'logTeffK')[i]) : null
      if (observed === null) continue
      const offset = column(truths, 'bpMag')[i] - column(truths, 'rpMag')[i] - observed.bpRpMag
      offsets.push(offset)
      shifts.push(offset * observed.kelvinPerMag)
    }
    // A pause for timers and signals: a draw holds the thread.
    await new Promise(resolve => setImmediate(resolve))
  }
  if (offsets.length < MIN_STARS) return null
  const mean = offsets.reduce((sum, one) => sum + one, 0) / offsets.length
  const variance = offsets.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (offsets.length - 1)
  return {
    starCount: offsets.length,
    offsetMag: medianOf(offsets),
    offsetErrMag: MEDIAN_ERR * Math.sqrt(variance / offsets.length),
    shiftK: medianOf(shifts),
  }
}

/** Colour of the sequence at a temperature, and how much cooler it gets per magnitude there; `null` beyond its ends. */
function sequenceAt(teffK: number): { readonly bpRpMag: number; readonly kelvinPerMag: number } | null {
  const k = dwarfSequence.findIndex(([node]) => node <= teffK)
  if (k < 1) return null
  const [[hotK, hotMag], [coolK, coolMag]] = [dwarfSequence[k - 1], dwarfSequence[k]]
  const kelvinPerMag = (hotK - coolK) / (coolMag - hotMag)
  return { bpRpMag: coolMag - (teffK - coolK) / kelvinPerMag, kelvinPerMag }
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2
}
