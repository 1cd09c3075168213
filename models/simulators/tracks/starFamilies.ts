// The families of stellar models, a declared nuisance of the simulation: nobody knows which is right.

export interface StarFamily {
  readonly name: string
  /** Of the table: where the numbers were published. */
  readonly paper: string
  /** Its table of young stars in models/grids; null for single-star evolution alone. */
  readonly table: string | null
  /** Abundance of the table itself, [Fe/H] on the scale of the Sun's birth, Z = 0.0177. */
  readonly tableFehDex: number
  readonly minMassMsun: number
  readonly maxMassMsun: number
  readonly minLogAgeYr: number
  /** Last age of the table; an enduring family goes on from there by single-star evolution once a star has arrived. */
  readonly tableEndLogAgeYr: number
  /** False where spots and fields belong to youth: such a family ends with its table. */
  readonly isEnduring: boolean
}

/** PARSEC's tables are those of Z = 0.014 (they equal its isochrones of that Z); the Sun was born with 0.0177. */
const PARSEC_FEH_DEX = Math.log10(0.014 / 0.0177)

const row = (
  name: string,
  paper: string,
  masses: readonly [number, number],
  ages: readonly [number, number],
  isEnduring: boolean,
  tableFehDex = 0,
): StarFamily => ({
  name,
  paper,
  table: `${name}Young`,
  tableFehDex,
  minMassMsun: masses[0],
  maxMassMsun: masses[1],
  minLogAgeYr: ages[0],
  tableEndLogAgeYr: ages[1],
  isEnduring,
})

/** A star outside of the drawn family's range is undefined; a simulator draws another family among those which reach. */
export const starFamilies: readonly StarFamily[] = [
  row('bhac15', 'Baraffe+ 2015', [0.1, 1.38], [5.7, 8.68], true),
  row('parsec12', 'Bressan+ 2012, Chen+ 2014', [0.1, 6.9], [5.7, 8.99], true, PARSEC_FEH_DEX),
  row('parsec20', 'Costa+ 2019, Nguyen+ 2022', [0.1, 7.4], [5.7, 8.99], true, PARSEC_FEH_DEX),
  row('mist12', 'Choi+ 2016', [0.103, 7.4], [5.7, 7.59], true),
  row('siess2000', 'Siess+ 2000', [0.1, 6.9], [5.7, 8.99], true),
  row('pisa', 'Tognelli+ 2011', [0.2, 6.9], [5.7, 8.99], true),
  row('feiden', 'Feiden 2016', [0.1, 5.6], [5.7, 8.99], true),
  row('feidenMagnetic', 'Feiden 2016', [0.1, 1.69], [6, 7.78], false),
  row('spots000', 'Somers+ 2020', [0.1, 1.28], [5.7, 7.94], true),
  row('spots017', 'Somers+ 2020', [0.1, 1.28], [5.7, 7.94], false),
  row('spots034', 'Somers+ 2020', [0.103, 1.28], [5.7, 7.94], false),
  row('spots051', 'Somers+ 2020', [0.103, 1.28], [5.7, 7.94], false),
  row('spots085', 'Somers+ 2020', [0.103, 1.28], [5.7, 7.94], false),
  {
    // Above 6 Msun a star has arrived before the youngest age.
    name: 'hurley2000',
    paper: 'Hurley+ 2000',
    table: null,
    tableFehDex: 0,
    minMassMsun: 6,
    maxMassMsun: 40,
    minLogAgeYr: 5.7,
    tableEndLogAgeYr: 5.7,
    isEnduring: true,
  },
]
