// One setting as data: its key, its variable, what it may be; and the ways text becomes its value.
import { resolve } from 'node:path'

/** A setting of the settings `C`; a file of settings lists its own, and `config.ts` joins them. */
export interface Setting<C, K extends keyof C = keyof C> {
  readonly key: K
  readonly env: string
  /** The program's option that says the same, by its name in camel case. */
  readonly flag?: string
  readonly description: string
  /** Its text must not be shown. Default false. */
  readonly isSecret?: boolean
  /** @throws Refusal with what the setting must be */
  parse(text: string, workingFolder: string): C[K]
  fallback(workingFolder: string): C[K]
}

export class Refusal extends Error {}

/** A list of settings takes them of every value's type. */
export function settingOf<C>(): <K extends keyof C>(made: Setting<C, K>) => Setting<C> {
  return made => made as unknown as Setting<C>
}

export const whole = (min: number, max: number) => (text: string) => {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < min || value > max) throw new Refusal(`a whole number from ${min} to ${max}`)
  return value
}

export function parseSwitch(text: string): boolean {
  if (text !== 'on' && text !== 'off') throw new Refusal('on or off')
  return text === 'on'
}

export function parseFolder(text: string, workingFolder: string): string {
  if (text.trim() === '') throw new Refusal('the path of a folder')
  return resolve(workingFolder, text)
}

export function parseFile(text: string, workingFolder: string): string {
  if (text.trim() === '') throw new Refusal('the path of a file')
  return resolve(workingFolder, text)
}

export const oneOf =
  <T extends string>(...choices: readonly T[]) =>
  (text: string): T => {
    const found = choices.find(choice => choice === text)
    if (found === undefined) throw new Refusal(`one of ${choices.join(', ')}`)
    return found
  }
