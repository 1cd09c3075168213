// Rotation: the light of a star's approaching and receding halves, as a kernel over the fine grid.
import { FINE_KM_PER_S } from './fineGrid.ts'

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
 * @param vsiniKmPerS 0 to 500
 * @param darkening 0 to 1, 0.6 for the optical light of stars like the Sun
 * @returns [2n + 1]; of length 1 where the star does not rotate
 */
export function rotationKernel(vsiniKmPerS: number, darkening = 0.6): Float64Array {
  const binsPerUnit = vsiniKmPerS / FINE_KM_PER_S
  const reach = Math.ceil(binsPerUnit - 0.5)
  if (!(reach > 0)) return Float64Array.of(1)
  return Float64Array.from({ length: 2 * reach + 1 }, (_, j) => {
    const k = j - reach
    return shareBelow((k + 0.5) / binsPerUnit, darkening) - shareBelow((k - 0.5) / binsPerUnit, darkening)
  })
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
