// What the table of commands says of each: its name, arguments, options, examples, and where its code is.
import type { CommandCode } from './commandLine.ts'

export interface OptionSpec {
  readonly flags: string
  readonly description: string
  readonly choices?: readonly string[]
  readonly fallback?: string
  readonly isRequired?: boolean
}

export interface CommandSpec {
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly args?: readonly (readonly [name: string, description: string])[]
  readonly options?: readonly OptionSpec[]
  readonly examples: readonly string[]
  /** Absent where only the inner commands do anything. */
  readonly load?: () => Promise<CommandCode>
  readonly commands?: readonly CommandSpec[]
}

/** Formats that a table is read and written in, for sentences about options. */
export const tableFormats = 'by its ending: .parquet, .csv, .ecsv, .vot or .fits, and .gz after .csv, .ecsv or .vot'

export const seedOption: OptionSpec = {
  flags: '--seed <n>',
  description: 'seed of the random numbers (default: 1)',
}
