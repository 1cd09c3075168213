#!/usr/bin/env node
// The door of the house: arguments -> one command, its outcome -> one exit code.
import { CommanderError } from 'commander'
import { type ExitCode, exitCodes, type OptionValues } from './commands/commandLine.ts'
import { describeFailure, type Failure, UsageError } from './commands/failure.ts'
import { parseCommandLine } from './commands/program.ts'
import { type CommandLog, openCommandLog } from './logging/commandLog.ts'
import { createRedact, type Redact, secretsOf } from './logging/redaction.ts'
import { programVersion } from './programVersion.ts'
import { type Config, loadConfig, settings } from './settings/config.ts'
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

// Before the settings are read, what the environment holds of secrets is known already.
let redact: Redact = createRedact(secretsOf(null, process.env))

process.exitCode = await runCommandLine()

async function runCommandLine(): Promise<ExitCode> {
  try {
    const invocation = parseCommandLine(argv, programVersion(), {
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
    redact = createRedact(secretsOf(config, process.env))
    // CUDA's libraries read it when they load: else they multiply in TF32, which keeps three digits of seven.
    if (config.device === 'cuda') process.env.NVIDIA_TF32_OVERRIDE ??= '0'
    const log = await openCommandLog(config, { command: argv[0] ?? '', version: programVersion(), redact })
    const terminal = openTerminal({
      ...{ isJson, progress: progressWish(), redact },
      ...(log !== null && { onNote: log.note, isErrTaken: log.isOnStderr }),
    })
    // Every command opens files or a log; help and version need not wait for what that takes.
    const { OutputFile } = await import('../streams/index.ts')
    const interruption = watchInterruption(line => terminal.note(line), OutputFile.abandonAll)
    const command = await invocation.load()
    const line = { config, terminal, workingFolder, env: process.env, redact, nowMs: () => performance.now() }
    let exitCode: ExitCode = exitCodes.failure
    try {
      exitCode = await command({ ...line, signal: interruption.signal }, args, values)
    } catch (error) {
      exitCode = interruption.isInterrupted && isAbort(error) ? exitCodes.interrupted : report(error, log)
    } finally {
      interruption.release()
      log?.end(exitCode)
    }
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCodes.ok : report(new UsageError(sentenceOf(error.message)))
    }
    return report(error)
  }
}

function report(error: unknown, log: CommandLog | null = null): ExitCode {
  const failure = redacted(describeFailure(error))
  const { code, message, exitCode, trace } = failure
  log?.failed(failure)
  // A program that asked for JSON reads the error from stderr, whatever else stands there.
  if (isJson) process.stderr.write(`${JSON.stringify({ error: { code, message } })}\n`)
  else if (log?.isOnStderr !== true)
    process.stderr.write(`birthline: ${message}\n${trace === null ? '' : `${trace}\n`}`)
  return exitCode
}

function redacted(failure: Failure): Failure {
  const { message, trace } = failure
  return { ...failure, message: redact(message), trace: trace === null ? null : redact(trace) }
}

function settingFlags(values: OptionValues): Partial<Record<keyof Config, string>> {
  return Object.fromEntries(
    settings.flatMap(({ key, flag }) => {
      const value = flag === undefined ? undefined : values[flag]
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
