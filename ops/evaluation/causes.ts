// What may explain that posteriors miss: kinds of stars for which a reason to do so is known, each tested on the data.
import { compareLabels, createRng, type LabelComparison, type LabelledPosterior, medianOf } from '../../models/index.ts'
import { starClasses } from '../../schemas/index.ts'
import { type InferredStar, samplesOf } from './inferredStar.ts'

export interface Cause {
  readonly name: string
  /** The kind of stars, as a row of a table: a plural. */
  readonly kind: string
  /** Why posteriors may miss there. */
  readonly reason: string
  applies(star: InferredStar): boolean
}

export interface Split {
  readonly cause: Pick<Cause, 'name' | 'kind' | 'reason'>
  readonly inside: LabelComparison
  readonly outside: LabelComparison
  /** Bias or 68% coverage differ by more than three standard errors. */
  readonly isSignificant: boolean
}

export interface JudgedStar {
  readonly star: InferredStar
  readonly labelled: LabelledPosterior
}

const COOL_K = 3900
const MIN_STARS = 10
const SIGMAS = 3

const givenMag = ({ input }: InferredStar, name: string) =>
  input.given.find(one => one.quantity === name && !one.isLimit)?.value ?? null

function colourOf(star: InferredStar, blue: string, red: string): number | null {
  const [a, b] = [givenMag(star, blue), givenMag(star, red)]
  return a === null || b === null ? null : a - b
}

export const causes: readonly Cause[] = [
  {
    name: 'cool',
    kind: `stars cooler than ${COOL_K.toLocaleString('en-US')} K`,
    reason:
      'model spectra of M dwarfs lack opacity in the optical, and spots and magnetic fields make such stars larger and cooler than tracks say: known members of the Pleiades and Praesepe are 0.5 to 0.8 mag brighter than PARSEC with BT-Settl predicts, and the simulator only moves their G and BP towards observed dwarfs by a random share',
    applies: star => medianOf(samplesOf(star.posterior, 'logTeffK')) < Math.log10(COOL_K),
  },
  {
    name: 'giant',
    kind: 'giants',
    reason: 'along the giant branch luminosity changes by a factor of a hundred while colours hardly do',
    applies: star => star.posterior.classProbabilities[starClasses.indexOf('giant')] > 0.5,
  },
  {
    name: 'saturated',
    kind: 'stars with saturated magnitudes',
    reason:
      'beyond the saturation limit of a detector its magnitudes are extrapolated, and their errors are often too small',
    applies: star => star.saturated.length > 0,
  },
  {
    name: 'binary',
    kind: 'stars with disturbed astrometry (RUWE above 1.4)',
    reason:
      'most of these have a companion, whose light makes them brighter and redder than a single star; their parallaxes are less sure than stated',
    applies: star => star.flags.some(flag => flag.endsWith(':ruwe')),
  },
  {
    name: 'disk',
    kind: 'stars with an infrared excess (W1 \u2212 W2 above 0.25)',
    reason:
      'the simulator makes disks of three black bodies; accretion, scattered light and disks seen edge-on are not in it, and such stars vary between the epochs of the surveys',
    // A saturated W1 or W2 mimics a disk.
    applies: star =>
      !star.saturated.some(name => name === 'w1Mag' || name === 'w2Mag') &&
      (colourOf(star, 'w1Mag', 'w2Mag') ?? 0) > 0.25,
  },
  {
    name: 'reddened',
    kind: 'stars with A_V above 1',
    reason: 'extinction and temperature change broad colours alike, and the extinction law differs from cloud to cloud',
    applies: star => medianOf(samplesOf(star.posterior, 'avMag')) > 1,
  },
  {
    name: 'sparse',
    kind: 'stars in fewer than six bands',
    reason: 'with so few colours temperature and extinction are not told apart, and the prior decides',
    applies: ({ input }) => input.given.filter(one => one.quantity.endsWith('Mag') && !one.isLimit).length < 6,
  },
  {
    name: 'unusual',
    kind: 'stars flagged as unlike any simulated one',
    reason: 'the model says itself that it extrapolates there',
    applies: star => star.posterior.flags.includes('outOfDistribution'),
  },
]

/** Each cause that splits the stars into two groups large enough to compare. */
export function splitByCause(stars: readonly JudgedStar[], seed: number): readonly Split[] {
  return causes.flatMap(cause => {
    const inside = stars.filter(({ star }) => cause.applies(star))
    const outside = stars.filter(({ star }) => !cause.applies(star))
    if (inside.length < MIN_STARS || outside.length < MIN_STARS) return []
    const judge = (part: readonly JudgedStar[]) =>
      compareLabels(
        part.map(({ labelled }) => labelled),
        createRng(seed),
      )
    const [a, b] = [judge(inside), judge(outside)]
    const { name, kind, reason } = cause
    return [{ cause: { name, kind, reason }, inside: a, outside: b, isSignificant: differ(a, b) }]
  })
}

function differ(a: LabelComparison, b: LabelComparison): boolean {
  const coverageErr = Math.hypot(a.coverage68.standardErr, b.coverage68.standardErr)
  return (
    Math.abs(a.bias - b.bias) > SIGMAS * Math.hypot(a.biasErr, b.biasErr) ||
    Math.abs(a.coverage68.covered - b.coverage68.covered) > SIGMAS * coverageErr
  )
}
