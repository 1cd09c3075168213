// A model on several threads, behind the same interface as a model on one. Stars go in, columns come back by transfer.
import { availableParallelism } from 'node:os'
import { pathToFileURL } from 'node:url'
import { move, Piscina, transferableSymbol, valueSymbol } from 'piscina'
import type {
  AskableModel,
  AskOptions,
  Device,
  InferOptions,
  Question,
  StarAnswer,
  StarInput,
  StarPosterior,
} from '../../models/index.ts'
import { type ErrorCode, FusionError, packageFile, publish } from '../../schemas/index.ts'
import { StarBatcher } from './starBatcher.ts'

export interface PoolOptions {
  /** Folder of the checkpoint; `null` is the one that comes with the project. */
  readonly checkpointFolder: string | null
  /** Where posteriors are drawn. Default: the processor. */
  readonly device?: Device
  /** Default: one for each processor. WebGPU has one whatever is said. */
  readonly threads?: number
  /** Stars a worker is given at a time, at most. */
  readonly chunkStars?: number
  /** Module that exports `openPosteriorModel(folder)`, as a URL; by default the models of the project. */
  readonly modelUrl?: string
}

/** What a worker is started with. */
export interface WorkerSetup {
  readonly checkpointFolder: string | null
  readonly device: Device
  readonly modelUrl: string
}

export type WorkerTask =
  | { readonly kind: 'describe' }
  | { readonly kind: 'infer'; readonly stars: readonly StarInput[]; readonly options: InferOptions }
  | {
      readonly kind: 'ask'
      readonly stars: readonly StarInput[]
      readonly question: Question
      readonly options: AskOptions
    }

/** Posteriors of several stars, samples and probabilities of all in one array each. */
export interface PosteriorColumns {
  readonly sampleNames: readonly string[]
  readonly classPrior: readonly number[]
  readonly keys: readonly string[]
  readonly observables: readonly (readonly string[])[]
  readonly flags: readonly (readonly string[])[]
  readonly familiarities: readonly (number | null)[]
  readonly uncorrected: readonly StarPosterior['uncorrected'][]
  /** [stars x names x samples] */
  readonly samples: Float32Array<ArrayBuffer>
  /** [stars x classes] */
  readonly classProbabilities: Float64Array<ArrayBuffer>
}

/** An error as plain data: a thread boundary takes classes away. */
export interface WorkerError {
  readonly code: ErrorCode
  readonly message: string
  readonly detail: Readonly<Record<string, string | number>>
}

export type WorkerReply =
  | { readonly kind: 'described'; readonly fingerprint: string; readonly pixelSpectra: readonly string[] }
  | { readonly kind: 'inferred'; readonly columns: PosteriorColumns }
  | { readonly kind: 'answered'; readonly answers: readonly StarAnswer[] }
  | { readonly kind: 'failed'; readonly error: WorkerError }

/** A star costs a worker the same in a chunk of any size; in a small one it does not wait for many others. */
const DEFAULT_CHUNK_STARS = 4
/** A card is not full with fewer; what waits for it is put together up to this. */
const DEVICE_CHUNK_STARS = 1024
/** Chunks that wait in a worker's mailbox while it is at work on another. */
const WAITING_PER_THREAD = 1

/** In a worker: hands a reply over without copying its arrays. */
export function moveReply(reply: WorkerReply): unknown {
  if (reply.kind !== 'inferred') return reply
  const { samples, classProbabilities } = reply.columns
  return move({ [transferableSymbol]: [samples.buffer, classProbabilities.buffer], [valueSymbol]: reply })
}

/**
 * Starts the workers and has each load the checkpoint when it is first asked.
 *
 * @throws FusionError MODEL_MISSING or MODEL_MISMATCH when the checkpoint cannot be used, CONFIG_INVALID when the device cannot
 */
export async function openInferPool(options: PoolOptions): Promise<AskableModel> {
  const isOnCard = options.device !== undefined && options.device !== 'cpu'
  const threads = options.device === 'webgpu' ? 1 : (options.threads ?? availableParallelism())
  const setup: WorkerSetup = {
    checkpointFolder: options.checkpointFolder,
    device: options.device ?? 'cpu',
    modelUrl: options.modelUrl ?? pathToFileURL(packageFile('dist', 'models', 'index.js')).href,
  }
  const piscina = new Piscina<WorkerTask, WorkerReply>({
    filename: packageFile('dist', 'actors', 'workers', 'inferWorker.js'),
    name: 'answerTask',
    workerData: setup,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
    recordTiming: false,
  })
  const chunkStars = options.chunkStars ?? (isOnCard ? DEVICE_CHUNK_STARS : DEFAULT_CHUNK_STARS)
  const pool = new InferPool(piscina, { threads, chunkStars, isOnCard, takesTurns: options.device === 'webgpu' })
  try {
    await pool.describe()
    return pool
  } catch (error) {
    await pool.close()
    throw error
  }
}

interface PoolSize {
  readonly threads: number
  readonly chunkStars: number
  readonly isOnCard: boolean
  readonly takesTurns: boolean
}

/** Of onnxruntime's WebGPU all sessions of a process share one command encoder, which two threads would spoil: one at a time. */
let encoderTurn: Promise<unknown> = Promise.resolve()

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = encoderTurn.then(work)
  encoderTurn = mine.catch(() => {})
  return mine
}

class InferPool implements AskableModel {
  fingerprint = ''
  pixelSpectra: readonly string[] = []
  readonly batchStars?: number
  readonly #piscina: Piscina<WorkerTask, WorkerReply>
  readonly #threads: number
  readonly #chunkStars: number
  readonly #takesTurns: boolean
  /** Puts stars together for a card; null where each is worked out alone. */
  readonly #batcher: StarBatcher | null
  readonly #places: number
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(piscina: Piscina<WorkerTask, WorkerReply>, { threads, chunkStars, isOnCard, takesTurns }: PoolSize) {
    this.#piscina = piscina
    this.#threads = threads
    this.#chunkStars = chunkStars
    this.#takesTurns = takesTurns
    const run = (stars: readonly StarInput[], options: InferOptions) => this.#inferChunk(stars, options)
    this.#batcher = isOnCard ? new StarBatcher(run, { places: threads, maxStars: chunkStars }) : null
    if (isOnCard) this.batchStars = chunkStars
    this.#places = threads * (1 + WAITING_PER_THREAD)
    this.#free = this.#places
  }

  async describe(): Promise<void> {
    const reply = await this.#ask({ kind: 'describe' })
    if (reply.kind !== 'described') return
    this.fingerprint = reply.fingerprint
    this.pixelSpectra = reply.pixelSpectra
  }

  infer(stars: readonly StarInput[], options: InferOptions): Promise<readonly StarPosterior[]> {
    if (this.#batcher !== null) return this.#batcher.infer(stars, options)
    return this.#shareOut(stars, chunk => this.#inferChunk(chunk, options))
  }

  ask(stars: readonly StarInput[], question: Question, options: AskOptions): Promise<readonly StarAnswer[]> {
    return this.#shareOut(stars, async chunk => {
      await this.#enter()
      try {
        const reply = await this.#ask({ kind: 'ask', stars: chunk, question, options })
        if (reply.kind !== 'answered')
          throw new TypeError(`pool: a worker answered ${reply.kind} when asked a question`)
        return reply.answers
      } finally {
        this.#leave()
      }
    })
  }

  async #shareOut<T>(
    stars: readonly StarInput[],
    work: (chunk: readonly StarInput[]) => Promise<readonly T[]>,
  ): Promise<readonly T[]> {
    const chunks: (readonly StarInput[])[] = []
    // A few stars are shared out to all threads: they are waited for together.
    const chunkStars = Math.min(this.#chunkStars, Math.ceil(stars.length / this.#threads))
    for (let i = 0; i < stars.length; i += chunkStars) chunks.push(stars.slice(i, i + chunkStars))
    // All are waited for even when one fails, so that a second try does not meet the rest of the first.
    const answers = await Promise.allSettled(chunks.map(work))
    return answers.flatMap(answer => {
      if (answer.status === 'rejected') throw answer.reason
      return answer.value
    })
  }

  async close(): Promise<void> {
    await this.#piscina.destroy()
  }

  async #inferChunk(stars: readonly StarInput[], options: InferOptions): Promise<readonly StarPosterior[]> {
    await this.#enter()
    const startMs = performance.now()
    try {
      const reply = await this.#ask({ kind: 'infer', stars, options })
      if (reply.kind !== 'inferred') throw new TypeError(`pool: a worker answered ${reply.kind} when asked to infer`)
      publish('inference', {
        stars: stars.length,
        samples: options.sampleCount,
        durationMs: performance.now() - startMs,
      })
      return fromColumns(reply.columns)
    } finally {
      this.#leave()
    }
  }

  async #ask(task: WorkerTask): Promise<WorkerReply> {
    let reply: WorkerReply
    try {
      const work = () => this.#piscina.run(task)
      reply = await (this.#takesTurns ? inTurn(work) : work())
    } catch (cause) {
      if (cause instanceof RangeError || cause instanceof TypeError) throw cause
      throw new FusionError(
        'WORKER_LOST',
        'A worker thread that draws samples has died; its stars are tried again. If this goes on, use fewer workers or samples.',
        { cause },
      )
    }
    if (reply.kind !== 'failed') return reply
    const { code, message, detail } = reply.error
    throw new FusionError(code, message, { detail })
  }

  /** Waits for its turn, so that no more chunks are under way than workers can take up soon. */
  async #enter(): Promise<void> {
    if (this.#free > 0) {
      this.#free--
      this.#tell()
      return
    }
    const turn = new Promise<void>(resolve => this.#waiting.push(resolve))
    this.#tell()
    await turn
  }

  #leave(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free++
    else next()
    this.#tell()
  }

  #tell(): void {
    publish('pool', { running: this.#places - this.#free, waiting: this.#waiting.length })
  }
}

/** Views into the arrays that came over; nothing is copied. */
function fromColumns(columns: PosteriorColumns): StarPosterior[] {
  const { keys, sampleNames, classPrior, samples, classProbabilities } = columns
  const perStar = samples.length / keys.length
  const classes = classProbabilities.length / keys.length
  return keys.map((key, i) => ({
    key,
    sampleNames,
    samples: samples.subarray(i * perStar, (i + 1) * perStar),
    classProbabilities: [...classProbabilities.subarray(i * classes, (i + 1) * classes)],
    classPrior,
    observables: columns.observables[i],
    flags: columns.flags[i],
    familiarity: columns.familiarities[i],
    uncorrected: columns.uncorrected[i],
  }))
}
