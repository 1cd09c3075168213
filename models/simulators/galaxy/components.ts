// What the Milky Way is made of, as data: ten components with their density, ages, abundances, motions and mass functions.
import type { MassFunctionName } from './massFunction.ts'

/** The Sun's place and motion. */
export const sun = {
  /** Robin+ 2003; the components' scales were fitted with it (GRAVITY 2019 has 8.18). */
  radiusKpc: 8.5,
  /** Above the plane: Robin+ 2003. */
  heightKpc: 0.015,
  /** Towards the Galactic centre, along its rotation, towards the north pole: Schoenrich+ 2010, MNRAS 403, 1829. */
  velocityKmS: [11.1, 12.24, 7.25],
  /**
   * Rotation of the local standard of rest. With the Sun's own 12.24 km/s it gives Sagittarius A* the 30.24 km/s/kpc that Reid & Brunthaler
   * 2004 measured, at 8.5 kpc; the rotation curve is taken as flat.
   */
  rotationKmS: 244.8,
} as const

/**
 * The Einasto disks of Robin+ 2003, table 3, with a^2 = R^2 + (z / epsilon)^2: exp(-(a / hPlus)^2) - exp(-(a / hMinus)^2) for the youngest and
 * exp(-sqrt(1/4 + (a / hPlus)^2)) - exp(-sqrt(1/4 + (a / hMinus)^2)) for the others; the hole in the middle is hMinus.
 */
interface EinastoDisk {
  readonly law: 'youngDisk' | 'oldDisk'
  readonly epsilon: number
  readonly hPlusKpc: number
  readonly hMinusKpc: number
}
/** Radial exponential; across the plane a parabola up to `parabolaKpc`, then an exponential. */
interface ThickDisk {
  readonly law: 'thickDisk'
  readonly hRadialKpc: number
  readonly hVerticalKpc: number
  readonly parabolaKpc: number
}
/** A power law of a = sqrt(R^2 + (z / flattening)^2), flat within the core. */
interface Halo {
  readonly law: 'halo'
  readonly flattening: number
  readonly power: number
  readonly coreKpc: number
}
/** exp(-r^2 / 2), r^4 = ((x / x0)^2 + (y / y0)^2)^2 + (z / z0)^4, cut by exp(-2 (R - cut)^2) beyond the cut; angles as in Dwek+ 1995. */
interface Bulge {
  readonly law: 'bulge'
  readonly scalesKpc: readonly [number, number, number]
  readonly cutKpc: number
  readonly anglesDeg: readonly [number, number, number]
}
export type DensityLaw = EinastoDisk | ThickDisk | Halo | Bulge

export interface GalaxyComponent {
  readonly name: string
  /** Where the density law has its norm. */
  readonly normAt: 'sun' | 'centre'
  /** Living stars there, Msun per cubic parsec; white dwarfs are not among them. */
  readonly norm: number
  readonly density: DensityLaw
  /** Ages uniform between these (a constant star formation rate), Gyr. */
  readonly agesGyr: readonly [number, number]
  /** [Fe/H]: mean at the Sun, spread, and change of the mean outwards. */
  readonly fehDex: { readonly mean: number; readonly sigma: number; readonly perKpc: number }
  /** Velocity dispersions at the Sun: outwards, along rotation, across the plane. */
  readonly sigmaKmS: readonly [number, number, number]
  /** How much slower than the local standard of rest it turns at the Sun (asymmetric drift). */
  readonly lagKmS: number
  /** d ln sigma^2 / dR of the first two dispersions. */
  readonly heatPerKpc: number
  readonly masses: MassFunctionName
}

const oldDisk = { law: 'oldDisk', hPlusKpc: 2.53, hMinusKpc: 1.32 } as const
const thin = { normAt: 'sun', heatPerKpc: -0.2, masses: 'robin2003ThinDisk' } as const

/**
 * The Besancon model of the Galaxy, Robin+ 2003, A&A 409, 523 (with erratum 2004, A&A 416, 157): ages, [Fe/H] and mass functions of table 1,
 * local densities and axis ratios of table 2, laws of table 3, velocities of table 4.
 *
 * Sources that copy table 4 have sigma_V 13.7 for the disk of 3 to 5 Gyr. All its other rows have sigma_V = 0.646 sigma_U, and the drift that the
 * erratum computes from the dispersions needs 23.7. The norms are masses of stars and their companions. The bulge's is such that it holds 1.2e10 Msun
 * of living stars: Bland-Hawthorn & Gerhard 2016, ARA&A 54, 529, have 1.4e10 to 1.7e10 with remnants; the paper's 13.7 stars per cubic parsec give
 * twice as much. Choices where the paper has another: bursts of thick disk, halo and bulge last a billion years, for its single ages of 11, 14 and 10 Gyr;
 * the bulge has the mass function of Kroupa 2001, and a rotation of its own (see kinematics) for the drift of 79 km/s.
 * Left out: white dwarfs, the warp and the flare of the disk, spiral arms, the vertex deviation.
 */
export const besancon2003: readonly GalaxyComponent[] = [
  {
    ...thin,
    name: 'thinDisk1',
    norm: 4.0e-3,
    density: { law: 'youngDisk', epsilon: 0.014, hPlusKpc: 5, hMinusKpc: 3 },
    agesGyr: [0.0005, 0.15],
    fehDex: { mean: 0.01, sigma: 0.12, perKpc: -0.07 },
    sigmaKmS: [16.7, 10.8, 6],
    lagKmS: 3.5,
  },
  {
    ...thin,
    name: 'thinDisk2',
    norm: 7.9e-3,
    density: { ...oldDisk, epsilon: 0.0268 },
    agesGyr: [0.15, 1],
    fehDex: { mean: 0.03, sigma: 0.12, perKpc: -0.07 },
    sigmaKmS: [19.8, 12.8, 8],
    lagKmS: 3.1,
  },
  {
    ...thin,
    name: 'thinDisk3',
    norm: 6.2e-3,
    density: { ...oldDisk, epsilon: 0.0375 },
    agesGyr: [1, 2],
    fehDex: { mean: 0.03, sigma: 0.1, perKpc: -0.07 },
    sigmaKmS: [27.2, 17.6, 10],
    lagKmS: 5.8,
  },
  {
    ...thin,
    name: 'thinDisk4',
    norm: 4.0e-3,
    density: { ...oldDisk, epsilon: 0.0551 },
    agesGyr: [2, 3],
    fehDex: { mean: 0.01, sigma: 0.11, perKpc: -0.07 },
    sigmaKmS: [30.2, 19.5, 13.2],
    lagKmS: 7.3,
  },
  {
    ...thin,
    name: 'thinDisk5',
    norm: 5.8e-3,
    density: { ...oldDisk, epsilon: 0.0696 },
    agesGyr: [3, 5],
    fehDex: { mean: -0.07, sigma: 0.18, perKpc: -0.07 },
    sigmaKmS: [36.7, 23.7, 15.8],
    lagKmS: 10.8,
  },
  {
    ...thin,
    name: 'thinDisk6',
    norm: 4.9e-3,
    density: { ...oldDisk, epsilon: 0.0785 },
    agesGyr: [5, 7],
    fehDex: { mean: -0.14, sigma: 0.17, perKpc: -0.07 },
    sigmaKmS: [43.1, 27.8, 17.4],
    lagKmS: 14.8,
  },
  {
    ...thin,
    name: 'thinDisk7',
    norm: 6.6e-3,
    density: { ...oldDisk, epsilon: 0.0791 },
    agesGyr: [7, 10],
    fehDex: { mean: -0.37, sigma: 0.2, perKpc: -0.07 },
    sigmaKmS: [43.1, 27.8, 17.5],
    lagKmS: 14.8,
  },
  {
    name: 'thickDisk',
    normAt: 'sun',
    norm: 1.34e-3,
    density: { law: 'thickDisk', hRadialKpc: 2.5, hVerticalKpc: 0.8, parabolaKpc: 0.4 },
    agesGyr: [10.5, 11.5],
    fehDex: { mean: -0.78, sigma: 0.3, perKpc: 0 },
    sigmaKmS: [67, 51, 42],
    lagKmS: 53,
    heatPerKpc: 0,
    masses: 'robin2003Old',
  },
  {
    name: 'halo',
    normAt: 'sun',
    norm: 9.32e-6,
    density: { law: 'halo', flattening: 0.76, power: -2.44, coreKpc: 0.5 },
    // The paper's single burst is 14 Gyr ago; no star is older than 13.
    agesGyr: [12, 13],
    fehDex: { mean: -1.78, sigma: 0.5, perKpc: 0 },
    sigmaKmS: [131, 106, 85],
    lagKmS: 226,
    heatPerKpc: 0,
    masses: 'robin2003Old',
  },
  {
    name: 'bulge',
    normAt: 'centre',
    norm: 2.18,
    density: { law: 'bulge', scalesKpc: [1.59, 0.424, 0.424], cutKpc: 2.54, anglesDeg: [78.9, 3.5, 91.3] },
    agesGyr: [9.5, 10.5],
    fehDex: { mean: 0, sigma: 0.4, perKpc: 0 },
    sigmaKmS: [113, 115, 100],
    lagKmS: 0,
    heatPerKpc: 0,
    masses: 'kroupa2001',
  },
]
