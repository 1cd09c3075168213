// Clusters of the simulator with a known age: what the stack makes of them, where no model is wrong.
import type { Simulation, Simulator, StarInput } from '../../models/index.ts'

export interface SimulatedCluster {
  /** Of all its stars, to within the width, dex(yr). */
  readonly logAgeYr: number
  readonly inputs: readonly StarInput[]
}

export interface SimulatedClusterOptions {
  readonly logAgesYr: readonly number[]
  readonly starCount: number
  readonly seed: number
  readonly signal: AbortSignal
}

const HALF_WIDTH_DEX = 0.03
const BATCH_STARS = 4000
const MAX_DRAWS = 400_000

/** Stars of the prior that happen to have the wanted ages: masses, distances and gaps are as the simulator draws them. */
export async function drawSimulatedClusters(
  simulator: Simulator,
  { logAgesYr, starCount, seed, signal }: SimulatedClusterOptions,
): Promise<readonly SimulatedCluster[]> {
  const clusters = logAgesYr.map(logAgeYr => ({ logAgeYr, inputs: [] as StarInput[] }))
  const isFull = () => clusters.every(({ inputs }) => inputs.length === starCount)
  for (let first = 0; first < MAX_DRAWS && !isFull(); first += BATCH_STARS) {
    signal.throwIfAborted()
    const drawn = simulator.draw({ seed, first, count: BATCH_STARS })
    const ages = drawn.parameters.get('logAgeYr') ?? new Float32Array(0)
    for (let i = 0; i < drawn.count; i++) {
      const cluster = clusters.find(one => Math.abs(ages[i] - one.logAgeYr) < HALF_WIDTH_DEX)
      if (cluster === undefined || cluster.inputs.length === starCount) continue
      cluster.inputs.push({ key: `simulated-cluster-${seed}-${first + i}`, given: givenOf(drawn, i) })
    }
    // A pause for timers and signals: a draw holds the thread.
    await new Promise(resolve => setImmediate(resolve))
  }
  return clusters
}

function givenOf(drawn: Simulation, i: number): StarInput['given'] {
  return [...drawn.presence].flatMap(([quantity, presence]) => {
    const value = drawn.observables.get(quantity)?.[i]
    const err = drawn.errors.get(quantity)?.[i]
    if (presence[i] === 0 || value === undefined || err === undefined) return []
    return [{ quantity, value, err, isLimit: false }]
  })
}
