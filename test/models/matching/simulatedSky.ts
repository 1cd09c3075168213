// Makes observations of stars whose identity is known, for tests of the matching and of the fusion.

import { directionOf, positionOf, propagate } from '../../../models/matching/properMotion.ts'
import { cellOf } from '../../../models/matching/skyCells.ts'
import { rankSurveys } from '../../../models/matching/surveyLevels.ts'
import type { Rng } from '../../../models/math/rng.ts'
import { type Observation, RAD_PER_ARCSEC, readSurvey, surveyNames } from '../../../schemas/index.ts'

export const levels = rankSurveys(surveyNames().map(readSurvey))

const defaults = {
  sourceId: null,
  revision: 1n,
  measurements: [],
  links: [],
  flags: [],
  extra: {},
}

/** An observation with everything but the place and the name filled in. */
export function observe(
  given: Pick<Observation, 'survey' | 'source' | 'raDeg' | 'decDeg' | 'positionErrArcsec'> & Partial<Observation>,
): Observation {
  const survey = readSurvey(given.survey)
  const epochJyr = given.epochJyr ?? survey.position.epochJyr
  const motion = (name: string) => given.measurements?.find(one => one.quantity === name)?.value ?? 0
  const reference = propagate(
    {
      raDeg: given.raDeg,
      decDeg: given.decDeg,
      epochJyr,
      pmRaCosDecMasPerYr: motion('pmRaCosDecMasPerYr'),
      pmDecMasPerYr: motion('pmDecMasPerYr'),
    },
    2016,
  )
  return {
    ...defaults,
    releaseRank: survey.releaseRank,
    epochJyr,
    cell: BigInt(cellOf(reference.raDeg, reference.decDeg)),
    origin: `${given.survey}.csv row ${given.source}`,
    ...given,
  }
}

/** Proper motion and parallax as Gaia would give them, and G. */
export function gaiaMeasurements(pmRaCosDecMasPerYr: number, pmDecMasPerYr: number): Observation['measurements'] {
  return [
    { quantity: 'gMag', value: 14, err: 0.003, isLimit: false },
    { quantity: 'pmRaCosDecMasPerYr', value: pmRaCosDecMasPerYr, err: 0.02, isLimit: false },
    { quantity: 'pmDecMasPerYr', value: pmDecMasPerYr, err: 0.02, isLimit: false },
  ]
}

/** A place some arcsec east and north of another. */
export function offset(raDeg: number, decDeg: number, eastArcsec: number, northArcsec: number) {
  const { x, y, z } = directionOf(raDeg, decDeg)
  const across = Math.hypot(x, y)
  const [sin, cos] = across === 0 ? [0, 1] : [y / across, x / across]
  const east = eastArcsec * RAD_PER_ARCSEC
  const north = northArcsec * RAD_PER_ARCSEC
  return positionOf({
    x: x - sin * east - z * cos * north,
    y: y + cos * east - z * sin * north,
    z: z + across * north,
  })
}

export interface SkyPlan {
  readonly raDeg: number
  readonly decDeg: number
  readonly sizeArcsec: number
  readonly starCount: number
  /** 1-sigma spread of proper motions, each axis. */
  readonly motionMasPerYr: number
}

/**
 * Stars in a square, seen by Gaia, 2MASS and AllWISE, each missing some. Sources are named after their star, so that
 * a false match shows; some sources carry an id of another survey.
 */
export function simulateSky(plan: SkyPlan, rng: Rng): Observation[] {
  return Array.from({ length: plan.starCount }, (_, star) => {
    const [east, north] = [rng.uniform() - 0.5, rng.uniform() - 0.5]
    const place = offset(plan.raDeg, plan.decDeg, east * plan.sizeArcsec, north * plan.sizeArcsec)
    const pm = {
      pmRaCosDecMasPerYr: rng.normal() * plan.motionMasPerYr,
      pmDecMasPerYr: rng.normal() * plan.motionMasPerYr,
    }
    const seen: Observation[] = []
    const see = (survey: string, epochJyr: number, errArcsec: number, more: Partial<Observation>) => {
      const then = propagate({ ...place, epochJyr: 2016, ...pm }, epochJyr)
      const at = offset(then.raDeg, then.decDeg, rng.normal() * errArcsec, rng.normal() * errArcsec)
      seen.push(observe({ survey, source: `${star}`, ...at, epochJyr, positionErrArcsec: errArcsec, ...more }))
    }
    const link = rng.uniform() < 0.2 ? [{ survey: 'gaiaDr3', source: `${star}` }] : []
    if (rng.uniform() < 0.85) {
      const measurements = gaiaMeasurements(pm.pmRaCosDecMasPerYr, pm.pmDecMasPerYr)
      see('gaiaDr3', 2016, 0.001, { measurements: rng.uniform() < 0.8 ? measurements : measurements.slice(0, 1) })
    }
    if (rng.uniform() < 0.7) {
      const measurements = [{ quantity: 'jMag', value: 12 + rng.uniform(), err: 0.03, isLimit: false }]
      see('twoMass', 1999.5, 0.15, { measurements, links: link })
    }
    if (rng.uniform() < 0.5) {
      const measurements = [{ quantity: 'w1Mag', value: 11 + rng.uniform(), err: 0.03, isLimit: false }]
      see('allWise', 2010.5, 0.3, { measurements, links: link })
    }
    return seen
  }).flat()
}

/** Fisher-Yates. */
export function shuffle<T>(items: readonly T[], rng: Rng): T[] {
  const shuffled = [...items]
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = rng.integer(i + 1)
    ;[shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]]
  }
  return shuffled
}
