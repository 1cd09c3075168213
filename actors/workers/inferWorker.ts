// A worker thread of the pool: opens the model once, then answers for one chunk of stars after another.
import { workerData } from 'node:worker_threads'
import type { AskableModel, Device, StarPosterior } from '../../models/index.ts'
import { isFusionError } from '../../schemas/index.ts'
import { moveReply, type PosteriorColumns, type WorkerSetup, type WorkerTask } from './pool.ts'

interface ModelModule {
  openPosteriorModel(folder?: string, sampler?: undefined, device?: Device): Promise<AskableModel>
}

let opened: Promise<AskableModel> | null = null

/** The task of the pool. What is wrong with the world comes back as data; a mistake of ours is thrown. */
export async function answerTask(task: WorkerTask): Promise<unknown> {
  try {
    opened ??= openModel()
    const model = await opened
    if (task.kind === 'describe') {
      const { fingerprint, pixelSpectra = [] } = model
      return moveReply({ kind: 'described', fingerprint, pixelSpectra })
    }
    if (task.kind === 'ask') {
      return moveReply({ kind: 'answered', answers: await model.ask(task.stars, task.question, task.options) })
    }
    return moveReply({ kind: 'inferred', columns: toColumns(await model.infer(task.stars, task.options)) })
  } catch (error) {
    if (!isFusionError(error)) throw error
    const { code, message, detail } = error
    return moveReply({ kind: 'failed', error: { code, message, detail } })
  }
}

async function openModel(): Promise<AskableModel> {
  const setup = workerData as WorkerSetup
  const models = (await import(setup.modelUrl)) as ModelModule
  return models.openPosteriorModel(setup.checkpointFolder ?? undefined, undefined, setup.device)
}

function toColumns(posteriors: readonly StarPosterior[]): PosteriorColumns {
  const [first] = posteriors
  const perStar = first.samples.length
  const classes = first.classProbabilities.length
  const samples = new Float32Array(posteriors.length * perStar)
  const classProbabilities = new Float64Array(posteriors.length * classes)
  posteriors.forEach((posterior, i) => {
    samples.set(posterior.samples, i * perStar)
    classProbabilities.set(posterior.classProbabilities, i * classes)
  })
  return {
    sampleNames: first.sampleNames,
    classPrior: first.classPrior,
    keys: posteriors.map(posterior => posterior.key),
    observables: posteriors.map(posterior => posterior.observables),
    flags: posteriors.map(posterior => posterior.flags),
    familiarities: posteriors.map(posterior => posterior.familiarity),
    uncorrected: posteriors.map(posterior => posterior.uncorrected),
    samples,
    classProbabilities,
  }
}
