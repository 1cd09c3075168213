// Memory of a process, as Linux accounts for it.
import { readFileSync } from 'node:fs'

export interface ProcessMemory {
  readonly residentMiB: number
  /** Without pages of mapped files, which the system takes back when something else needs the memory. */
  readonly ownMiB: number
}

/** `null` where the process is over, or the system does not tell. */
export function readProcessMemory(pid: number | 'self'): ProcessMemory | null {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return null
  }
  const [residentMiB, ownMiB] = ['VmRSS', 'RssAnon'].map(
    field => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / 1024,
  )
  // One that is just ending has none any more.
  return Number.isNaN(residentMiB) || Number.isNaN(ownMiB) ? null : { residentMiB, ownMiB }
}
