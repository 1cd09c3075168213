// Tries mutated inputs on a target, in a process of its own, and keeps those that do what none may do.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createRng } from '../../models/index.ts'
import { packageFile } from '../../schemas/index.ts'
import { fuzzTarget } from './fuzzTargets.ts'
import { minimize, mutate } from './mutation.ts'

export interface FuzzPlan {
  readonly target: string
  readonly seed: number
  /** Ends after so many cases, or after so long. */
  readonly maxCases: number
  readonly maxMs: number
  /** Findings are written here; `null` only counts them. */
  readonly corpusFolder: string | null
  readonly minimizeTries: number
}

export interface Finding {
  readonly kind: 'broken' | 'crash' | 'hang' | 'memory'
  readonly detail: string
  readonly bytes: Buffer
}

export interface FuzzReport {
  readonly target: string
  readonly cases: number
  readonly read: number
  readonly refused: number
  /** The process ended as the target says it may. */
  readonly knownCrashes: number
  readonly findings: readonly Finding[]
  readonly slowestMs: number
}

/** Far above what a case takes on a busy machine. */
const HANG_MS = 20_000
const GROWN_BYTES = 400 * 2 ** 20
const MAX_FINDINGS = 10
const KEPT_CHARACTERS = 4000

interface Outcome {
  readonly outcome: 'read' | 'refused' | 'broken' | 'crash' | 'hang' | 'memory'
  readonly detail: string
  readonly tookMs: number
}

/** A process that tries cases, and is replaced when one has ended it. */
export class CaseProcess {
  #child: ChildProcessWithoutNullStreams | null = null
  #lines: AsyncIterator<string> | null = null
  /** Of all that the process writes; one that was killed leaves it behind. */
  #folder: string | null = null
  readonly #hangMs: number
  readonly #temporaryFolder: string
  #complaint = ''

  constructor(hangMs = HANG_MS, temporaryFolder = tmpdir()) {
    this.#hangMs = hangMs
    this.#temporaryFolder = temporaryFolder
  }

  async attempt(target: string, bytes: Buffer): Promise<Outcome> {
    const child = this.#child ?? (await this.#start())
    const lines = this.#lines as AsyncIterator<string>
    child.stdin.write(`${JSON.stringify({ target, bytes: bytes.toString('base64') })}\n`)
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<'late'>(resolve => {
      timer = setTimeout(() => resolve('late'), this.#hangMs)
    })
    const answer = await Promise.race([lines.next(), late])
    clearTimeout(timer)
    if (answer === 'late') {
      await this.close()
      return { outcome: 'hang', detail: `longer than ${this.#hangMs} ms`, tookMs: this.#hangMs }
    }
    if (answer.done === true) {
      const detail = `ended with ${child.exitCode ?? child.signalCode}: ${this.#complaint}`
      await this.close()
      return { outcome: 'crash', detail, tookMs: 0 }
    }
    const { grownBytes, ...outcome } = JSON.parse(answer.value) as Outcome & { readonly grownBytes: number }
    if (grownBytes <= GROWN_BYTES) return outcome
    // The most it ever had is all that a process tells: a new one can be measured again.
    await this.close()
    return { ...outcome, outcome: 'memory', detail: `${Math.round(grownBytes / 2 ** 20)} MiB` }
  }

  async close(): Promise<void> {
    const child = this.#child
    this.#child = null
    if (child !== null && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise(resolve => child.once('close', resolve))
      child.kill('SIGKILL')
      await ended
    }
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true })
    this.#folder = null
  }

  async #start(): Promise<ChildProcessWithoutNullStreams> {
    const script = packageFile('dist', 'test', 'fuzz', 'fuzzProcess.js')
    const folder = mkdtempSync(join(this.#temporaryFolder, 'birthline-fuzz-'))
    this.#folder = folder
    const env = { ...process.env, TMPDIR: folder }
    const child = spawn(process.execPath, ['--max-old-space-size=768', script, folder], { env })
    this.#complaint = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-KEPT_CHARACTERS)
    })
    child.stdin.on('error', () => {})
    this.#child = child
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    await this.#lines.next()
    return child
  }
}

/** What is the same in two findings of one mistake: where the code was, or how the process ended. */
function kindOf({ outcome, detail }: Pick<Outcome, 'outcome' | 'detail'>): string {
  const place = /\n\s+at (.*)/.exec(detail)?.[1] ?? detail.split('\n')[0]
  return `${outcome} ${place.replace(/\d+(?= MiB)/, '')}`
}

export async function runFuzz(plan: FuzzPlan, cases: CaseProcess): Promise<FuzzReport> {
  const { target: name, seed, maxCases, maxMs, corpusFolder, minimizeTries } = plan
  const target = fuzzTarget(name)
  const seeds = await target.seeds()
  const words = target.words.map(word => Buffer.from(word, /[^\0-\xff]/.test(word) ? 'utf8' : 'latin1'))
  const rng = createRng(seed)
  const findings = new Map<string, Finding>()
  const counts = { read: 0, refused: 0 }
  let [done, slowestMs, knownCrashes] = [0, 0, 0]
  const attempt = async (bytes: Buffer) =>
    cases.attempt(name, target.repair === undefined ? bytes : target.repair(bytes))
  // A process that has just begun is slow at first.
  await attempt(seeds[0])
  const startMs = performance.now()
  while (done < maxCases && performance.now() - startMs < maxMs && findings.size < MAX_FINDINGS) {
    const bytes = done < seeds.length ? seeds[done] : mutate(seeds, words, rng)
    done++
    const result = await attempt(bytes)
    const { outcome, detail } = result
    slowestMs = Math.max(slowestMs, result.tookMs)
    if (outcome === 'read' || outcome === 'refused') {
      counts[outcome]++
      continue
    }
    if (outcome === 'crash' && target.knownCrash !== undefined) {
      knownCrashes++
      continue
    }
    const kind = kindOf(result)
    if (findings.has(kind)) continue
    const isSame = async (candidate: Buffer) => kindOf(await attempt(candidate)) === kind
    // Each of these takes a process of its own.
    const tries = Math.min(minimizeTries, { hang: 5, memory: 40, crash: 100, broken: 1000 }[outcome])
    const smallest = await minimize(bytes, isSame, tries)
    const finding = { kind: outcome, detail, bytes: target.repair === undefined ? smallest : target.repair(smallest) }
    findings.set(kind, finding)
    if (corpusFolder !== null) keep(corpusFolder, name, finding)
  }
  return { target: name, cases: done, ...counts, knownCrashes, findings: [...findings.values()], slowestMs }
}

function keep(folder: string, target: string, { kind, detail, bytes }: Finding): void {
  mkdirSync(folder, { recursive: true })
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12)
  const path = join(folder, `${target.replace(':', '-')}.${kind}.${hash}`)
  writeFileSync(path, bytes)
  writeFileSync(`${path}.txt`, `${detail}\n`)
}
