// Wires the actors to their topics: ingest -> fuse -> infer -> publish. The only file that names all of them.
import {
  type InferOptions,
  MARGIN_ARCSEC,
  type PosteriorModel,
  rankSurveys,
  regionMarginArcsec,
} from '../models/index.ts'
import { FusionError, readSurvey, surveyNames } from '../schemas/index.ts'
import type { Log, LogBatch } from '../streams/index.ts'
import { type ActorPlan, runActor } from './actor.ts'
import { type Clock, systemClock } from './clock.ts'
import { TALLIES } from './deliveryTally.ts'
import type { FileDelivery } from './fileFingerprint.ts'
import { type DeliveryControl, type DeliveryResult, ingestFile } from './fileSource.ts'
import { FUSED_TOPICS, fusePlan } from './fuseActor.ts'
import { PIXELS, WAITING_SPECTRA } from './fuseEntry.ts'
import { FUSE } from './fuseMessage.ts'
import { groupLag } from './groupLag.ts'
import { INFER, inferPlan } from './inferActor.ts'
import { INGEST, ingestPlan } from './ingestActor.ts'
import { MEMBERS, NOTIFY, notifyPlan } from './notifyActor.ts'
import { promotePlan } from './promoteActor.ts'
import { PUBLISH, PUBLISHED_TOPICS, publishPlan } from './publishActor.ts'
import { reprocessPlan } from './reprocessActor.ts'
import { type RollbackResult, rollBack } from './rollback.ts'
import { deliverStream, type RowStream, type StreamControl, type StreamResult } from './rowStream.ts'
import { fixedModel, type ServingTurns } from './servedModel.ts'
import { SUBSCRIPTION_WORK } from './subscriptions.ts'
import type { Backoff } from './supervisor.ts'
import { ActorSystem, type ChildStatus } from './system.ts'

/** Which group reads which topic, in the order of the walk. */
export const pipelineGroups = [
  { group: INGEST, topics: ['raw'] },
  { group: FUSE, topics: FUSED_TOPICS },
  { group: INFER, topics: ['stars'] },
  { group: PUBLISH, topics: PUBLISHED_TOPICS },
] as const

/** Beside the walk: whoever tells subscribers. */
export const notifyGroup = { group: NOTIFY, topics: [SUBSCRIPTION_WORK] } as const

/** What the stages keep state in. */
export const stateTopics = [
  ...['sources', TALLIES, 'fuse-changes', WAITING_SPECTRA, PIXELS, 'posterior-places'],
  MEMBERS,
]

export interface PipelineOptions extends InferOptions {
  readonly log: Log
  /** A pool of workers, or any other model. Whoever opened it closes it, after the pipeline. */
  readonly model: PosteriorModel
  /** The model in force, whichever that becomes. By default it is `model`, and the pipeline ends when another is put in force. */
  readonly served?: ServingTurns
  readonly clock?: Clock
  readonly backoff?: Backoff
  /** A file being taken in pauses while more records than this are under way. */
  readonly maxLag?: number
  /** Goes over all stars in the background, to be put in force later. */
  readonly candidate?: PosteriorModel
  /** Hands on what the model said of the stars before it was in force. */
  readonly promotes?: boolean
  /** Tells subscriptions of their stars. */
  readonly notifies?: boolean
}

/** How many items are due, and when the stream is whole. */
export type StreamPace = Pick<StreamControl, 'itemCount' | 'nextCount'>

export interface StageStatus extends ChildStatus {
  readonly group: string
  /** Records that wait to be consumed. */
  readonly lag: number
  /** Consumed by this process so far. */
  readonly consumed: number
}

export interface Pipeline {
  /** Takes a file in, after those asked for before it. */
  ingest(file: FileDelivery, signal?: AbortSignal): Promise<DeliveryResult>
  /** Takes in rows that are made on the way, after what was asked for before them. */
  deliver(stream: RowStream, pace: StreamPace, signal?: AbortSignal): Promise<StreamResult>
  /**
   * Takes a delivery back, after what was asked for before it.
   * @throws FusionError QUESTION_INVALID for a number that no delivery has
   */
  rollBack(ordinal: bigint, signal?: AbortSignal): Promise<RollbackResult>
  /**
   * Resolves when every record of every topic has gone the whole way, or when the pipeline is stopped.
   * @throws the error that ended the pipeline
   */
  idle(): Promise<void>
  status(): Promise<readonly StageStatus[]>
  /** Aborts when the pipeline has ended by a failure, with the error as its reason. */
  readonly failed: AbortSignal
  /** Sources first, each stage after its batch is written. A second call waits for the first. */
  stop(): Promise<void>
}

const DEFAULT_MAX_LAG = 20_000
const LOOK_AGAIN_MS = 500

/** @throws FusionError CONFIG_INVALID when there are more surveys than the regions' margins allow for */
export function startPipeline(options: PipelineOptions): Pipeline {
  return new RunningPipeline(options)
}

class RunningPipeline implements Pipeline {
  readonly #log: Log
  readonly #maxLag: number
  readonly #system: ActorSystem
  /** In the order of the walk. */
  readonly #groups: { readonly group: string; readonly topics: readonly string[] }[] = [...pipelineGroups]
  readonly #consumed = new Map<string, number>()
  readonly #underWay = new Set<LogBatch>()
  readonly #stopping = new AbortController()
  readonly #waiting = new Set<() => void>()
  #deliveries: Promise<unknown> = Promise.resolve()
  #stopped: Promise<void> | null = null

  constructor({ log, model, clock, backoff, maxLag, sampleCount, seed, served, ...extra }: PipelineOptions) {
    const levels = rankSurveys(surveyNames().map(readSurvey))
    if (regionMarginArcsec(levels.size) > MARGIN_ARCSEC) {
      throw new FusionError(
        'CONFIG_INVALID',
        `There are ${levels.size} survey files, more than the margins of sky regions allow for; take some out of schemas/surveys.`,
      )
    }
    this.#log = log
    this.#maxLag = maxLag ?? DEFAULT_MAX_LAG
    this.#system = new ActorSystem(clock ?? systemClock, backoff)
    // What feeds others starts last, and so is stopped first.
    const { candidate, promotes, notifies } = extra
    if (notifies === true) {
      const plan = notifyPlan(log)
      this.#groups.push({ group: plan.group, topics: plan.topics })
      this.#start(plan)
    }
    this.#start(publishPlan(log))
    if (promotes === true) this.#startExtra(promotePlan(log, model.fingerprint))
    if (candidate !== undefined) {
      this.#startExtra(reprocessPlan(log, candidate, { sampleCount, seed }, () => this.#waitForStars()))
    }
    this.#start(inferPlan(served ?? fixedModel(log, model), { sampleCount, seed }))
    this.#start(fusePlan(levels))
    this.#start(ingestPlan)
    this.failed.addEventListener('abort', () => this.#announce(), { once: true })
  }

  get failed(): AbortSignal {
    return this.#system.failed
  }

  ingest(file: FileDelivery, signal?: AbortSignal): Promise<DeliveryResult> {
    return this.#afterOthers(signal, control => ingestFile(this.#log, file, control))
  }

  deliver(stream: RowStream, pace: StreamPace, signal?: AbortSignal): Promise<StreamResult> {
    return this.#afterOthers(signal, control => deliverStream(this.#log, stream, { ...control, ...pace }))
  }

  rollBack(ordinal: bigint, signal?: AbortSignal): Promise<RollbackResult> {
    return this.#afterOthers(signal, control => {
      const [ingest, fuse] = pipelineGroups.map(({ group, topics }) => async () => {
        await this.#until(async () => control.signal.aborted || (await groupLag(this.#log, group, topics)) === 0)
        this.failed.throwIfAborted()
      })
      return rollBack(this.#log, ordinal, { ...control, untilIngested: ingest, untilFused: fuse })
    })
  }

  #afterOthers<T>(signal: AbortSignal | undefined, work: (control: DeliveryControl) => Promise<T>): Promise<T> {
    const signals = [this.#stopping.signal, this.failed, ...(signal === undefined ? [] : [signal])]
    const control = { signal: AbortSignal.any(signals), waitForRoom: () => this.#waitForRoom(signals) }
    control.signal.addEventListener('abort', () => this.#announce(), { once: true })
    const delivery = this.#deliveries.then(() => work(control))
    this.#deliveries = delivery.catch(() => undefined)
    return delivery
  }

  async idle(): Promise<void> {
    await this.#deliveries
    // Not before the stages know of their last commits themselves: then `status` counts them.
    await this.#until(async () => (await this.#lag()) === 0 && this.#underWay.size === 0)
    this.failed.throwIfAborted()
  }

  async status(): Promise<readonly StageStatus[]> {
    const children = new Map(this.#system.status().map(child => [child.name, child]))
    return Promise.all(
      this.#groups.map(async ({ group, topics }) => ({
        name: group,
        state: children.get(group)?.state ?? 'ended',
        restarts: children.get(group)?.restarts ?? 0,
        group,
        lag: await groupLag(this.#log, group, topics),
        consumed: this.#consumed.get(group) ?? 0,
      })),
    )
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #stop(): Promise<void> {
    this.#stopping.abort()
    this.#announce()
    await this.#deliveries
    await this.#system.stop()
  }

  #start<Message, Entry>(plan: ActorPlan<Message, Entry>): void {
    const onCommit = ({ records }: LogBatch) => {
      this.#consumed.set(plan.group, (this.#consumed.get(plan.group) ?? 0) + records.length)
      this.#announce()
    }
    const place = { log: this.#log, underWay: this.#underWay, onCommit }
    this.#system.start({ name: plan.group, run: signal => runActor(plan, { ...place, signal }) })
  }

  #startExtra<Message, Entry>(plan: ActorPlan<Message, Entry>): void {
    // What is promoted is published after it.
    const published = this.#groups.findIndex(({ group }) => group === PUBLISH)
    this.#groups.splice(published, 0, { group: plan.group, topics: plan.topics })
    this.#start(plan)
  }

  /** Until no star waits for the model in force, or for its posterior to be published. */
  #waitForStars(): Promise<void> {
    const isThrough = async () =>
      (await groupLag(this.#log, INFER, ['stars'])) + (await groupLag(this.#log, PUBLISH, PUBLISHED_TOPICS)) === 0
    return this.#until(isThrough)
  }

  async #lag(): Promise<number> {
    let lag = 0
    // In the order of the walk: what a stage has still to write can then not be overlooked by the next.
    for (const { group, topics } of this.#groups) lag += await groupLag(this.#log, group, topics)
    return lag
  }

  #waitForRoom(signals: readonly AbortSignal[]): Promise<void> {
    return this.#until(async () => signals.some(signal => signal.aborted) || (await this.#lag()) <= this.#maxLag)
  }

  /** Looks again after every commit, and now and then for those of other processes; ends early when the pipeline fails or is stopped. */
  async #until(isTrue: () => Promise<boolean>): Promise<void> {
    for (;;) {
      // Registered before looking, so that no commit falls in between.
      let wake = () => {}
      const news = new Promise<void>(resolve => {
        wake = resolve
      })
      this.#waiting.add(wake)
      const timer = setTimeout(wake, LOOK_AGAIN_MS)
      try {
        if (this.failed.aborted || this.#stopping.signal.aborted || (await isTrue())) return
        await news
      } finally {
        clearTimeout(timer)
        this.#waiting.delete(wake)
      }
    }
  }

  #announce(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const wake of waiting) wake()
  }
}
