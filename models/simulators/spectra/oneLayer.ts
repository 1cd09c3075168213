// A photosphere as one layer in equilibrium: how many electrons, how opaque, and how many atoms in each level.
import { type Species, species } from './atomicLines.ts'

const BOLTZMANN_CGS = 1.380649e-16
/** Mass per hydrogen nucleus with a tenth of helium, g. */
const MASS_PER_H = 1.4 * 1.6735e-24
const HELIUM = 0.1
/** Optical depth in the continuum at 5000 Angstrom of the layer. */
const DEPTH = 0.6
const HYDROGEN_EV = 13.598
/** Where the number of electrons is searched for, log10 of the pressure in dyn/cm2. */
const PRESSURE_DEX = [-6, 5] as const

export interface Layer {
  readonly temperatureK: number
  /** Electrons per cm3. */
  readonly electronCm3: number
  /** Neutral hydrogen per cm3. */
  readonly neutralCm3: number
  /** Share of hydrogen that is neutral. */
  readonly neutralShare: number
  /** cm2 per hydrogen nucleus, with stimulated emission. */
  continuumOpacity(vacuumAngstrom: number): number
  /** Share of an element's nuclei that are atoms (0) or ions (1). */
  shareOf(one: Species, charge: 0 | 1): number
}

const theta = (temperatureK: number) => 5039.8 / temperatureK

/** Saha: the pressure of electrons at which half is ionized, dyn/cm2 (Gray 2005, eq. 1.21). */
function sahaPressure(temperatureK: number, ev: number, partitionRatio: number): number {
  return 0.6665 * partitionRatio * temperatureK ** 2.5 * 10 ** (-theta(temperatureK) * ev)
}

function shares({ ionizationEv, partition }: Species, temperatureK: number, pressure: number): [number, number] {
  const first = sahaPressure(temperatureK, ionizationEv[0], partition[1] / partition[0]) / pressure
  // The doubly ionized: their partition function is taken as 1.
  const second = sahaPressure(temperatureK, ionizationEv[1], 1 / partition[1]) / pressure
  const sum = 1 + first * (1 + second)
  return [1 / sum, first / sum]
}

/**
 * Hydrogen's opacity per nucleus: H-, bound-free and free-free of the atom and of H-, and free electrons.
 * Source: Gray 2005, "The Observation and Analysis of Stellar Photospheres", eqs. 8.4 to 8.16 (H- after Wishart 1979 and John 1988), Gaunt factors 1.
 */
function opacity(angstrom: number, temperatureK: number, pressure: number, neutralShare: number): number {
  const th = theta(temperatureK)
  const powers = (coefficients: readonly number[], x: number) => coefficients.reduceRight((sum, c) => sum * x + c, 0)
  const bound = powers(
    [1.99654, -1.18267e-5, 2.64243e-6, -4.40524e-10, 3.23992e-14, -1.39568e-18, 2.78701e-23],
    angstrom,
  )
  const minusBound = 4.158e-10 * 1e-18 * Math.max(bound, 0) * pressure * th ** 2.5 * 10 ** (0.754 * th)
  const lg = Math.log10(angstrom)
  const f = [
    powers([-2.2763, -1.685, 0.76661, -0.0533464], lg),
    powers([15.2827, -9.2846, 1.99381, -0.142631], lg),
    powers([-197.789, 190.266, -67.9775, 10.6913, -0.625151], lg),
  ]
  const minusFree = 1e-26 * pressure * 10 ** powers(f, Math.log10(th))
  const reach = (angstrom / 911.75) ** 0.5
  let levels = 0
  for (let n = Math.max(1, Math.ceil(reach)); n <= Math.ceil(reach) + 2; n++) {
    levels += 10 ** (-th * HYDROGEN_EV * (1 - 1 / n ** 2)) / n ** 3
  }
  const last = Math.ceil(reach) + 3
  const higher = 10 ** (-th * HYDROGEN_EV * (1 - 1 / last ** 2)) * (Math.LOG10E / (2 * th * HYDROGEN_EV))
  const atom = 1.0449e-26 * angstrom ** 3 * (levels + higher)
  const stimulated = 1 - 10 ** ((-th * 12398.4) / angstrom)
  return neutralShare * ((minusBound + atom) * stimulated + minusFree) + 6.6524e-25 * (1 - neutralShare)
}

/**
 * The layer of a star in hydrostatic equilibrium, electrons from hydrogen and the metals.
 * @throws RangeError unless temperature is positive and numbers are finite
 */
export function createLayer(temperatureK: number, loggDex: number, fehDex: number): Layer {
  if (!(temperatureK > 0 && Number.isFinite(temperatureK + loggDex + fehDex)))
    throw new RangeError(`a layer cannot have ${temperatureK} K, log g ${loggDex}, [Fe/H] ${fehDex}`)
  const donors = Object.values(species).map(one => ({ one, perH: 10 ** (one.abundanceDex - 12 + fehDex) }))
  const saha = sahaPressure(temperatureK, HYDROGEN_EV, 0.5)
  const stateAt = (pressure: number) => {
    const neutralShare = pressure / (pressure + saha)
    const perH = donors.reduce((sum, { one, perH }) => {
      const [atom] = shares(one, temperatureK, pressure)
      return sum + perH * (1 - atom)
    }, 1 - neutralShare)
    return { neutralShare, nucleiPressure: pressure / perH }
  }
  let [low, high] = PRESSURE_DEX as readonly [number, number]
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2
    const pressure = 10 ** middle
    const { neutralShare, nucleiPressure } = stateAt(pressure)
    const gas = nucleiPressure * (1 + HELIUM) + pressure
    const perGram = opacity(5000, temperatureK, pressure, neutralShare) / MASS_PER_H
    // Opacity grows with pressure, so the mean above the layer is half of its own.
    if ((perGram / 2) * gas > DEPTH * 10 ** loggDex) high = middle
    else low = middle
  }
  const pressure = 10 ** ((low + high) / 2)
  const { neutralShare, nucleiPressure } = stateAt(pressure)
  const perPressure = 1 / (BOLTZMANN_CGS * temperatureK)
  return {
    temperatureK,
    electronCm3: pressure * perPressure,
    neutralCm3: nucleiPressure * neutralShare * perPressure,
    neutralShare,
    continuumOpacity: angstrom => opacity(angstrom, temperatureK, pressure, neutralShare),
    shareOf: (one, charge) => shares(one, temperatureK, pressure)[charge],
  }
}
