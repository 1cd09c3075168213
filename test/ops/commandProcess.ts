// Runs the program as a person would: a process of its own, in a folder of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { packageFile } from '../../schemas/index.ts'

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly process: ChildProcess
  readonly finished: Promise<Finished>
  /** Resolves with stderr so far once it matches. @throws Error when the process ends before */
  untilStderr(pattern: RegExp): Promise<RegExpExecArray>
}

export function startCommand(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Running {
  const child = spawn(process.execPath, [packageFile('dist', 'ops', 'cli.js'), ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const finished = once(child, 'close').then(([code]): Finished => ({ code, stdout, stderr }))
  return {
    process: child,
    finished,
    async untilStderr(pattern) {
      for (;;) {
        const match = pattern.exec(stderr)
        if (match !== null) return match
        if (child.exitCode !== null) throw new Error(`the process ended with ${child.exitCode}: ${stderr}`)
        await Promise.race([finished, once(child.stderr, 'data')])
      }
    },
  }
}

export function runCommand(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  return startCommand(folder, args, env).finished
}
