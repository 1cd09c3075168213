#!/usr/bin/env node
// The door of the house: arguments -> one command, its outcome -> one exit code.
import { readFileSync } from 'node:fs'
import { CommanderError } from 'commander'
import { packageFile } from '../schemas/index.ts'
import { type ExitCode, exitCodes, type OptionValues } from './commands/commandLine.ts'
import { describeFailure, UsageError } from './commands/failure.ts'
import { parseCommandLine } from './commands/program.ts'
import { type Config, loadConfig } from './config.ts'
import { watchInterruption } from './terminal/interruption.ts'
import { openTerminal } from './terminal/terminal.ts'

const argv = process.argv.slice(2)
// Errors of the command line itself must already come as JSON.
const isJson = argv.includes('--json')

// The reader of a pipe may leave early (`| head`): that is an end, not a failure.
process.stdout.on('error', error => {
  if ('code' in error && error.code === 'EPIPE') process.exit(exitCodes.ok)
  throw error
})

process.exitCode = await runCommandLine()

async function runCommandLine(): Promise<ExitCode> {
  try {
    const invocation = parseCommandLine(argv, readVersion(), {
      writeOut: text => process.stdout.write(text),
      // Help that nobody asked for would stand between a program and the error it reads.
      writeErr(text) {
        if (!isJson) process.stderr.write(text)
      },
    })
    if (invocation === null) return exitCodes.ok
    const { values, args } = invocation
    const workingFolder = process.cwd()
    const config = loadConfig({
      flags: settingFlags(values),
      env: process.env,
      ...(typeof values.config === 'string' ? { file: values.config } : {}),
      workingFolder,
    })
    const terminal = openTerminal({ isJson, progress: progressWish() })
    // Every command opens files or a log; help and version need not wait for what that takes.
    const { OutputFile } = await import('../streams/index.ts')
    const interruption = watchInterruption(line => terminal.note(line), OutputFile.abandonAll)
    const command = await invocation.load()
    try {
      const line = { config, terminal, workingFolder, env: process.env, nowMs: () => performance.now() }
      return await command({ ...line, signal: interruption.signal }, args, values)
    } catch (error) {
      if (interruption.isInterrupted && isAbort(error)) return exitCodes.interrupted
      throw error
    } finally {
      interruption.release()
    }
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCodes.ok : report(new UsageError(sentenceOf(error.message)))
    }
    return report(error)
  }
}

function report(error: unknown): ExitCode {
  const { code, message, exitCode, trace } = describeFailure(error)
  if (isJson) process.stderr.write(`${JSON.stringify({ error: { code, message } })}\n`)
  else process.stderr.write(`birthline: ${message}\n${trace === null ? '' : `${trace}\n`}`)
  return exitCode
}

function settingFlags(values: OptionValues): Partial<Record<keyof Config, string>> {
  const flags: readonly (readonly [keyof Config, string])[] = [
    ['dataFolder', 'data'],
    ['modelFolder', 'model'],
    ['workers', 'workers'],
    ['kafkaBrokers', 'brokers'],
    ['sampleCount', 'samples'],
    ['seed', 'seed'],
    ['httpHost', 'host'],
    ['httpPort', 'port'],
  ]
  return Object.fromEntries(
    flags.flatMap(([key, flag]) => {
      const value = values[flag]
      return typeof value === 'string' ? [[key, value]] : []
    }),
  )
}

function progressWish(): boolean | undefined {
  if (argv.includes('--no-progress')) return false
  return argv.includes('--progress') ? true : undefined
}

/** Commander's errors begin with `error: ` and put a suggestion on a line of its own. */
function sentenceOf(message: string): string {
  const text = message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ')
  return `${text.endsWith('.') || text.endsWith(')') ? text : `${text}.`} See birthline --help.`
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string }
  return version
}
