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

/** By the system's code, given the place it speaks of. */
const systemSentences = new Map<string, (place: string) => string>([
  ['ENOSPC', place => `The disk${of(place)} is full: free space and run the command again.`],
  ['EDQUOT', place => `The disk quota${of(place)} is used up: free space and run the command again.`],
  ['EMFILE', () => `Too many files are open: raise the limit of open files and run the command again.`],
  ['EADDRINUSE', place => `The address ${place} is in use: stop the other server or choose another port with --port.`],
  ['EADDRNOTAVAIL', place => `This machine does not have the address ${place}: choose another with --host.`],
  ['ENOTFOUND', place => `No machine has the address ${place}: choose another with --host.`],
])

const of = (place: string) => (place === '' ? '' : ` of ${place}`)

/** The path or the address that a system call was about. */
function placeOf(error: object): string {
  const part = (name: string) => {
    const value = name in error ? Reflect.get(error, name) : undefined
    return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  }
  const address = [part('address'), part('port')].filter(text => text !== '').join(' port ')
  return part('path') || part('hostname') || address
}

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
    const message =
      systemSentences.get(code)?.(placeOf(error)) ??
      `The system refused: ${error.message}. Check the place that it names and its permissions.`
    return { code, message, exitCode: exitCodes.failure, trace: null }
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const message = `This is a mistake in birthline, please report it with the lines below: ${error instanceof Error ? error.message : String(error)}`
  return { code: 'INTERNAL', message, exitCode: exitCodes.failure, trace }
}
