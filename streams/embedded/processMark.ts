// Tells a living process from one that died and whose number was given to another.
import { spawnSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'

/** Where a process number means something: this boot of this machine and, in a container, its own numbering. */
export function processSpace(): string {
  return `${readOr('/proc/sys/kernel/random/boot_id', '')} ${linkOr('/proc/self/ns/pid', process.platform)}`.trim()
}

/** When the process began, in whatever unit the system counts; '' where it cannot say; null for no such process. */
export function processMark(pid: number): string | null {
  if (process.platform === 'linux') return linuxMark(pid)
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return null
  }
  if (process.platform === 'win32') return ''
  return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? ''
}

function linuxMark(pid: number): string | null {
  const stat = readOr(`/proc/${pid}/stat`, null)
  if (stat === null) return null
  // The second field, the program's name, may hold blanks and brackets; the rest begins after the last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // A zombie has given up all it held and waits only for its parent to notice.
  const hasEnded = fields[0] === 'Z' || fields[0] === 'X'
  return hasEnded ? null : fields[19]
}

function readOr<T>(file: string, otherwise: T): string | T {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return otherwise
  }
}

function linkOr(file: string, otherwise: string): string {
  try {
    return readlinkSync(file)
  } catch {
    return otherwise
  }
}
