// An error as the one sentence that its reader needs, and the exit code that goes with it.
import { isFusionError } from '../../schemas/index.ts'
import { type ExitCode, exitCodes } from './commandLine.ts'

export interface Failure {
  readonly code: string
  readonly message: string
  readonly exitCode: ExitCode
  /** Only for mistakes of our own: what a report of the bug needs. */
  readonly trace: string | null
}

/** The command line itself is wrong. */
export class UsageError extends Error {
  readonly code: string

  constructor(message: string, code = 'USAGE') {
    super(message)
    this.name = 'UsageError'
    this.code = code
  }
}

/** What an option says, where a sentence about it is one about the command line. @throws UsageError */
export function readOption<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw isFusionError(error) ? new UsageError(error.message, error.code) : error
  }
}

const systemSentences = new Map([
  ['ENOSPC', 'The disk is full: free space and run the command again.'],
  ['EDQUOT', 'The disk quota is used up: free space and run the command again.'],
  ['EMFILE', 'Too many files are open: raise the limit of open files and run the command again.'],
  ['EADDRINUSE', 'The address is in use: stop the other server or choose another port with --port.'],
  ['EADDRNOTAVAIL', 'This machine does not have that address: choose another with --host.'],
])

export function describeFailure(error: unknown): Failure {
  if (error instanceof UsageError) {
    return { code: error.code, message: error.message, exitCode: exitCodes.usage, trace: null }
  }
  if (isFusionError(error)) {
    const exitCode = error.code === 'CONFIG_INVALID' ? exitCodes.usage : exitCodes.failure
    return { code: error.code, message: error.message, exitCode, trace: null }
  }
  if (error instanceof Error && 'code' in error && 'syscall' in error) {
    const code = String(error.code)
    const path = 'path' in error && typeof error.path === 'string' ? `${error.path}: ` : ''
    const sentence =
      systemSentences.get(code) ?? `The system refused: ${error.message}. Check the path and its permissions.`
    return { code, message: path + sentence, exitCode: exitCodes.failure, trace: null }
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const message = `This is a mistake in birthline, please report it with the lines below: ${error instanceof Error ? error.message : String(error)}`
  return { code: 'INTERNAL', message, exitCode: exitCodes.failure, trace }
}
