// Lines of the night sky: where they stand, and how bright they are against the sky's continuum.
import { airToVacuum } from './airWavelengths.ts'

/**
 * Wavelength in air, Angstrom, and brightness as Angstrom of the sky's continuum beside it: round numbers after Osterbrock+ 1996 (OH, the strongest line
 * or blend of each branch) and Hanuschik 2003 (O I, Na I). A moonless site without street lamps.
 */
const table = `
  5577.34 300, 5889.95 12, 5895.92 8, 6300.30 90, 6363.78 30, 6498.7 5, 6533.0 7, 6553.6 6, 6577.2 4, 6863.9 12, 6923.2 10, 6978.4 6,
  7276.4 25, 7316.3 25, 7340.9 22, 7369.3 15, 7524.1 8, 7571.7 8, 7716 10, 7750.6 40, 7794.1 50, 7821.5 35, 7853.3 18, 7913.7 50,
  7964.6 55, 7993.3 40, 8025.8 20, 8062 8, 8344.6 40, 8382.4 20, 8399.2 70, 8430.2 60, 8465.4 40, 8504 18, 8548 6, 8778 20, 8791.2 25,
  8827.1 80, 8849 20, 8867.6 35, 8885.8 90, 8903.1 20, 8919.6 80, 8943.4 30, 8958.1 60, 9001.1 25, 9038.1 12, 9313 30, 9337 30, 9375.9 90,
  9419.7 60, 9439.7 80, 9476.8 40, 9502 15, 9519 25, 9567.6 40, 9607 20, 9702 20, 9719.8 40, 9740 20, 9757 20, 9790 50, 9841 60, 9872 80,
  9914.7 70, 9950 30, 10013 60, 10062 60, 10082 40, 10124 60, 10171 40, 10213 40, 10286 60, 10372 30`

export interface SkyLine {
  readonly vacuumAngstrom: number
  readonly ewAngstrom: number
}

export const skyLines: readonly SkyLine[] = table.split(',').map(text => {
  const [airAngstrom, ewAngstrom] = text.trim().split(' ').map(Number)
  return { vacuumAngstrom: airToVacuum(airAngstrom), ewAngstrom }
})
