import { expect, onTestFinished, test } from 'vitest'
import { disturbances } from '../../../ops/bench/proof/disturbances.ts'
import { runProof } from '../../../ops/bench/proof/proofRun.ts'
import { openScene } from '../../../ops/bench/proof/scene.ts'

// Each disturbance takes seconds, and the end of transactions that were left open some more.
const PATIENCE_MS = 600_000

test(
  'a broker keeps every acknowledged record once, in order, while its clients are killed, put to sleep and cut off',
  async () => {
    const scene = await openScene('broker')
    onTestFinished(() => scene.close())
    const plan = disturbances.filter(({ scenes }) => scenes.includes('broker'))
    expect(plan.length).toBeGreaterThan(6)
    const report = await runProof(scene, 0, 22, plan)
    expect(report.faults).toEqual([])
    expect(report.acknowledged).toBeGreaterThan(50)
    expect(report.aborted).toBeGreaterThan(5)
    expect(report.sightings).toBeGreaterThanOrEqual(2 * report.records)
  },
  PATIENCE_MS,
)

test(
  'three brokers keep every acknowledged record once, in order, while one after another goes and comes and their clients sleep',
  async () => {
    const scene = await openScene('threeBrokers')
    onTestFinished(() => scene.close())
    const named = (part: string) => disturbances.filter(({ name }) => name.includes(part))
    const [asleep, restarted, killed] = ['sleeps past its session', 'a broker is restarted', 'a broker is killed'].map(
      named,
    )
    const plan = [asleep, killed, restarted, asleep].flat()
    expect(plan).toHaveLength(4)
    const report = await runProof(scene, 0, 23, plan)
    expect(report.faults).toEqual([])
    expect(report.acknowledged).toBeGreaterThan(50)
    expect(report.sightings).toBeGreaterThanOrEqual(2 * report.records)
  },
  PATIENCE_MS,
)
