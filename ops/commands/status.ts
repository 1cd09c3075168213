// `birthline status`: the whole pipeline on one screen, again and again, beside whoever works on it.
import { setTimeout as sleep } from 'node:timers/promises'
import { openStarLog } from '../stars/openStarLog.ts'
import { StatusReader } from '../status/pipelineStatus.ts'
import { readServerNumbers } from '../status/serverNumbers.ts'
import { statusText } from '../status/statusText.ts'
import { type CommandCode, type CommandLine, exitCodes } from './commandLine.ts'
import { UsageError } from './failure.ts'

/** Between the two looks that a single answer takes, for its rates. */
const FIRST_PAUSE_MS = 1000

export const status: CommandCode = async (line, _args, values) => {
  const { config, terminal, signal, nowMs } = line
  const everyMs = 1000 * everyS(values.every)
  // What is no screen cannot be drawn over: it is told once, unless JSON lines were asked for.
  const isOnce = values.once === true || (!terminal.isScreen && !terminal.isJson)
  const log = await openStarLog(config)
  try {
    const reader = new StatusReader(log, nowMs)
    await reader.look(await readServerNumbers(config))
    let drawn = 0
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = everyMs) {
      if (!(await pause(pauseMs, signal))) return exitCodes.interrupted
      const found = await reader.look(await readServerNumbers(config))
      if (terminal.isJson) await terminal.print(JSON.stringify(found))
      else {
        const all = statusText(found, whereOf(line), Date.now() / 1000)
        // More than the screen has could not be drawn over.
        const lines = isOnce ? all : all.slice(0, terminal.height - 1)
        await terminal.print(lines.map(text => (isOnce ? text : cut(text, terminal.width))).join('\n'), drawn)
        drawn = isOnce ? 0 : lines.length
      }
      if (isOnce) return exitCodes.ok
    }
  } finally {
    await log.close()
  }
}

function everyS(given: string | boolean | undefined): number {
  const seconds = Number(given)
  if (!Number.isFinite(seconds) || seconds < 0.2 || seconds > 3600) {
    throw new UsageError(`--every is ${JSON.stringify(given)}: it must be seconds, from 0.2 to 3600.`)
  }
  return seconds
}

async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal })
    return true
  } catch {
    return false
  }
}

function whereOf({ config }: CommandLine): string {
  return config.kafkaBrokers === null ? config.dataFolder : config.kafkaBrokers.join(', ')
}

/** A line that wraps would throw the drawing out of step. */
function cut(text: string, width: number): string {
  return text.length < width ? text : `${text.slice(0, Math.max(1, width - 2))}…`
}
