// Numbers that options carry, within the range that the command can do.
import { FusionError } from '../../schemas/index.ts'
import type { OptionValues } from './commandLine.ts'

/**
 * @param name of the option in camel case
 * @param fallback where the option was not given
 * @throws FusionError CONFIG_INVALID where it is no whole number from low to high, or absent without a fallback
 */
export function wholeOption(values: OptionValues, name: string, low: number, high: number, fallback?: number): number {
  const text = values[name]
  if (text === undefined && fallback !== undefined) return fallback
  const value = Number(text)
  if (typeof text === 'string' && Number.isInteger(value) && value >= low && value <= high) return value
  throw optionRefused(name, text, `a whole number from ${low} to ${high}`)
}

/** @throws FusionError CONFIG_INVALID where it is no number from low to high */
export function numberOption(values: OptionValues, name: string, low: number, high: number): number {
  const text = String(values[name])
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (value >= low && value <= high) return value
  throw optionRefused(name, text, `a number from ${low} to ${high}`)
}

export function optionRefused(name: string, value: unknown, wanted: string): FusionError {
  const flag = name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
  return new FusionError('CONFIG_INVALID', `--${flag} is "${String(value)}": it must be ${wanted}.`)
}
