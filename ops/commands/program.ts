// Turns the command table into a program that parses the command line and says in its help what it can do.
import { Command, CommanderError, Option } from 'commander'
import { tellUnread } from '../terminal/unreadRecords.ts'
import type { CommandCode, OptionValues } from './commandLine.ts'
import type { CommandSpec, OptionSpec } from './commandSpec.ts'
import { commandTable } from './commandTable.ts'

/** What the command line asked for. */
export interface Invocation {
  readonly load: () => Promise<CommandCode>
  readonly args: readonly string[]
  /** Options of the command and of the program together. */
  readonly values: OptionValues
}

export interface ProgramOutput {
  /** Help and version, wanted or as the remedy of a wrong command line. */
  writeOut(text: string): void
  writeErr(text: string): void
}

/**
 * Parses arguments after `birthline`.
 * @returns `null` where help or the version was shown, as asked
 * @throws CommanderError for a wrong command line
 */
export function parseCommandLine(argv: readonly string[], version: string, output: ProgramOutput): Invocation | null {
  let invocation: Invocation | null = null
  const program = new Command('birthline')
    .description('Streams everything surveys know of a star into calibrated posteriors, young stellar objects first.')
    .version(version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .addHelpText(
      'after',
      examplesText(['npm start', 'birthline star "Gaia DR3 609857047904101248"', 'birthline doctor']),
    )
  for (const spec of programOptions) program.addOption(optionOf(spec))
  prepare(program, output)
  for (const spec of commandTable) {
    addCommand(program, spec, output, made => {
      invocation = made
    })
  }
  if (argv.length === 0) {
    output.writeOut(program.helpInformation())
    return null
  }
  program.parse([...argv], { from: 'user' })
  return invocation
}

/** Understood by every command, before or after its name. */
const programOptions: readonly OptionSpec[] = [
  { flags: '--data <folder>', description: 'folder of the log and of the outputs (default: ./birthline-data)' },
  { flags: '--brokers <list>', description: 'keep the log on these Kafka brokers: host:port, separated by commas' },
  { flags: '--model <folder>', description: 'folder of another checkpoint' },
  { flags: '--published <folder>', description: 'folder of the published models (default: models in the data folder)' },
  { flags: '--device <device>', description: 'where posteriors are drawn: cpu, cuda or webgpu (default: cpu)' },
  { flags: '--workers <n>', description: 'threads that draw samples (default: one for each core)' },
  { flags: '--config <file>', description: 'settings as JSON (default: ./birthline.json where it exists)' },
  {
    flags: '--log-file <file>',
    description: 'append structured log records to this file; BIRTHLINE_LOG=json puts them on stderr',
  },
  { flags: '--json', description: 'results and errors as JSON' },
  { flags: '--progress', description: 'show progress even where stderr is no screen' },
  { flags: '--no-progress', description: 'show no progress' },
]

function addCommand(parent: Command, spec: CommandSpec, output: ProgramOutput, take: (made: Invocation) => void): void {
  const command = parent.command(spec.name).summary(spec.summary).description(spec.description)
  prepare(command, output)
  for (const [name, description] of spec.args ?? []) command.argument(name, description)
  for (const option of spec.options ?? []) command.addOption(optionOf(option))
  command.addHelpText('after', examplesText(spec.examples))
  for (const inner of spec.commands ?? []) addCommand(command, inner, output, take)
  const { load } = spec
  if (load === undefined) {
    const names = (spec.commands ?? []).map(({ name }) => name).join(', ')
    command.exitOverride(error => {
      // Without one of them commander shows the help, as it does where it is asked for, and says no more.
      if (error.code !== 'commander.help' || error.exitCode === 0) throw error
      throw new CommanderError(error.exitCode, error.code, `${spec.name} needs one of its commands, ${names}.`)
    })
    return
  }
  command.action(() => {
    // Arguments come typed as anything; commander gives strings, and a list for the last one.
    const args = (command.processedArgs as unknown[]).flat().filter((arg): arg is string => typeof arg === 'string')
    take({ load: async () => telling(await load()), args, values: command.optsWithGlobals<OptionValues>() })
  })
}

function telling(code: CommandCode): CommandCode {
  return (line, args, values) => tellUnread(line.terminal, () => code(line, args, values))
}

function prepare(command: Command, output: ProgramOutput): void {
  command
    .exitOverride()
    .configureOutput({
      writeOut: text => output.writeOut(text),
      writeErr: text => output.writeErr(text),
      // The sentence travels with the error and is shown where all errors are.
      outputError: () => {},
    })
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError(true)
}

function optionOf(spec: OptionSpec): Option {
  const option = new Option(spec.flags, spec.description)
  if (spec.choices !== undefined) option.choices(spec.choices)
  if (spec.fallback !== undefined) option.default(spec.fallback)
  if (spec.isRequired === true) option.makeOptionMandatory()
  return option
}

function examplesText(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map(example => `  ${example}`).join('\n')}`
}
