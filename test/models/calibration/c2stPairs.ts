// Pairs of sets that test and golden script make alike, so that no points need be stored.

/** mulberry32: number i is a hash of seed + (i + 1) * 0x6d2b79f5. */
function uniforms(seed: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    const a = (seed + Math.imul(0x6d2b79f5, i + 1)) | 0
    let t = Math.imul(a ^ (a >>> 15), a | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 2 ** 32
  })
}

function normals(seed: number, count: number): Float64Array {
  const u = uniforms(seed, 2 * count)
  return Float64Array.from(
    { length: count },
    (_, i) => Math.sqrt(-2 * Math.log(u[2 * i])) * Math.cos(2 * Math.PI * u[2 * i + 1]),
  )
}

/** Rows of independent normals, moved and scaled column by column. */
const gaussian = (seed: number, rows: number, shifts: readonly number[], scale = 1) =>
  normals(seed, rows * shifts.length).map((z, i) => scale * z + shifts[i % shifts.length])

function crescent(seed: number, rows: number, radius: number): Float64Array {
  const [angles, spread] = [uniforms(seed, rows), normals(seed + 1, rows)]
  return Float64Array.from({ length: 2 * rows }, (_, i) => {
    const row = i >> 1
    const angle = Math.PI * (angles[row] - 0.5)
    return (radius + 0.1 * spread[row]) * (i % 2 === 0 ? Math.cos(angle) : Math.sin(angle))
  })
}

/** Two narrow Gaussians, with mean 0 and variance 1 together. */
function halves(seed: number, rows: number): Float64Array {
  const [sides, first, second] = [uniforms(seed, rows), normals(seed + 1, rows), normals(seed + 2, rows)]
  return Float64Array.from({ length: 2 * rows }, (_, i) => {
    const row = i >> 1
    return i % 2 === 0 ? (sides[row] < 0.5 ? -0.8 : 0.8) + 0.6 * first[row] : second[row]
  })
}

function correlated(seed: number, rows: number): Float64Array {
  const z = gaussian(seed, rows, [0, 0, 0, 0])
  return z.map((value, i) => (i % 2 === 0 ? value : (i % 4 === 1 ? 0.8 : -0.8) * z[i - 1] + 0.6 * value))
}

const zeros = (width: number, value = 0) => new Array<number>(width).fill(value)

/** By name: two sets, row by row. */
export const c2stPairs: Readonly<Record<string, () => readonly [Float64Array, Float64Array]>> = {
  equal: () => [gaussian(1000, 400, zeros(2)), gaussian(2000, 400, zeros(2))],
  halves: () => [halves(1001, 400), gaussian(2001, 400, zeros(2))],
  crescents: () => [crescent(1002, 400, 1), crescent(2002, 400, 1.1)],
  shifted: () => [gaussian(1003, 300, zeros(3)), gaussian(2003, 300, [1.2, 0, 0.6])],
  correlated: () => [correlated(1004, 300), gaussian(2004, 300, zeros(4))],
  scaled: () => [gaussian(1005, 250, zeros(5)), gaussian(2005, 250, zeros(5), 1.7)],
  far: () => [gaussian(1006, 120, zeros(10)), gaussian(2006, 120, zeros(10, 0.8))],
}
