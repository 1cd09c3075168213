import { expect, test } from 'vitest'
import { createPilotSimulator, drawSimulatedStars, openDeviceTrial } from '../../models/index.ts'

const { stars } = drawSimulatedStars(createPilotSimulator(), null, [], { seed: 3, count: 3, maxDraws: 3 })
const size = { device: 'cpu', samples: 8, threads: 1 } as const

test('a batch answers for each star what the graph of one star does, and stars begin anew after the last', async () => {
  const batch = await openDeviceTrial(stars, { ...size, graph: 'batch', batchStars: 4 })
  const star = await openDeviceTrial(stars, { ...size, graph: 'star', batchStars: 1 })
  const together = await batch.run(batch.feedsFrom(0))
  const perStar = together.latents.length / 4
  for (let i = 0; i < 4; i++) {
    const alone = await star.run(star.feedsFrom(i))
    alone.latents.forEach((value, k) => {
      expect(together.latents[i * perStar + k]).toBeCloseTo(value, 3)
    })
  }
  expect(together.latents.subarray(3 * perStar)).toEqual(
    (await batch.run(batch.feedsFrom(3))).latents.subarray(0, perStar),
  )

  const parameters = batch.parametersOf(together.latents, 0)
  expect(parameters).toHaveLength(together.latents.length)
  // Another star gives the same latents another meaning.
  expect(batch.parametersOf(together.latents, 1)).not.toEqual(parameters)
  await batch.close()
  await star.close()
})
