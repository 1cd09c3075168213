// Repeatable numbers for the engine's tests; mulberry32, nothing more is needed here.

/** Uniform numbers in [low, high), the same for the same seed. */
export function fillRandom(size: number, low: number, high: number, seed: number): Float32Array {
  let state = seed >>> 0
  return Float32Array.from({ length: size }, () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return low + ((high - low) * ((t ^ (t >>> 14)) >>> 0)) / 2 ** 32
  })
}
