// Processor time of other processes, as Linux accounts for it.
import { readdirSync, readFileSync } from 'node:fs'

/** Ticks in a second, the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100

export interface ProcessTime {
  readonly group: number
  readonly cpuSeconds: number
}

/**
 * One line of `/proc/PID/stat`.
 *
 * @throws RangeError when it is no such line
 */
export function parseProcessStat(line: string): ProcessTime {
  // The name stands in parentheses and may hold anything, those too.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const [group, userTicks, systemTicks] = [fields[2], fields[11], fields[12]].map(Number)
  if (!Number.isInteger(group) || !Number.isInteger(userTicks) || !Number.isInteger(systemTicks)) {
    throw new RangeError(`no line of a process's state: ${line.slice(0, 80)}`)
  }
  return { group, cpuSeconds: (userTicks + systemTicks) / TICKS_PER_SECOND }
}

/** What the living processes of these groups have used so far; null where the system does not say. */
export function readGroupCpuSeconds(groups: readonly number[]): number | null {
  if (process.platform !== 'linux') return null
  let cpuSeconds = 0
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const found = parseProcessStat(readFileSync(`/proc/${name}/stat`, 'utf8'))
      if (groups.includes(found.group)) cpuSeconds += found.cpuSeconds
    } catch (error) {
      // One that ended meanwhile.
      if (error instanceof RangeError) throw error
    }
  }
  return cpuSeconds
}
