// Any question of a star: draws from the posterior head where it can answer, else by tokens, weighed by what else is known.

import { createHash } from 'node:crypto'
import { loggDex, logRadiusRsun, quantity } from '../../schemas/index.ts'
import { modalityOf } from '../encoders/modalities.ts'
import { createRng } from '../math/rng.ts'
import { BLOCK_SAMPLES } from '../modelGraphs.ts'
import type { StarInput, StarPosterior } from '../posterior.ts'
import { givenNames, observeStar } from '../tokens/givenStar.ts'
import { DISTANCE_INDEX, modelObservables, modelParameters, OBSERVABLE_COUNT } from '../tokens/layout.ts'
import { basesOf, type LatentMaps } from '../tokens/posteriorLatents.ts'
import type { SpectrumBasis } from '../tokens/spectrumFeatures.ts'
import type { AskOptions, StarAnswer } from './askableModel.ts'
import { addPrior } from './priorChange.ts'
import { type Condition, checkQuestion, fromNamed, invalid, isObservable, type Question, toNamed } from './question.ts'
import { addCondition, effectiveCount, normalizedWeights, resample } from './reweighting.ts'
import type { GivenTokens, TokenDraws } from './tokenDraws.ts'

/** Where draws come from. */
export interface DrawSources {
  readonly maps: LatentMaps
  readonly errFloors: readonly number[]
  readonly spectra: readonly SpectrumBasis[]
  readonly tokens: TokenDraws
  /** The posterior head; `round` tells the draws of one question apart, 0 being the star's posterior itself. */
  posterior(star: StarInput, sampleCount: number, seed: bigint, round: number): Promise<StarPosterior>
  /** Whether the star's tokens lie outside what was ever simulated. */
  isUnusual(star: StarInput): boolean
  /** Names of the star's spectra with pixels that the posterior head reads, such as bossSpectrum. */
  readSpectra(star: StarInput): readonly string[]
}

/** Values of the vocabulary by name, of equally many draws each. */
type Draws = ReadonlyMap<string, ArrayLike<number>>

/** Conditions are given up once this many draws were weighed: tokens cost some hundred times more than the head. */
const MAX_DRAWS = { head: 65_536, tokens: 4096 } as const
/** With fewer effective draws than this an interval means nothing. */
const MIN_EFFECTIVE = 20
/** Rounds of the posterior head have few sizes, since each is a graph of its own. */
const HEAD_ROUNDS = [256, 1024, 4096] as const
const MAX_SAMPLES = 65_536
const PURPOSE_TOKENS = 0x61730000
const PURPOSE_RESAMPLING = 0x61720000
/** A measurement farther than this from every draw contradicts them, whatever its error. */
const CONFLICT_SIGMA = 5

const needs: Readonly<Record<string, readonly string[]>> = {
  logRadiusRsun: ['logLuminosityLsun', 'logTeffK'],
  loggDex: ['logMassMsun', 'logLuminosityLsun', 'logTeffK'],
}

/**
 * Samples of what is asked, given the star and what the question gives.
 *
 * @throws FusionError QUESTION_INVALID where the question makes no sense, or the star all but excludes its conditions
 */
export async function answerQuestion(
  sources: DrawSources,
  star: StarInput,
  question: Question,
  { sampleCount, seed }: AskOptions,
): Promise<StarAnswer> {
  checkQuestion(question)
  if (!Number.isInteger(sampleCount) || sampleCount < 1 || sampleCount > MAX_SAMPLES) {
    throw invalid(`${sampleCount} samples were asked for; ask for 1 to ${MAX_SAMPLES}.`)
  }
  const told = tellStar(star, question)
  const given = giveTokens(sources, told, question)
  const pixelSpectra = sources.readSpectra(told)
  const names = [...question.asked, ...question.conditions].map(one => one.quantity)
  const slots = slotsOf(names, question)
  const isByHead =
    question.isByTokens !== true &&
    question.fixed.length === 0 &&
    (given.star.present.includes(1) || pixelSpectra.length > 0) &&
    slots.every(slot => slot >= OBSERVABLE_COUNT)
  const draw = isByHead ? headDraws(sources, told, seed) : tokenDraws(sources, given, slots, told.key, seed)
  const isConditional = question.conditions.length > 0
  const maxDraws = isConditional ? MAX_DRAWS[isByHead ? 'head' : 'tokens'] : sampleCount

  const columns = names.map(() => [] as number[])
  const fixed = new Map(question.fixed.map(one => [one.quantity, fromNamed(one, one.value)]))
  let weights: Float64Array = new Float64Array(0)
  let effective = 0
  for (let round = 0, count = 0; count < maxDraws && (!isConditional || effective < sampleCount); round++) {
    const block = await draw(round, isConditional ? maxDraws : sampleCount - count)
    for (const [n, name] of names.entries()) {
      columns[n].push(...Array.from(valuesOf(name, block, fixed)).slice(0, maxDraws - count))
    }
    count = columns[0].length
    const logWeights = new Float64Array(count)
    question.conditions.forEach((condition, c) => {
      weigh(sources, condition, columns[question.asked.length + c], logWeights)
    })
    weights = normalizedWeights(logWeights)
    effective = effectiveCount(weights)
  }
  const count = weights.length
  if (isConditional) checkAgreement(sources, question, columns, effective)
  const chosen = isConditional
    ? resample(weights, sampleCount, createRng(Number(BigInt.asUintN(53, seed)), PURPOSE_RESAMPLING))
    : Int32Array.from({ length: sampleCount }, (_, s) => s)
  const samples = new Float32Array(question.asked.length * sampleCount)
  question.asked.forEach((one, a) => {
    chosen.forEach((place, s) => {
      samples[a * sampleCount + s] = toNamed(one, columns[a][place])
    })
  })
  const isOnlyBounds = question.conditions.every(({ kind, isPrior }) => kind === 'within' && isPrior !== true)
  return {
    key: star.key,
    names: question.asked.map(({ name }) => name),
    samples,
    sampleCount,
    drawCount: count,
    effectiveCount: effective,
    conditionProbability: isConditional && isOnlyBounds ? weights.filter(weight => weight > 0).length / count : null,
    drawnBy: isByHead ? 'posteriorHead' : 'tokens',
    observables: [...givenNames(given.star), ...(isByHead ? pixelSpectra : [])],
    flags: [
      // Tokens have no place for pixels.
      ...(!isByHead && pixelSpectra.length > 0 ? ['spectraUnread'] : []),
      ...(sources.isUnusual(told) ? ['outOfDistribution'] : []),
      ...(isConditional && effective < sampleCount ? ['fewEffectiveDraws'] : []),
    ],
  }
}

/** The star as the question tells it: without what is left out, with what is given. */
function tellStar(star: StarInput, { asked, conditions, measured, without }: Question): StarInput {
  const kept = star.given.filter(({ quantity: name }) => !without.includes(name))
  const has = (name: string) => kept.some(one => one.quantity === name && !one.isLimit)
  for (const one of measured) {
    if (!has(one.quantity)) continue
    throw invalid(`${one.quantity} is measured of this star: leave that out with "without" to give another value.`)
  }
  for (const one of [...asked, ...conditions]) {
    if (!isObservable(one.quantity) || !has(one.quantity)) continue
    throw invalid(`${one.name} is measured of this star: leave it out with "without" to predict it from the rest.`)
  }
  const spectra = (star.spectra ?? []).filter(({ name }) => !without.includes(name))
  const pixels = (star.pixels ?? []).filter(({ survey }) => !without.includes(modalityOf(survey)?.spectrumName ?? ''))
  return { key: star.key, given: [...kept, ...measured], spectra, pixels }
}

function giveTokens({ maps, errFloors, spectra }: DrawSources, told: StarInput, { fixed }: Question): GivenTokens {
  const star = observeStar(told, errFloors, spectra)
  const { distance } = basesOf(star, maps)
  const parameters: (number | null)[] = modelParameters.map(() => null)
  for (const one of fixed) {
    const p = (modelParameters as readonly string[]).indexOf(one.quantity)
    const value = fromNamed(one, one.value)
    const { values } = maps.parameters[p]
    const [low, high] = [values[0], values[values.length - 1]]
    if (value < low || value > high) {
      const [least, most] = [low, high].map(end => Number(toNamed(one, end).toPrecision(3)))
      throw invalid(`${one.name} is ${one.value}, which this model never saw: it was trained from ${least} to ${most}.`)
    }
    const table = distance.logDistancePc
    if (p === DISTANCE_INDEX && (value < table[0] || value > table[table.length - 1])) {
      throw invalid(
        `${one.name} is ${one.value}, more than 8 errors from the star's parallax: leave one of the two out.`,
      )
    }
    parameters[p] = value
  }
  return { star, parameters }
}

/** Slots of the tokens that the quantities are, or follow from, where they are not given. */
function slotsOf(names: readonly string[], { fixed }: Question): readonly number[] {
  const all: readonly string[] = [...modelObservables, ...modelParameters]
  const bases = new Set(names.flatMap(name => needs[name] ?? [name]))
  for (const one of fixed) bases.delete(one.quantity)
  return all.flatMap((name, slot) => (bases.has(name) ? [slot] : []))
}

type DrawRound = (round: number, wanted: number) => Promise<Draws>

function headDraws(sources: DrawSources, told: StarInput, seed: bigint): DrawRound {
  return async (round, wanted) => {
    const size = HEAD_ROUNDS.find(one => one >= wanted) ?? HEAD_ROUNDS[HEAD_ROUNDS.length - 1]
    const { sampleNames, samples } = await sources.posterior(told, size, seed, round)
    return new Map(sampleNames.map((name, i) => [name, samples.subarray(i * size, (i + 1) * size)]))
  }
}

function tokenDraws(
  { tokens }: DrawSources,
  given: GivenTokens,
  slots: readonly number[],
  key: string,
  seed: bigint,
): DrawRound {
  const all: readonly string[] = [...modelObservables, ...modelParameters]
  return async round => {
    // Everything that is asked follows from what is given.
    if (slots.length === 0) return new Map()
    const rng = createRng(Number(BigInt.asUintN(53, seed)), PURPOSE_TOKENS + round)
    rng.seek(createHash('sha256').update(key).digest().readUIntLE(0, 6))
    const columns = await tokens.draw(given, slots, rng)
    return new Map(slots.map((slot, i) => [all[slot], columns[i]]))
  }
}

/** Draws of a quantity, derived or given ones too. */
function valuesOf(name: string, draws: Draws, fixed: ReadonlyMap<string, number>): ArrayLike<number> {
  const [first] = draws.values()
  const count = first?.length ?? BLOCK_SAMPLES
  const known = fixed.get(name)
  if (known !== undefined) return new Float64Array(count).fill(known)
  const drawn = draws.get(name)
  if (drawn !== undefined) return drawn
  const [luminosity, teff] = needs.logRadiusRsun.map(one => valuesOf(one, draws, fixed))
  const radius = Float64Array.from({ length: count }, (_, i) => logRadiusRsun(luminosity[i], teff[i]))
  if (quantity(name).name === 'logRadiusRsun') return radius
  const mass = valuesOf('logMassMsun', draws, fixed)
  return radius.map((value, i) => loggDex(mass[i], value))
}

/** How many errors the nearest draw is from the middle of a Gaussian; 0 of bounds. */
function nearestSigma(condition: Condition, values: readonly number[]): number {
  if (condition.kind === 'within') return 0
  const { value, err } = condition
  return values.reduce((least, one) => Math.min(least, Math.abs(toNamed(condition, one) - value) / err), Infinity)
}

/** @param values draws of the condition's quantity */
function weigh({ maps }: DrawSources, condition: Condition, values: ArrayLike<number>, logWeights: Float64Array): void {
  const p = (modelParameters as readonly string[]).indexOf(condition.quantity)
  if (condition.isPrior === true) addPrior(condition, maps.parameters[p], values, logWeights)
  else addCondition(condition, values, logWeights)
}

/**
 * Draws may be many and still say nothing: those that pile up far from a measurement all weigh alike.
 * @throws FusionError QUESTION_INVALID that names the condition which the draws agree with least
 */
function checkAgreement(
  sources: DrawSources,
  { asked, conditions }: Question,
  columns: readonly number[][],
  effective: number,
): void {
  const told = (count: number) =>
    `of ${columns[0].length} draws of the star an effective ${count.toFixed(0)} agree with`
  for (const [c, condition] of conditions.entries()) {
    const values = columns[asked.length + c]
    const logWeights = new Float64Array(values.length)
    weigh(sources, condition, values, logWeights)
    const own = effectiveCount(normalizedWeights(logWeights))
    if (condition.isPrior === true) {
      if (own >= MIN_EFFECTIVE && nearestSigma(condition, values) < CONFLICT_SIGMA) continue
      throw invalid(
        `The prior of ${condition.name} is too far from what the star says under the model's own: ${told(own)} it. Widen it.`,
      )
    }
    if (condition.kind === 'within') {
      if (own >= MIN_EFFECTIVE) continue
      throw invalid(
        `The bounds of ${condition.name} have next to no probability: ${told(own)} them. Widen or drop them.`,
      )
    }
    const { name, value, err } = condition
    const nearest = largest(logWeights)
    if (own >= MIN_EFFECTIVE && nearest > -0.5 * CONFLICT_SIGMA ** 2) continue
    const isAmong =
      values.some(one => toNamed(condition, one) > value) && values.some(one => toNamed(condition, one) < value)
    if (isAmong) {
      throw invalid(
        `${name}=${value}±${err} is too narrow to weigh draws by: ${told(own)} it. Give it exactly, ${name}=${value}, or widen its error.`,
      )
    }
    const how =
      nearest > -0.5 * CONFLICT_SIGMA ** 2
        ? `${told(own)} it`
        : `the nearest of ${values.length} draws is ${Math.sqrt(-2 * nearest).toFixed(0)} errors away`
    throw invalid(
      `${name}=${value}±${err} contradicts what else is known: ${how}. Check it, or leave out what it contradicts.`,
    )
  }
  if (effective < MIN_EFFECTIVE) {
    throw invalid(`The conditions exclude one another: ${told(effective)} all of them. Leave one out.`)
  }
}

function largest(values: Float64Array): number {
  return values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
}
