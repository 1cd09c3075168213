// Stars of a world as the encoders read them, with what they truly are.
import { photometryModality, xpModality } from '../encoders/modalities.ts'
import type { Modality } from '../encoders/modality.ts'
import { emptyArrays, type TensorSpec } from '../engine/tensorSpec.ts'
import type { StarInput } from '../posterior.ts'
import { column, type Simulation, type Simulator } from '../simulators/simulator.ts'
import { observeStar } from '../tokens/givenStar.ts'
import { modelObservables } from '../tokens/layout.ts'
import { emptyStar, type ObservedStar } from '../tokens/tokenizer.ts'
import { writePhotometry, writeXp } from '../training/instrumentStars.ts'
import { errFloors, type LatentScale, observedStar } from '../training/starBatch.ts'
import { misjudgeErrors, openWorldSimulator, type World } from './worlds.ts'

/** What a star is seen by, in the order of `present`. */
export const adaptedModalities: readonly Modality[] = [photometryModality, xpModality]
/** What is asked of a star. */
export const adaptedParameters = ['logAgeYr', 'logTeffK', 'avMag'] as const

/** So many stars, each of the arrays [count, ...] by name: `NAME.features` and `NAME.mask` of each modality, and `present`. */
export interface SeenStars {
  readonly count: number
  readonly columns: Readonly<Record<string, Float32Array>>
}

export interface KnownStars extends SeenStars {
  /** [count, adaptedParameters] */
  readonly truths: Float32Array
}

/** Name -> shape of what is seen of so many stars. */
export function seenSpecs(rows: number): readonly TensorSpec[] {
  return [
    { name: 'present', shape: [rows, adaptedModalities.length] },
    ...adaptedModalities.flatMap(({ name, slots, features }) => [
      { name: `${name}.features`, shape: [rows, slots, features] },
      { name: `${name}.mask`, shape: [rows, slots] },
    ]),
  ]
}

export interface DrawnStars extends KnownStars {
  /** What each was born as, and where: in two worlds equal texts are one star. */
  readonly births: readonly string[]
}

export interface WorldStars {
  /** Stars first to first + count - 1 of the seed. */
  draw(seed: number, first: number, count: number): DrawnStars
}

const birthNames = ['logAgeYr', 'fehDex', 'avMag', 'logDistancePc'] as const
const floors = new Map<string, number>(modelObservables.map((name, o) => [name, errFloors[o]]))

/** @param scale of the model whose tokens photometry and XP are */
export const openWorld = (world: World, scale: LatentScale): WorldStars =>
  openSimulated(openWorldSimulator(world), scale, world.errorRatio)

/** @param errorRatio true errors over stated ones */
export function openSimulated(simulator: Simulator, scale: LatentScale, errorRatio = 1): WorldStars {
  return {
    draw(seed, first, count) {
      const simulation = simulator.draw({ seed, first, count })
      misjudgeErrors(simulation, errorRatio, floors, { seed, first })
      const born = birthNames.map(name => column(simulation.parameters, name))
      return {
        ...tokensOf(simulation, scale),
        truths: truthsOf(simulation),
        births: Array.from({ length: count }, (_, i) => born.map(values => values[i]).join(' ')),
      }
    },
  }
}

function tokensOf(simulation: Simulation, scale: LatentScale): SeenStars {
  const star = emptyStar()
  return seenStars(simulation.count, scale, i => observedStar(simulation, i, scale.spectra, star))
}

/**
 * What surveys have of stars, as the model that answers for them reads it.
 * @throws FusionError VALUE_OUT_OF_RANGE as `observeStar` does
 */
export const givenStars = (stars: readonly StarInput[], scale: LatentScale): SeenStars =>
  seenStars(stars.length, scale, i => observeStar(stars[i], errFloors, scale.spectra))

function seenStars(count: number, scale: LatentScale, observe: (i: number) => ObservedStar): SeenStars {
  const columns = emptyArrays(seenSpecs(count))
  for (let i = 0; i < count; i++) {
    const star = observe(i)
    columns.present[2 * i] = writePhotometry(star, scale, columns, i) ? 1 : 0
    columns.present[2 * i + 1] = writeXp(star, scale, columns, i) ? 1 : 0
  }
  return { count, columns }
}

function truthsOf(simulation: Simulation): Float32Array {
  const values = adaptedParameters.map(name => column(simulation.parameters, name))
  const rows = Array.from({ length: simulation.count }, (_, i) => values.map(of => of[i]))
  return Float32Array.from(rows.flat())
}

/** The stars of several draws, one after another, cut to `count`. */
export function joinStars<Stars extends SeenStars | KnownStars>(parts: readonly Stars[], count: number): Stars {
  const some = parts.filter(part => part.count > 0)
  const joined = (arrays: readonly Float32Array[]) => {
    const width = arrays[0].length / some[0].count
    const out = new Float32Array(count * width)
    let at = 0
    for (const array of arrays) {
      out.set(array.subarray(0, out.length - at), at)
      at += array.length
    }
    return out
  }
  if (some.reduce((sum, part) => sum + part.count, 0) < count)
    throw new RangeError(`joinStars: fewer than ${count} stars`)
  const names = Object.keys(some[0].columns)
  const columns = Object.fromEntries(names.map(name => [name, joined(some.map(part => part.columns[name]))]))
  const truths = some.flatMap(part => ('truths' in part ? [part.truths] : []))
  return { count, columns, ...(truths.length > 0 && { truths: joined(truths) }) } as SeenStars as Stars
}

/** Rows of a table, copied to those from `at` on of arrays that hold more. */
export function copyRows(
  from: SeenStars,
  rows: readonly number[],
  to: Readonly<Record<string, Float32Array>>,
  at: number,
): void {
  for (const [name, values] of Object.entries(from.columns)) {
    const width = values.length / from.count
    for (const [k, row] of rows.entries())
      to[name].set(values.subarray(row * width, (row + 1) * width), (at + k) * width)
  }
}
