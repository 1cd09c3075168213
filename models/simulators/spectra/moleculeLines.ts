// Lines of CO and OH in the H band: the second and third overtones of their vibration, and how many molecules a layer has.
import { airToVacuum } from './airWavelengths.ts'
import { allSpecies } from './atomicLines.ts'
import type { MoleculeLines } from './lineAbsorption.ts'
import type { Layer } from './oneLayer.ts'

interface Molecule {
  /** Energy that takes it apart, eV, rotation and vibration, 1/cm, weight of the electrons' level over the number of equal atoms' turns (Huber & Herzberg 1979). */
  readonly dissociationEv: number
  readonly rotation: number
  readonly vibration: number
  readonly weight: number
  readonly massesAmu: readonly [number, number]
  /** Partition functions of the atoms, near 4000 K. */
  readonly atoms: readonly [number, number]
}

const molecules = {
  H2: {
    dissociationEv: 4.478,
    rotation: 60.85,
    vibration: 4401,
    weight: 0.5,
    massesAmu: [1.008, 1.008],
    atoms: [2, 2],
  },
  CO: { dissociationEv: 11.09, rotation: 1.931, vibration: 2170, weight: 1, massesAmu: [12, 16], atoms: [9.3, 8.8] },
  OH: { dissociationEv: 4.392, rotation: 18.91, vibration: 3738, weight: 4, massesAmu: [16, 1.008], atoms: [8.8, 2] },
} as const satisfies Record<string, Molecule>

const K_PER_INVERSE_CM = 1.4388
const K_PER_EV = 11_604.5
/** (2 pi m_u k / h^2)^1.5, per cm3 and K^1.5. */
const TRANSLATION = 1.8794e20
const EV_PER_INVERSE_CM = 1.239842e-4

function partitionOf({ rotation, vibration, weight }: Molecule, temperatureK: number): number {
  const turning = temperatureK / (K_PER_INVERSE_CM * rotation)
  return (weight * turning) / -Math.expm1((-K_PER_INVERSE_CM * vibration) / temperatureK)
}

/** Density of one atom times that of the other over that of the molecule, per cm3: the law of mass action. */
function dissociation(molecule: Molecule, temperatureK: number): number {
  const [a, b] = molecule.massesAmu
  const translation = TRANSLATION * (((a * b) / (a + b)) * temperatureK) ** 1.5
  const parts = (molecule.atoms[0] * molecule.atoms[1]) / partitionOf(molecule, temperatureK)
  return translation * parts * Math.exp((-molecule.dissociationEv * K_PER_EV) / temperatureK)
}

/** Root above 0 of x^2 + b x - c, exact where b is much larger than c. */
const rootOf = (b: number, c: number) => (2 * c) / (b + Math.sqrt(b * b + 4 * c))

/**
 * Molecules per hydrogen nucleus, carbon and oxygen as abundant as iron; water, which takes oxygen below 3300 K, is left out.
 * @param hydrogenCm3 nuclei in atoms and molecules
 */
export function moleculeShares(temperatureK: number, hydrogenCm3: number, fehDex: number) {
  const carbon = hydrogenCm3 * 10 ** (allSpecies.C.abundanceDex - 12 + fehDex)
  const oxygen = hydrogenCm3 * 10 ** (allSpecies.O.abundanceDex - 12 + fehDex)
  const ofH2 = dissociation(molecules.H2, temperatureK)
  const ofCo = dissociation(molecules.CO, temperatureK)
  const ofOh = dissociation(molecules.OH, temperatureK)
  const atoms = rootOf(ofH2 / 2, (hydrogenCm3 * ofH2) / 2)
  // Free oxygen x (1 + H / K_OH) + CO = all, and so for carbon.
  const bound = 1 + atoms / ofOh
  const freeCarbon = rootOf(ofCo * bound + oxygen - carbon, carbon * ofCo * bound)
  const freeOxygen = oxygen / (bound + freeCarbon / ofCo)
  return {
    CO: (freeCarbon * freeOxygen) / ofCo / hydrogenCm3,
    OH: (atoms * freeOxygen) / ofOh / hydrogenCm3,
  }
}

type Line = MoleculeLines['lines'][number]

/** Dunham's coefficients of 12C16O, 1/cm: [k][l] of (v + 1/2)^k (J (J + 1))^l (Farrenq+ 1991, rounded). */
const CO_DUNHAM = [
  [0, 1.93128085, -6.12147e-6, 5.88e-12],
  [2169.81267, -1.7504152e-2, 1.15265e-9],
  [-13.28790597, 5.4876e-7, -1.8e-10],
  [1.0411053e-2, 2.54e-8],
  [6.9161e-5],
] as const
/** Dipole moment of 3-0 without rotation, Debye, and how R lines grow and P lines fade with J (Chackerian & Tipping 1983, rounded). */
const CO_DEBYE = 4.2e-4
const CO_GROWTH = 0.0117
/** Oscillator strength per 1/cm and Debye^2. */
const STRENGTH = 4.702e-7
const CO_LAST_LOWER = 6
const CO_LAST_J = 110

/** Energy of a level of CO above the bottom of its potential, 1/cm; within 0.01 to v 9 and J 100. @param v of vibration; @param j of rotation */
export function coTermPerCm(v: number, j: number): number {
  const jj = j * (j + 1)
  return CO_DUNHAM.reduce(
    (sum, powers, k) => sum + (v + 0.5) ** k * powers.reduceRight((inner: number, y) => inner * jj + y, 0),
    0,
  )
}

/** 3-0, 4-1, ... 9-6; strengths grow with v as of a harmonic oscillator's third power of the distance. */
const coLines: readonly Line[] = Array.from({ length: CO_LAST_LOWER + 1 }, (_, v) => {
  const debye2 = (CO_DEBYE ** 2 * (v + 1) * (v + 2) * (v + 3)) / 6
  return Array.from({ length: CO_LAST_J + 1 }, (_, j) =>
    [1, -1].flatMap((step): Line[] => {
      const upper = j + step
      if (upper < 0) return []
      const lower = coTermPerCm(v, j)
      const perCm = coTermPerCm(v + 3, upper) - lower
      const m = step > 0 ? j + 1 : -j
      // (2 J + 1) times the share of the branch, |m| / (2 J + 1).
      const gf = STRENGTH * perCm * debye2 * Math.abs(m) * (1 + CO_GROWTH * m) ** 2
      if (!(gf > 0)) return []
      return [
        {
          vacuumAngstrom: 1e8 / perCm,
          gfDex: Math.log10(gf),
          lowerEv: (lower - coTermPerCm(0, 0)) * EV_PER_INVERSE_CM,
        },
      ]
    }),
  ).flat()
}).flat()

/** OH, first overtones 2-0, 3-1 and 4-2, the strongest: air, log10 g f, lower level in eV (Goldman+ 1998 as in Smith+ 2013 and Melendez & Barbuy 1999, rounded). */
const ohTable = `15130.92 -5.50 0.16, 15278.52 -5.38 0.21, 15281.05 -5.38 0.21, 15391.21 -5.44 0.49, 15407.29 -5.37 0.26,
  15409.17 -5.37 0.26, 15505.75 -5.31 0.52, 15558.02 -5.31 0.30, 15560.24 -5.30 0.30, 15568.78 -5.27 0.30, 15572.08 -5.27 0.30, 15626.70 -5.20 0.54,
  15627.41 -5.20 0.54, 15651.90 -5.13 0.53, 15653.48 -5.13 0.53, 15719.70 -5.25 0.35, 15726.72 -5.22 0.35, 15755.52 -5.10 0.57, 15756.53 -5.10 0.57,
  15892.13 -5.05 0.41, 15893.53 -5.05 0.41, 15897.70 -5.00 0.41, 15910.42 -5.00 0.60, 15912.73 -5.00 0.60, 16036.89 -5.00 0.64, 16038.54 -5.00 0.64,
  16052.77 -4.98 0.64, 16055.46 -4.98 0.64, 16061.70 -5.05 0.48, 16065.05 -5.05 0.48, 16069.52 -5.02 0.48, 16190.13 -4.95 0.69, 16192.13 -4.95 0.69,
  16204.08 -4.85 0.68, 16207.19 -4.85 0.68, 16247.88 -5.10 0.91, 16255.02 -4.95 0.55, 16260.15 -4.95 0.55, 16312.92 -5.00 0.94, 16346.18 -4.88 0.73,
  16347.49 -4.92 0.94, 16352.22 -4.85 0.73, 16354.58 -4.85 0.73, 16364.59 -4.80 0.73, 16368.14 -4.80 0.73, 16448.05 -4.85 0.60, 16450.37 -4.85 0.60,
  16456.04 -4.85 0.60, 16523.50 -4.80 0.78, 16526.25 -4.80 0.78, 16534.58 -4.75 0.78, 16538.59 -4.75 0.78, 16605.46 -4.75 0.98, 16649.95 -4.80 0.68,
  16654.65 -4.80 0.68, 16655.99 -4.80 0.68, 16662.20 -4.80 0.68, 16704.36 -4.73 0.84, 16714.36 -4.69 0.84, 16729.78 -4.75 0.98, 16866.69 -4.70 0.76,
  16871.90 -4.70 0.76, 16879.09 -4.70 0.76, 16895.18 -4.65 0.90, 16902.73 -4.65 0.90, 16904.28 -4.65 0.90, 16909.29 -4.65 0.90`

const ohLines: readonly Line[] = ohTable.split(',').map(text => {
  const [airAngstrom, gfDex, lowerEv] = text.trim().split(' ').map(Number)
  return { vacuumAngstrom: airToVacuum(airAngstrom), gfDex, lowerEv }
})

/** What molecules a layer has, and their lines from 15,000 to 17,000 Angstrom. */
export function moleculeLines(layer: Layer, fehDex: number): readonly MoleculeLines[] {
  const { temperatureK, neutralCm3 } = layer
  const shares = moleculeShares(temperatureK, neutralCm3, fehDex)
  return [
    { massAmu: 28, perNucleus: shares.CO / partitionOf(molecules.CO, temperatureK), lines: coLines },
    { massAmu: 17, perNucleus: shares.OH / partitionOf(molecules.OH, temperatureK), lines: ohLines },
  ]
}
