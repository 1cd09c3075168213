// A whole simulation into a folder: plans the shards, has the threads make those that are missing, writes the manifest.
import { join } from 'node:path'
import { type ForwardRecipe, openSimulator, type Simulator } from '../../models/index.ts'
import { programVersion } from '../programVersion.ts'
import { openCubes } from './recipeCubes.ts'
import { recipeSha256 } from './recipeFile.ts'
import { makeShards } from './shardPool.ts'
import type { ShardTask } from './shardWorker.ts'
import { type Manifest, openJournal, type Shard, type SimulationIdentity, shardPlaces } from './simulationJournal.ts'
import { shardColumns } from './starColumns.ts'

export interface SimulationRequest {
  readonly recipe: ForwardRecipe
  readonly folder: string
  readonly starCount: number
  readonly shardStars: number
  readonly threads: number
  readonly signal: AbortSignal
  /** @param kept stars of an earlier run, once at the beginning */
  onBegin(kept: number): void
  /** @param stars drawn so far, those of an earlier run included */
  onProgress(stars: number): void
}

export interface SimulationResult {
  readonly manifest: Manifest
  /** Stars that an earlier run had drawn already. */
  readonly keptStars: number
}

/**
 * @throws FusionError CONFIG_INVALID, FILE_UNWRITABLE, WORKER_LOST; what was made until then is kept, and the same request
 * goes on from there
 * @throws the signal's reason once it aborts
 */
export async function runSimulation(request: SimulationRequest): Promise<SimulationResult> {
  const { recipe, folder, starCount, shardStars, threads, signal } = request
  const simulator = await describe(recipe)
  const identity: SimulationIdentity = {
    program: programVersion(),
    recipeName: recipe.name,
    recipeSha256: recipeSha256(recipe),
    seed: recipe.seed,
    starCount,
    shardStars,
  }
  const journal = await openJournal(folder, identity, signal)
  try {
    const shards = new Map<string, Shard>(journal.done.map(shard => [shard.file, shard]))
    const keptStars = journal.done.reduce((sum, shard) => sum + shard.starCount, 0)
    request.onBegin(keptStars)
    let stars = keptStars
    const places = new Map(shardPlaces(identity).map(place => [join(folder, place.file), place]))
    const tasks = [...places].flatMap(([path, { file, firstStar, starCount: count }]): ShardTask[] => {
      return shards.has(file) ? [] : [{ path, firstStar, starCount: count }]
    })
    await makeShards(tasks, { recipe, shardStars, meta: metaOf(identity, simulator.name) }, threads, signal, {
      onDrawn(count) {
        stars += count
        request.onProgress(stars)
      },
      async onWritten({ path }, written) {
        const place = places.get(path)
        if (place === undefined) throw new RangeError(`simulationRun: ${path} is no shard of it`)
        const shard = { ...place, ...written }
        await journal.append(shard)
        shards.set(place.file, shard)
      },
    })
    const columns = shardColumns(simulator).map(({ name, type, unit = null, description = null, arraySize = null }) => {
      return { name, type, unit, description, arraySize }
    })
    const ordered = [...shards.values()].sort((a, b) => a.firstStar - b.firstStar)
    const { classes, facts } = simulator
    const manifest: Manifest = { ...identity, recipe, classes, columns, ...(facts && { facts }), shards: ordered }
    await journal.finish(manifest)
    return { manifest, keptStars }
  } finally {
    await journal.close()
  }
}

/** What the simulator is like; it draws nothing here. */
async function describe(recipe: ForwardRecipe): Promise<Simulator> {
  const { cubes, close } = await openCubes(recipe)
  await close()
  return openSimulator(recipe, cubes)
}

function metaOf(identity: SimulationIdentity, simulator: string): Readonly<Record<string, string>> {
  return {
    title: 'birthline: simulated stars',
    simulator,
    program: `birthline ${identity.program}`,
    recipe: identity.recipeName,
    recipe_sha256: identity.recipeSha256,
    seed: String(identity.seed),
    stars: String(identity.starCount),
  }
}
