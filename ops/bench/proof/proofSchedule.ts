// Which disturbances fall into which run of a long proof: drawn by a seed, none left out.
import { createRng } from '../../../models/index.ts'
import { type Disturbance, disturbances } from './disturbances.ts'
import type { SceneKind } from './scene.ts'

/** Disturbances in one run, so that every run comes to its end. */
const PER_RUN = 10
/** One run on Kafka in this many is on three brokers. */
const THREE_BROKERS_EVERY = 2

export interface PlannedRun {
  readonly scene: SceneKind
  readonly seed: number
  readonly plan: readonly Disturbance[]
}

/** Each scene goes round the disturbances that it has, so that none is left out. */
export function planRuns(counts: Readonly<Record<'embedded' | 'kafka', number>>, seed: number): readonly PlannedRun[] {
  const rng = createRng(seed)
  const runs: PlannedRun[] = []
  const queues = new Map<SceneKind, Disturbance[]>()
  const next = (scene: SceneKind): Disturbance => {
    const queue = queues.get(scene) ?? []
    queues.set(scene, queue)
    if (queue.length === 0) {
      const left = disturbances.filter(({ scenes }) => scenes.includes(scene))
      while (left.length > 0) queue.push(...left.splice(rng.integer(left.length), 1))
    }
    return queue.shift() as Disturbance
  }
  for (const engine of ['embedded', 'kafka'] as const) {
    for (let done = 0, turn = 1; done < counts[engine]; done += PER_RUN, turn++) {
      const onBrokers = turn % THREE_BROKERS_EVERY === 0 ? 'threeBrokers' : 'broker'
      const scene = engine === 'embedded' ? 'embedded' : onBrokers
      const plan = Array.from({ length: Math.min(PER_RUN, counts[engine] - done) }, () => next(scene))
      runs.push({ scene, seed: rng.integer(2 ** 31), plan })
    }
  }
  return runs
}
