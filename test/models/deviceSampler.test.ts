import { expect, test } from 'vitest'
import { deviceSampler, plannedSizes } from '../../models/deviceSampler.ts'
import { Session } from '../../models/engine/session.ts'
import { createRng } from '../../models/math/rng.ts'
import { posteriorGraph } from '../../models/modelGraphs.ts'
import { pilotFolder } from '../../models/openPosteriorModel.ts'
import { FEATURE_COUNT, OBSERVED_SLOTS, PARAMETER_COUNT } from '../../models/tokens/layout.ts'
import { readCheckpoint } from '../../models/training/checkpoint.ts'

const checkpoint = readCheckpoint(pilotFolder)

test('stars in batches draw what each draws alone, whoever fills the batch', async () => {
  const [rng, S] = [createRng(5), 6]
  const normals = (length: number) => Float32Array.from({ length }, () => rng.normal())
  const rows = Array.from({ length: 3 }, () => ({
    features: normals(OBSERVED_SLOTS * FEATURE_COUNT),
    mask: Float32Array.from({ length: OBSERVED_SLOTS }, (_, i) => Number(i === 0 || rng.uniform() < 0.7)),
    noise: normals(checkpoint.card.sampler.steps * S * PARAMETER_COUNT),
  }))
  const runner = deviceSampler(checkpoint, 'cpu', S)
  const draws = await runner.run(rows)
  const alone = await Session.open(posteriorGraph(checkpoint, S))
  for (const [i, row] of rows.entries()) {
    const expected = await alone.run(row)
    for (const name of ['latents', 'logits', 'star'] as const) {
      expect(draws[i][name]).toHaveLength(expected[name].length)
      draws[i][name].forEach((value, k) => {
        expect(Math.abs(value - expected[name][k])).toBeLessThan(1e-3 * Math.max(1, Math.abs(value)))
      })
    }
  }
  await runner.close()
  await alone.close()
})

test('the more samples of a star, the fewer stars a batch is planned for', () => {
  const most = [16, 256, 4096, 100_000].map(samples => plannedSizes(checkpoint, samples).at(-1) ?? 0)
  expect(most[0]).toBe(1024)
  expect(most).toEqual(most.toSorted((a, b) => b - a))
  expect(most[3]).toBeLessThan(most[1])
  expect(most[3]).toBeGreaterThanOrEqual(1)
})
