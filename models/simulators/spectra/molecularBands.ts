// Bands of molecules: sharp heads that the tables of low resolution have washed out. How deep, as smooth functions of temperature.
import { airToVacuum } from './airWavelengths.ts'

interface Molecule {
  /** Head in air and the length over which the band fades to the red (to the blue if negative), Angstrom, and its depth among the molecule's. */
  readonly bands: readonly (readonly [headAngstrom: number, fadeAngstrom: number, share: number])[]
  /** Optical depth of the deepest band. */
  depth(teffK: number, loggDex: number, fehDex: number): number
}

/** 0 above `warm`, growing by 1 in `step` K below. */
const growing = (teffK: number, warmK: number, stepK: number) => Math.max(0, (warmK - teffK) / stepK)
const bell = (teffK: number, centreK: number, widthK: number) => Math.exp(-0.5 * ((teffK - centreK) / widthK) ** 2)

/**
 * Heads: Kirkpatrick+ 1991 (TiO, VO, CaH), Pearse & Gaydon (CH, CN, MgH). The depth of TiO at 7054 follows the index TiO5 of Reid+ 1995
 * with the temperatures of Pecaut & Mamajek 2013 (0.8 at 3850 K, 0.6 at 3550 K, 0.4 at 3200 K), the others are round numbers beside it.
 */
const molecules: Readonly<Record<string, Molecule>> = {
  TiO: {
    bands: [
      ...([
        [4584, 60, 0.4],
        [4761, 80, 0.7],
        [4954, 90, 0.9],
        [5167, 90, 0.9],
        [5448, 60, 0.7],
        [5598, 50, 0.5],
        [5759, 60, 0.5],
        [5847, 80, 0.6],
      ] as const),
      ...([
        [6158, 120, 0.8],
        [6651, 100, 0.6],
        [7054, 120, 1],
        [7589, 90, 0.45],
        [8206, 60, 0.2],
        [8432, 80, 0.35],
        [8859, 90, 0.35],
      ] as const),
    ],
    depth: (teffK, _, fehDex) => growing(teffK, 4050, 900) * 10 ** (0.5 * Math.min(fehDex, 0.3)),
  },
  VO: {
    bands: [
      [7372, 90, 1],
      [7865, 90, 0.9],
      [8521, 70, 0.5],
    ],
    depth: (teffK, _, fehDex) => growing(teffK, 3000, 900) * 10 ** (0.5 * Math.min(fehDex, 0.3)),
  },
  CaH: {
    bands: [
      [6382, -20, 0.6],
      [6750, 90, 0.5],
      [6903, 80, 1],
    ],
    depth: (teffK, loggDex) => growing(teffK, 4050, 1300) * Math.min(1, Math.max(0, (loggDex - 2) / 2.5)),
  },
  MgH: {
    bands: [
      [5211, -50, 1],
      [4844, -30, 0.3],
    ],
    depth: (teffK, loggDex) => 0.4 * bell(teffK, 4200, 600) * Math.min(1, Math.max(0, (loggDex - 1) / 3.5)),
  },
  CH: {
    bands: [[4314, -14, 1]],
    depth: (teffK, _, fehDex) => 0.7 * bell(teffK, 5100, 700) * 10 ** (0.4 * Math.min(fehDex, 0)),
  },
  CN: {
    bands: [
      [3883.4, -14, 1],
      [4216, -25, 0.5],
    ],
    depth: (teffK, loggDex, fehDex) =>
      0.5 * bell(teffK, 4700, 700) * 10 ** (0.4 * Math.min(fehDex, 0) - 0.08 * (loggDex - 4)),
  },
}

export const bandHeadsAngstrom: Readonly<Record<string, readonly number[]>> = Object.fromEntries(
  Object.entries(molecules).map(([name, { bands }]) => [name, bands.map(([air]) => airToVacuum(air))]),
)

/** @param depth [N] optical depth of all bands at the wavelengths, added to */
export function addBandDepth(
  vacuumAngstrom: Float64Array,
  teffK: number,
  loggDex: number,
  fehDex: number,
  depth: Float64Array,
): void {
  for (const { bands, depth: depthOf } of Object.values(molecules)) {
    const deepest = depthOf(teffK, loggDex, fehDex)
    if (deepest <= 0) continue
    for (const [headAir, fade, share] of bands) {
      const head = airToVacuum(headAir)
      for (let i = 0; i < depth.length; i++) {
        const beyond = (vacuumAngstrom[i] - head) / fade
        if (beyond >= 0 && beyond < 8) depth[i] += deepest * share * Math.exp(-beyond)
      }
    }
  }
}
