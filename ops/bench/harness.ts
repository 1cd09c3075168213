// Runs rivals in turns, so that whatever else the machine does hits them alike, and says what came of it.
import { cpus, loadavg, release, totalmem } from 'node:os'
import { relative } from 'node:path'
import { readProcessMemory } from './processMemory.ts'
import { type Spread, spreadOf } from './statistics.ts'

export interface Contender {
  readonly name: string
  /** Before each round; not timed. */
  prepare?(): Promise<void> | void
  /** One round; returns how many units of work it did, with its own time where some of the round is not to count. */
  run(): Promise<number | TimedWork> | number | TimedWork
  /** After each round; not timed. */
  finish?(): Promise<void> | void
}

export interface TimedWork {
  readonly units: number
  readonly seconds: number
}

export interface BenchPlan {
  /** What one unit of work is, in the plural: `records`, `stars`. */
  readonly unit: string
  readonly rounds: number
  /** Rounds before the measured ones, for compilers and caches. Default 1. */
  readonly warmUps?: number
  /** Nanoseconds from some beginning. Default: the system's monotonic clock. */
  readonly nowNs?: () => bigint
}

export interface Result extends Spread {
  readonly name: string
  /** Of each round, in order. */
  readonly unitsPerSecond: readonly number[]
}

export interface Comparison {
  readonly unit: string
  /** As given: ours first, then the rivals. */
  readonly results: readonly Result[]
  /** The first contender's speed over each rival's, round by round. */
  readonly ratios: readonly ({ readonly to: string } & Spread)[]
}

/**
 * Each round runs every contender once; each round begins with another, so none always comes first.
 *
 * @param contenders ours first
 */
export async function runInterleaved(contenders: readonly Contender[], plan: BenchPlan): Promise<Comparison> {
  const speeds = contenders.map((): number[] => [])
  const warmUps = plan.warmUps ?? 1
  const nowNs = plan.nowNs ?? process.hrtime.bigint
  for (let round = 0; round < warmUps + plan.rounds; round++) {
    for (let i = 0; i < contenders.length; i++) {
      const at = (round + i) % contenders.length
      const speed = await runOnce(contenders[at], nowNs)
      if (round >= warmUps) speeds[at].push(speed)
    }
  }
  return compareRounds(
    contenders.map(({ name }, i) => ({ name, unitsPerSecond: speeds[i] })),
    plan.unit,
  )
}

/** @param rounds of each contender, ours first, measured in turns */
export function compareRounds(
  rounds: readonly { readonly name: string; readonly unitsPerSecond: readonly number[] }[],
  unit: string,
): Comparison {
  const results = rounds.map(one => ({ ...one, ...spreadOf(one.unitsPerSecond) }))
  const [ours, ...rivals] = results
  const ratios = rivals.map(rival => ({
    to: rival.name,
    ...spreadOf(ours.unitsPerSecond.map((speed, round) => speed / rival.unitsPerSecond[round])),
  }))
  return { unit, results, ratios }
}

async function runOnce(contender: Contender, nowNs: () => bigint): Promise<number> {
  await contender.prepare?.()
  try {
    const start = nowNs()
    const work = await contender.run()
    if (typeof work === 'object') return work.units / work.seconds
    return (work * 1e9) / Number(nowNs() - start)
  } finally {
    await contender.finish?.()
  }
}

export interface Machine {
  readonly processor: string
  readonly cores: number
  readonly memoryGiB: number
  readonly system: string
  readonly node: string
  /** Of the last minute, when asked: others at work blur a measurement. */
  readonly load: number
}

export function describeMachine(): Machine {
  const cores = cpus()
  return {
    processor: cores[0]?.model.trim() ?? process.arch,
    cores: cores.length,
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    system: `${process.platform} ${release()}`,
    node: process.version,
    load: Math.round(loadavg()[0] * 100) / 100,
  }
}

/** The command that was run, as one would type it in the project's folder. */
export function describeCommand(argv: readonly string[] = process.argv): string {
  return ['node', relative(process.cwd(), argv[1]), ...argv.slice(2)].join(' ')
}

/**
 * Memory of this process that is its own: without the pages of mapped files, which the system takes back at will.
 *
 * @returns MiB now, and the highest resident size so far, mapped files included
 */
export function readMemory(): { readonly ownMiB: number; readonly peakResidentMiB: number } {
  const peakResidentMiB = Math.round(process.resourceUsage().maxRSS / 1024)
  const ownMiB = readProcessMemory('self')?.ownMiB ?? process.memoryUsage.rss() / 1024 ** 2
  return { ownMiB: Math.round(ownMiB), peakResidentMiB }
}

/** The outcome as lines to print. */
export function renderComparison(comparison: Comparison): string {
  const width = Math.max(...comparison.results.map(result => result.name.length))
  const speeds = comparison.results.map(
    result =>
      `${result.name.padEnd(width)}  ${format(result.median)} ${comparison.unit}/s` +
      `  [${format(result.low)}, ${format(result.high)}]  ${result.unitsPerSecond.length} rounds`,
  )
  const ratios = comparison.ratios.map(
    ratio => `ratio to ${ratio.to}: ${ratio.median.toFixed(2)}  [${ratio.low.toFixed(2)}, ${ratio.high.toFixed(2)}]`,
  )
  return [...speeds, ...ratios].join('\n')
}

export function renderMachine(machine: Machine): string {
  const { processor, cores, memoryGiB, system, node, load } = machine
  return `${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}, load ${load}`
}

function format(speed: number): string {
  return speed >= 100 ? Math.round(speed).toLocaleString('en-US') : speed.toPrecision(3)
}
