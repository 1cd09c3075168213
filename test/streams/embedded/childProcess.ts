// Starts one of the .mjs programs beside this file and listens to what it says.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface Child {
  readonly process: ChildProcessWithoutNullStreams
  /** What it has said so far, line by line. */
  readonly lines: readonly string[]
  /** Resolves when it has said so many lines, or has ended. */
  said(count: number): Promise<void>
  /** Resolves when it has ended and all it said has been heard. */
  ended(): Promise<void>
}

/** @param maxFileKiB the largest file it may write; none means no limit */
export function startChild(program: string, args: readonly string[], maxFileKiB?: number): Child {
  const file = fileURLToPath(new URL(program, import.meta.url))
  const limit = maxFileKiB === undefined ? '' : `ulimit -f ${maxFileKiB}; `
  const child = spawn('bash', ['-c', `${limit}exec "$0" "$@"`, process.execPath, file, ...args])
  child.stderr.pipe(process.stderr)
  const lines: string[] = []
  const heard = createInterface({ input: child.stdout })
  heard.on('line', line => lines.push(line))
  const closed = Promise.all([once(child, 'exit'), once(heard, 'close')])
  return {
    process: child,
    lines,
    async said(count) {
      while (lines.length < count && heard.listenerCount('line') > 0 && child.exitCode === null) {
        await Promise.race([once(heard, 'line'), closed])
      }
    },
    async ended() {
      await closed
    },
  }
}
