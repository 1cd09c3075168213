// What is shown of a star and of a posterior, as plain JSON: 64-bit ids and seeds as strings, samples and pixels left out.
import type { Posterior, Star, Summary } from '../../schemas/index.ts'
import { quantity, toJson } from '../../schemas/index.ts'

/** A posterior without its samples. */
export function posteriorView(posterior: Posterior): Readonly<Record<string, unknown>> {
  const { samples: _, samplesTopic: __, ...rest } = posterior
  return toJson(rest) as Record<string, unknown>
}

/** Without the pixels of its spectra. */
export function starView(star: Star, posterior: Posterior | null): Readonly<Record<string, unknown>> {
  const { pixels: _, ...rest } = star
  return {
    ...(toJson(rest) as Record<string, unknown>),
    posterior: posterior === null ? null : posteriorView(posterior),
  }
}

/** What it was made from, and whether it is no news: such as `gaiaDr3 + twoMass, new model`. */
export function surveyText({ surveys, isReprocessed }: Posterior): string {
  return `${surveys.join(' + ')}${isReprocessed === true ? ', new model' : ''}`
}

/** Median and 68% interval in the unit people use. */
export interface Interval {
  readonly label: string
  readonly unit: string
  readonly median: number
  readonly low: number
  readonly high: number
  readonly digits: number
}

interface Shown {
  readonly parameter: string
  readonly label: string
  readonly unit: string
  readonly digits: number
  /** Quantiles survive a rising function, so the shown quantity has exactly these. */
  readonly show: (value: number) => number
}

const asIs = (value: number) => value
const powerOfTen = (value: number) => 10 ** value

const shown: readonly Shown[] = [
  { parameter: 'logAgeYr', label: 'log age', unit: 'dex(yr)', digits: 2, show: asIs },
  { parameter: 'logMassMsun', label: 'mass', unit: 'Msun', digits: 2, show: powerOfTen },
  { parameter: 'fehDex', label: '[Fe/H]', unit: 'dex', digits: 2, show: asIs },
  { parameter: 'logTeffK', label: 'Teff', unit: 'K', digits: 0, show: powerOfTen },
  { parameter: 'logLuminosityLsun', label: 'log L', unit: 'dex(Lsun)', digits: 2, show: asIs },
  { parameter: 'avMag', label: 'A_V', unit: 'mag', digits: 2, show: asIs },
  { parameter: 'logDistancePc', label: 'distance', unit: 'pc', digits: 1, show: powerOfTen },
  { parameter: 'logRadiusRsun', label: 'radius', unit: 'Rsun', digits: 2, show: powerOfTen },
  { parameter: 'loggDex', label: 'log g', unit: 'dex(cm/s2)', digits: 2, show: asIs },
]

/** The summaries of a posterior in the units people use, in the order they are shown. */
export function intervals(summaries: readonly Summary[]): readonly Interval[] {
  const byName = new Map(summaries.map(summary => [summary.parameter, summary]))
  const known = shown.flatMap(({ parameter, show, ...rest }) => {
    const found = byName.get(parameter)
    return found === undefined
      ? []
      : [{ ...rest, median: show(found.q50), low: show(found.q16), high: show(found.q84) }]
  })
  const names = new Set(shown.map(({ parameter }) => parameter))
  const others = summaries.filter(({ parameter }) => !names.has(parameter))
  return [
    ...known,
    ...others.map(({ parameter, q50, q16, q84 }) => {
      const { symbol, unit } = quantity(parameter)
      return { label: symbol, unit, median: q50, low: q16, high: q84, digits: 2 }
    }),
  ]
}

/** Such as `7.31 -0.20 +0.15`. */
export function intervalText({ median, low, high, digits }: Interval): string {
  return `${median.toFixed(digits)} -${(median - low).toFixed(digits)} +${(high - median).toFixed(digits)}`
}

/** The interval of one quantity, by its label such as `log age`. */
export function intervalOf(summaries: readonly Summary[], label: string): Interval | null {
  return intervals(summaries).find(interval => interval.label === label) ?? null
}
