// Posteriors without a model: normal about chosen centres, the same for the same star.
import { createHash } from 'node:crypto'
import { createRng } from '../../../models/math/rng.ts'
import type { StarInput, StarPosterior } from '../../../models/posterior.ts'
import type { InferredStar } from '../../../ops/evaluation/inferredStar.ts'
import { derivedNames, parameterNames } from '../../../schemas/index.ts'

export const sampleNames = [...parameterNames, ...derivedNames]

/** A dwarf like the Sun, 600 Myr old, 300 pc away. */
const centres = new Map([
  ['logAgeYr', 8.8],
  ['logTeffK', Math.log10(5700)],
  ['logDistancePc', 2.48],
  ['loggDex', 4.4],
  ['avMag', 0.2],
])

export interface Invented {
  readonly centres?: Readonly<Record<string, number>>
  readonly width?: number
  readonly young?: number
  readonly giant?: number
  readonly flags?: readonly string[]
  readonly sampleCount?: number
}

export function inventPosterior(key: string, invented: Invented = {}): StarPosterior {
  const { width = 0.01, young = 0.2, giant = 0, sampleCount = 64 } = invented
  const rng = createRng(createHash('sha256').update(key).digest().readUInt32LE(0))
  const samples = new Float32Array(sampleNames.length * sampleCount)
  sampleNames.forEach((name, p) => {
    const centre = invented.centres?.[name] ?? centres.get(name) ?? 0
    for (let s = 0; s < sampleCount; s++) samples[p * sampleCount + s] = centre + width * rng.normal()
  })
  return {
    key,
    sampleNames,
    samples,
    classProbabilities: [young / 2, young / 2, 1 - young - giant, giant],
    classPrior: [0.15, 0.35, 0.3, 0.2],
    observables: [],
    flags: invented.flags ?? [],
    familiarity: null,
    uncorrected: [],
  }
}

/** An inferred star of a group; its posterior is the invented one. */
export function inventStar(
  group: string,
  key: string,
  parts: Partial<InferredStar> & { invented?: Invented } = {},
): InferredStar {
  const { invented, ...rest } = parts
  return {
    group,
    input: { key, given: [] },
    labels: [],
    flags: [],
    saturated: [],
    isMember: true,
    posterior: inventPosterior(key, invented),
    withoutParallax: null,
    withoutSaturated: null,
    ...rest,
  }
}

export function given(values: Readonly<Record<string, number>>, err = 0.02): StarInput['given'] {
  return Object.entries(values).map(([quantity, value]) => ({ quantity, value, err, isLimit: false }))
}
