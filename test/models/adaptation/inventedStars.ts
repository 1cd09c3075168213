import { type AdaptationConfig, adaptationConfig } from '../../../models/adaptation/adaptationNetwork.ts'
import type { DomainStars } from '../../../models/adaptation/domainStars.ts'
import { adaptedModalities, type KnownStars, seenSpecs } from '../../../models/adaptation/worldStars.ts'
import { emptyArrays } from '../../../models/engine/tensorSpec.ts'
import { createRng } from '../../../models/math/rng.ts'

/** Stars whose first two photometric numbers tell age and dust, moved by `shift` as another world's would be. */
export function inventedStars(count: number, seed: number, shift: number): KnownStars {
  const rng = createRng(seed)
  const columns = emptyArrays(seenSpecs(count))
  const truths: number[] = []
  for (let i = 0; i < count; i++) {
    const [age, dust] = [rng.normal(), rng.normal()]
    truths.push(6.9 + 0.5 * age, 3.55 + 0.04 * dust, 1.5 + 0.9 * dust)
    for (const [m, { name, slots, features }] of adaptedModalities.entries()) {
      columns.present[i * adaptedModalities.length + m] = 1
      columns[`${name}.mask`].fill(1, i * slots, i * slots + 2)
      columns[`${name}.features`].set([age + shift, dust - shift], (i * slots + 1) * features)
    }
  }
  return { count, columns, truths: Float32Array.from(truths) }
}

export function inventedDomain(count: number, pairs: number): DomainStars {
  return {
    simulated: inventedStars(count, 1, 0),
    real: inventedStars(count, 2, 0.8),
    pairs: { simulated: inventedStars(pairs, 3, 0), real: inventedStars(pairs, 3, 0.8) },
  }
}

export const smallNetwork: AdaptationConfig = {
  encoder: { width: 8, heads: 2, layers: 1, hidden: 16, outTokens: 1, outWidth: 1, sharedWidth: 6 },
  ...{ correctionWidth: 8, readerWidth: 12, components: 2 },
  ...{ reads: adaptationConfig.reads, units: adaptationConfig.units },
}
