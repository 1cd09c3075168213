// Bands of the air in the H band, which spectra are divided by: where their lines are and how deep.
import { FWHM_PER_SIGMA, factAt, type SpectrographFacts } from './spectrographFacts.ts'

/** One gas: what of it is overhead is told by one number, and is known wrongly by one number. */
export interface AirGas {
  readonly name: string
  /** [P] as the spectrograph sees it, at its usual amount. */
  readonly opticalDepths: Float64Array
}

/** Rotation of the lower and the upper level, and depth of the strongest lines as APOGEE sees it from 2,800 m. */
interface Band {
  readonly originPerCm: number
  readonly lowerPerCm: number
  readonly upperPerCm: number
  readonly depth: number
}

/** CO2 30013-00001 and 30012-00001: even J only (HITRAN; Rothman+ 2013). */
const carbonDioxide: readonly Band[] = [
  { originPerCm: 6227.917, lowerPerCm: 0.390219, upperPerCm: 0.386597, depth: 0.3 },
  { originPerCm: 6347.852, lowerPerCm: 0.390219, upperPerCm: 0.386454, depth: 0.3 },
]
const AIR_K = 260
const K_PER_INVERSE_CM = 1.4388

/** CH4 2 nu3, its manifolds R(0) to R(10), Q and P(1) to P(9): 1/cm and depth (Brown+ 2013 as HITRAN has them, rounded; depths as in a visit at airmass 1.1). */
const methane = `6015.66 0.08, 6026.23 0.17, 6036.65 0.13, 6046.95 0.26, 6057.09 0.32, 6067.1 0.35, 6077.0 0.29, 6086.8 0.16, 6096.4 0.12, 6106 0.11, 6115.2 0.15,
  6004.8 0.25, 6003.9 0.28, 6002.9 0.22, 6001.9 0.15, 6000.6 0.12, 5983.19 0.08, 5972.1 0.16, 5960.94 0.19, 5949.6 0.15, 5938.1 0.26, 5926.6 0.14, 5915.2 0.16`

/** H2O at the blue end: vacuum, Angstrom, and depth, the strongest of a visit. */
const water = `15142.4 0.15, 15148.3 0.2, 15162.8 0.32, 15168.2 0.28, 15172.4 0.1, 15176.1 0.31, 15183.6 0.17, 15189.1 0.17, 15192 0.21, 15204.1 0.16, 15218.5 0.14,
  15245.7 0.13, 15258.1 0.11, 15267.8 0.14, 15273.8 0.14, 15287.6 0.11, 15313.5 0.11`

interface AirLine {
  readonly vacuumAngstrom: number
  readonly depth: number
}

const listed = (text: string) => text.split(',').map(pair => pair.trim().split(' ').map(Number) as [number, number])

function linesOfBand({ originPerCm, lowerPerCm, upperPerCm, depth }: Band): AirLine[] {
  const lines: AirLine[] = []
  const strengthOf = (j: number, m: number) =>
    Math.abs(m) * Math.exp((-K_PER_INVERSE_CM * lowerPerCm * j * (j + 1)) / AIR_K)
  const strongest = Math.max(...Array.from({ length: 30 }, (_, k) => strengthOf(2 * k, 2 * k + 1)))
  for (let j = 0; j <= 58; j += 2) {
    for (const m of j === 0 ? [1] : [j + 1, -j]) {
      const perCm = originPerCm + (upperPerCm + lowerPerCm) * m + (upperPerCm - lowerPerCm) * m * m
      lines.push({ vacuumAngstrom: 1e8 / perCm, depth: (depth * strengthOf(j, m)) / strongest })
    }
  }
  return lines
}

const gases: readonly (readonly [name: string, lines: readonly AirLine[]])[] = [
  ['CO2', carbonDioxide.flatMap(linesOfBand)],
  ['CH4', listed(methane).map(([perCm, depth]) => ({ vacuumAngstrom: 1e8 / perCm, depth }))],
  ['H2O', listed(water).map(([vacuumAngstrom, depth]) => ({ vacuumAngstrom, depth }))],
]

/** CO2, CH4 and water vapour over a site like APOGEE's, each as the spectrograph sees it. @param angstrom [P] of the pixels */
export function airGases(
  { resolution }: Pick<SpectrographFacts, 'resolution'>,
  angstrom: Float64Array,
): readonly AirGas[] {
  return gases.map(([name, lines]) => {
    const opticalDepths = new Float64Array(angstrom.length)
    for (const { vacuumAngstrom, depth } of lines) {
      const sigma = vacuumAngstrom / factAt(resolution.angstrom, resolution.power, vacuumAngstrom) / FWHM_PER_SIGMA
      const peak = -Math.log1p(-depth)
      for (const [p, one] of angstrom.entries()) {
        const x = (one - vacuumAngstrom) / sigma
        if (Math.abs(x) < 5) opticalDepths[p] += peak * Math.exp(-0.5 * x * x)
      }
    }
    return { name, opticalDepths }
  })
}
