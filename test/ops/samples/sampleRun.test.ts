import { expect, test } from 'vitest'
import type { PosteriorModel } from '../../../models/index.ts'
import { CLASSIC, FAMILIAR, OURS, runSamples } from '../../../ops/samples/sampleRun.ts'

const SLOW_MS = 900_000

/** Calls a star young by its colour, and those with XP strange. */
const model: PosteriorModel = {
  fingerprint: '0',
  infer: async (stars, { sampleCount }) =>
    stars.map(({ key, given, spectra = [] }) => {
      const mag = (name: string) => given.find(({ quantity }) => quantity === name)?.value ?? 0
      const young = 1 / (1 + Math.exp(4 - 4 * (mag('bpMag') - mag('rpMag'))))
      return {
        ...{ key, sampleNames: ['logDistancePc'], samples: new Float32Array(sampleCount).fill(2.5) },
        classProbabilities: [young / 2, young / 2, (1 - young) / 2, (1 - young) / 2],
        classPrior: [0.25, 0.25, 0.25, 0.25],
        ...{ observables: [], familiarity: null, uncorrected: [] },
        flags: spectra.length > 0 ? ['unlikeTraining'] : [],
      }
    }),
  close: async () => {},
}

test(
  'the same stars by every set of surveys, the same numbers again, and a program beside that knows the truth',
  async () => {
    const phases = new Set<string>()
    const run = {
      ...{ model, starCount: 40, seed: 3, groups: [], beside: null, signal: new AbortController().signal },
      options: { sampleCount: 3, seed: 1n },
      onProgress: (phase: string, done: number, total: number) => {
        phases.add(phase)
        expect(done).toBeLessThanOrEqual(total)
      },
    }
    const study = await runSamples(run)
    expect([...phases]).toEqual(['learning sky', 'judged sky', 'posteriors'])
    expect(study.sets.map(({ methods }) => methods.map(({ name }) => name))).toEqual([
      ...[0, 1, 2].map(() => [OURS, CLASSIC]),
      [OURS, FAMILIAR],
    ])
    // The colour knows nothing of surveys, and strange stars are left out of one sample.
    const [gaia, , wise, xp] = study.sets.map(({ methods }) => methods)
    expect(wise[0].left).toEqual(gaia[0].left)
    expect(xp[0].left).toEqual(gaia[0].left)
    const passed = (method: (typeof xp)[number]) => method.byThreshold[0].completeness.value
    expect(passed(xp[0])).toBeGreaterThan(passed(xp[1]))
    expect(study.maps.map(({ name }) => name)).toEqual([CLASSIC, OURS, `${FAMILIAR}, with XP`])
    for (const { distancePc } of study.maps[1].stars) expect(distancePc).toBeCloseTo(10 ** 2.5, 2)

    const scores = new Map(study.judged.map(({ input, kind }) => [input.key, kind.isYoung ? 1 : 0]))
    const again = await runSamples({ ...run, beside: { name: 'oracle', scores } })
    expect(again.sets[0]).toEqual(study.sets[0])
    expect(again.maps).toEqual(study.maps)
    const oracle = again.sets[1].methods.at(-1)
    expect(oracle?.name).toBe('oracle')
    for (const { purity, completeness } of oracle?.byThreshold ?? [])
      expect([purity?.value, completeness.value]).toEqual([1, 1])
  },
  SLOW_MS,
)
