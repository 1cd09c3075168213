// What Gaia publishes of a simulated star's BP and RP spectra, as columns.
import { type ColumnFact, column, type ListFact, type Simulation } from '../simulator.ts'
import { BASIS_COUNT, xpBands } from '../xp/xpBases.ts'
import type { XpObservation } from '../xp/xpSimulation.ts'

const UNIT = 'electron/s'
const SOURCE = 'of the mean spectrum on the bases of Gaia DR3 (De Angeli+ 2023)'

export const xpLists: readonly ListFact[] = xpBands.flatMap(band => {
  const fact = { unit: UNIT, length: BASIS_COUNT }
  const name = band.toUpperCase()
  return [
    { ...fact, name: `${band}Coefficients`, description: `coefficients of ${name} ${SOURCE}`, isMeasured: true },
    {
      ...{ ...fact, name: `${band}CoefficientErrors`, isMeasured: true },
      description: `1-sigma errors of ${band}Coefficients, scaled as published`,
    },
    {
      ...{ ...fact, name: `truth_${band}Coefficients`, isMeasured: false },
      description: `${band}Coefficients without noise`,
    },
  ]
})

/** With the truth they give the covariance of the coefficients. */
export const xpNuisances: readonly ColumnFact[] = xpBands.map(band => ({
  name: `${band}Transits`,
  unit: '',
  description: `transits in the mean ${band.toUpperCase()} spectrum; only of stars with spectra`,
}))

/** @returns copies an observation into row i, by default both bands */
export function createXpWriter(
  simulation: Simulation,
): (i: number, observation: XpObservation, isKept?: readonly boolean[]) => void {
  const lists = new Map(simulation.lists ?? [])
  const defined = new Map(simulation.defined ?? [])
  const bands = xpBands.map((band, b) => ({
    band,
    from: b * BASIS_COUNT,
    transits: column(simulation.nuisances, `${band}Transits`),
    hasTransits: column(defined, `${band}Transits`),
    parts: [
      [column(lists, `${band}Coefficients`), 'coefficients'],
      [column(lists, `${band}CoefficientErrors`), 'errors'],
      [column(lists, `truth_${band}Coefficients`), 'truth'],
    ] as const,
  }))
  return (i, observation, isKept) => {
    for (const [b, { band, from, transits, hasTransits, parts }] of bands.entries()) {
      if (isKept?.[b] === false) continue
      transits[i] = observation.transits[band]
      hasTransits[i] = 1
      for (const [{ values, presence }, source] of parts) {
        values.set(observation[source].subarray(from, from + BASIS_COUNT), i * BASIS_COUNT)
        presence[i] = 1
      }
    }
  }
}
