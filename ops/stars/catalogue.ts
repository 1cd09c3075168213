// One row of a catalogue for one posterior: what a scientist wants in a table, units and descriptions with it.
import {
  inferredNames,
  type Posterior,
  quantity,
  type Star,
  type Summary,
  starClasses,
  surveyNames,
} from '../../schemas/index.ts'
import type { Column, Row, Value } from '../../streams/index.ts'

type Statistic = Exclude<keyof Summary, 'parameter'>

const statistics: readonly (readonly [Statistic, string])[] = [
  ['mean', 'mean'],
  ['sd', 'standard deviation'],
  ['q025', '2.5% quantile'],
  ['q16', '16% quantile'],
  ['q50', 'median'],
  ['q84', '84% quantile'],
  ['q975', '97.5% quantile'],
]

/** Of what is inferred (UCD1+ controlled vocabulary 1.5); those of a logarithm are those of the number. */
const ucds = new Map([
  ['logAgeYr', 'time.age'],
  ['logMassMsun', 'phys.mass'],
  ['fehDex', 'phys.abund.Z'],
  ['logTeffK', 'phys.temperature.effective'],
  ['logLuminosityLsun', 'phys.luminosity'],
  ['avMag', 'phys.absorption;em.opt.V'],
  ['logDistancePc', 'pos.distance'],
  ['logRadiusRsun', 'phys.size.radius'],
  ['loggDex', 'phys.gravity'],
])

function ucdOf(name: string, statistic: Statistic): string | null {
  const ucd = ucds.get(name)
  if (ucd === undefined) return null
  return statistic === 'sd'
    ? `stat.stdev;${ucd}`
    : statistic === 'q50'
      ? `${ucd};stat.median`
      : statistic === 'mean'
        ? `${ucd};stat.mean`
        : ucd
}

function column(
  name: string,
  type: Column['type'],
  description: string,
  unit: string | null = null,
  ucd: string | null = null,
): Column {
  return { name, type, description, unit, ucd, arraySize: null }
}

/** Such as `logAgeYr_q50`, `p_youngDisk`. */
export const posteriorColumns: readonly Column[] = [
  ...inferredNames.flatMap(name => {
    const { unit, description } = quantity(name)
    return statistics.map(([statistic, words]) =>
      column(`${name}_${statistic}`, 'double', `${words} of ${description}`, unit, ucdOf(name, statistic)),
    )
  }),
  ...starClasses.map(name =>
    column(`p_${name}`, 'double', `probability of the class ${name}`, null, 'stat.probability'),
  ),
  column('p_young', 'double', 'sum over the young classes', null, 'stat.probability'),
  column('observables', 'string', 'observables the model was given'),
  column('sample_count', 'int', 'samples drawn', null, 'meta.number'),
  column('seed', 'long', 'seed of the random numbers'),
  column('model', 'string', 'fingerprint of the checkpoint'),
  column(
    'familiarity',
    'double',
    'probability that a star of the training lies as far from the middle of its kind as this one',
    null,
    'stat.probability',
  ),
  column('posterior_flags', 'string', 'warnings, such as outOfDistribution', null, 'meta.code'),
]

/** What a posterior says, however it was made. */
export type PosteriorFacts = Pick<
  Posterior,
  | 'summaries'
  | 'classes'
  | 'youngProbability'
  | 'observables'
  | 'sampleCount'
  | 'seed'
  | 'model'
  | 'flags'
  | 'familiarity'
>

export function posteriorCells(facts: PosteriorFacts): Row {
  const summaries = new Map(facts.summaries.map(one => [one.parameter, one]))
  const probabilities = new Map(facts.classes.map(one => [one.name, one.probability]))
  const cells: [string, Value][] = inferredNames.flatMap(name => {
    const summary = summaries.get(name)
    return statistics.map(([statistic]): [string, Value] => [`${name}_${statistic}`, summary?.[statistic] ?? null])
  })
  for (const name of starClasses) cells.push([`p_${name}`, probabilities.get(name) ?? null])
  return Object.fromEntries([
    ...cells,
    ['p_young', facts.youngProbability],
    ['observables', facts.observables.join(' ')],
    ['sample_count', facts.sampleCount],
    ['seed', facts.seed],
    ['model', facts.model],
    ['familiarity', facts.familiarity ?? null],
    ['posterior_flags', facts.flags.join(' ')],
  ])
}

export const starColumns: readonly Column[] = [
  column('star_id', 'string', 'id of the star', null, 'meta.id;meta.main'),
  column('ra', 'double', 'right ascension, ICRS, at the epoch', 'deg', 'pos.eq.ra;meta.main'),
  column('dec', 'double', 'declination, ICRS, at the epoch', 'deg', 'pos.eq.dec;meta.main'),
  column('epoch', 'double', 'epoch of the position', 'yr', 'time.epoch'),
  ...surveyNames().map(name => column(`id_${name}`, 'string', `id in ${name}, as text`, null, 'meta.id')),
  column('is_ambiguous', 'boolean', 'true when a joined source could as well belong to another star'),
  column('star_flags', 'string', 'quality flags of the joined sources', null, 'meta.code'),
]

export function starCells(star: Star): Row {
  return Object.fromEntries<Value>([
    ['star_id', star.starId],
    ['ra', star.raDeg],
    ['dec', star.decDeg],
    ['epoch', star.epochJyr],
    ...surveyNames().map((name): [string, Value] => [
      `id_${name}`,
      star.sources.find(one => one.survey === name)?.source ?? null,
    ]),
    ['is_ambiguous', star.isAmbiguous],
    ['star_flags', star.flags.join(' ')],
  ])
}
