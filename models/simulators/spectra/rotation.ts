// Rotation: the light of a star's approaching and receding halves, as a kernel over a fine grid.
import type { FineGrid } from './fineGrid.ts'

/** Fastest rotation that is simulated, near break-up of young A stars. */
export const MAX_VSINI_KM_PER_S = 500

/** Share of the light at velocities below x, in units of v sin i, for linear limb darkening: the integral of Gray 2005, eq. 18.14. */
function shareBelow(x: number, darkening: number): number {
  if (x <= -1) return 0
  if (x >= 1) return 1
  const chord = (x * Math.sqrt(1 - x * x) + Math.asin(x) + Math.PI / 2) / 2
  const cap = x - x ** 3 / 3 + 2 / 3
  return (2 * (1 - darkening) * chord + (Math.PI / 2) * darkening * cap) / (Math.PI * (1 - darkening / 3))
}

/**
 * Share of a bin's light that rotation puts k bins away, from -n to n; sums to 1.
 * @param binKmPerS width of a bin
 * @param vsiniKmPerS 0 to 500
 * @param darkening 0 to 1, 0.6 for the optical light of stars like the Sun, 0.35 for that of the H band
 * @returns [2n + 1]; of length 1 where the star does not rotate
 */
export function rotationKernel(binKmPerS: number, vsiniKmPerS: number, darkening = 0.6): Float64Array {
  const binsPerUnit = vsiniKmPerS / binKmPerS
  const reach = Math.ceil(binsPerUnit - 0.5)
  if (!(reach > 0)) return Float64Array.of(1)
  return Float64Array.from({ length: 2 * reach + 1 }, (_, j) => {
    const k = j - reach
    return shareBelow((k + 0.5) / binsPerUnit, darkening) - shareBelow((k - 0.5) / binsPerUnit, darkening)
  })
}

/** A kernel that reaches further than twice this many bins is applied to means of several. */
const FINEST_REACH = 12

/**
 * The spectrum of a star that rotates. Where it rotates fast it is smooth: then it is made in wider bins and read between them on straight lines.
 * @param out [N] another array than `values`
 *
 * Accuracy: 0.5% of a line's depth (test/models/simulators/spectra/rotation.test.ts).
 */
export function turnInto(
  { kmPerS }: FineGrid,
  values: Float32Array,
  vsiniKmPerS: number,
  darkening: number,
  out: Float32Array,
): void {
  const wide = Math.max(1, Math.floor(vsiniKmPerS / kmPerS / FINEST_REACH))
  const kernel = rotationKernel(kmPerS * wide, vsiniKmPerS, darkening)
  if (wide === 1) {
    convolveInto(values, kernel, out)
    return
  }
  const count = Math.floor(values.length / wide)
  const means = new Float32Array(count)
  for (let i = 0; i < count; i++) {
    let sum = 0
    for (let k = i * wide; k < (i + 1) * wide; k++) sum += values[k]
    means[i] = sum / wide
  }
  const turned = new Float32Array(count)
  convolveInto(means, kernel, turned)
  for (let i = 0; i < out.length; i++) {
    const place = Math.min(count - 1, Math.max(0, (i + 0.5) / wide - 0.5))
    const k = Math.min(count - 2, Math.floor(place))
    out[i] = turned[k] + (place - k) * (turned[k + 1] - turned[k])
  }
}

/**
 * Convolution; what lies beyond the ends is like the ends.
 * @param out [N] another array than `values`
 */
export function convolveInto(values: Float32Array, kernel: Float64Array, out: Float32Array): void {
  const reach = (kernel.length - 1) / 2
  const last = values.length - 1
  for (let i = 0; i < reach; i++) {
    out[i] = sumAround(values, kernel, i, last)
    out[last - i] = sumAround(values, kernel, last - i, last)
  }
  for (let i = reach; i <= last - reach; i++) {
    let sum = kernel[reach] * values[i]
    // Kernels of stars are symmetric.
    for (let k = 1; k <= reach; k++) sum += kernel[reach + k] * (values[i - k] + values[i + k])
    out[i] = sum
  }
}

function sumAround(values: Float32Array, kernel: Float64Array, i: number, last: number): number {
  const reach = (kernel.length - 1) / 2
  let sum = 0
  for (let k = -reach; k <= reach; k++) sum += kernel[reach + k] * values[Math.min(last, Math.max(0, i + k))]
  return sum
}
