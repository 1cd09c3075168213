// Samples as JSON. They are float32, and are written with the digits that a float32 has: half the bytes of what JSON.stringify
// writes, which takes each for a float64, and in less time.
import { type SampleColumns, sampleColumn } from '../../schemas/index.ts'

const powersOfTen = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8]

/** An object with an array for each quantity. */
export function samplesText(samples: SampleColumns): string {
  const columns = samples.names.map(name => {
    let text = ''
    for (const value of sampleColumn(samples, name)) text += `${text === '' ? '' : ','}${float32Text(value)}`
    return `${JSON.stringify(name)}:[${text}]`
  })
  return `{${columns.join(',')}}`
}

/** The fewest significant digits, from seven on, that lead back to the same float32; nine always do. */
export function float32Text(value: number): string {
  const size = Math.abs(value)
  if (size >= 0.1 && size < 1000) {
    // Most samples: as two whole numbers, the digits before the point and those behind it.
    const decimals = size < 1 ? 7 : size < 10 ? 6 : size < 100 ? 5 : 4
    const text = fixedText(size, decimals) ?? fixedText(size, decimals + 1)
    if (text !== null) return value < 0 ? `-${text}` : text
  }
  for (const digits of [7, 8]) {
    const text = value.toPrecision(digits)
    if (Math.fround(Number(text)) === value) return text
  }
  return value.toPrecision(9)
}

/** `null` where so many decimals lead to another float32. */
function fixedText(size: number, decimals: number): string | null {
  const power = powersOfTen[decimals]
  const units = Math.round(size * power)
  // The quotient of whole numbers is rounded as a reader rounds the text.
  if (Math.fround(units / power) !== size) return null
  const whole = Math.floor(units / power)
  return `${whole}.${String(power + (units - whole * power)).slice(1)}`
}
