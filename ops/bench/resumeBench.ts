// Takes a long table in, kills the process at random rows, lets the same command go on, and looks whether every row is in
// the log once; tells how soon each process went on, and how much memory it took.
// node dist/ops/bench/resumeBench.js [--gigabytes 0.05] [--format csv|csv.gz|parquet] [--kills 5] [--seed 1] [--folder DIR] [--json]
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createRng } from '../../models/index.ts'
import { packageFile } from '../../schemas/index.ts'
import { type Log, openLog } from '../../streams/index.ts'
import { describeCommand, describeMachine, renderMachine } from './harness.ts'
import { idOfRow, LONG_ROW_BYTES, type LongFormat, rowOfId, writeLongTable } from './longTable.ts'
import { readProcessMemory } from './processMemory.ts'
import { parseProcessStat } from './processTime.ts'

export interface ResumePlan {
  /** Empty; holds the table and the log. */
  readonly folder: string
  readonly format: LongFormat
  readonly rowCount: number
  readonly kills: number
  readonly seed: number
}

/** One process, from its start to its end. */
export interface Life {
  /** Rows in the log when it began, and when it ended. */
  readonly fromRow: number
  readonly toRow: number
  readonly isKilled: boolean
  /** From its start to the first new row in the log; `null` where it added none. */
  readonly resumeMs: number | null
  /** Processor time of the process until then; `null` where the system does not tell. */
  readonly resumeCpuSeconds: number | null
  readonly rowsPerSecond: number
  /** By processor time. */
  readonly rowsPerCpuSecond: number | null
  /** Without pages of mapped files. */
  readonly peakMiB: number
}

export interface ResumeReport {
  readonly fileBytes: number
  readonly rowCount: number
  readonly lives: readonly Life[]
  readonly lost: number
  readonly doubled: number
  /** Records of the log that are no row of the table. */
  readonly foreign: number
}

const LOOK_MS = 10
/** A file that was written to a moment ago is hashed whenever it is delivered. */
const SETTLE_MS = 2500
/** Kills fall before this part of the table, so that something is left to do. */
const KILL_SHARE = 0.95

export async function runResume(plan: ResumePlan, tell: (line: string) => void): Promise<ResumeReport> {
  const { folder, format, rowCount } = plan
  const path = join(folder, `long.${format}`)
  await writeLongTable(path, format, rowCount)
  const fileBytes = (await stat(path)).size
  tell(`${path}: ${rowCount} rows, ${(fileBytes / 1e9).toFixed(3)} GB`)
  await sleep(SETTLE_MS)
  const rng = createRng(plan.seed)
  const killRows = Array.from({ length: plan.kills }, () => 1 + Math.floor(KILL_SHARE * rowCount * rng.uniform()))
  const lives: Life[] = []
  for (const killRow of [...killRows.sort((a, b) => a - b), null]) {
    const fromRow = lives.at(-1)?.toRow ?? 0
    // An earlier process may have got past it before it was noticed.
    if (killRow !== null && killRow <= fromRow) continue
    const life = await live(plan, path, fromRow, killRow)
    lives.push(life)
    tell(renderLife(life))
    if (!life.isKilled) break
  }
  const log = await openLog({ kind: 'embedded', folder: logFolder(folder), readOnly: true })
  try {
    return { fileBytes, rowCount, lives, ...(await countRows(log, rowCount)) }
  } finally {
    await log.close()
  }
}

const logFolder = (folder: string) => join(folder, 'data', 'log')

async function live({ folder }: ResumePlan, path: string, fromRow: number, killRow: number | null): Promise<Life> {
  const startMs = performance.now()
  const args = ['ingest', path, '--survey', 'gaiaDr3', '--no-infer', '--no-progress', '--data', join(folder, 'data')]
  const child = spawn(process.execPath, [packageFile('dist', 'ops', 'cli.js'), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2000)
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => resolve(code))
  })
  let isOver = false
  void ended.finally(() => {
    isOver = true
  })
  let resumed: { readonly ms: number; readonly cpuSeconds: number | null } | null = null
  let [peakMiB, cpuSeconds] = [0, null as number | null]
  // Only a log that is there can be looked at.
  let log: Log | null = null
  try {
    while (!isOver) {
      await sleep(LOOK_MS)
      peakMiB = Math.max(peakMiB, readProcessMemory(child.pid ?? 0)?.ownMiB ?? 0)
      log ??= await tryOpen(logFolder(folder))
      const rows = log === null ? 0 : await rowsIn(log)
      cpuSeconds = cpuSecondsOf(child) ?? cpuSeconds
      if (rows > fromRow) resumed ??= { ms: performance.now() - startMs, cpuSeconds }
      if (killRow !== null && rows >= killRow) {
        child.kill('SIGKILL')
        break
      }
    }
    const code = await ended
    const seconds = (performance.now() - startMs) / 1000
    const isKilled = child.signalCode === 'SIGKILL'
    if (!isKilled && code !== 0) throw new Error(`resumeBench: ingest ended with code ${code}: ${said}`)
    log ??= await openLog({ kind: 'embedded', folder: logFolder(folder), readOnly: true })
    const toRow = await rowsIn(log)
    return {
      fromRow,
      toRow,
      isKilled,
      resumeMs: resumed?.ms ?? null,
      resumeCpuSeconds: resumed?.cpuSeconds ?? null,
      rowsPerSecond: Math.round((toRow - fromRow) / seconds),
      rowsPerCpuSecond: cpuSeconds === null ? null : Math.round((toRow - fromRow) / cpuSeconds),
      peakMiB: Math.round(peakMiB),
    }
  } finally {
    await log?.close()
  }
}

async function tryOpen(folder: string): Promise<Log | null> {
  try {
    return await openLog({ kind: 'embedded', folder, readOnly: true })
  } catch {
    // The process makes it; where it cannot, it says why and ends.
    return null
  }
}

async function rowsIn(log: Log): Promise<number> {
  return (await log.extents('raw')).reduce((sum, { first, end }) => sum + end - first, 0)
}

function cpuSecondsOf({ pid }: ChildProcess): number | null {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8')).cpuSeconds
  } catch {
    return null
  }
}

/** The key of a row is its survey and its id. */
const KEY_START = 'gaiaDr3:'

async function countRows(log: Log, rowCount: number) {
  const seen = new Uint8Array(rowCount + 1)
  let [doubled, foreign, found] = [0, 0, 0]
  const reader = log.openReader({ topics: ['raw'], maxBytes: 8 * 2 ** 20, maxRecords: 10_000 })
  try {
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
      for (const { key } of batch.records) {
        const number = rowOfId(key?.slice(KEY_START.length) ?? '')
        if (number === null || number > rowCount || key !== KEY_START + idOfRow(number)) foreign++
        else if (seen[number] === 1) doubled++
        else {
          seen[number] = 1
          found++
        }
      }
    }
  } finally {
    await reader.close()
  }
  return { lost: rowCount - found, doubled, foreign }
}

function renderLife(life: Life): string {
  const { fromRow, toRow, isKilled, resumeMs, resumeCpuSeconds, rowsPerSecond, rowsPerCpuSecond, peakMiB } = life
  const resumed =
    resumeMs === null
      ? 'no new row'
      : `first new row after ${(resumeMs / 1000).toFixed(2)} s (${resumeCpuSeconds?.toFixed(2)} s of processor)`
  const speed = `${rowsPerSecond} rows/s (${rowsPerCpuSecond} by processor)`
  return `rows ${fromRow} to ${toRow}, ${isKilled ? 'killed' : 'to the end'}: ${resumed}, ${speed}, ${peakMiB} MiB`
}

async function main(): Promise<void> {
  const { values: flags } = parseArgs({
    options: {
      gigabytes: { type: 'string', default: '0.05' },
      format: { type: 'string', default: 'csv' },
      kills: { type: 'string', default: '5' },
      seed: { type: 'string', default: '1' },
      folder: { type: 'string', default: tmpdir() },
      json: { type: 'boolean', default: false },
    },
  })
  const format = (['csv', 'csv.gz', 'parquet'] as const).find(name => name === flags.format)
  if (format === undefined) throw new Error(`resumeBench: no format is named ${flags.format}`)
  const folder = await mkdtemp(join(flags.folder, 'birthline-resume-'))
  try {
    const rowCount = Math.ceil((Number(flags.gigabytes) * 1e9) / LONG_ROW_BYTES)
    const plan = { folder, format, rowCount, kills: Number(flags.kills), seed: Number(flags.seed) }
    const report = await runResume(plan, line => console.error(line))
    const { lost, doubled, foreign } = report
    if (flags.json) console.log(JSON.stringify({ command: describeCommand(), machine: describeMachine(), ...report }))
    else {
      console.log(renderMachine(describeMachine()))
      console.log(`${describeCommand()}: of ${rowCount} rows lost ${lost}, doubled ${doubled}, foreign ${foreign}.`)
    }
    if (lost + doubled + foreign > 0) process.exitCode = 1
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

if (import.meta.filename === process.argv[1]) await main()
