// The kinds of stars of a simulated sky on which samples of young stars are judged: how rare each is, and where it comes from.
import { type StarClass, youngClasses } from '../../schemas/index.ts'

export interface SkySource {
  readonly name: string
  /** Components of its recipe. */
  readonly components: readonly object[]
  /** Stars of it in a million of the sky's, all to the limit and with all bands; null takes what the others leave. */
  readonly perMillion: number | null
  /** Kinds of its stars; others are left out. */
  readonly kinds: readonly SkyKind[]
  /** Stars looked at for each that is judged of any kind, at most. */
  readonly drawsPerStar: number
  /** Whether its stars have no place: they are put even over the plane of the disk. */
  readonly isPlaced?: boolean
}

export interface SkyKind {
  readonly name: string
  readonly title: string
  readonly isYoung: boolean
  /** Classes of the simulator. */
  readonly classes: readonly string[]
  /** Class of the model that it is of; null for what the model does not know. */
  readonly modelClass: StarClass | null
  /** Of all stars that are judged. */
  readonly part: number
}

/** Faintest star. */
export const SKY_LIMIT_MAG = 17
/** Young stars in clouds reach as far as this, one on each equal area of the plane. */
export const CLOUD_REACH_PC = 2000
/** Of young stars above and below the plane. */
export const CLOUD_HEIGHT_PC = 50
const RINGS = 4

const kind = (name: string, title: string, modelClass: StarClass, part: number): SkyKind => ({
  ...{ name, title, modelClass, part },
  isYoung: youngClasses.includes(modelClass),
  classes: [modelClass],
})

/** Rings of equal width whose stars grow with their areas: even over the plane. */
const cloudRings = Array.from({ length: RINGS }, (_, k) => ({
  kind: 'youngField',
  share: (2 * k + 1) / RINGS ** 2,
  distancePc: [Math.max(50, (CLOUD_REACH_PC * k) / RINGS), (CLOUD_REACH_PC * (k + 1)) / RINGS],
  ageMyr: { log: [0.5, 30] },
  avMag: { log: [0.1, 6] },
  diskFraction: 0.5,
}))

const contaminant = (name: string, title: string, perMillion: number): SkySource => ({
  name,
  components: [{ kind: 'contaminants', parts: { [name]: 1 } }],
  perMillion,
  drawsPerStar: 2,
  kinds: [{ name, title, isYoung: false, classes: [name], modelClass: null, part: 0.03 }],
})

/**
 * Numbers are round and a choice. Some 130 million stars of G < 17 are in Gaia DR3; young ones in clouds: 197,000 candidates within 5 kpc, fainter ones too (McBride+ 2021,
 * AJ 162, 282); giants in shells: of the order of 100,000 (Ishihara+ 2011, A&A 534, A79); planetary nebulae: 3,500 (Parker+ 2016, J. Phys. Conf. Ser. 728, 032008);
 * quasars of G < 17: of the order of 10,000 (Gaia Collaboration, Bailer-Jones+ 2023, A&A 674, A41), point-like galaxies taken as many; Be stars: some 10,000 among
 * Gaia's emission-line stars (Gaia Collaboration, Creevey+ 2023, A&A 674, A26).
 */
export const skySources: readonly SkySource[] = [
  {
    name: 'clouds',
    components: cloudRings,
    perMillion: 1000,
    drawsPerStar: 2,
    isPlaced: true,
    kinds: [
      kind('cloudDisk', 'young in clouds, with a disk', 'youngDisk', 0.1),
      kind('cloudDiskless', 'young in clouds, without', 'youngDiskless', 0.1),
    ],
  },
  {
    name: 'galaxy',
    components: [{ kind: 'milkyWay', limit: { band: 'gMag', mag: SKY_LIMIT_MAG } }],
    perMillion: null,
    drawsPerStar: 8,
    kinds: [
      kind('fieldYoung', 'young in the field', 'youngDiskless', 0.06),
      kind('mainSequence', 'main sequence', 'mainSequence', 0.42),
      kind('giant', 'red giants', 'giant', 0.14),
    ],
  },
  contaminant('agbOxygen', 'AGB, oxygen', 600),
  contaminant('agbCarbon', 'AGB, carbon', 200),
  contaminant('planetaryNebula', 'planetary nebulae', 20),
  contaminant('beStar', 'Be stars', 100),
  contaminant('galaxy', 'galaxies', 80),
  contaminant('agn', 'active nuclei', 80),
]

export const skyKinds: readonly SkyKind[] = skySources.flatMap(({ kinds }) => kinds)
