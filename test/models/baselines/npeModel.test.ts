import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { npeRecipe, npeSpectraRecipe, openNpe, trainNpe } from '../../../models/baselines/npeModel.ts'
import { drawSimulatedStars } from '../../../models/calibration/simulatedStars.ts'
import { createPilotSimulator } from '../../../models/simulators/pilot.ts'
import { modelParameters, OBSERVED_SLOTS, SPECTRA_SLOT } from '../../../models/tokens/layout.ts'
import { FusionError } from '../../../schemas/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'npe-'))
afterAll(() => rmSync(folder, { recursive: true }))

const recipe = {
  ...npeRecipe,
  steps: 250,
  batchRows: 32,
  priorDraws: 1500,
  config: { slots: 12, embedWidth: 16, couplingWidth: 16, couplings: 3 },
}
const simulator = createPilotSimulator({ missing: 'none' })

test('training lowers the held-out loss, and the trained flow gives finite samples near a precise distance', async () => {
  const untrained = await trainNpe({ ...recipe, steps: 0 }, simulator, join(folder, 'start'))
  const trained = await trainNpe(recipe, simulator, join(folder, 'end'))
  expect(trained).toBeLessThan(untrained - 0.3)
  const npe = await openNpe(join(folder, 'end'), 64)
  const request = { seed: 3, count: 5, maxDraws: 5 }
  const { stars } = drawSimulatedStars(simulator, null, ['logDistancePc'], request)
  for (const star of stars) {
    const samples = await npe.sample(star, 1)
    expect(samples.length).toBe(modelParameters.length * 64)
    expect(samples.every(Number.isFinite)).toBe(true)
    expect(await npe.sample(star, 1)).toEqual(samples)
  }
  const incomplete = { ...stars[0], given: stars[0].given.slice(1) }
  await expect(npe.sample(incomplete, 1)).rejects.toThrow(/lacks parallaxMas/)
  await npe.close()
})

test('a folder without a baseline says how to get one', async () => {
  const error = await openNpe(join(folder, 'absent'), 8).catch((cause: unknown) => cause)
  expect(error).toBeInstanceOf(FusionError)
  expect((error as FusionError).code).toBe('MODEL_MISSING')
})

test('the baseline with spectra reads every slot, the other none of theirs', () => {
  expect(npeSpectraRecipe.config.slots).toBe(OBSERVED_SLOTS)
  expect(npeRecipe.config.slots).toBe(SPECTRA_SLOT)
})
