// A share that grows evenly from one place to another.

/** 0 at `from` and before, 1 at `to` and behind, linear between; `from` may be the larger. NaN where both are the same and x is too. */
export function ramp(x: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (x - from) / (to - from)))
}
