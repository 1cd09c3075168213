// What shines at the surveys, whatever it is: a source draws it, the surveys look, and columns are written of both.
import type { Rng } from '../../math/rng.ts'
import { createSkyPlace, type SkyPlace } from '../surveys/skyPlace.ts'
import { surveyObservables } from '../surveys/surveyFacts.ts'
import type { Light } from './opticalLight.ts'

/** One object as its source drew it, used again for the next. */
export interface Shining {
  /** In the order of `surveyObservables`: what surveys would measure without noise; NaN where there is nothing to measure. */
  readonly truths: Float64Array
  /** Parameters, what follows from them, and nuisances, by `NumberPlaces`; NaN where it has no such number. */
  readonly numbers: Float64Array
  /** Where it stands, as surveys care. */
  place: SkyPlace
  /** Spread between epochs, 1 sigma. */
  variabilityMag: number
  /** As a spectrum, for who takes one; null where the source gives none. */
  light: Light | null
  /** Into the classes that its source was opened with; -1 where nothing came of the try. */
  classIndex: number
}

/** Where a source writes the number of a name. @throws RangeError when no column has that name */
export type NumberPlaces = (name: string) => number

export interface LightSource {
  /**
   * Draws one object, or tries to.
   * @param out all of it is written but the numbers that it lacks, which are NaN beforehand
   * @returns false where nothing came of it: the tables end there, or it sends no light
   */
  drawInto(rng: Rng, out: Shining): boolean
}

/** Room for one object. */
export function createShining(numberCount: number): Shining {
  return {
    truths: new Float64Array(surveyObservables.length),
    numbers: new Float64Array(numberCount),
    place: createSkyPlace(),
    variabilityMag: 0,
    light: null,
    classIndex: -1,
  }
}

/** @throws RangeError when two columns have one name */
export function numberPlaces(names: readonly string[]): NumberPlaces {
  const places = new Map(names.map((name, k) => [name, k]))
  if (places.size !== names.length) throw new RangeError('lightSource: two columns have one name')
  return name => {
    const found = places.get(name)
    if (found === undefined) throw new RangeError(`lightSource: no column is named ${name}`)
    return found
  }
}
