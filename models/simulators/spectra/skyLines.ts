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

/**
 * The strongest of OH in the H band: vacuum, Angstrom (Rousselot+ 2000), and brightness as above, round numbers after a visit of APOGEE; the two of a Lambda doublet as one.
 */
const hBandTable = `
  15187.2 240, 15241 750, 15287.8 310, 15332.4 900, 15395.3 260, 15432.2 550, 15462 18, 15474.2 12, 15500.8 55, 15509.8 110, 15518 38,
  15539.7 145, 15541 145, 15546.1 140, 15570.2 95, 15597.6 310, 15631.2 210, 15655 430, 15656.5 55, 15657.8 55, 15702.5 145, 15760.4 20,
  15781.2 18, 15783.1 16, 15807.9 17, 15868.4 75, 15870.2 75, 15895.8 22, 15899 20, 15972.6 270, 16030.8 800, 16079.7 360, 16128.6 650,
  16159.6 20, 16194.6 300, 16234.8 370, 16235.9 370, 16270.3 16, 16302.4 22, 16308 12, 16317.2 140, 16341.9 70, 16350.6 200, 16352 200,
  16360.4 40, 16388.5 190, 16414.8 105, 16475.7 80, 16477.3 80, 16479.1 185, 16502.4 480, 16553.8 185, 16585.8 20, 16587 18, 16610 30,
  16612 30, 16688.7 85, 16689.8 85, 16692.3 1250, 16702.2 22, 16703.2 22, 16708.5 270, 16709.4 270, 16731.6 85, 16733.3 88, 16756.1 13,
  16762 24, 16765.2 24, 16840.5 210, 16903.7 790, 16955.1 600`

export interface SkyLine {
  readonly vacuumAngstrom: number
  readonly ewAngstrom: number
}

const pairsOf = (text: string) => text.split(',').map(pair => pair.trim().split(' ').map(Number) as [number, number])

export const skyLines: readonly SkyLine[] = [
  ...pairsOf(table).map(([airAngstrom, ewAngstrom]) => ({ vacuumAngstrom: airToVacuum(airAngstrom), ewAngstrom })),
  ...pairsOf(hBandTable).map(([vacuumAngstrom, ewAngstrom]) => ({ vacuumAngstrom, ewAngstrom })),
]
