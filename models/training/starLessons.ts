// What a star model teaches its student: embeddings of simulated stars, and samples of their posteriors by all its steps.

import { Session } from '../engine/session.ts'
import { fillNormals } from '../math/normals.ts'
import { createRng } from '../math/rng.ts'
import { batchGraph } from '../modelGraphs.ts'
import { PARAMETER_COUNT } from '../tokens/layout.ts'
import { openBatchQueue } from './batchQueue.ts'
import { type Checkpoint, latentScale } from './checkpoint.ts'

export interface StarLessons {
  /** [N, D] */
  readonly stars: Float32Array
  /** [N, S, 7] latents, before any correction. */
  readonly latents: Float32Array
  readonly samplesPerStar: number
}

export interface LessonRequest {
  readonly seed: number
  readonly stars: number
  readonly samplesPerStar: number
  readonly batchThreads?: number
  readonly signal?: AbortSignal
  readonly onStars?: (done: number, total: number) => void
}

/** Of a call of the teacher: few, so that its tensors stay in a processor's cache. */
const BATCH_STARS = 64
const PURPOSE = 0x7374

/**
 * The same for a seed, whatever the number of threads. Stars are as the training of the teacher has them, with their gaps.
 *
 * @throws the signal's reason when it is aborted
 */
export async function drawStarLessons(teacher: Checkpoint, request: LessonRequest): Promise<StarLessons> {
  const { samplesPerStar, seed, signal } = request
  const { card } = teacher
  const batches = Math.ceil(request.stars / BATCH_STARS)
  const count = batches * BATCH_STARS
  const { width } = card.config
  const lessons = {
    stars: new Float32Array(count * width),
    latents: new Float32Array(count * samplesPerStar * PARAMETER_COUNT),
    samplesPerStar,
  }
  const recipe = {
    seed,
    noise: card.noise,
    hasSpectra: card.spectra.length > 0,
    batch: { posteriorRows: BATCH_STARS, levelsPerRow: 1, questionRows: 0 },
  }
  const queue = openBatchQueue({ recipe, scale: latentScale(card) }, 0, request.batchThreads)
  const rng = createRng(seed, PURPOSE)
  const noise = new Float32Array(card.sampler.steps * BATCH_STARS * samplesPerStar * PARAMETER_COUNT)
  const session = await Session.open(batchGraph(teacher, BATCH_STARS, samplesPerStar))
  try {
    for (let k = 0; k < batches; k++) {
      signal?.throwIfAborted()
      const { features, mask } = await queue.next()
      rng.seek(k)
      fillNormals(rng, noise)
      const { latents, star } = await session.run({ features, mask, noise })
      lessons.stars.set(star, k * star.length)
      lessons.latents.set(latents, k * latents.length)
      request.onStars?.((k + 1) * BATCH_STARS, count)
      // A pause for timers and signals: running a graph holds the thread.
      await new Promise(resolve => setImmediate(resolve))
    }
    return lessons
  } finally {
    await queue.close()
    await session.close()
  }
}
