// How like a simulated spectrum is a real one, in its lines: both without their broad shape, which dust and calibration change.

export interface SpectrumPixels {
  /** [N] rising. */
  readonly angstrom: ArrayLike<number>
  readonly fluxes: ArrayLike<number>
  /** [N] 0 where nothing was measured. */
  readonly ivars: ArrayLike<number>
}

export interface Likeness {
  readonly pixels: number
  /** Scatter of the real lines around the mean of their surroundings, as a share of it. */
  readonly realContrast: number
  readonly simulatedContrast: number
  /** Scatter of their difference. */
  readonly rms: number
  readonly correlation: number
  /** [N] both spectra over the mean of their surroundings; NaN where nothing is compared. */
  readonly realLines: Float64Array
  readonly simulatedLines: Float64Array
}

/** Half width of the surroundings, in ln of the wavelength. */
const HALF = 0.01

/** From where to where, Angstrom, and what lies between that is not simulated. */
export interface Compared {
  readonly angstrom: readonly [number, number]
  readonly blind: readonly (readonly [number, number])[]
}

/** Without the air's own bands: O2, H2O. */
export const opticalCompared: Compared = {
  angstrom: [3900, 8900],
  blind: [
    [6860, 6960],
    [7150, 7350],
    [7580, 7700],
    [8100, 8400],
  ],
}
export const hBandCompared: Compared = { angstrom: [15_150, 16_950], blind: [] }

/** @returns undefined where fewer than 100 pixels can be compared */
export function spectrumLikeness(
  real: SpectrumPixels,
  simulated: Omit<SpectrumPixels, 'ivars'>,
  compared = opticalCompared,
): Likeness | undefined {
  const { angstrom, ivars } = real
  const count = angstrom.length
  const model = onPixels(simulated, angstrom)
  const isGood = Array.from({ length: count }, (_, p) => ivars[p] > 0 && Number.isFinite(model[p]))
  const realLines = overSurroundings(angstrom, real.fluxes, isGood)
  const simulatedLines = overSurroundings(angstrom, model, isGood)
  const [from, to] = compared.angstrom
  const places: number[] = []
  for (let p = 0; p < count; p++) {
    const one = angstrom[p]
    const isBlind = one < from || one > to || compared.blind.some(([low, high]) => one > low && one < high)
    if (!isBlind && Number.isFinite(realLines[p]) && Number.isFinite(simulatedLines[p])) places.push(p)
    else realLines[p] = simulatedLines[p] = Number.NaN
  }
  if (places.length < 100) return undefined
  const a = scatterOf(places.map(p => realLines[p]))
  const b = scatterOf(places.map(p => simulatedLines[p]))
  const rms = scatterOf(places.map(p => realLines[p] - simulatedLines[p]))
  const correlation = (a ** 2 + b ** 2 - rms ** 2) / (2 * a * b)
  return { pixels: places.length, realContrast: a, simulatedContrast: b, rms, correlation, realLines, simulatedLines }
}

/** Standard deviation. */
function scatterOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
}

/** Linear between pixels, NaN beyond them. */
function onPixels({ angstrom, fluxes }: Omit<SpectrumPixels, 'ivars'>, at: ArrayLike<number>): Float64Array {
  let k = 0
  return Float64Array.from(at, one => {
    while (k + 2 < angstrom.length && angstrom[k + 1] < one) k++
    if (one < angstrom[k] || one > angstrom[k + 1]) return Number.NaN
    const share = (one - angstrom[k]) / (angstrom[k + 1] - angstrom[k])
    return fluxes[k] + share * (fluxes[k + 1] - fluxes[k])
  })
}

/** Each flux over the mean of the good ones within 1% of its wavelength; NaN where there is none above zero. */
function overSurroundings(
  angstrom: ArrayLike<number>,
  fluxes: ArrayLike<number>,
  isGood: readonly boolean[],
): Float64Array {
  let [first, next, sum, good] = [0, 0, 0, 0]
  return Float64Array.from(angstrom, (one, p) => {
    for (; next < angstrom.length && angstrom[next] <= one * Math.exp(HALF); next++) {
      if (isGood[next]) [sum, good] = [sum + fluxes[next], good + 1]
    }
    for (; angstrom[first] < one * Math.exp(-HALF); first++) {
      if (isGood[first]) [sum, good] = [sum - fluxes[first], good - 1]
    }
    return isGood[p] && good > 0 && sum > 0 ? (fluxes[p] * good) / sum : Number.NaN
  })
}
