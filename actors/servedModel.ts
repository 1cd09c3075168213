// The model in force as something that answers: when another is put in force it takes over between two batches, and the
// former is closed once the last batch that it was given is through.
import type {
  AskableModel,
  AskOptions,
  InferOptions,
  PosteriorModel,
  Question,
  StarAnswer,
  StarInput,
  StarPosterior,
} from '../models/index.ts'
import type { Log } from '../streams/index.ts'
import { mismatch, servingModel } from './servingModel.ts'

/** Hands out the model in force. */
export interface ServingTurns<Model extends PosteriorModel = PosteriorModel> {
  /**
   * Looks which model is in force, and keeps it open until the work is done.
   * @throws FusionError MODEL_MISMATCH when it is not at hand, and what opening it throws
   */
  use<T>(work: (model: Model) => Promise<T>): Promise<T>
  /** Stars that it is best asked of at one time; left out where it does not matter. */
  readonly batchStars?: number | undefined
}

/** One model for ever: whoever needs another one has to begin anew. */
export function fixedModel(log: Log, model: PosteriorModel): ServingTurns {
  return {
    batchStars: model.batchStars,
    async use(work) {
      const serving = await servingModel(log)
      if (serving !== null && serving !== model.fingerprint) throw mismatch(serving, model.fingerprint)
      return work(model)
    },
  }
}

interface Holder {
  readonly model: AskableModel
  users: number
  isFormer: boolean
}

/**
 * Stands for whichever model is in force. Questions and inference outside of `use` go to the newest that is open.
 * Closing it closes the model; whoever opened the first one has handed it over.
 */
export class ServedModel implements AskableModel, ServingTurns<AskableModel> {
  readonly #log: Log
  readonly #open: (fingerprint: string) => Promise<AskableModel | null>
  #current: Holder
  #opening: Promise<void> | null = null
  readonly #closing = new Set<Promise<void>>()

  /** @param open the model of a fingerprint, or null where it is not at hand */
  constructor(log: Log, first: AskableModel, open: (fingerprint: string) => Promise<AskableModel | null>) {
    this.#log = log
    this.#open = open
    this.#current = { model: first, users: 0, isFormer: false }
  }

  get fingerprint(): string {
    return this.#current.model.fingerprint
  }

  get pixelSpectra(): readonly string[] | undefined {
    return this.#current.model.pixelSpectra
  }

  get batchStars(): number | undefined {
    return this.#current.model.batchStars
  }

  async use<T>(work: (model: AskableModel) => Promise<T>): Promise<T> {
    await this.follow()
    return this.#with(work)
  }

  infer(stars: readonly StarInput[], options: InferOptions): Promise<readonly StarPosterior[]> {
    return this.#with(model => model.infer(stars, options))
  }

  ask(stars: readonly StarInput[], question: Question, options: AskOptions): Promise<readonly StarAnswer[]> {
    return this.#with(model => model.ask(stars, question, options))
  }

  /** Takes up the model in force where another one was. */
  async follow(): Promise<void> {
    const serving = await servingModel(this.#log)
    if (serving === null || serving === this.fingerprint) return
    // Partitions come to it side by side: the model is opened once for all of them.
    this.#opening ??= this.#change(serving).finally(() => {
      this.#opening = null
    })
    await this.#opening
  }

  async close(): Promise<void> {
    await this.#opening?.catch(() => {})
    this.#retire(this.#current)
    await Promise.all(this.#closing)
  }

  async #change(serving: string): Promise<void> {
    const model = await this.#open(serving)
    if (model === null) throw mismatch(serving, this.fingerprint)
    const former = this.#current
    this.#current = { model, users: 0, isFormer: false }
    this.#retire(former)
  }

  async #with<T>(work: (model: AskableModel) => Promise<T>): Promise<T> {
    const holder = this.#current
    holder.users++
    try {
      return await work(holder.model)
    } finally {
      holder.users--
      this.#closeUnused(holder)
    }
  }

  #retire(holder: Holder): void {
    holder.isFormer = true
    this.#closeUnused(holder)
  }

  #closeUnused(holder: Holder): void {
    if (holder.users > 0 || !holder.isFormer) return
    const closing = holder.model.close().finally(() => this.#closing.delete(closing))
    this.#closing.add(closing)
  }
}
