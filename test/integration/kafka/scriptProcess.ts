// A script of this folder in a process of its own.
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { onTestFinished } from 'vitest'
import { packageFile } from '../../../schemas/index.ts'

/** Started within a test, which it does not outlive. */
export function startScript(script: string, args: readonly string[]): ChildProcessByStdio<null, Readable, null> {
  const path = packageFile('test', 'integration', 'kafka', script)
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}
