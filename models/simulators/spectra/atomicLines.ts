// The lines of the built-in templates: the strongest of the optical, as a table of facts.
import { airToVacuum } from './airWavelengths.ts'

export interface Species {
  /** Abundance of the Sun, log10 of the number per 10^12 hydrogen nuclei (Asplund+ 2009). */
  readonly abundanceDex: number
  readonly massAmu: number
  /** Energies that take away the first and the second electron. */
  readonly ionizationEv: readonly [number, number]
  /** Partition functions of atom and ion near 5500 K (Irwin 1981), constant here: within a third from 3500 to 9000 K for most. */
  readonly partition: readonly [number, number]
}

/** Ionization energies: NIST. */
export const species: Readonly<Record<string, Species>> = {
  O: { abundanceDex: 8.69, massAmu: 16, ionizationEv: [13.618, 35.1], partition: [8.8, 4] },
  Na: { abundanceDex: 6.24, massAmu: 23, ionizationEv: [5.139, 47.3], partition: [2.05, 1] },
  Mg: { abundanceDex: 7.6, massAmu: 24.3, ionizationEv: [7.646, 15.035], partition: [1.02, 2] },
  Al: { abundanceDex: 6.45, massAmu: 27, ionizationEv: [5.986, 18.829], partition: [5.9, 1.01] },
  Si: { abundanceDex: 7.51, massAmu: 28.1, ionizationEv: [8.152, 16.346], partition: [9.5, 5.8] },
  K: { abundanceDex: 5.03, massAmu: 39.1, ionizationEv: [4.341, 31.6], partition: [2.15, 1] },
  Ca: { abundanceDex: 6.34, massAmu: 40.1, ionizationEv: [6.113, 11.872], partition: [1.25, 2.3] },
  Sc: { abundanceDex: 3.15, massAmu: 45, ionizationEv: [6.561, 12.8], partition: [12.5, 23] },
  Ti: { abundanceDex: 4.95, massAmu: 47.9, ionizationEv: [6.828, 13.576], partition: [30, 56] },
  V: { abundanceDex: 3.93, massAmu: 50.9, ionizationEv: [6.746, 14.66], partition: [47, 43] },
  Cr: { abundanceDex: 5.64, massAmu: 52, ionizationEv: [6.767, 16.49], partition: [10.5, 7.2] },
  Mn: { abundanceDex: 5.43, massAmu: 54.9, ionizationEv: [7.434, 15.64], partition: [6.5, 7.8] },
  Fe: { abundanceDex: 7.5, massAmu: 55.8, ionizationEv: [7.902, 16.199], partition: [27, 43] },
  Co: { abundanceDex: 4.99, massAmu: 58.9, ionizationEv: [7.881, 17.08], partition: [33, 29] },
  Ni: { abundanceDex: 6.22, massAmu: 58.7, ionizationEv: [7.64, 18.17], partition: [30, 11] },
  Sr: { abundanceDex: 2.87, massAmu: 87.6, ionizationEv: [5.695, 11.03], partition: [1.3, 2.2] },
  Ba: { abundanceDex: 2.18, massAmu: 137.3, ionizationEv: [5.212, 10.004], partition: [2.6, 4.2] },
}

/** Of lines in the H band only: too few or too hard to ionize to give electrons. */
const otherSpecies: Readonly<Record<string, Species>> = {
  C: { abundanceDex: 8.43, massAmu: 12, ionizationEv: [11.26, 24.383], partition: [9.3, 5.9] },
  P: { abundanceDex: 5.41, massAmu: 31, ionizationEv: [10.487, 19.77], partition: [4.5, 8.2] },
  S: { abundanceDex: 7.12, massAmu: 32.1, ionizationEv: [10.36, 23.338], partition: [8.9, 4.2] },
  Cu: { abundanceDex: 4.19, massAmu: 63.5, ionizationEv: [7.726, 20.292], partition: [2.4, 1.02] },
  Ce: { abundanceDex: 1.58, massAmu: 140.1, ionizationEv: [5.539, 10.85], partition: [250, 200] },
}

export const allSpecies: Readonly<Record<string, Species>> = { ...species, ...otherSpecies }

/**
 * Species (I the atom, II the ion), then for each line: wavelength in air in Angstrom, log10 of g f, energy of the lower level in eV.
 * Of the strongest lines of the solar spectrum (Moore+ 1966), rounded to 0.01 A and 0.01 dex, with g f as in NIST and VALD (good to 0.1 dex,
 * which is finer than the layer they are put in). Hydrogen and lithium are elsewhere; helium is not here.
 */
const table: readonly (readonly [string, string])[] = [
  ['Na I', '5889.95 0.11 0, 5895.92 -0.19 0, 8183.26 0.24 2.10, 8194.82 0.49 2.10'],
  ['K I', '7664.90 0.14 0, 7698.96 -0.17 0'],
  [
    'Mg I',
    `3829.36 -0.23 2.71, 3832.30 0.13 2.71, 3838.29 0.40 2.72, 4702.99 -0.44 4.35, 5167.32 -0.87 2.71, 5172.68 -0.39 2.71,
     5183.60 -0.17 2.72, 5528.41 -0.50 4.35, 8806.76 -0.13 4.35`,
  ],
  ['Mg II', '4481.13 0.74 8.86, 4481.33 0.59 8.86'],
  ['Al I', '3944.01 -0.64 0, 3961.52 -0.34 0.01'],
  ['Si I', '3905.52 -1.04 1.91'],
  ['Si II', '4128.05 0.36 9.84, 4130.89 0.55 9.84, 6347.11 0.15 8.12, 6371.37 -0.08 8.12'],
  ['O I', '7771.94 0.37 9.15, 7774.17 0.22 9.15, 7775.39 0 9.15, 8446.36 0.24 9.52, 8446.76 0.01 9.52'],
  [
    'Ca I',
    `4226.73 0.24 0, 4283.01 -0.22 1.89, 4289.37 -0.30 1.88, 4298.99 -0.41 1.89, 4302.53 0.28 1.90, 4318.65 -0.21 1.90,
     4425.44 -0.36 1.88, 4434.96 -0.01 1.89, 4454.78 0.26 1.90, 5265.56 -0.26 2.52, 5270.27 0 2.53, 5349.47 -0.31 2.71,
     5588.75 0.36 2.53, 5594.46 0.10 2.52, 5598.48 -0.09 2.52, 5857.45 0.24 2.93, 6102.72 -0.79 1.88, 6122.22 -0.32 1.89,
     6162.17 -0.09 1.90, 6439.07 0.39 2.53, 6449.81 -0.50 2.52, 6462.57 0.26 2.52, 6493.78 -0.11 2.52, 6717.68 -0.52 2.71`,
  ],
  ['Ca II', '3933.66 0.14 0, 3968.47 -0.18 0, 8498.02 -1.42 1.69, 8542.09 -0.46 1.70, 8662.14 -0.72 1.69'],
  ['Sc II', '4246.82 0.24 0.32, 4320.73 -0.25 0.61, 4325.00 -0.44 0.60, 5526.79 0.02 1.77'],
  [
    'Ti I',
    `3998.64 -0.06 0.05, 4533.24 0.48 0.85, 4534.78 0.28 0.84, 4981.73 0.50 0.85, 4991.07 0.38 0.84, 4999.50 0.25 0.83,
     5007.21 0.11 0.82, 5014.28 0.11 0.81, 5039.96 -1.13 0.02, 5064.65 -0.99 0.05, 5173.74 -1.12 0, 5192.97 -1.01 0.02,
     5210.38 -0.88 0.05, 8426.50 -1.20 0.83, 8435.65 -0.90 0.84`,
  ],
  [
    'Ti II',
    `3759.29 0.28 0.61, 3761.32 0.17 0.57, 4300.05 -0.44 1.18, 4395.03 -0.46 1.08, 4443.79 -0.72 1.08, 4468.51 -0.60 1.13,
     4501.27 -0.77 1.12, 4533.96 -0.53 1.24, 4549.62 -0.11 1.58, 4563.76 -0.69 1.22, 4571.97 -0.32 1.57`,
  ],
  ['V I', '4379.23 0.58 0.30, 4384.71 0.51 0.29, 4389.98 0.27 0.28'],
  [
    'Cr I',
    `4254.33 -0.11 0, 4274.80 -0.23 0, 4289.72 -0.36 0, 5204.51 -0.21 0.94, 5206.04 0.02 0.94, 5208.42 0.16 0.94,
     5345.80 -0.98 1.00, 5409.77 -0.72 1.03`,
  ],
  ['Mn I', '4030.75 -0.47 0, 4033.06 -0.62 0, 4034.48 -0.81 0, 4783.43 0.04 2.30, 4823.52 0.14 2.32'],
  [
    'Fe I',
    `3719.93 -0.43 0, 3734.86 0.32 0.86, 3737.13 -0.57 0.05, 3745.56 -0.77 0.09, 3748.26 -1.02 0.11, 3749.49 0.16 0.91,
     3758.23 -0.03 0.96, 3763.79 -0.24 0.99, 3767.19 -0.39 1.01, 3795.00 -0.76 0.99, 3815.84 0.23 1.48, 3820.43 0.12 0.86,
     3825.88 -0.04 0.91, 3827.82 0.06 1.56, 3834.22 -0.30 0.96, 3856.37 -1.29 0.05, 3859.91 -0.71 0, 3878.57 -1.38 0.09,
     3886.28 -1.08 0.05, 3895.66 -1.67 0.11, 3899.71 -1.53 0.09, 3920.26 -1.75 0.12, 3922.91 -1.65 0.05, 3927.92 -1.59 0.11,
     3930.30 -1.59 0.09, 4005.24 -0.61 1.56, 4045.81 0.28 1.48, 4063.59 0.07 1.56, 4071.74 -0.02 1.61, 4132.06 -0.67 1.61,
     4143.87 -0.51 1.56, 4202.03 -0.71 1.48, 4250.79 -0.71 1.56, 4260.47 0.08 2.40, 4271.76 -0.16 1.48, 4307.90 -0.07 1.56,
     4325.76 0.01 1.61, 4383.54 0.20 1.48, 4404.75 -0.14 1.56, 4415.12 -0.61 1.61, 4920.50 0.07 2.83, 4957.60 0.23 2.81,
     5012.07 -2.64 0.86, 5041.76 -2.20 1.48, 5051.63 -2.80 0.91, 5083.34 -2.96 0.96, 5110.41 -3.76 0, 5166.28 -4.20 0,
     5171.60 -1.79 1.48, 5227.19 -1.23 1.56, 5232.94 -0.06 2.94, 5266.55 -0.39 3.00, 5269.54 -1.32 0.86, 5270.36 -1.34 1.61,
     5324.18 -0.10 3.21, 5328.04 -1.47 0.91, 5328.53 -1.85 1.56, 5371.49 -1.65 0.96, 5397.13 -1.99 0.91, 5405.77 -1.84 0.99,
     5429.70 -1.88 0.96, 5434.52 -2.12 1.01, 5446.92 -1.91 0.99, 5455.61 -2.09 1.01, 5497.52 -2.85 1.01, 5501.47 -3.05 0.96,
     5506.78 -2.80 0.99, 5569.62 -0.49 3.42, 5572.84 -0.28 3.40, 5586.76 -0.12 3.37, 5615.64 0.05 3.33, 6136.61 -1.40 2.45,
     6137.69 -1.40 2.59, 6191.56 -1.42 2.43, 6230.72 -1.28 2.56, 6252.56 -1.69 2.40, 6393.60 -1.43 2.43, 6400.00 -0.29 3.60,
     6430.85 -2.01 2.18, 6494.98 -1.27 2.40, 6677.99 -1.42 2.69, 8327.06 -1.53 2.20, 8387.77 -1.49 2.18, 8468.41 -2.07 2.22,
     8514.07 -2.23 2.20, 8688.62 -1.21 2.18, 8824.22 -1.54 2.20`,
  ],
  [
    'Fe II',
    `4178.85 -2.50 2.58, 4233.17 -1.90 2.58, 4351.77 -2.10 2.70, 4508.28 -2.30 2.86, 4515.34 -2.50 2.84, 4522.63 -2.03 2.84,
     4549.47 -1.77 2.83, 4555.89 -2.30 2.83, 4583.83 -1.87 2.81, 4923.92 -1.32 2.89, 5018.44 -1.22 2.89, 5169.03 -1.00 2.89,
     5234.62 -2.18 3.22, 5275.99 -1.94 3.20, 5316.62 -1.87 3.15, 6247.56 -2.30 3.89, 6456.38 -2.10 3.90`,
  ],
  ['Co I', '3995.31 -0.22 0.92, 4121.32 -0.32 0.92'],
  [
    'Ni I',
    `3858.30 -0.95 0.42, 4714.41 0.26 3.38, 5035.36 0.29 3.64, 5080.53 0.13 3.66, 5476.90 -0.89 1.83, 6767.77 -2.17 1.83,
     7122.19 0.04 3.54`,
  ],
  ['Sr II', '4077.71 0.17 0, 4215.52 -0.15 0'],
  ['Ba II', '4554.03 0.17 0, 4934.08 -0.15 0, 6141.71 -0.08 0.70, 6496.90 -0.38 0.60'],
]

/**
 * Broadening by collisions with hydrogen, log10 of the width per atom in rad/s cm3 at 10,000 K (Barklem+ 2000), where a line is strong enough
 * for it to matter; others have -7.6.
 */
const collisionDex: Readonly<Record<string, number>> = {
  'Na I': -7.53,
  'K I': -7.45,
  'Mg I': -7.29,
  'Ca I': -7.56,
  'Ca II': -7.72,
}

export interface AtomicLine {
  readonly element: string
  /** 0 the atom, 1 the ion. */
  readonly charge: 0 | 1
  readonly vacuumAngstrom: number
  readonly gfDex: number
  readonly lowerEv: number
  readonly collisionDex: number
}

/** @param table of species, and their lines as above; @param collisionDex of those that are not as most, -7.6 */
export function linesOf(
  table: readonly (readonly [string, string])[],
  collisionDex: Readonly<Record<string, number>>,
): readonly AtomicLine[] {
  return table.flatMap(([name, lines]) => {
    const [element, stage] = name.split(' ')
    return lines.split(',').map(text => {
      const [airAngstrom, gfDex, lowerEv] = text.trim().split(' ').map(Number)
      return {
        element,
        charge: stage === 'I' ? (0 as const) : (1 as const),
        vacuumAngstrom: airToVacuum(airAngstrom),
        gfDex,
        lowerEv,
        collisionDex: collisionDex[name] ?? -7.6,
      }
    })
  })
}

export const atomicLines: readonly AtomicLine[] = linesOf(table, collisionDex)
