// The processes of a proof: each is started again whenever it ends, until they are told that it is enough.
import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { packageFile } from '../../../schemas/index.ts'
import { type ProofPlan, REFUSED_EXIT } from './proofProcess.ts'

export interface Worker {
  readonly plan: ProofPlan
  child: ChildProcess
  /** It has said that its log is open. */
  isOpen: boolean
  lastLine: string
  ended: Promise<void>
}

/** A process that is started again needs its log free, and must not fill the machine if it cannot start at all. */
const RESTART_MS = 100
const KEPT_CHARACTERS = 2000

export class Workers {
  readonly all: Worker[] = []
  /** How processes ended that nobody killed: the sentences by which they refused to go on, counted. */
  readonly refusals = new Map<string, number>()
  /** The largest file that one started from now on may write; null is any. */
  maxFileKiB: number | null = null
  #failure: Error | null = null
  #isOver = false

  async start(plan: ProofPlan): Promise<Worker> {
    const worker: Worker = { plan, child: this.#spawn(plan), isOpen: false, lastLine: '', ended: Promise.resolve() }
    this.#follow(worker)
    this.all.push(worker)
    await this.opened(worker)
    return worker
  }

  async opened(worker: Worker): Promise<void> {
    while (!worker.isOpen) {
      this.throwIfFailed()
      await sleep(10)
    }
  }

  /** @throws Error when a process ended in a way that no proof allows */
  throwIfFailed(): void {
    if (this.#failure !== null) throw this.#failure
  }

  /** Those that write first, so that the others have an end to come to. */
  async finish(timeoutMs: number): Promise<void> {
    this.#isOver = true
    const endMs = Date.now() + timeoutMs
    const has = (role: RegExp) => (worker: Worker) => worker.plan.roles.some(one => role.test(one))
    const [writes, copies] = [has(/^(write|foul)/), has(/^copy/)]
    for (const some of [this.all.filter(writes), this.all.filter(worker => !writes(worker))]) {
      while (some.some(({ child }) => child.exitCode !== 0)) {
        this.throwIfFailed()
        if (Date.now() > endMs)
          throw new Error(`proof: no end within ${timeoutMs} ms: ${some.map(describe).join('; ')}`)
        // Who copies nothing has written before the others are told: what it writes last would else be left to nobody.
        const first = some.filter(worker => writes(worker) && !copies(worker) && isWriting(worker))
        // Said again to those that were started anew.
        for (const { child, isOpen } of first.length > 0 ? first : some) if (isOpen) child.kill('SIGTERM')
        await sleep(50)
      }
    }
  }

  async kill(): Promise<void> {
    this.#isOver = true
    this.#failure ??= new Error('proof: over')
    for (const { child } of this.all) child.kill('SIGKILL')
    await Promise.all(this.all.map(worker => worker.ended))
  }

  #spawn(plan: ProofPlan): ChildProcess {
    const command = [packageFile('dist', 'ops', 'bench', 'proof', 'proofProcess.js'), JSON.stringify(plan)]
    const limit = this.maxFileKiB === null ? '' : `ulimit -f ${this.maxFileKiB}; `
    return spawn('bash', ['-c', `${limit}exec "$0" "$@"`, process.execPath, ...command], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }

  #follow(worker: Worker): void {
    const { child } = worker
    let said = ''
    worker.isOpen = false
    worker.lastLine = ''
    child.stdout?.on('data', (bytes: Buffer) => {
      worker.isOpen = true
      worker.lastLine = bytes.toString().trim().split('\n').at(-1) ?? ''
    })
    child.stderr?.on('data', (bytes: Buffer) => {
      said = (said + bytes.toString()).slice(-KEPT_CHARACTERS)
    })
    worker.ended = new Promise(resolve => {
      child.on('close', (code, signal) => {
        resolve()
        this.#ended(worker, code, signal, said)
      })
    })
  }

  #ended(worker: Worker, code: number | null, signal: NodeJS.Signals | null, said: string): void {
    worker.isOpen = false
    if (code === 0 && this.#isOver) return
    if (code === REFUSED_EXIT) {
      // What the library under the log says stands before it, without an end of its line.
      const name = /([A-Z]+(?:_[A-Z]+)+): /.exec(said)?.[1] ?? ''
      this.refusals.set(name, (this.refusals.get(name) ?? 0) + 1)
    } else if (signal === 'SIGABRT' && said.includes('File too large')) {
      // The library under the log in a folder may come to harm when it cannot write, and ends the process.
      this.refusals.set(signal, (this.refusals.get(signal) ?? 0) + 1)
    } else if (signal !== 'SIGKILL') {
      this.#failure ??= new Error(`proof: ${worker.plan.roles.join(', ')} ended with ${code ?? signal}: ${said}`)
    }
    setTimeout(() => {
      if (this.#failure !== null) return
      worker.child = this.#spawn(worker.plan)
      this.#follow(worker)
    }, RESTART_MS)
  }
}

/** By its last line. */
function isWriting({ lastLine }: Worker): boolean {
  return ['', 'open', 'told to end'].includes(lastLine)
}

function describe({ plan, child, lastLine }: Worker): string {
  return `${plan.roles.join(', ')} (process ${child.pid}, exit code ${child.exitCode}, last: ${lastLine})`
}
