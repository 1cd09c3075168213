// What is fuzzed, as data: where good inputs come from, and what is done with a bad one.

export interface FuzzTarget {
  readonly name: string
  /** Good inputs, and what else is worth beginning from. */
  seeds(): Promise<readonly Buffer[]>
  /** Words of the format. */
  readonly words: readonly string[]
  /** Why some inputs end the process, where that is known and not ours to mend: they are counted apart. */
  readonly knownCrash?: string
  /** Makes checksums right again, so that what lies behind them is reached. */
  repair?(bytes: Buffer): Buffer
  /**
   * Reads the input to its end. A FusionError, or another error that is documented there, is a refusal; any other is a
   * finding, and so is a number that is not one.
   * @param folder empty before each case, for targets that read files
   */
  run(bytes: Buffer, folder: string): Promise<void>
}

/** Throws where a NaN or nothing at all stands in a value. */
export function checkValues(value: unknown, depth = 0): void {
  if (typeof value === 'number' && Number.isNaN(value)) throw new RangeError('a NaN came out')
  if (value === undefined) throw new RangeError('a value is undefined')
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array || depth > 20) return
  if (value instanceof Float32Array || value instanceof Float64Array) {
    if (value.some(Number.isNaN)) throw new RangeError('a NaN came out')
    return
  }
  for (const inner of value instanceof Map ? value.values() : Object.values(value)) checkValues(inner, depth + 1)
}
