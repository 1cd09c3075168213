// Numbers of 16 bits: what weights are kept in where a half of the bytes does as well. Node 20 has no Float16Array.

const [view, bits] = (() => {
  const buffer = new ArrayBuffer(4)
  return [new Float32Array(buffer), new Uint32Array(buffer)]
})()
const MANTISSA_GAP = 13
const LARGEST = 65_504

/**
 * The nearest halves, ties to even, little endian.
 *
 * @throws RangeError for a number that is not finite, or too large for a half
 * Source: IEEE 754-2019, binary16.
 */
export function toHalves(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, value => {
    if (!(Math.abs(value) <= LARGEST)) throw new RangeError(`toHalves: ${value} is no number that 16 bits can hold`)
    view[0] = value
    const sign = (bits[0] >>> 16) & 0x8000
    const magnitude = Math.abs(value)
    // Below 2^-14 the steps no longer shrink.
    if (magnitude < 2 ** -14) return sign | roundToEven(magnitude * 2 ** 24)
    const even = (bits[0] >>> MANTISSA_GAP) & 1
    return sign | (((bits[0] & 0x7fffffff) + 0xfff + even - (112 << 23)) >>> MANTISSA_GAP)
  })
}

function roundToEven(value: number): number {
  const below = Math.floor(value)
  const rest = value - below
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below
}

/** The numbers that halves stand for, exactly. */
export function fromHalves(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, half => {
    const exponent = (half >>> 10) & 31
    const fraction = half & 1023
    const magnitude = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15)
    return half & 0x8000 ? -magnitude : magnitude
  })
}
