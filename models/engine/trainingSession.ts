// Runs traced training steps and holds what they change: weights, Adam's moments, the moving average. Knows nothing of tfjs.
import { FusionError } from '../../schemas/index.ts'
import { ratesAt } from './optimizerOptions.ts'
import type { ParameterLayout } from './parameterLayout.ts'
import type { SessionOptions } from './session.ts'
import { Session } from './session.ts'
import type { TensorData } from './tensorSpec.ts'
import { checkTensorData } from './tensorSpec.ts'
import type { TracedTrainingStep } from './trainingStep.ts'

/** Everything a resumed run needs, flat, in the layout's order. */
export interface TrainingState {
  /** Updates made so far. */
  readonly step: number
  readonly parameters: Float32Array
  readonly firstMoment: Float32Array
  readonly secondMoment: Float32Array
  /** The moving average of the parameters: what should be used after training. */
  readonly average: Float32Array
}

export interface StepResult {
  /** null when it was not finite; then nothing was changed. */
  readonly loss: number | null
  /** Before clipping; null when not finite. */
  readonly gradientNorm: number | null
  readonly metrics: Readonly<Record<string, Float32Array>>
}

type Batch = Readonly<Record<string, TensorData>>

interface Slope {
  readonly gradient: Float32Array
  readonly loss: number
  readonly metrics: Readonly<Record<string, Float32Array>>
}

const vectorNames = ['parameters', 'firstMoment', 'secondMoment', 'average'] as const
type Vectors = Record<(typeof vectorNames)[number], Float32Array>

/** The state before the first step: moments zero, the average at the parameters themselves. */
export function startingState(parameters: Float32Array): TrainingState {
  const zeros = () => new Float32Array(parameters.length)
  return {
    step: 0,
    parameters: parameters.slice(),
    firstMoment: zeros(),
    secondMoment: zeros(),
    average: parameters.slice(),
  }
}

/** An open training step with its state: each step's results are the next one's input. Steps must be awaited one by one. */
export class TrainingSession {
  readonly layout: ParameterLayout
  private readonly traced: TracedTrainingStep
  private readonly session: Session
  private readonly pieceSession: Session | null
  private vectors: Vectors
  private stepCount: number
  private isBusy = false

  private constructor(traced: TracedTrainingStep, sessions: readonly Session[], state: TrainingState) {
    this.traced = traced
    this.session = sessions[0]
    this.pieceSession = sessions[1] ?? null
    this.layout = traced.layout
    this.vectors = this.copyIn(state)
    this.stepCount = state.step
  }

  /** @throws FusionError MODEL_MISMATCH when the state is not of this network, and as `Session.open` does */
  static async open(
    traced: TracedTrainingStep,
    state: TrainingState,
    options: SessionOptions = {},
  ): Promise<TrainingSession> {
    const sessions: Session[] = []
    try {
      sessions.push(await Session.open(traced.graph, options))
      if (traced.pieceGraph !== null) sessions.push(await Session.open(traced.pieceGraph, options))
      return new TrainingSession(traced, sessions, state)
    } catch (error) {
      for (const session of sessions) await session.close()
      throw error
    }
  }

  /**
   * One update.
   *
   * @param batch one array per tensor of the batch, by name
   * @throws TypeError or RangeError when the batch does not fit, or when a step is still running
   */
  async step(batch: Batch, learningRate: number): Promise<StepResult> {
    if (this.isBusy) throw new TypeError('TrainingSession.step: await the step before')
    this.isBusy = true
    try {
      return await this.advance(batch, learningRate)
    } finally {
      this.isBusy = false
    }
  }

  /** A copy of the state, for a checkpoint. Writing it back continues to the bit. */
  readState(): TrainingState {
    if (this.isBusy) throw new TypeError('TrainingSession.readState: await the step before')
    return { step: this.stepCount, ...this.copyIn({ step: this.stepCount, ...this.vectors }) }
  }

  /** @throws FusionError MODEL_MISMATCH when the state is not of this network */
  writeState(state: TrainingState): void {
    if (this.isBusy) throw new TypeError('TrainingSession.writeState: await the step before')
    this.vectors = this.copyIn(state)
    this.stepCount = state.step
  }

  async close(): Promise<void> {
    await this.session.close()
    await this.pieceSession?.close()
  }

  private async advance(batch: Batch, learningRate: number): Promise<StepResult> {
    const { options, metrics } = this.traced
    const { parameters, firstMoment, secondMoment, average } = this.vectors
    const slope = await this.addPieces(batch)
    const fetched = await this.session.run({
      ...(slope === null ? batch : { '.gradient': slope.gradient }),
      '.parameters': parameters,
      '.firstMoment': firstMoment,
      '.secondMoment': secondMoment,
      '.average': average,
      ...ratesAt(this.stepCount + 1, learningRate, options),
    })
    const loss = slope === null ? fetched['.loss'][0] : slope.loss
    const [gradientNorm] = fetched['.gradientNorm']
    if (Number.isFinite(loss) && Number.isFinite(gradientNorm)) {
      this.vectors = {
        parameters: fetched['.newParameters'],
        firstMoment: fetched['.newFirstMoment'],
        secondMoment: fetched['.newSecondMoment'],
        average: fetched['.newAverage'],
      }
      this.stepCount += 1
    }
    const watched = slope === null ? fetched : slope.metrics
    return {
      loss: Number.isFinite(loss) ? loss : null,
      gradientNorm: Number.isFinite(gradientNorm) ? gradientNorm : null,
      metrics: Object.fromEntries(metrics.map(name => [name, watched[name]])),
    }
  }

  /** Sum of the pieces' gradients, means of their losses and metrics; null where the batch is not cut. */
  private async addPieces(batch: Batch): Promise<Slope | null> {
    if (this.pieceSession === null) return null
    const { pieces, metrics: names } = this.traced
    for (const spec of this.traced.batch) checkTensorData('TrainingSession.step', spec, batch[spec.name])
    let gradient = new Float32Array(this.layout.size)
    let loss = 0
    const metrics: Record<string, Float32Array> = {}
    for (let i = 0; i < pieces; i++) {
      const rows = Object.entries(batch).map(([name, data]) => {
        const size = data.length / pieces
        return [name, data.subarray(i * size, (i + 1) * size)]
      })
      const piece = { ...Object.fromEntries(rows), '.parameters': this.vectors.parameters, '.gradient': gradient }
      const fetched = await this.pieceSession.run(piece)
      gradient = fetched['.newGradient'] as Float32Array<ArrayBuffer>
      loss += fetched['.loss'][0] / pieces
      for (const name of names) {
        metrics[name] = fetched[name].map((value, k) => (metrics[name]?.[k] ?? 0) + value / pieces)
      }
    }
    return { gradient, loss, metrics }
  }

  private copyIn(state: TrainingState): Vectors {
    const copies = vectorNames.map(name => {
      if (state[name].length !== this.layout.size) {
        throw new FusionError(
          'MODEL_MISMATCH',
          `The training state's ${name} holds ${state[name].length} numbers and the network has ${this.layout.size}; resume with the configuration it was saved with.`,
        )
      }
      return [name, state[name].slice()]
    })
    return Object.fromEntries(copies) as Vectors
  }
}
