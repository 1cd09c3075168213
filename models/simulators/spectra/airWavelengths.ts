// Wavelengths in air and in vacuum: line lists are typed in air, the surveys' spectra are in vacuum.

/** Of standard air: 15 degrees, 1013.25 hPa, dry, 450 ppm CO2; 0.2 to 1.7 um. Source: Ciddor 1996, Appl. Opt. 35, 1566, eq. 1. */
function refractiveIndex(vacuumAngstrom: number): number {
  const sigma2 = (1e4 / vacuumAngstrom) ** 2
  return 1 + 0.05792105 / (238.0185 - sigma2) + 0.00167917 / (57.362 - sigma2)
}

/** Accuracy: 1e-8 of Ciddor's index, which is measured above 2000 Angstrom. */
export function vacuumToAir(vacuumAngstrom: number): number {
  return vacuumAngstrom / refractiveIndex(vacuumAngstrom)
}

/** The inverse of `vacuumToAir` within 1e-12, by fixed point: the index hardly changes over the step. */
export function airToVacuum(airAngstrom: number): number {
  let vacuum = airAngstrom
  for (let i = 0; i < 4; i++) vacuum = airAngstrom * refractiveIndex(vacuum)
  return vacuum
}
