// What every command is handed: settings, a terminal, a signal that asks it to end, and a clock.
import { FusionError } from '../../schemas/index.ts'
import type { Config } from '../settings/config.ts'
import type { Terminal } from '../terminal/terminal.ts'

export interface CommandLine {
  readonly config: Config
  readonly terminal: Terminal
  /** Aborts at the first Ctrl-C: finish the transaction at hand, close, return. */
  readonly signal: AbortSignal
  readonly workingFolder: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Takes secrets out of what is to be shown. */
  redact(text: string): string
  /** Milliseconds of a clock that never goes back. */
  nowMs(): number
}

export const exitCodes = { ok: 0, failure: 1, usage: 2, interrupted: 130 } as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export type OptionValues = Readonly<Record<string, string | boolean | undefined>>

/** @param values its own options and the program's, by the name in camel case */
export type CommandCode = (line: CommandLine, args: readonly string[], values: OptionValues) => Promise<ExitCode>

/**
 * The seed of the settings as simulators take it: a whole number that a double holds.
 * @throws FusionError CONFIG_INVALID where it is none
 */
export function seedOf({ config }: CommandLine): number {
  const seed = Number(config.seed)
  if (Number.isSafeInteger(seed)) return seed
  throw new FusionError(
    'CONFIG_INVALID',
    `The seed is ${config.seed}: of simulated stars it must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}.`,
  )
}

/** The seed of the settings cut to 40 bits, which leaves room above for numbers that are added to it. */
export function roomySeed({ config }: CommandLine): number {
  return Number(BigInt.asUintN(40, config.seed))
}
