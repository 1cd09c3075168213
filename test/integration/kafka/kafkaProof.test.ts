import { expect, onTestFinished, test } from 'vitest'
import { disturbances } from '../../../ops/bench/proof/disturbances.ts'
import { runProof } from '../../../ops/bench/proof/proofRun.ts'
import { openScene } from '../../../ops/bench/proof/scene.ts'

// Each disturbance takes seconds, a broker that starts anew more than ten on a busy machine.
const PATIENCE_MS = 600_000

test(
  'brokers keep every acknowledged record once, in order, through kills, sleep, restarts and cuts',
  async () => {
    const scene = await openScene('threeBrokers')
    onTestFinished(() => scene.close())
    const plan = disturbances.filter(({ scenes }) => scenes.includes('threeBrokers'))
    expect(plan.length).toBeGreaterThan(8)
    const report = await runProof(scene, 0, 22, plan)
    expect(report.faults).toEqual([])
    expect(report.acknowledged).toBeGreaterThan(50)
    expect(report.aborted).toBeGreaterThan(5)
    expect(report.sightings).toBeGreaterThanOrEqual(2 * report.records)
  },
  PATIENCE_MS,
)
