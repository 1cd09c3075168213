import { expect, test } from 'vitest'
import {
  checkDevice,
  createPilotSimulator,
  type Device,
  devices,
  drawSimulatedStars,
  openDeviceTrial,
  openPosteriorModel,
} from '../../models/index.ts'
import { isFusionError } from '../../schemas/index.ts'

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

/** Of a latent, whose spread is about 1, in full float32: docs/gpu.md. */
const TOLERANCE = 2e-3
process.env.NVIDIA_TF32_OVERRIDE = '0'

for (const device of devices) {
  test(`the device ${device} draws what the processor draws, or says why it is not here`, async () => {
    try {
      await checkDevice(device)
    } catch (error) {
      expect(device).not.toBe('cpu')
      expect(error).toMatchObject({ code: 'CONFIG_INVALID', detail: { device, reason: expect.stringMatching(/./) } })
      return
    }
    const [here, there] = await Promise.all([
      openDeviceTrial(stars, { ...size, graph: 'batch', batchStars: 4 }),
      openDeviceTrial(stars, { ...size, device, graph: 'batch', batchStars: 4 }),
    ])
    const [expected, got] = [await here.run(here.feedsFrom(0)), await there.run(there.feedsFrom(0))]
    got.latents.forEach((value, i) => {
      expect(Math.abs(value - expected.latents[i])).toBeLessThan(TOLERANCE)
    })
    await here.close()
    await there.close()
  })
}

test('a model on a device that is not here is refused before it is asked anything', async () => {
  const open = openPosteriorModel(undefined, undefined, 'abacus' as Device)
  const refusal = await open.catch((error: unknown) => error)
  expect(isFusionError(refusal) && refusal.code).toBe('CONFIG_INVALID')
})
