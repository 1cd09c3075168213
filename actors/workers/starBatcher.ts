// Puts together the stars that wait for a card. It never waits for more to come: while one batch is at work the next gathers,
// so that batches are as large as the load makes them, and a lone star is asked of at once.
import type { InferOptions, StarInput, StarPosterior } from '../../models/index.ts'

export interface BatcherSize {
  /** Batches at work at one time. */
  readonly places: number
  readonly maxStars: number
}

type Run = (stars: readonly StarInput[], options: InferOptions) => Promise<readonly StarPosterior[]>

interface Request {
  readonly stars: readonly StarInput[]
  readonly options: InferOptions
  readonly answers: StarPosterior[]
  /** Stars that were put into a batch, and those of them that are not answered yet. */
  taken: number
  open: number
  failure: { readonly error: unknown } | null
  settle(): void
}

interface Share {
  readonly request: Request
  /** Place of the first star in the request. */
  readonly first: number
  count: number
}

/**
 * A batch takes a star of each request in turn until it is full. So a lone star is in the next batch that starts, behind
 * whatever flood: it waits for one batch at most, unless more requests than a batch has room for wait too.
 */
export class StarBatcher {
  readonly #run: Run
  readonly #size: BatcherSize
  /** Whoever was served last stands last. */
  #waiting: Request[] = []
  #atWork = 0

  constructor(run: Run, size: BatcherSize) {
    this.#run = run
    this.#size = size
  }

  /** One answer a star, in order; what one request is refused for does not touch the others of its batch. */
  infer(stars: readonly StarInput[], options: InferOptions): Promise<readonly StarPosterior[]> {
    if (stars.length === 0) return Promise.resolve([])
    return new Promise((resolve, reject) => {
      const request: Request = {
        ...{ stars, options, answers: [], taken: 0, open: 0, failure: null },
        settle() {
          if (request.open > 0) return
          if (request.failure !== null) reject(request.failure.error)
          else if (request.taken === stars.length) resolve(request.answers)
        },
      }
      this.#waiting.push(request)
      this.#start()
    })
  }

  #start(): void {
    while (this.#atWork < this.#size.places && this.#waiting.length > 0) {
      this.#atWork++
      void this.#work(this.#gather()).then(() => {
        this.#atWork--
        this.#start()
      })
    }
  }

  /** The next batch: of all that wait with the same options as the first. */
  #gather(): readonly Share[] {
    const [{ options }] = this.#waiting
    const alike = this.#waiting.filter(
      one => one.options.seed === options.seed && one.options.sampleCount === options.sampleCount,
    )
    const shares = alike.map((request): Share => ({ request, first: request.taken, count: 0 }))
    let room = this.#size.maxStars
    for (let hasMore = true; hasMore && room > 0; ) {
      hasMore = false
      for (const share of shares) {
        const { request } = share
        if (room === 0 || request.taken === request.stars.length) continue
        request.taken++
        request.open++
        share.count++
        room--
        hasMore = true
      }
    }
    const served = shares.filter(({ count }) => count > 0)
    const isServed = new Set(served.map(({ request }) => request))
    const unfinished = served.map(({ request }) => request).filter(({ taken, stars }) => taken < stars.length)
    this.#waiting = [...this.#waiting.filter(request => !isServed.has(request)), ...unfinished]
    return served
  }

  async #work(shares: readonly Share[]): Promise<void> {
    try {
      await this.#answer(shares)
    } catch (error) {
      if (shares.length === 1) this.#refuse(shares[0], error)
      // Whose star it was is not known: each is asked of again without the others.
      else for (const share of shares) await this.#work([share])
    }
  }

  async #answer(shares: readonly Share[]): Promise<void> {
    const stars = shares.flatMap(({ request, first, count }) => request.stars.slice(first, first + count))
    const answers = await this.#run(stars, shares[0].request.options)
    let at = 0
    for (const { request, first, count } of shares) {
      for (let i = 0; i < count; i++) request.answers[first + i] = answers[at++]
      request.open -= count
      request.settle()
    }
  }

  #refuse({ request, count }: Share, error: unknown): void {
    request.failure ??= { error }
    // Its other stars need no answer any more; those at work are waited for, so that a second try does not meet them.
    this.#waiting = this.#waiting.filter(one => one !== request)
    request.open -= count
    request.settle()
  }
}
