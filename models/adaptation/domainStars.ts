// The loader of three kinds of stars: simulated ones with their truth, real ones without, and pairs of one star in both.
import { createRng, type Rng } from '../math/rng.ts'
import { copyRows, joinStars, type KnownStars, type SeenStars, seenSpecs, type WorldStars } from './worldStars.ts'

/** Row k of both sides of the pairs is one star. */
export interface DomainStars {
  readonly simulated: KnownStars
  readonly real: SeenStars
  readonly pairs: { readonly simulated: SeenStars; readonly real: SeenStars }
}

export interface DomainCounts {
  readonly simulated: number
  readonly real: number
  readonly paired: number
}

/** Rows of a batch: so many simulated, then pairs as simulated, then real, then the same pairs as real. */
export interface BatchRows {
  readonly stars: number
  readonly pairs: number
}

export interface DomainLoader {
  readonly counts: DomainCounts
  /**
   * Batch k, the same whatever was asked before: `seenSpecs` of its 2 (stars + pairs) rows, `isReal` [rows, 1], and `truths`
   * [stars, parameters] of the simulated.
   */
  batch(k: number): Record<string, Float32Array>
}

const PURPOSE = 0xd0a1
/** Stars between two pauses. */
const CHUNK = 50

/** How many of each kind there are. @throws RangeError when there are no simulated or no real stars, or pairs do not match */
export function countDomain({ simulated, real, pairs }: DomainStars): DomainCounts {
  if (pairs.simulated.count !== pairs.real.count)
    throw new RangeError(`countDomain: ${pairs.simulated.count} simulated of pairs and ${pairs.real.count} real`)
  const counts = { simulated: simulated.count, real: real.count, paired: pairs.real.count }
  for (const [kind, count] of Object.entries({ simulated: counts.simulated, real: counts.real }))
    if (count < 1) throw new RangeError(`countDomain: there are no ${kind} stars`)
  return counts
}

/** @throws RangeError as `countDomain` does, and when batches are to have pairs and there are none */
export function openDomainLoader(stars: DomainStars, rows: BatchRows, seed: number): DomainLoader {
  const counts = countDomain(stars)
  if (rows.pairs > 0 && counts.paired === 0) throw new RangeError('openDomainLoader: there are no pairs')
  const rng = createRng(seed, PURPOSE)
  const half = rows.stars + rows.pairs
  const width = stars.simulated.truths.length / stars.simulated.count
  const shapes = seenSpecs(2 * half).map(({ name, shape }) => [name, shape.reduce((a, b) => a * b)] as const)
  return {
    counts,
    batch(k) {
      rng.seek(k)
      const simulated = drawRows(counts.simulated, rows.stars, rng)
      const real = drawRows(counts.real, rows.stars, rng)
      const paired = drawRows(counts.paired, rows.pairs, rng)
      const out: Record<string, Float32Array> = Object.fromEntries(
        shapes.map(([name, size]) => [name, new Float32Array(size)]),
      )
      copyRows(stars.simulated, simulated, out, 0)
      copyRows(stars.pairs.simulated, paired, out, rows.stars)
      copyRows(stars.real, real, out, half)
      copyRows(stars.pairs.real, paired, out, half + rows.stars)
      out.isReal = new Float32Array(2 * half).fill(1, half)
      const { truths } = stars.simulated
      out.truths = Float32Array.from(simulated.flatMap(i => [...truths.subarray(i * width, (i + 1) * width)]))
      return out
    },
  }
}

/** Different rows as far as there are enough. */
function drawRows(from: number, count: number, rng: Rng): number[] {
  const rows = new Set<number>()
  while (rows.size < Math.min(count, from)) rows.add(rng.integer(from))
  const found = [...rows]
  return Array.from({ length: count }, (_, k) => found[k % found.length])
}

export interface DrawStarsOptions {
  readonly seed: number
  readonly count: number
  readonly signal?: AbortSignal
  readonly onStars?: (done: number) => void
}

/** So many stars of a world, with pauses for timers and signals: simulating holds the thread. */
export async function drawWorldStars(stars: WorldStars, options: DrawStarsOptions): Promise<KnownStars> {
  const parts: KnownStars[] = []
  for (let [first, found] = [0, 0]; found < options.count; first += CHUNK) {
    const part = stars.draw(options.seed, first, CHUNK)
    parts.push(part)
    found += part.count
    await pause(options, found)
  }
  return joinStars(parts, options.count)
}

/**
 * The same stars in both worlds: of a seed, those with the same number that came out with the same age, abundance, distance and
 * dust, and so with the same temperature. What surveys see of them, luminosity and mass differ as the worlds do.
 */
export async function drawWorldPairs(
  [own, other]: readonly [WorldStars, WorldStars],
  options: DrawStarsOptions,
): Promise<readonly [KnownStars, KnownStars]> {
  const parts: [KnownStars, KnownStars][] = []
  for (let [first, found] = [0, 0]; found < options.count; first += CHUNK) {
    const [a, b] = [own.draw(options.seed, first, CHUNK), other.draw(options.seed, first, CHUNK)]
    const rows = a.births.flatMap((birth, row) => (birth === b.births[row] ? [row] : []))
    parts.push([rowsOf(a, rows), rowsOf(b, rows)])
    found += rows.length
    await pause(options, found)
  }
  const side = (k: 0 | 1) => parts.map(part => part[k])
  return [joinStars(side(0), options.count), joinStars(side(1), options.count)]
}

async function pause({ signal, onStars, count }: DrawStarsOptions, found: number): Promise<void> {
  signal?.throwIfAborted()
  onStars?.(Math.min(found, count))
  await new Promise(resolve => setImmediate(resolve))
}

function rowsOf(from: KnownStars, rows: readonly number[]): KnownStars {
  const pick = (values: Float32Array) => {
    const width = values.length / from.count
    return Float32Array.from(rows.flatMap(row => [...values.subarray(row * width, (row + 1) * width)]))
  }
  const columns = Object.fromEntries(Object.entries(from.columns).map(([name, values]) => [name, pick(values)]))
  return { count: rows.length, columns, truths: pick(from.truths) }
}
