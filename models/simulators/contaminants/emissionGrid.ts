// The bins of the spectra, carried on to 3 mm, so that what dust emits beyond 31 um is counted too.
import { lnBlackBody } from '../photosphere/atmosphereTables.ts'
import { BIN_COUNT, BIN_LOG_WIDTH, binCentresUm, binEdgesUm } from '../photosphere/wavelengths.ts'

/** Bins of the long grid; the first 300 are those of every spectrum. */
export const LONG_COUNT = 540

export const longCentresUm: Float64Array = Float64Array.from(
  { length: LONG_COUNT },
  (_, i) => binCentresUm[0] * Math.exp(BIN_LOG_WIDTH * i),
)
const widthsA = Float64Array.from(
  { length: LONG_COUNT },
  (_, i) => 1e4 * binEdgesUm[0] * Math.exp(BIN_LOG_WIDTH * i) * Math.expm1(BIN_LOG_WIDTH),
)

/** Energy of F_lambda per A, over the first `count` bins. */
export function energyOf(spectrum: ArrayLike<number>, count: number = LONG_COUNT): number {
  let sum = 0
  for (let i = 0; i < count; i++) sum += spectrum[i] * widthsA[i]
  return sum
}

/** Adds a shape so that it brings this energy. A shape without light adds none. */
export function addShape(spectrum: Float64Array, shape: ArrayLike<number>, energy: number): void {
  const whole = energyOf(shape)
  if (!(whole > 0)) return
  for (let i = 0; i < LONG_COUNT; i++) spectrum[i] += (shape[i] * energy) / whole
}

/** A black body times lambda^-beta, added to a shape by weight; `weight` is its share where beta is 0. */
export function addBlackBody(shape: Float64Array, temperatureK: number, beta: number, weight: number): void {
  for (let i = 0; i < LONG_COUNT; i++) {
    const um = longCentresUm[i]
    shape[i] += (weight * Math.exp(lnBlackBody(temperatureK, um) - beta * Math.log(um))) / temperatureK ** 4
  }
}

/** F_lambda of a line of 1 erg/s/cm2, as wide as a bin. */
export function addLine(shape: Float64Array, um: number, power: number): void {
  const bin = Math.round(Math.log(um / longCentresUm[0]) / BIN_LOG_WIDTH)
  if (bin >= 0 && bin < LONG_COUNT) shape[bin] += power / widthsA[bin]
}

/** Carries a spectrum of the 300 bins on as lambda^-4. */
export function lengthen(spectrum: Float64Array): void {
  const [last, lastUm] = [spectrum[BIN_COUNT - 1], longCentresUm[BIN_COUNT - 1]]
  for (let i = BIN_COUNT; i < LONG_COUNT; i++) spectrum[i] = last * (lastUm / longCentresUm[i]) ** 4
}
