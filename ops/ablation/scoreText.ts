// Numbers of an ablation as its tables write them.
import type { SeedMean } from '../../models/index.ts'

export const parameterTitles: Readonly<Record<string, string>> = {
  logAgeYr: 'log age (dex)',
  logTeffK: 'log temperature (dex)',
  avMag: 'A_V (mag)',
}

/** Of biases and scatters. */
export const digitsOf = (parameter: string): number => (parameter === 'logTeffK' ? 4 : 3)

export const signed = (value: number, digits: number): string => value.toFixed(digits).replace('-', '\u2212')
export const spreadText = ({ mean, spread }: SeedMean, digits: number): string =>
  `${signed(mean, digits)} ± ${spread.toFixed(digits)}`
export const pointsText = ({ mean, spread }: SeedMean): string =>
  spreadText({ mean: 100 * mean, spread: 100 * spread }, 1)
