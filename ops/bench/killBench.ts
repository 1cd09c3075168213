// Kills a run of the pipeline again and again at random moments, lets it finish, and compares what the log then holds
// with a run that nobody disturbed: no record may be missing, none may be there twice, none may differ.
// node dist/ops/bench/killBench.js [--kills 200] [--stars 400] [--seed 1] [--rollback | --spectra | --subscriptions | --demo]
//   [--json]
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createRng, type Rng } from '../../models/index.ts'
import { packageFile } from '../../schemas/index.ts'
import { type Log, openLog, type Topic, topics } from '../../streams/index.ts'
import { describeCommand } from './harness.ts'
import { compareContents, countRecords, type LogContent, readLogContent } from './logContent.ts'
import { writeSamplePixels } from './samplePixels.ts'
import { writeSampleSpectra } from './sampleSpectra.ts'
import { type SampleTable, writeSampleSurveys } from './sampleSurveys.ts'
import { historyTopics, judgeSubscriptions, type SubscriptionHistory } from './subscriptionHistory.ts'

export interface KillPlan {
  readonly kills: number
  readonly seed: number
  /** Arguments of node that run the pipeline over a log folder; safe to call again after a kill. */
  readonly command: (folder: string) => readonly string[]
  /** Where the command puts its log, from the folder it is given. */
  readonly logFolder: (folder: string) => string
  /** A line on the command's output that says that work has begun; kills before it hit the start. */
  readonly startLine: string | null
  /** Topics that are compared; all of them where it is absent. */
  readonly topics?: readonly string[]
  /** The topics that the command opens its log with; those of birthline where it is absent. */
  readonly logTopics?: readonly Topic[]
  /** Whether subscribers must have been told everything, once. */
  readonly tells?: boolean
}

/**
 * Where sources move from one sky region to another, they meet those that are there already as chance has it: then the
 * history of a star is not the same in two runs, but how it ends is.
 */
const settledTopics = [
  'raw',
  'deliveries',
  'tallies',
  'sources',
  'fuse-changes',
  'waiting-spectra',
  'pixels',
  'latest-stars',
  'star-ids',
  'latest-posteriors',
] as const

/** Spectra of several partitions come to a region as chance has it; each star has its own in order. */
const orderedTopics = topics.map(({ name }) => name).filter(name => name !== 'observations')

export interface KillReport {
  readonly kills: number
  readonly runs: number
  readonly undisturbedMs: number
  /** In the undisturbed log. */
  readonly records: {
    readonly raw: number
    readonly stars: number
    readonly posteriors: number
    readonly deadLetters: number
    /** What subscribers were told; null where there are none. */
    readonly events: number | null
  }
  /** Sentences; none when every run ended as the undisturbed one did. */
  readonly differences: readonly string[]
}

/** Kills fall into this part of a run, counted from where work begins; the later part is reached in later tries. */
const KILL_SHARE = 0.4
/** One in this many falls while the process still starts. */
const START_KILLS = 10
/** Kills in one run before it is left alone, so that every run comes to its end. */
const KILLS_PER_RUN = 12

export async function runKills(plan: KillPlan, tell: (line: string) => void): Promise<KillReport> {
  const rng = createRng(plan.seed)
  const folder = await mkdtemp(join(tmpdir(), 'birthline-kill-'))
  try {
    const undisturbed = await runOnce(plan, join(folder, 'undisturbed'), null)
    const expected = await contentOf(plan, join(folder, 'undisturbed'))
    const differences: string[] = []
    let [kills, runs, spanMs] = [0, 0, undisturbed.workMs]
    while (kills < plan.kills) {
      const runFolder = join(folder, `run${++runs}`)
      const most = Math.min(KILLS_PER_RUN, plan.kills - kills)
      const run = await runWithKills(plan, runFolder, most, spanMs, rng)
      kills += run.kills
      // The machine may be faster or slower than a while ago.
      if (run.kills === 0) spanMs = run.workMs
      else if (run.kills < most) spanMs *= 0.8
      const found = compareContents(expected, await contentOf(plan, runFolder))
      found.push(...((await historyOf(plan, runFolder))?.faults ?? []))
      differences.push(...found.map(line => `run ${runs}: ${line}`))
      await rm(runFolder, { recursive: true, force: true })
      tell(`run ${runs} is over: ${kills} of ${plan.kills} kills, ${differences.length} differences`)
    }
    const whole = await readFolder(plan, join(folder, 'undisturbed'), readLogContent)
    const history = await historyOf(plan, join(folder, 'undisturbed'))
    if (history !== null) differences.push(...history.faults.map(line => `undisturbed: ${line}`))
    const records = {
      raw: countRecords(whole, 'raw'),
      stars: countRecords(whole, 'stars'),
      posteriors: countRecords(whole, 'posteriors'),
      deadLetters: countRecords(whole, 'dead-letters'),
      events: history?.eventCount ?? null,
    }
    return { kills, runs, undisturbedMs: undisturbed.workMs, records, differences }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface RunEnd {
  readonly isKilled: boolean
  /** From where work began. */
  readonly workMs: number
}

/** Kills a run up to `most` times; then, or when a try was quicker than its kill, it is at its end. */
async function runWithKills(
  plan: KillPlan,
  folder: string,
  most: number,
  spanMs: number,
  rng: Rng,
): Promise<{ readonly kills: number; readonly workMs: number }> {
  for (let kills = 0; kills < most; kills++) {
    const kill = { afterMs: rng.uniform() * KILL_SHARE * spanMs, isAtStart: rng.integer(START_KILLS) === 0 }
    const { isKilled, workMs } = await runOnce(plan, folder, kill)
    if (!isKilled) return { kills, workMs }
  }
  const { workMs } = await runOnce(plan, folder, null)
  return { kills: most, workMs }
}

function runOnce(
  plan: KillPlan,
  folder: string,
  kill: { readonly afterMs: number; readonly isAtStart: boolean } | null,
): Promise<RunEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...plan.command(folder)], { stdio: ['ignore', 'pipe', 'pipe'] })
    let startMs = performance.now()
    let said = ''
    let timer: NodeJS.Timeout | null = null
    let hasBegun = false
    const aim = () => {
      if (kill !== null) timer ??= setTimeout(() => child.kill('SIGKILL'), kill.afterMs)
    }
    const begin = () => {
      if (hasBegun) return
      hasBegun = true
      startMs = performance.now()
      aim()
    }
    if (plan.startLine === null) begin()
    else if (kill?.isAtStart === true) aim()
    const listen = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2000)
      if (plan.startLine !== null && said.includes(plan.startLine)) begin()
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (timer !== null) clearTimeout(timer)
      const workMs = performance.now() - startMs
      if (signal === 'SIGKILL') resolve({ isKilled: true, workMs })
      else if (code === 0) resolve({ isKilled: false, workMs })
      else reject(new Error(`killBench: a run ended with code ${code}, signal ${signal}: ${said}`))
    })
  })
}

async function contentOf(plan: KillPlan, folder: string): Promise<LogContent> {
  const content = await readFolder(plan, folder, readLogContent)
  return plan.topics === undefined ? content : new Map([...content].filter(([topic]) => plan.topics?.includes(topic)))
}

async function historyOf(plan: KillPlan, folder: string): Promise<SubscriptionHistory | null> {
  return plan.tells === true ? readFolder(plan, folder, judgeSubscriptions) : null
}

async function readFolder<T>(plan: KillPlan, folder: string, read: (log: Log) => Promise<T>): Promise<T> {
  const { logFolder, logTopics = topics } = plan
  const log = await openLog({ kind: 'embedded', folder: logFolder(folder), readOnly: true, topics: logTopics })
  try {
    return await read(log)
  } finally {
    await log.close()
  }
}

/**
 * The small pipeline of killRun.ts over made-up surveys in a folder.
 * @param then whether a last table, which says and places everything otherwise, is delivered and rolled back; or whether
 * spectra are delivered, by coefficients and with pixels, some before their stars and some after them; or whether
 * subscribers are told, some from the beginning and some once stars are known
 */
export async function samplePlan(
  folder: string,
  starCount: number,
  then: 'end' | 'rollback' | 'spectra' | 'subscriptions' = 'end',
): Promise<Omit<KillPlan, 'kills' | 'seed'>> {
  const tables = await writeSampleSurveys(folder, {
    starCount,
    starsPerDeg2: 20_000,
    seed: 11,
    surveys: ['twoMass', 'gaiaDr3', 'allWise'],
  })
  const steps = tables.map(({ survey, path }) => `${survey}=${path}`)
  if (then === 'rollback') {
    const other = join(folder, 'other')
    await mkdir(other)
    const plan = { starCount: 1.2 * starCount, starsPerDeg2: 5000, seed: 12, surveys: ['gaiaDr3'] as const }
    const [table] = await writeSampleSurveys(other, plan)
    steps.push(`${table.survey}=${table.path}`, `rollback=${tables.length + 1}`)
  }
  if (then === 'spectra') {
    const write = (name: string, from: number) =>
      writeSampleSpectra(join(folder, name), tables[1], { every: 3, from, seed: 13 })
    const [early, late] = [await write('early.csv', 0), await write('late.csv', 1)]
    const writePixels = (from: number) => writeSamplePixels(folder, tables[1], { every: 20, from, seed: 14 })
    const stepsOf = (files: readonly SampleTable[]) => files.map(({ survey, path }) => `${survey}=${path}`)
    steps.unshift(...stepsOf([early, ...(await writePixels(0))]))
    steps.push(...stepsOf([late, ...(await writePixels(1))]))
  }
  if (then === 'subscriptions') {
    const [first, ...others] = steps.splice(0)
    steps.push('subscribe=all:', 'subscribe=near:median(distance) < 320 pc', first)
    steps.push('subscribe=sampled:P(distance < 300 pc) > 0.4', ...others, 'subscribe=late:has twoMass and not has wise')
  }
  const killRun = packageFile('dist', 'ops', 'bench', 'killRun.js')
  return {
    command: logFolder => [killRun, logFolder, ...steps],
    logFolder: logFolder => logFolder,
    startLine: 'started\n',
    ...(then === 'rollback' ? { topics: settledTopics } : {}),
    ...(then === 'spectra' ? { topics: orderedTopics } : {}),
    // Which of two posteriors that come one after the other is told of, is a matter of time.
    ...(then === 'subscriptions' ? { topics: settledTopics, logTopics: historyTopics, tells: true } : {}),
  }
}

const demoPlan: Omit<KillPlan, 'kills' | 'seed'> = {
  command: folder => [packageFile('dist', 'ops', 'cli.js'), 'run', '--demo', '--data', folder],
  logFolder: folder => join(folder, 'log'),
  startLine: null,
}

async function main(): Promise<void> {
  const { values: flags } = parseArgs({
    options: {
      kills: { type: 'string', default: '200' },
      stars: { type: 'string', default: '400' },
      seed: { type: 'string', default: '1' },
      rollback: { type: 'boolean', default: false },
      spectra: { type: 'boolean', default: false },
      subscriptions: { type: 'boolean', default: false },
      demo: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  const folder = await mkdtemp(join(tmpdir(), 'birthline-tables-'))
  try {
    const plan = flags.demo
      ? demoPlan
      : await samplePlan(
          folder,
          Number(flags.stars),
          (['rollback', 'spectra', 'subscriptions'] as const).find(one => flags[one]) ?? 'end',
        )
    const tell = (line: string) => console.error(line)
    const report = await runKills({ ...plan, kills: Number(flags.kills), seed: Number(flags.seed) }, tell)
    if (flags.json) console.log(JSON.stringify({ command: describeCommand(), ...report }))
    else {
      const { kills, runs, records, differences } = report
      console.log(`${describeCommand()}: ${kills} kills in ${runs} runs; each run has ${JSON.stringify(records)}.`)
      console.log(differences.length === 0 ? 'Every run ended as the undisturbed one.' : differences.join('\n'))
    }
    if (report.differences.length > 0) process.exitCode = 1
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

if (import.meta.filename === process.argv[1]) await main()
