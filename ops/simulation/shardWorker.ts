// A worker thread of `birthline simulate`: draws the stars of one shard after another, and writes each as a file.
import { parentPort, workerData } from 'node:worker_threads'
import { type ForwardRecipe, openSimulator } from '../../models/index.ts'
import { type ErrorCode, isFusionError } from '../../schemas/index.ts'
import { writeColumnFile } from '../../streams/index.ts'
import { openCubes } from './recipeCubes.ts'
import { openShardBuffer } from './starColumns.ts'

/** What a worker is started with. */
export interface ShardSetup {
  readonly recipe: ForwardRecipe
  /** Of the longest shard. */
  readonly shardStars: number
  /** Facts that every shard carries. */
  readonly meta: Readonly<Record<string, string>>
}

export interface ShardTask {
  readonly path: string
  readonly firstStar: number
  readonly starCount: number
}

export type ShardReply =
  /** So many more stars are drawn. */
  | { readonly kind: 'drawn'; readonly stars: number }
  | { readonly kind: 'written'; readonly sizeBytes: number; readonly sha256: string }
  | {
      readonly kind: 'failed'
      readonly code: ErrorCode
      readonly message: string
      readonly detail: Readonly<Record<string, string | number>>
    }

/** Stars between two words of progress. */
const BATCH_STARS = 5000

const port = parentPort
if (port !== null) {
  const { recipe, shardStars, meta } = workerData as ShardSetup
  const { cubes } = await openCubes(recipe)
  const simulator = openSimulator(recipe, cubes)
  const buffer = openShardBuffer(simulator, shardStars)
  const tell = (reply: ShardReply) => port.postMessage(reply)

  const answer = async ({ path, firstStar, starCount }: ShardTask): Promise<void> => {
    for (let done = 0; done < starCount; done += BATCH_STARS) {
      const count = Math.min(BATCH_STARS, starCount - done)
      buffer.add(simulator.draw({ seed: recipe.seed, first: firstStar + done, count }))
      tell({ kind: 'drawn', stars: count })
    }
    const written = await writeColumnFile(path, buffer.take(firstStar), { ...meta, first_star: String(firstStar) })
    tell({ kind: 'written', ...written })
  }

  port.on('message', (task: ShardTask) => {
    answer(task).catch(error => {
      // What is wrong with the world comes back as data; a mistake of ours ends the thread.
      if (!isFusionError(error)) throw error
      const { code, message, detail } = error
      tell({ kind: 'failed', code, message, detail })
    })
  })
}
