// The root of the actors: starts them under supervision, stops them in reverse order, and tells when one has failed.
import type { Clock } from './clock.ts'
import { type Backoff, type Child, defaultBackoff, supervise } from './supervisor.ts'

export interface ChildStatus {
  readonly name: string
  readonly state: 'running' | 'ended' | 'failed'
  readonly restarts: number
}

interface Running {
  readonly name: string
  readonly stopping: AbortController
  readonly ended: Promise<void>
  state: ChildStatus['state']
  restarts: number
}

export class ActorSystem {
  readonly #clock: Clock
  readonly #backoff: Backoff
  readonly #children: Running[] = []
  readonly #failing = new AbortController()

  constructor(clock: Clock, backoff: Backoff = defaultBackoff) {
    this.#clock = clock
    this.#backoff = backoff
  }

  /** Aborts when a failure escalates, with the error as its reason; every actor is then being stopped. */
  get failed(): AbortSignal {
    return this.#failing.signal
  }

  start(child: Child): void {
    const stopping = new AbortController()
    const onRestart = (restarts: number) => {
      running.restarts = restarts
    }
    const work = supervise(child, stopping.signal, { clock: this.#clock, backoff: this.#backoff, onRestart })
    const ended = work.then(
      () => {
        running.state = 'ended'
      },
      error => {
        running.state = 'failed'
        if (this.#failing.signal.aborted) return
        this.#failing.abort(error)
        void this.stop()
      },
    )
    const running: Running = { name: child.name, stopping, ended, state: 'running', restarts: 0 }
    this.#children.push(running)
  }

  status(): readonly ChildStatus[] {
    return this.#children.map(({ name, state, restarts }) => ({ name, state, restarts }))
  }

  /** Those started last are stopped first, each one fully before the next: a source before what it feeds. */
  async stop(): Promise<void> {
    for (const { stopping, ended } of [...this.#children].reverse()) {
      stopping.abort()
      await ended
    }
  }
}
