import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createPilotSimulator } from '../../../models/simulators/pilot.ts'
import { readCheckpoint } from '../../../models/training/checkpoint.ts'
import { adoptSampler, samplerTrial, trySamplers } from '../../../models/training/samplerChoice.ts'
import { writeTinyCheckpoint } from './tinyCheckpoint.ts'

const folder = mkdtempSync(join(tmpdir(), 'sampler-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('every sampler is tried on the same stars, and the chosen one goes into the checkpoint', async () => {
  writeTinyCheckpoint(folder)
  const request = { ...samplerTrial, starCount: 20, sampleCount: 16, steps: [3, 6] }
  const found = await trySamplers(folder, createPilotSimulator(), request)
  expect(found.trials.map(({ kind, steps }) => `${kind} ${steps}`)).toEqual([
    'reverseSde 3',
    'reverseSde 6',
    'ancestral 3',
    'ancestral 6',
    'secondOrderSde 3',
    'secondOrderSde 6',
  ])
  // The tolerance for 20 stars is half of 0.26 / sqrt(20).
  const best = Math.min(...found.trials.map(trial => trial.meanDistance))
  const chosen = found.trials.find(({ kind, steps }) => kind === found.chosen.kind && steps === found.chosen.steps)
  expect(chosen?.meanDistance).toBeLessThanOrEqual(best + 0.13 / Math.sqrt(20))
  const before = readCheckpoint(folder).fingerprint
  adoptSampler(folder, found)
  const after = readCheckpoint(folder)
  expect(after.card.sampler).toEqual(found.chosen)
  expect(after.fingerprint === before).toBe(found.chosen.kind === 'ancestral' && found.chosen.steps === 4)
})
