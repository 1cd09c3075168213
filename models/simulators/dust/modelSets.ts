// The eighteen sets of young stellar objects of Robitaille 2017 and Richardson+ 2024: every range, every set, and their sampling.

type Sampling = 'log' | 'linear'

interface Range {
  readonly low: number
  readonly high: number
  readonly sampling: Sampling
}

const log = (low: number, high: number): Range => ({ low, high, sampling: 'log' })
const linear = (low: number, high: number): Range => ({ low, high, sampling: 'linear' })

/**
 * Ranges and sampling, Robitaille 2017 (A&A 600, A11, table 2); masses and densities are of dust alone.
 * An Ulrich envelope around a disk has the disk's outer radius as its centrifugal radius, and both begin at the same inner radius.
 */
export const ysoRanges = {
  starRadiusRsun: log(0.1, 100),
  starTeffK: log(2000, 30_000),
  diskMassMsun: log(1e-8, 1e-1),
  diskOuterRadiusAu: log(50, 5000),
  diskFlaringPower: linear(1, 1.3),
  diskSurfacePower: linear(-2, 0),
  diskHeight100Au: log(1, 20),
  envelopeDensityGPerCm3: log(1e-24, 1e-16),
  envelopePower: linear(-2, -1),
  centrifugalRadiusAu: log(50, 5000),
  cavityPower: linear(1, 2),
  cavityOpeningDeg: linear(0, 60),
  cavityDensityGPerCm3: log(1e-23, 1e-20),
  /** In sublimation radii. */
  innerRadiusRsub: log(1, 1000),
} as const satisfies Readonly<Record<string, Range>>

export type YsoRange = keyof typeof ysoRanges

/** What the sets hold fixed: the same paper, sections 2.2 and 3. */
export const ysoConstants = {
  /** Dust as hot as this is gone. */
  sublimationK: 1600,
  /** Where the scale height of the disk is given. */
  diskReferenceAu: 100,
  /** Where the density of a power-law envelope is given; that of an Ulrich envelope is given at its centrifugal radius. */
  envelopeReferenceAu: 1000,
  /** Where the half-opening angle of the cavity is given; its dust has the same density throughout. */
  cavityReferenceAu: 10_000,
  ambientDensityGPerCm3: 1e-23,
  ambientK: 10,
  /** The floor of the temperature where there is no ambient medium. */
  backgroundK: 2.725,
} as const

/** One view in each stratum of ten degrees. */
export const viewCount = 9
/** Radii of the apertures: 20 from 100 to 1e6 AU, equally spaced in the logarithm. */
export const apertureRange = log(100, 1e6)
export const apertureRadiiAu: readonly number[] = Array.from({ length: 20 }, (_, i) => 100 * 10 ** ((4 * i) / 19))
/** Wavelengths of the grids: 200 from 0.01 to 5000 micron, equally spaced in the logarithm. */
export const sedWavelengthsUm: Float64Array = Float64Array.from(
  { length: 200 },
  (_, i) => 0.01 * 10 ** ((Math.log10(5e5) * i) / 199),
)

/**
 * The letters of a name: s star; p passive disk; p or u power-law or Ulrich envelope; b bipolar cavities; s or h dust from the sublimation
 * radius on or with an inner hole; m ambient medium; i interstellar dust; a hyphen where there is none.
 */
export const modelCounts = {
  's---s-i': 10_000,
  'sp--s-i': 10_000,
  'sp--h-i': 10_000,
  's---smi': 10_000,
  'sp--smi': 10_000,
  'sp--hmi': 10_000,
  's-p-smi': 10_000,
  's-p-hmi': 10_000,
  's-pbsmi': 10_000,
  's-pbhmi': 10_000,
  's-u-smi': 10_000,
  's-u-hmi': 10_000,
  's-ubsmi': 10_000,
  's-ubhmi': 10_000,
  'spu-smi': 10_000,
  'spu-hmi': 10_000,
  spubsmi: 40_000,
  spubhmi: 80_000,
} as const

export type ModelSet = keyof typeof modelCounts
export const modelSets = Object.keys(modelCounts) as readonly ModelSet[]

/** Whether this is the name of one of the eighteen sets. */
export function isModelSet(name: string): name is ModelSet {
  return Object.hasOwn(modelCounts, name)
}

/** Which parameters a set has, in the order in which they are drawn. */
export function parametersOf(set: ModelSet): readonly YsoRange[] {
  const [, disk, envelope, cavity, inner] = set
  const names: YsoRange[] = ['starRadiusRsun', 'starTeffK']
  if (disk === 'p')
    names.push('diskMassMsun', 'diskOuterRadiusAu', 'diskFlaringPower', 'diskSurfacePower', 'diskHeight100Au')
  if (envelope !== '-') names.push('envelopeDensityGPerCm3')
  if (envelope === 'p') names.push('envelopePower')
  if (envelope === 'u' && disk === '-') names.push('centrifugalRadiusAu')
  if (cavity === 'b') names.push('cavityPower', 'cavityOpeningDeg', 'cavityDensityGPerCm3')
  if (inner === 'h') names.push('innerRadiusRsub')
  return names
}

export interface YsoDisk {
  readonly massMsun: number
  readonly outerRadiusAu: number
  readonly flaringPower: number
  readonly surfacePower: number
  readonly height100Au: number
}

export type YsoEnvelope =
  | { readonly kind: 'powerLaw'; readonly densityGPerCm3: number; readonly power: number }
  | { readonly kind: 'ulrich'; readonly densityGPerCm3: number; readonly centrifugalRadiusAu: number }

export interface YsoCavity {
  readonly power: number
  readonly openingDeg: number
  readonly densityGPerCm3: number
}

/** One young stellar object; densities and masses are of dust. */
export interface Yso {
  readonly starRadiusRsun: number
  readonly starTeffK: number
  readonly disk: YsoDisk | null
  readonly envelope: YsoEnvelope | null
  /** Only with an envelope. */
  readonly cavity: YsoCavity | null
  /** Inner edge of all dust, in sublimation radii. */
  readonly innerRadiusRsub: number
  readonly hasAmbient: boolean
  /** Between the line of sight and the axis. */
  readonly inclinationDeg: number
}

interface Chance {
  uniform(): number
  integer(count: number): number
}

function drawIn({ low, high, sampling }: Range, chance: Chance): number {
  const u = chance.uniform()
  return sampling === 'log' ? low * (high / low) ** u : low + (high - low) * u
}

/** Radius of an aperture, AU: as likely in any decade from 100 to 1e6 AU. */
export function drawApertureAu(chance: Chance): number {
  return drawIn(apertureRange, chance)
}

/**
 * One object of a set. Its inclination lies anywhere in one of nine strata of ten degrees, as the grids have it: uniform in the angle, not on
 * the sphere. A population that is seen from anywhere draws another one.
 *
 * @param stratum 0 to 8; drawn where it is not given
 */
export function drawYso(set: ModelSet, chance: Chance, stratum?: number): Yso {
  const drawn = new Map(parametersOf(set).map(name => [name, drawIn(ysoRanges[name], chance)] as const))
  const inclinationDeg = ((stratum ?? chance.integer(viewCount)) + chance.uniform()) * (90 / viewCount)
  return { ...ysoOf(set, name => drawn.get(name)), inclinationDeg }
}

/**
 * The object with these parameters: `lookUp` answers those of `parametersOf(set)`.
 * @throws RangeError when one is missing
 */
export function ysoOf(set: ModelSet, lookUp: (name: YsoRange) => number | undefined): Omit<Yso, 'inclinationDeg'> {
  const value = (name: YsoRange): number => {
    const found = lookUp(name)
    if (found === undefined) throw new RangeError(`ysoOf: ${set} lacks ${name}`)
    return found
  }
  const [, diskLetter, envelopeLetter, cavityLetter, inner, ambient] = set
  const disk =
    diskLetter === 'p'
      ? {
          massMsun: value('diskMassMsun'),
          outerRadiusAu: value('diskOuterRadiusAu'),
          flaringPower: value('diskFlaringPower'),
          surfacePower: value('diskSurfacePower'),
          height100Au: value('diskHeight100Au'),
        }
      : null
  const envelopes: Readonly<Record<string, () => YsoEnvelope>> = {
    p: () => ({ kind: 'powerLaw', densityGPerCm3: value('envelopeDensityGPerCm3'), power: value('envelopePower') }),
    u: () => ({
      kind: 'ulrich',
      densityGPerCm3: value('envelopeDensityGPerCm3'),
      centrifugalRadiusAu: disk?.outerRadiusAu ?? value('centrifugalRadiusAu'),
    }),
  }
  return {
    starRadiusRsun: value('starRadiusRsun'),
    starTeffK: value('starTeffK'),
    disk,
    envelope: envelopes[envelopeLetter]?.() ?? null,
    cavity:
      cavityLetter === 'b'
        ? {
            power: value('cavityPower'),
            openingDeg: value('cavityOpeningDeg'),
            densityGPerCm3: value('cavityDensityGPerCm3'),
          }
        : null,
    innerRadiusRsub: inner === 'h' ? value('innerRadiusRsub') : 1,
    hasAmbient: ambient === 'm',
  }
}
