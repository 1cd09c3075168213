// Samples as JSON. They are float32, and are written with the digits that a float32 has: half the bytes of what JSON.stringify
// writes, which takes each for a float64.
import { type SampleColumns, sampleColumn } from '../../schemas/index.ts'

/** An object with an array for each quantity. */
export function samplesText(samples: SampleColumns): string {
  const columns = samples.names.map(name => {
    return `${JSON.stringify(name)}:[${Array.from(sampleColumn(samples, name), float32Text).join(',')}]`
  })
  return `{${columns.join(',')}}`
}

/** The fewest significant digits, from seven on, that lead back to the same float32; nine always do. */
export function float32Text(value: number): string {
  for (const digits of [7, 8]) {
    const text = value.toPrecision(digits)
    if (Math.fround(Number(text)) === value) return text
  }
  return value.toPrecision(9)
}
